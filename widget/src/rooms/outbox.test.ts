import type { Signal, SignalEnvelope } from '@ringtag/server/protocol';
import { expect, test } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createOutbox, type Delivery } from './outbox.ts';

const offer: Signal = { kind: 'description', type: 'offer', sdp: 'v=0' };
const candidate = (n: number): Signal => ({
  kind: 'candidate',
  candidate: `candidate:${n}`,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
});

function setUp() {
  const clock = createManualClock();
  const sent: number[][] = [];
  const hub = { answer: 'delivered' as Delivery };
  const outbox = createOutbox({
    clock,
    deliver: async (envelopes: readonly SignalEnvelope[]) => {
      sent.push(envelopes.map(({ seq }) => seq));
      return hub.answer;
    },
  });
  return { clock, sent, hub, outbox };
}

test('R2: numbers rise by one from 1; a description goes at once, candidates of a moment together', async () => {
  const { clock, sent, outbox } = setUp();
  outbox.push(offer);
  outbox.push(candidate(1));
  outbox.push(candidate(2));
  expect(sent).toEqual([[1]]);
  await clock.advance(20);
  expect(sent).toEqual([[1], [2, 3]]);
});

test('R3: everything from the last description on is said again, under the same numbers', async () => {
  const { clock, sent, outbox } = setUp();
  outbox.push(offer);
  outbox.push(candidate(1));
  await clock.advance(20);
  outbox.push(offer);
  outbox.push(candidate(2));
  await clock.advance(20);
  sent.length = 0;
  outbox.resend();
  expect(sent).toEqual([[3, 4]]);
});

test('R3: what nobody acknowledged is said again even if it is older', async () => {
  const { clock, sent, hub, outbox } = setUp();
  hub.answer = undefined;
  outbox.push({ kind: 'media', held: true, muted: false, video: false });
  await clock.advance(20);
  hub.answer = 'delivered';
  outbox.push(offer);
  await clock.advance(20);
  sent.length = 0;
  outbox.resend();
  expect(sent).toEqual([[1, 2]]);
});

test('a message holds no more signals than the hub takes', async () => {
  const { clock, sent, outbox } = setUp();
  for (let n = 0; n < 120; n++) outbox.push(candidate(n));
  await clock.advance(20);
  expect(sent.map((batch) => batch.length)).toEqual([50, 50, 20]);
});

test('H5: what the hub had no time for is said again when it has, before anything newer', async () => {
  const { clock, sent, hub, outbox } = setUp();
  hub.answer = 3_000;
  outbox.push(offer);
  await clock.advance(0);
  hub.answer = 'delivered';
  outbox.push(candidate(1));
  await clock.advance(2_900);
  expect(sent).toEqual([[1]]);
  await clock.advance(200);
  expect(sent).toEqual([[1], [1, 2]]);
});

test('nothing is said after the end', async () => {
  const { clock, sent, outbox } = setUp();
  outbox.push(candidate(1));
  outbox.close();
  outbox.push(offer);
  outbox.resend();
  await clock.advance(100);
  expect(sent).toEqual([]);
});
