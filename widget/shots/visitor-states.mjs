// Every state that a call button and what it unfolds into can be in, by name. `view` is what differs from the first.

const offers = { chat: true, message: true, voice: true, callback: true };
const none = { chat: false, message: false, voice: false, callback: false };
const open = {
  id: 'sales',
  lang: 'en',
  label: 'Talk to sales',
  greeting: 'We help you choose, also by e-mail.',
  state: 'open',
  waiting: 0,
  call: true,
  offers,
};
const opensAt = { date: '2026-11-23', time: '09:00', timeZone: 'Europe/Lisbon', inMs: 60 * 3_600_000 };
const closed = { ...open, greeting: undefined, state: 'closed', call: false, opensAt };
const message = (id, from, text) => ({
  id,
  from,
  text,
  agoMs: 0,
  ...(from === 'agent' ? { name: 'Bruno Barros' } : {}),
});
const messages = [
  message('1', 'visitor', 'Does the blue one come in a larger size?'),
  message('2', 'agent', 'Yes, up to 46. Shall I put one aside for you until Friday?'),
  message(
    '3',
    'visitor',
    '<b>Please</b> do.\nhttps://shop.example/a/very/long/address/that/does/not/break/anywhere/by/itself',
  ),
];
const long = 'Maria Wilhelmina Konstantinopolitanska de Albuquerque e Vasconcelos';

/** A state with its button folded. */
const button = (name, card) => ({ name: `visit-${name}`, shows: 'visit', card, view: null });
const state = (name, view, card = open, more = {}) => ({
  name: `visit-${name}`,
  shows: 'visit',
  card,
  view,
  ...more,
});
const call = (name, view, more) => state(name, { step: 'visit', intent: 'call', ...view }, open, more);
const refused = (code, more = {}) => ({ refused: { ok: false, code, ...more } });

export const visitorStates = [
  button('button-open', open),
  button('button-queue', { ...open, waiting: 2, waitMs: 170_000 }),
  button('button-closed', closed),
  button('button-busy', { ...open, state: 'busy', call: false }),
  button('button-notice', { ...closed, notice: 'Closed for the holidays until 2 January.' }),
  state('offer', {}),
  state('offer-all-in-calls', {}, { ...open, taken: true, waitMs: 170_000 }),
  state('offer-cut-short', { cutShort: true }),
  state('offer-closed', {}, closed),
  state('offer-nothing', { offers: none }, { ...closed, opensAt: undefined, offers: none }),
  state('offer-missed', { missed: 'no-answer' }),
  state('offer-microphone', refused('MICROPHONE_DENIED')),
  state('offer-limited', refused('RATE_LIMITED', { state: 'address', retryAfterMs: 45_000 })),
  state('offer-busy', refused('DESTINATION_BUSY', { offers })),
  state('offer-taken', { other: { label: 'Talk to the workshop', isCall: true } }),
  state('asking', { step: 'asking', asks: 'microphone' }),
  state('asking-slow', { step: 'asking', slow: true }),
  call('waiting', { state: 'waiting', ahead: 2, waitMs: 170_000 }),
  call('waiting-next', { state: 'waiting', ahead: 0 }),
  call('forwarded', { state: 'waiting', ahead: 1, forwardedTo: 'Help desk' }),
  call('ringing', { state: 'ringing', sound: 'connecting' }),
  call('talking', { state: 'talking', agent: 'Bruno Barros', talkingSinceMs: 8_000, sound: 'there' }),
  call('talking-long-name', { state: 'talking', agent: long, talkingSinceMs: 8_000, muted: true }),
  call('ending', { state: 'talking', talkingSinceMs: 8_000, isEnding: true, endsAtMs: 228_000 }),
  call('sound-lost', { state: 'talking', talkingSinceMs: 8_000, sound: 'lost', online: false }),
  call('sound-blocked', {
    state: 'talking',
    agent: 'Bruno Barros',
    talkingSinceMs: 8_000,
    soundBlocked: true,
  }),
  call('talking-elsewhere', {
    state: 'talking',
    agent: 'Bruno Barros',
    talkingSinceMs: 8_000,
    muted: true,
    talksElsewhere: true,
  }),
  call('talking-chat', { state: 'talking', agent: 'Bruno Barros', talkingSinceMs: 8_000, messages }),
  state('chat', { step: 'visit', intent: 'chat', state: 'open' }),
  state('chat-talk', {
    step: 'visit',
    intent: 'chat',
    state: 'open',
    agent: 'Bruno Barros',
    messages,
    unsent: [{ id: '4', text: 'Thank you', failed: true }],
  }),
  state('chat-unanswered', {
    step: 'visit',
    intent: 'chat',
    state: 'open',
    unanswered: true,
    messages: messages.slice(0, 1),
  }),
  state('chat-full', {
    step: 'visit',
    intent: 'chat',
    state: 'open',
    messages,
    ...refused('CONFLICT', { state: 'full' }),
  }),
  call('ended', { state: 'ended', end: 'hangup', talkingSinceMs: 8_000 }),
  call('ended-rated', { state: 'ended', end: 'hangup', talkingSinceMs: 8_000, stars: 4 }),
  call('ended-no-answer', { state: 'ended', end: 'no-answer' }),
  call('ended-failed', { state: 'ended', end: 'failed', messages }),
  state('leave', { step: 'leave', intent: 'message' }),
  state('leave-empty', { step: 'leave', intent: 'message' }, open, {
    clicks: ['ringtag-leave [type=submit]'],
  }),
  state('leave-callback', { step: 'leave', leaves: 'callback' }),
  state('leave-odd-number', { step: 'leave', leaves: 'callback' }, open, {
    clicks: ['ringtag-leave [type=submit]'],
  }),
  state('leave-refused', { step: 'leave', intent: 'message', ...refused('STORAGE_UNAVAILABLE') }),
  state('left', { step: 'left', intent: 'message' }),
  state('left-callback', { step: 'left', leaves: 'callback' }),
];
