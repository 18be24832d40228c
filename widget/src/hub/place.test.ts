import type { PlacedCall } from '@ringtag/server/protocol';
import { expect, test } from 'vitest';
import type { Leg } from '../call/call.ts';
import { done, type Result, refused } from '../call/errors.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import type { RequestOptions, Send } from './api.ts';
import { placeCall } from './place.ts';

const room: PlacedCall = {
  via: 'room',
  callId: 'c-1',
  state: 'ringing',
  peer: { name: 'Bruno' },
  ringForMs: 45_000,
  iceServers: [],
  signals: [],
};

/** A hub whose replies come when the test says so. */
function setUp() {
  const clock = createManualClock();
  const asked: { requestId: string; reply: (result: Result<unknown>) => void }[] = [];
  let overtake = () => {};
  const placing = placeCall(
    {
      clock,
      send: ((_: string, { body, signal }: RequestOptions) =>
        new Promise((reply) => {
          signal?.addEventListener('abort', () => reply(refused('HUB_UNREACHABLE')));
          asked.push({ requestId: (body as { requestId: string }).requestId, reply });
        })) as unknown as Send,
      online: async () => true,
      expect: (overtaken) => {
        overtake = overtaken;
        return () => {};
      },
      room: () => ({ via: 'room' }) as Leg,
      pbx: async () => refused('PBX_UNAVAILABLE'),
    },
    { to: { personId: 'u-2' }, media: 'audio', way: 'auto' },
  );
  return { clock, asked, placing, overtake: () => overtake() };
}

test('C1: when the other side is there before the reply, the same request is asked again at once', async () => {
  const { clock, asked, placing, overtake } = setUp();
  await clock.advance(0);
  overtake();
  await clock.advance(800);
  expect(asked).toHaveLength(2);
  expect(asked[1]?.requestId).toBe(asked[0]?.requestId);
  asked[1]?.reply(done(room));
  expect(await placing).toMatchObject({ ok: true, value: { hubCallId: 'c-1' } });
});

test('a reply that was only a little late is not asked for twice', async () => {
  const { clock, asked, placing, overtake } = setUp();
  await clock.advance(0);
  overtake();
  asked[0]?.reply(done(room));
  await placing;
  await clock.advance(1_000);
  expect(asked).toHaveLength(1);
});
