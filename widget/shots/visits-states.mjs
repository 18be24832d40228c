// What people who answer visitors of public pages see, in every state. `apply` runs in the browser.

/** The call that rings or is talked, from a visitor of whom the hub has told everything, or nothing yet. */
function visitorCall(
  name,
  { shows = 'launcher', told = true, call = {}, visit = {}, book = {}, clicks = [] } = {},
) {
  return {
    name,
    shows,
    args: { told, call, visit, book },
    clicks,
    apply(h, { told, call, visit, book }) {
      const known = h.visitOf({ intent: 'call', state: 'ringing', messages: [], ...visit });
      h.phone.fakeVisits.set({ ...(told ? { visits: [known], left: [] } : {}), ...book });
      const peer = { name: 'Visitor · Talk to sales', isVisitor: true };
      const ringing = { direction: 'in', via: 'pbx', phase: 'ringing', peer, visit: h.calledVisit };
      h.phone.set({
        ...h.ready,
        visitors: { unread: 0, news: 1 },
        calls: [h.callView({ callId: 'r1', ...ringing, ...call })],
      });
    },
  };
}

/** The place of all visitors. */
function place(name, { visits, left = [], unread = {}, failed = false, unsent = {} }, more = {}) {
  return {
    name,
    shows: 'pane',
    args: { visits, left, unread, failed, unsent },
    clicks: ['.tab:last-child', ...(more.clicks ?? [])],
    apply(h, { visits, left, unread, failed, unsent }) {
      const known = visits && {
        visits: visits.map((changes) => h.visitOf(changes)),
        left: left.map((changes) => h.leftOf(changes)),
      };
      h.phone.fakeVisits.set({ ...known, unread, failed, unsent });
      const count = Object.values(unread).reduce((sum, each) => sum + each, 0);
      h.phone.set({ ...h.ready, visitors: { unread: count, news: 1 } });
    },
  };
}

const hostile = {
  context: {
    url: 'javascript:alert(1)',
    title: '<img src=x onerror=alert(1)> \u202Egpj.exe',
    referrer: 'data:text/html,<script>alert(1)</script>',
    language: '<b>xx</b>',
    data: [{ key: '<i>key</i>'.repeat(3), value: 'x'.repeat(200) }],
  },
};
const answered = {
  agent: { personId: 'alice', name: 'Alice Almeida' },
  messages: [
    { id: 'm1', from: 'visitor', text: 'Do you have these in 43?', agoMs: 180_000 },
    {
      id: 'm2',
      from: 'agent',
      name: 'Alice Almeida',
      text: 'Yes, in brown and in black.\nWhich ones?',
      agoMs: 90_000,
    },
    { id: 'm3', from: 'visitor', text: `The brown ones ${'very '.repeat(30)}much`, agoMs: 30_000 },
  ],
};
const taken = { id: 'v2', agoMs: 300_000, agent: { personId: 'bruno', name: 'Bruno Barros' } };
const gone = { id: 'v3', agoMs: 1_500_000, state: 'ended', end: 'left' };
const all = {
  visits: [{}, { ...taken, intent: 'call', state: 'talking', messages: [] }, gone],
  left: [
    {},
    {
      id: 'l2',
      kind: 'voice',
      name: '',
      reach: '',
      text: '',
      voice: { lengthMs: 12_000, type: 'audio/webm' },
    },
    { id: 'l3', kind: 'message', reach: 'rita@example.org', text: 'Thank you!', done: true },
  ],
  unread: { v1: 2 },
};
const talked = { phase: 'active', activeSinceMs: -62_000 };

export const visitsStates = [
  visitorCall('visitor-ringing'),
  visitorCall('visitor-ringing-not-told', { told: false }),
  visitorCall('visitor-ringing-hostile', { visit: hostile }),
  visitorCall('visitor-call', { shows: 'pane', call: talked, visit: { state: 'talking' } }),
  visitorCall('visitor-call-chat', { shows: 'pane', call: talked, visit: { state: 'talking', ...answered } }),
  visitorCall('visitor-call-others', {
    shows: 'pane',
    call: talked,
    visit: { state: 'talking', ...answered },
    clicks: ['.tab:last-child'],
  }),
  visitorCall('visitor-call-ended', {
    shows: 'pane',
    call: { phase: 'ended', activeSinceMs: -62_000, ended: { reason: 'hangup' } },
    visit: { state: 'ended', ...answered },
  }),
  place('visitors', all),
  place('visitors-loading', {}),
  place('visitors-failed', { failed: true }),
  place('visitors-empty', { visits: [] }),
  place('visitors-chat', { visits: [answered] }, { clicks: ['.visit'] }),
  place('visitors-chat-new', { visits: [{}], unread: { v1: 2 } }, { clicks: ['.visit'] }),
  place('visitors-chat-taken', { visits: [taken] }, { clicks: ['.visit'] }),
  place('visitors-chat-over', { visits: [{ ...answered, state: 'ended' }] }, { clicks: ['.visit'] }),
  place(
    'visitors-chat-unsent',
    {
      visits: [answered],
      unsent: {
        v1: [
          { id: 'u1', text: 'They are here.', failed: 'unreachable' },
          { id: 'u2', text: 'Both.' },
        ],
      },
    },
    { clicks: ['.visit'] },
  ),
  {
    name: 'launcher-visitors',
    shows: 'launcher',
    apply: (h) => h.phone.set({ ...h.ready, missed: 1, visitors: { unread: 2, news: 1 } }),
  },
];
