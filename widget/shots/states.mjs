// Every state that the pane, the launcher and the ringing dialog can be in, by name. `apply` runs in the browser.

/** `shows`: which of the two public elements the state is photographed in. */
export const states = [
  { name: 'starting', shows: 'pane', apply: (h) => h.phone.set({ ...h.signedOut, status: 'starting' }) },
  { name: 'signed-out', shows: 'pane', apply: (h) => h.phone.set(h.signedOut) },
  {
    name: 'sign-in-refused',
    shows: 'pane',
    apply: (h) => h.phone.set({ ...h.signedOut, signIn: { error: 'NOT_ADMITTED' } }),
  },
  { name: 'signing-in', shows: 'pane', apply: (h) => h.phone.set({ ...h.signedOut, status: 'signing-in' }) },
  {
    name: 'sign-in-number',
    shows: 'pane',
    apply: (h) =>
      h.phone.set({ ...h.signedOut, status: 'signing-in', signIn: { number: 47, offerTab: true } }),
  },
  {
    name: 'sign-in-blocked',
    shows: 'pane',
    apply: (h) =>
      h.phone.set({
        ...h.signedOut,
        status: 'signing-in',
        signIn: { offerTab: true, error: 'POPUP_BLOCKED' },
      }),
  },
  { name: 'people', shows: 'pane', query: '', apply: (h) => h.phone.set(h.ready) },
  {
    name: 'people-empty',
    shows: 'pane',
    query: '',
    apply(h) {
      h.phone.answerSearch = async () => [];
      h.phone.set(h.ready);
    },
  },
  { name: 'people-found', shows: 'pane', query: 'a', apply: (h) => h.phone.set(h.ready) },
  { name: 'people-none', shows: 'pane', query: 'zzz', apply: (h) => h.phone.set(h.ready) },
  { name: 'people-number', shows: 'pane', query: '+351 21 000', apply: (h) => h.phone.set(h.ready) },
  {
    name: 'people-loading',
    shows: 'pane',
    query: 'b',
    apply(h) {
      h.phone.answerSearch = () => new Promise(() => {});
      h.phone.set(h.ready);
    },
  },
  {
    name: 'people-failed',
    shows: 'pane',
    query: 'b',
    apply(h) {
      h.phone.answerSearch = () =>
        Promise.reject(Object.assign(new Error('no network'), { code: 'HUB_UNREACHABLE' }));
      h.phone.set(h.ready);
    },
  },
  {
    name: 'people-long-names',
    shows: 'pane',
    query: 'x',
    apply(h) {
      const name = 'Maria Wilhelmina Konstantinopolitanska de Albuquerque e Vasconcelos';
      h.phone.answerSearch = async () => [
        {
          id: 'x',
          name,
          unit: 'Department of Long Names and Longer Titles, Building 7',
          numbers: [],
          online: true,
        },
      ];
      h.phone.set(h.ready);
    },
  },
  { name: 'connecting', shows: 'pane', apply: (h) => h.phone.set({ ...h.ready, status: 'connecting' }) },
  { name: 'error', shows: 'pane', apply: (h) => h.phone.set({ ...h.ready, error: 'PBX_UNAVAILABLE' }) },
  { name: 'sound-blocked', shows: 'pane', apply: (h) => h.phone.set({ ...h.ready, soundBlocked: true }) },
  call('call-dialing', { phase: 'dialing' }),
  call('call-desk-phone', { phase: 'dialing', offerDeskPhone: true }),
  call('call-connecting', { phase: 'connecting' }),
  call('call-active', { phase: 'active', activeSinceMs: -192_000 }),
  call('call-telephone', { phase: 'active', activeSinceMs: -7_392_000, via: 'pbx', muted: true }),
  call('call-held', { phase: 'held', held: true, activeSinceMs: -62_000 }),
  call('call-peer-held', { phase: 'active', peerHeld: true, activeSinceMs: -62_000 }),
  call('call-peer-muted', { phase: 'active', peerMuted: true, activeSinceMs: -62_000 }),
  call('call-reconnecting', { phase: 'reconnecting', activeSinceMs: -62_000 }),
  { ...call('call-keypad', { phase: 'active', activeSinceMs: -62_000 }), press: 'keypad' },
  {
    ...call('call-video', { phase: 'active', activeSinceMs: -62_000, videoOn: true, peerVideoOn: true }),
    video: true,
  },
  { ...call('call-bar-in-pane', { phase: 'active', activeSinceMs: -62_000 }), query: 'c' },
  ended('ended-hangup', { reason: 'hangup' }),
  ended('ended-declined', { reason: 'declined', message: 'In a meeting, back at three' }),
  ended('ended-no-answer', { reason: 'no-answer' }, { offerDeskPhone: true }),
  ended('ended-busy', { reason: 'busy' }),
  ended('ended-left', { reason: 'left' }),
  ended('ended-microphone', { reason: 'error', code: 'MICROPHONE_DENIED' }),
  { name: 'launcher', shows: 'launcher', apply: (h) => h.phone.set(h.ready) },
  { name: 'launcher-open', shows: 'launcher', open: true, query: 'a', apply: (h) => h.phone.set(h.ready) },
  {
    name: 'launcher-in-call',
    shows: 'launcher',
    apply: (h) => h.phone.set({ ...h.ready, leads: false, calls: [h.callView({ activeSinceMs: -192_000 })] }),
  },
  ringing('ringing', {}),
  ringing('ringing-video', { media: 'video' }),
  ringing('answered-elsewhere', { phase: 'ended', ended: { reason: 'answered-elsewhere' } }),
];

function call(name, changes) {
  return {
    name,
    shows: 'pane',
    args: changes,
    apply: (h, changes) => h.phone.set({ ...h.ready, calls: [h.callView(changes)] }),
  };
}

function ended(name, how, changes = {}) {
  return call(name, { phase: 'ended', ended: how, ...changes });
}

function ringing(name, changes) {
  return {
    name,
    shows: 'launcher',
    args: changes,
    apply: (h, changes) =>
      h.phone.set({
        ...h.ready,
        me: h.people[1],
        calls: [
          h.callView({
            callId: 'r1',
            direction: 'in',
            phase: 'ringing',
            peer: h.peerOf(h.people[0]),
            ...changes,
          }),
        ],
      }),
  };
}
