import type { HistoryEntry } from '@ringtag/server/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeStorage } from '../testing/fake-devices.ts';
import { MissedCalls } from './missed.ts';
import type { CallView } from './phone.ts';

const MINUTE_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.stubGlobal('localStorage', fakeStorage());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const entry = (agoMinutes: number, changes: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...{ callId: `h${agoMinutes}`, direction: 'in', peer: { name: 'Bruno' }, media: 'audio', via: 'room' },
  ...{ result: 'missed', agoMs: agoMinutes * MINUTE_MS },
  ...changes,
});

const rang = (callId: string, ended?: CallView['ended'], activeSinceMs?: number): CallView => ({
  ...{ callId, direction: 'in', via: 'room', peer: { name: 'Bruno' }, media: 'audio' },
  ...{ muted: false, held: false, peerHeld: false, peerMuted: false, videoOn: false, peerVideoOn: false },
  ...{ offerDeskPhone: false, phase: ended ? 'ended' : 'ringing' },
  ...(ended ? { ended } : {}),
  ...(activeSinceMs === undefined ? {} : { activeSinceMs }),
});

test('what was missed since Recent was looked at counts, also where no page was open', () => {
  const missed = new MissedCalls();
  missed.looked();
  vi.advanceTimersByTime(10 * MINUTE_MS);
  const calls = [
    entry(1),
    entry(2, { result: 'answered' }),
    entry(3, { result: 'declined' }),
    entry(4, { direction: 'out', result: 'no-answer' }),
    entry(9),
    entry(11),
  ];
  // Another page of the same site, later.
  const later = new MissedCalls();
  expect(later.count).toBeUndefined();
  later.learn({ calls });
  expect(later.count).toBe(2);
  later.looked();
  expect(later.count).toBe(0);
  later.learn({ calls });
  expect(later.count).toBe(0);
});

test('whoever signs in for the first time is shown no missed calls of long ago', () => {
  const missed = new MissedCalls();
  missed.learn({ calls: [entry(1), entry(2)] });
  expect(missed.count).toBe(0);
  vi.advanceTimersByTime(5 * MINUTE_MS);
  missed.learn({ calls: [entry(1)] });
  expect(missed.count).toBe(1);
});

test('a call that rings in vain counts at once, and once', () => {
  const missed = new MissedCalls();
  missed.learn({ calls: [] });
  missed.follow([rang('c-1')]);
  expect(missed.count).toBe(0);
  for (let again = 0; again < 2; again++) missed.follow([rang('c-1', { reason: 'no-answer' })]);
  missed.follow([rang('c-2', { reason: 'cancelled' })]);
  expect(missed.count).toBe(2);
});

test.each([
  ['declined', undefined],
  ['answered-elsewhere', undefined],
  ['hangup', 5],
  ['cancelled', 5],
] as const)('a call that ended as %s, answered at %s, was not missed', (reason, activeSinceMs) => {
  const missed = new MissedCalls();
  missed.learn({ calls: [] });
  missed.follow([rang('c-1', { reason }, activeSinceMs)]);
  expect(missed.count).toBe(0);
});

test('a browser that keeps nothing counts for as long as its page', () => {
  vi.stubGlobal('localStorage', undefined);
  const missed = new MissedCalls();
  vi.advanceTimersByTime(5 * MINUTE_MS);
  missed.learn({ calls: [entry(1)] });
  expect(missed.count).toBe(1);
  missed.looked();
  missed.learn({ calls: [entry(1)] });
  expect(missed.count).toBe(0);
});
