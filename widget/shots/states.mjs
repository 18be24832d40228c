// Every state that the pane, the launcher and the ringing dialog can be in, by name. `apply` runs in the browser.
import { sheetStates } from './sheet-states.mjs';
import { visitsStates } from './visits-states.mjs';

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
  {
    ...call('call-own-video', { phase: 'active', activeSinceMs: -62_000, videoOn: true }),
    video: true,
  },
  call('call-quality', {
    phase: 'active',
    activeSinceMs: -192_000,
    quality: { mos: 4.3, level: 'good', ownNetwork: false },
    words: ['lusab', 'babad', 'gutih', 'tugad'],
  }),
  call('call-own-network', {
    phase: 'active',
    activeSinceMs: -192_000,
    quality: { mos: 2.1, level: 'poor', ownNetwork: true },
  }),
  {
    ...call('call-words', {
      phase: 'active',
      activeSinceMs: -192_000,
      quality: { mos: 3.4, level: 'fair', ownNetwork: false },
      words: ['lusab', 'babad', 'gutih', 'tugad'],
    }),
    clicks: ['summary'],
  },
  { ...call('call-more', { phase: 'active', activeSinceMs: -62_000 }), press: 'more' },
  { ...call('call-transfer', { phase: 'active', activeSinceMs: -62_000 }), press: 'transfer' },
  {
    ...call('call-transfer-how', { phase: 'active', activeSinceMs: -62_000 }),
    press: 'transfer',
    clicks: ['ringtag-transfer .row:nth-child(2) .call'],
  },
  call('call-passing', {
    phase: 'active',
    activeSinceMs: -62_000,
    transfer: { to: { name: 'Carla Costa' }, state: 'ringing' },
  }),
  call('call-passing-failed', {
    phase: 'active',
    activeSinceMs: -62_000,
    transfer: { to: { name: 'Carla Costa' }, state: 'failed', code: 'no-answer' },
  }),
  call('call-sent', {
    phase: 'active',
    activeSinceMs: -62_000,
    sentTo: { by: { name: 'Bruno Barros' }, to: { name: 'Carla Costa' } },
  }),
  call('call-elsewhere', {
    phase: 'active',
    activeSinceMs: -62_000,
    elsewhere: { deviceId: 'd1', popOut: true },
  }),
  two('two-calls', {}, { phase: 'active', activeSinceMs: -12_000 }),
  two('two-calls-dialing', {}, { phase: 'dialing' }),
  {
    ...two(
      'two-calls-video',
      {},
      { phase: 'active', activeSinceMs: -12_000, videoOn: true, peerVideoOn: true },
    ),
    video: true,
  },
  two('consulting', {}, { phase: 'dialing', consultFor: 'c1' }),
  two('consulting-talks', {}, { phase: 'active', activeSinceMs: -12_000, consultFor: 'c1' }),
  two(
    'second-call-failed',
    { phase: 'active', held: false },
    { phase: 'ended', consultFor: 'c1', ended: { reason: 'declined', message: 'Ask me after lunch' } },
  ),
  { ...call('call-bar-in-pane', { phase: 'active', activeSinceMs: -62_000 }), query: 'c' },
  {
    name: 'menu',
    shows: 'pane',
    clicks: ['.me'],
    apply: (h) => h.phone.set({ ...h.ready, doNotDisturb: true }),
  },
  {
    name: 'do-not-disturb',
    shows: 'pane',
    query: '',
    apply: (h) => h.phone.set({ ...h.ready, doNotDisturb: true }),
  },
  {
    name: 'do-not-disturb-until',
    shows: 'pane',
    apply: (h) => h.phone.set({ ...h.ready, doNotDisturb: true, quietUntilMs: new Date().setHours(14, 30) }),
  },
  {
    name: 'notice-microphone-waits',
    shows: 'pane',
    apply: (h) =>
      h.phone.set({
        ...h.ready,
        leads: false,
        notice: { kind: 'microphone-waits' },
        calls: [h.callView({ direction: 'in', via: 'pbx', phase: 'connecting' })],
      }),
  },
  {
    name: 'alerts-offer',
    shows: 'pane',
    apply(h) {
      // A browser without a window says no by itself.
      Object.defineProperty(Notification, 'permission', { value: 'default', configurable: true });
      localStorage.removeItem('ringtag alerts offered');
      h.phone.set(h.ready);
      const missed = h.callView({ direction: 'in', phase: 'ended', ended: { reason: 'no-answer' } });
      // Its pane has to see the call come and go.
      customElements.whenDefined('ringtag-pane').then(() => {
        h.phone.set({ calls: [missed] });
        h.phone.set({ calls: [], missed: 1 });
      });
    },
  },
  {
    name: 'notice',
    shows: 'pane',
    apply: (h) =>
      h.phone.set({ ...h.ready, notice: { kind: 'microphone-changed', device: 'Built-in microphone' } }),
  },
  ...sheetStates,
  ended('ended-hangup', { reason: 'hangup' }),
  ended('ended-declined', { reason: 'declined', message: 'In a meeting, back at three' }),
  ended('ended-no-answer', { reason: 'no-answer' }, { offerDeskPhone: true }),
  ended('ended-busy', { reason: 'busy' }),
  ended('ended-unwanted', { reason: 'error', code: 'DO_NOT_DISTURB' }),
  ended('ended-left', { reason: 'left' }),
  ended('ended-microphone', { reason: 'error', code: 'MICROPHONE_DENIED' }),
  { name: 'launcher', shows: 'launcher', apply: (h) => h.phone.set(h.ready) },
  { name: 'launcher-open', shows: 'launcher', open: true, query: 'a', apply: (h) => h.phone.set(h.ready) },
  {
    name: 'launcher-in-call',
    shows: 'launcher',
    apply: (h) => h.phone.set({ ...h.ready, leads: false, calls: [h.callView({ activeSinceMs: -192_000 })] }),
  },
  {
    name: 'launcher-dialing',
    shows: 'launcher',
    apply: (h) => h.phone.set({ ...h.ready, leads: false, calls: [h.callView({ phase: 'dialing' })] }),
  },
  {
    name: 'launcher-do-not-disturb',
    shows: 'launcher',
    apply: (h) => h.phone.set({ ...h.ready, doNotDisturb: true }),
  },
  {
    name: 'launcher-missed',
    shows: 'launcher',
    apply: (h) => h.phone.set({ ...h.ready, missed: 3 }),
  },
  {
    name: 'launcher-missed-do-not-disturb',
    shows: 'launcher',
    apply: (h) => h.phone.set({ ...h.ready, missed: 12, doNotDisturb: true }),
  },
  ringing('ringing', {}),
  {
    ...ringing('ringing-sound-blocked', {}),
    apply: (h) =>
      h.phone.set({
        ...h.ready,
        me: h.people[1],
        soundBlocked: true,
        calls: [h.callView({ callId: 'r1', direction: 'in', phase: 'ringing', peer: h.peerOf(h.people[0]) })],
      }),
  },
  ringing('ringing-passed-on', { transferredBy: { name: 'Carla Costa' } }),
  { ...ringing('ringing-messages', {}), press: 'declineWith' },
  waiting('ringing-waiting', {}),
  { ...waiting('ringing-waiting-messages', {}), press: 'declineWith' },
  ringing('ringing-video', { media: 'video' }),
  ringing('answered-elsewhere', { phase: 'ended', ended: { reason: 'answered-elsewhere' } }),
  ...visitsStates,
];

function call(name, changes) {
  return {
    name,
    shows: 'pane',
    args: changes,
    apply: (h, changes) => h.phone.set({ ...h.ready, calls: [h.callView(changes)] }),
  };
}

/** Bruno on hold, and Carla. */
function two(name, first, second) {
  return {
    name,
    shows: 'pane',
    args: [first, second],
    apply: (h, [first, second]) =>
      h.phone.set({
        ...h.ready,
        calls: [
          h.callView({ phase: 'held', held: true, activeSinceMs: -192_000, ...first }),
          h.callView({ callId: 'c2', peer: h.peerOf(h.people[2]), ...second }),
        ],
      }),
  };
}

/** A call comes while Bruno talks with Carla, whose card another tab has. */
function waiting(name, changes) {
  return {
    ...ringing(name, changes),
    apply: (h, changes) =>
      h.phone.set({
        ...h.ready,
        leads: false,
        me: h.people[1],
        calls: [
          h.callView({ peer: h.peerOf(h.people[2]), activeSinceMs: -62_000 }),
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
