import { expect, test } from 'vitest';
import { lostOf, withoutTheirTab, wouldSuffer } from './elsewhere.ts';
import type { CallPhase, CallView } from './phone.ts';

const call = (phase: CallPhase, via: 'room' | 'pbx' = 'room'): CallView => ({
  callId: `c-${phase}`,
  direction: 'in',
  via,
  phase,
  peer: { name: 'Bruno Barros' },
  media: 'audio',
  muted: false,
  held: false,
  peerHeld: false,
  peerMuted: false,
  videoOn: false,
  peerVideoOn: false,
  offerDeskPhone: false,
});

test('a call at work suffers when its tab loses the lead; one that rings everywhere and one that is over do not', () => {
  for (const phase of ['preparing', 'dialing', 'connecting', 'active', 'held', 'reconnecting'] as const) {
    expect(wouldSuffer([call(phase)])).toBe(true);
  }
  expect(wouldSuffer([])).toBe(false);
  expect(wouldSuffer([call('ringing'), call('ended')])).toBe(false);
  expect(wouldSuffer([call('ringing', 'pbx')])).toBe(true);
});

test('a call that another window carries goes on, whichever tab leads', () => {
  const elsewhere = { ...call('active'), elsewhere: { deviceId: 's-2', popOut: true } };
  expect(wouldSuffer([elsewhere])).toBe(false);
  expect(withoutTheirTab([elsewhere])).toEqual([elsewhere]);
});

test('a call whose tab is gone is shown as lost, and stays in sight when the hub has spoken', () => {
  const left = withoutTheirTab([call('active'), call('ringing')]);
  expect(left.map(({ phase }) => phase)).toEqual(['ended', 'ringing']);
  expect(lostOf(left)).toEqual([{ ...call('active'), phase: 'ended', ended: { reason: 'lost' } }]);
});
