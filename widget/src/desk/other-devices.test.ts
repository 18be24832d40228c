import type { CallsElsewhere, ShowCalls, ShownCall, SteerCall } from '@ringtag/server/protocol';
import { ShowCalls as ShowCallsSchema } from '@ringtag/server/protocol';
import { expect, test } from 'vitest';
import type { CallView } from '../call/phone.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { OtherDevices } from './other-devices.ts';

function setUp() {
  const clock = createManualClock();
  const told: ShowCalls[] = [];
  const steered: SteerCall[] = [];
  const others = new OtherDevices({
    clock,
    show: async (event) => {
      told.push(ShowCallsSchema.parse(event));
      return { ok: true };
    },
    steer: async (event) => {
      steered.push(event);
      return { ok: true };
    },
  });
  return { clock, told, steered, others };
}

const theirs: ShownCall = {
  callId: 'c-1',
  direction: 'out',
  via: 'room',
  phase: 'held',
  peer: { name: 'Bruno' },
  media: 'audio',
  muted: true,
  activeForMs: 60_000,
};
const popOut = (calls: ShownCall[], connected = true): CallsElsewhere => ({
  deviceId: 's-2',
  popOut: true,
  connected,
  calls,
});
const own: CallView = {
  callId: 'call-1',
  hubCallId: 'c-5',
  direction: 'in',
  via: 'room',
  phase: 'active',
  peer: { name: 'Carla' },
  media: 'audio',
  muted: false,
  held: false,
  peerHeld: false,
  peerMuted: false,
  videoOn: false,
  peerVideoOn: false,
  offerDeskPhone: false,
  activeSinceMs: 500,
};

test('D4: a call that another window carries is shown as running there, for as long as it does', () => {
  const { others, clock } = setUp();
  others.hear(popOut([theirs]));
  expect(others.views).toMatchObject([
    {
      peer: { name: 'Bruno' },
      held: true,
      muted: true,
      activeSinceMs: clock.now() - 60_000,
      elsewhere: { deviceId: 's-2', popOut: true },
    },
  ]);
  expect(others.popOut).toBe('s-2');
  others.hear(popOut([]));
  expect([others.views, others.popOut]).toEqual([[], 's-2']);
  others.hear(popOut([], false));
  expect(others.popOut).toBeNull();
});

test('D4: steering it reaches the device that carries it, under the name it gave the call', () => {
  const { others, steered } = setUp();
  others.hear(popOut([theirs]));
  expect(others.steer(others.views[0]?.callId ?? '', { name: 'setHeld', on: false })).toBe(true);
  expect(steered).toEqual([{ deviceId: 's-2', callId: 'c-1', command: { name: 'setHeld', on: false } }]);
  expect(others.steer('c-1', { name: 'hangUp' })).toBe(false);
});

test('own calls are told to the others once a change, and again after each connection', async () => {
  const { others, told, clock } = setUp();
  others.show([own]);
  others.show([{ ...own, muted: true }]);
  await clock.advance(300);
  expect(told).toMatchObject([{ calls: [{ callId: 'c-5', phase: 'active', muted: true }] }]);
  others.show([{ ...own, muted: true }]);
  await clock.advance(5_000);
  expect(told).toHaveLength(1);
  others.reset([]);
  await clock.advance(300);
  expect(told).toHaveLength(2);
  others.show([]);
  await clock.advance(300);
  expect(told.at(-1)).toEqual({ calls: [] });
});

test('a call that only rings here, or is over, is nothing to show to others', async () => {
  const { others, told, clock } = setUp();
  others.show([
    { ...own, phase: 'ringing' },
    { ...own, callId: 'call-2', phase: 'ended' },
  ]);
  await clock.advance(5_000);
  expect(told).toEqual([]);
});

test('D4: a visitor’s call says whose it is in the other window, and nothing more of the visitor', async () => {
  const { others, told, clock } = setUp();
  const visit = { visitId: 'v-1', url: 'https://shop.example/', context: 'title=Boots' };
  others.show([{ ...own, visit }]);
  await clock.advance(300);
  expect(told.at(-1)?.calls[0]?.visit).toEqual({ visitId: 'v-1' });
  others.hear(popOut([{ ...theirs, visit: { visitId: 'v-2' } }]));
  expect(others.views[0]?.visit).toEqual({ visitId: 'v-2' });
});
