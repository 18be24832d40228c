import { expect, test } from 'vitest';
import { createTestBoard, type FakeLeg } from '../testing/board.ts';
import { settle } from '../testing/manual-clock.ts';

const order = {
  transferId: 't-1',
  callId: 'c-1',
  by: { name: 'Alice' },
  to: { name: 'Carla' },
  target: { personId: 'Carla' },
};

/** In a call with Alice, who sends this person on to Carla. */
async function sentOn() {
  const stage = createTestBoard();
  const alice = await stage.talk('Alice');
  stage.board.transferOrdered(order);
  await settle();
  return { ...stage, alice, carla: stage.legs[1] as FakeLeg };
}

test('T2: the ordered call is placed once, unasked, with the microphone that is open, and heard to ring', async () => {
  const { board, orders, mic, carla, shown, viewOf } = await sentOn();
  board.transferOrdered(order);
  await settle();
  expect(orders.slice(1)).toEqual([
    { to: { personId: 'Carla' }, media: 'audio', way: 'auto', transfer: 't-1' },
  ]);
  expect(mic.opened).toHaveLength(1);
  carla.tell({ type: 'peer-rings' });
  expect(board.ringsThere).toBe(true);
  // The call in which it came goes on, and says what happens.
  expect(shown()).toEqual(['Alice active']);
  expect(viewOf('Alice').sentTo).toEqual({ by: { name: 'Alice' }, to: { name: 'Carla' } });
});

test('T3: once answered it takes the place of the first call, which is silent at once', async () => {
  const { alice, carla, answered, shown, board } = await sentOn();
  answered(carla);
  expect(shown()).toEqual(['Carla active']);
  expect(board.live?.peer.name).toBe('Carla');
  expect(alice.log).toContain('mute');
  alice.tell({ type: 'over', end: { reason: 'transferred' } });
  expect(shown()).toEqual(['Carla active']);
});

test('T3: a first call that nobody ends is ended here', async () => {
  const { alice, carla, answered, clock } = await sentOn();
  answered(carla);
  await clock.advance(3_100);
  expect(alice.log).toContain('end hangup');
});

test('T3: an ordered call that comes to nothing leaves the first call as it was', async () => {
  const { alice, carla, shown, viewOf } = await sentOn();
  carla.tell({ type: 'over', end: { reason: 'declined' } });
  expect(shown()).toEqual(['Alice active']);
  expect(viewOf('Alice').sentTo).toBeUndefined();
  expect(alice.log).not.toContain('mute');
});

test('who sent the person on may hang up at once: the other one still rings, in sight', async () => {
  const { alice, carla, answered, shown } = await sentOn();
  alice.tell({ type: 'over', end: { reason: 'hangup' } });
  expect(shown()).toEqual(['Carla dialing']);
  answered(carla);
  expect(shown()).toEqual(['Carla active']);
});

test('a person who hangs up is not called on for', async () => {
  const { board, carla, idOf, shown } = await sentOn();
  board.hangUp(idOf('Alice'));
  expect(carla.log).toContain('end hangup');
  expect(shown()).toEqual(['Alice ended']);
});

test('T4: a call that joins another is answered without a question, muted and all, and stands for it', async () => {
  const { board, talk, ring, mic, shown, viewOf } = createTestBoard();
  const alice = await talk('Alice');
  board.find('c-1')?.setMuted(true);
  const bruno = ring('c-9', { peer: { name: 'Bruno' }, joins: 'c-1' });
  await settle();
  expect(bruno.log).toEqual(['accept', 'mute', 'media']);
  expect(mic.opened).toHaveLength(1);
  expect(shown()).toEqual(['Alice active']);
  expect(board.ringing).toBeUndefined();
  alice.tell({ type: 'over', end: { reason: 'transferred' } });
  bruno.tell({ type: 'connected' });
  expect(shown()).toEqual(['Bruno active']);
  expect(viewOf('Bruno').muted).toBe(true);
});

test('a call that joins one which is over rings as any other', async () => {
  const { board, ring, shown } = createTestBoard();
  const leg = ring('c-9', { peer: { name: 'Bruno' }, joins: 'c-1' });
  await settle();
  expect(shown()).toEqual(['Bruno ringing']);
  expect(board.ringing?.callId).toBe('c-9');
  expect(leg.log).toEqual([]);
});
