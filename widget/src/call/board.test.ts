import { expect, test } from 'vitest';
import { createTestBoard, type FakeLeg, fakeLeg } from '../testing/board.ts';
import { settle } from '../testing/manual-clock.ts';
import { done, refused } from './errors.ts';

const setUp = createTestBoard;
const bruno = { personId: 'Bruno' };

test('a call that nobody has answered cannot wait for a second one', () => {
  const { board, refusals } = setUp();
  board.call(bruno, 'audio');
  board.call({ personId: 'Carla' }, 'audio');
  expect(refusals).toEqual(['ALREADY_IN_CALL']);
  expect(board.views).toHaveLength(1);
});

test('calling somebody in a call puts that on hold, and a third call is refused', async () => {
  const { board, talk, shown, refusals } = setUp();
  await talk('Bruno');
  board.call({ personId: 'Carla' }, 'audio');
  expect(shown()).toEqual(['Bruno held', 'Carla dialing']);
  await settle();
  board.call({ personId: 'Dora' }, 'audio');
  expect(refusals).toEqual(['TOO_MANY_CALLS']);
  expect(shown()).toEqual(['Bruno held', 'Carla dialing']);
});

test('answering a waiting call puts the other one on hold first', async () => {
  const { board, talk, ring, shown } = setUp();
  const first = await talk('Bruno');
  const waiting = ring('c-9');
  await board.answer('c-9');
  expect(first.log.at(-1)).toBe('hold');
  expect(waiting.log).toContain('accept');
  waiting.tell({ type: 'connected' });
  expect(shown()).toEqual(['Bruno held', 'Alice active']);
});

test('a call answered while the one before it still connects leaves only the last one talking', async () => {
  const { board, ring, shown } = setUp();
  const first = ring('c-1');
  const second = ring('c-2', { peer: { name: 'Carla' } });
  await board.answer('c-1');
  await board.answer('c-2');
  first.tell({ type: 'connected' });
  second.tell({ type: 'connected' });
  expect(shown()).toEqual(['Alice held', 'Carla active']);
});

test('swapping talks to the one and holds the other, to and fro', async () => {
  const { board, talk, shown, idOf } = setUp();
  const first = await talk('Bruno');
  const second = await talk('Carla');
  board.swap(idOf('Bruno'));
  expect(shown()).toEqual(['Bruno active', 'Carla held']);
  board.setHeld(idOf('Carla'), false);
  expect(shown()).toEqual(['Bruno held', 'Carla active']);
  expect([first.log.at(-1), second.log.at(-1)]).toEqual(['hold', 'unhold']);
});

test('a swap that the other side does not agree to leaves both calls as they were', async () => {
  const { board, talk, shown, idOf } = setUp();
  const first = await talk('Bruno');
  await talk('Carla');
  first.resumes = false;
  board.swap(idOf('Bruno'));
  expect(shown()).toEqual(['Bruno held', 'Carla active']);
});

test('when the call talked to is over, the one on hold stays on hold until the person takes it back', async () => {
  const { board, talk, clock, shown, idOf } = setUp();
  await talk('Bruno');
  const second = await talk('Carla');
  second.tell({ type: 'over', end: { reason: 'hangup' } });
  await clock.advance(10_000);
  expect(shown()).toEqual(['Bruno held']);
  board.setHeld(idOf('Bruno'), false);
  expect(shown()).toEqual(['Bruno active']);
});

for (const [how, fail] of Object.entries({
  declined: (leg: FakeLeg) => leg.tell({ type: 'over', end: { reason: 'declined' } }),
  'not answered': (leg: FakeLeg) => leg.tell({ type: 'over', end: { reason: 'no-answer' } }),
})) {
  test(`a second call that is ${how} gives the first one back as it was`, async () => {
    const { board, talk, legs, viewOf } = setUp();
    await talk('Bruno');
    board.call({ personId: 'Carla' }, 'audio');
    await settle();
    fail(legs[1] as FakeLeg);
    expect(viewOf('Bruno').phase).toBe('active');
  });
}

test('a second call that comes to nothing leaves on hold what the person had put on hold', async () => {
  const { board, talk, legs, viewOf, idOf } = setUp();
  await talk('Bruno');
  board.setHeld(idOf('Bruno'), true);
  board.call({ personId: 'Carla' }, 'audio');
  await settle();
  legs[1]?.tell({ type: 'over', end: { reason: 'no-answer' } });
  expect(viewOf('Bruno').phase).toBe('held');
});

test('a second call sends the microphone that is open already, and its end leaves that open', async () => {
  const { mic, talk, legs } = setUp();
  await talk('Bruno');
  const second = await talk('Carla');
  expect(mic.opened).toHaveLength(1);
  expect(second.streams[0]?.getAudioTracks()).toHaveLength(1);
  second.tell({ type: 'over', end: { reason: 'hangup' } });
  expect(second.streams[0]?.getAudioTracks()[0]?.readyState).toBe('ended');
  expect(legs[0]?.streams[0]?.getAudioTracks()[0]?.readyState).toBe('live');
});

test('M1: a call taken over shows itself as running, for as long as it does, muted and held as it was', async () => {
  const { board, clock, shown, viewOf } = setUp();
  const leg = fakeLeg();
  board.take({
    callId: 'm-1',
    peer: { name: 'Bruno' },
    media: 'audio',
    muted: true,
    held: true,
    take: async () =>
      done({ hubCallId: 'c-7', leg: leg.port, peer: { name: 'Bruno Barros' }, activeForMs: 60_000 }),
  });
  expect(shown()).toEqual(['Bruno connecting']);
  await settle();
  leg.tell({ type: 'answered' });
  leg.tell({ type: 'connected' });
  expect(viewOf('Bruno Barros')).toMatchObject({
    phase: 'held',
    muted: true,
    hubCallId: 'c-7',
    activeSinceMs: clock.now() - 60_000,
  });
});

test('M3: a call that could not be taken over is not shown here; a refused microphone is', async () => {
  const { board, mic, shown, viewOf } = setUp();
  const call = { peer: { name: 'Bruno' }, media: 'audio', muted: false, held: false } as const;
  board.take({ ...call, callId: 'm-1', take: async () => refused('NOT_FOUND') });
  await settle();
  expect(shown()).toEqual([]);
  mic.deny();
  board.take({ ...call, callId: 'm-2', take: async () => refused('NOT_FOUND') });
  await settle();
  expect(viewOf('Bruno').ended?.code).toBe('MICROPHONE_DENIED');
});

test('a call that went over to another window leaves no card here', async () => {
  const { talk, shown } = setUp();
  const leg = await talk('Bruno');
  leg.tell({ type: 'over', end: { reason: 'moved' } });
  expect(shown()).toEqual([]);
});

test('an ended call vanishes after 6 s, one that ended in an error when it is taken off', async () => {
  const { board, clock, legs, hub } = setUp();
  board.call(bruno, 'audio');
  await settle();
  legs[0]?.tell({ type: 'over', end: { reason: 'declined' } });
  await clock.advance(5_900);
  expect(board.views[0]?.phase).toBe('ended');
  await clock.advance(200);
  expect(board.views).toEqual([]);
  hub.answer = refused('SELF_CALL');
  board.call(bruno, 'audio');
  await clock.advance(60_000);
  const [stays] = board.views;
  expect(stays?.ended).toEqual({ reason: 'error', code: 'SELF_CALL' });
  board.dismiss(stays?.callId ?? '');
  expect(board.views).toEqual([]);
});

test('the desk phone is offered after 15 s of ringing, if there is one', async () => {
  const { board, clock, hub } = setUp();
  board.call(bruno, 'audio');
  await clock.advance(14_900);
  expect(board.views[0]?.offerDeskPhone).toBe(false);
  await clock.advance(200);
  expect(board.views[0]?.offerDeskPhone).toBe(true);
  board.hangUp(board.views[0]?.callId ?? '');
  hub.telephone = false;
  board.call(bruno, 'audio');
  await clock.advance(16_000);
  expect(board.views.at(-1)?.offerDeskPhone).toBe(false);
});

test('C14: ringing the desk phone takes the place of the ringing call, and only one is shown', async () => {
  const { board, clock, orders, legs } = setUp();
  board.call(bruno, 'audio');
  await clock.advance(15_100);
  board.ringDeskPhone(board.views[0]?.callId ?? '');
  await settle();
  expect(orders[1]).toMatchObject({ way: 'desk', replaces: 'c-1' });
  legs[0]?.tell({ type: 'over', end: { reason: 'replaced' } });
  expect(board.views).toMatchObject([{ via: 'pbx', phase: 'dialing' }]);
  await clock.advance(60_000);
  expect(board.views).toMatchObject([{ via: 'pbx', phase: 'dialing' }]);
});

test('the desk phone rung from a second call keeps the first one on hold, and gives it back if nobody answers', async () => {
  const { board, clock, talk, legs, viewOf, idOf } = setUp();
  await talk('Bruno');
  board.call({ personId: 'Carla' }, 'audio');
  await clock.advance(15_100);
  board.ringDeskPhone(idOf('Carla'));
  await settle();
  legs[1]?.tell({ type: 'over', end: { reason: 'replaced' } });
  expect(viewOf('Bruno').phase).toBe('held');
  legs[2]?.tell({ type: 'over', end: { reason: 'no-answer' } });
  expect(viewOf('Bruno').phase).toBe('active');
});

test('a desk phone that cannot be rung leaves the call that rings as it was', async () => {
  const { board, clock, hub, refusals } = setUp();
  board.call(bruno, 'audio');
  await clock.advance(15_100);
  hub.answer = refused('PBX_UNAVAILABLE');
  board.ringDeskPhone(board.views[0]?.callId ?? '');
  await settle();
  expect(refusals).toEqual(['PBX_UNAVAILABLE']);
  expect(board.views).toMatchObject([{ via: 'room', phase: 'dialing' }]);
});

test('nobody answered: the desk phone is still offered on the call that ended, until it is taken off', async () => {
  const { board, clock, legs, orders } = setUp();
  board.call(bruno, 'audio');
  await settle();
  legs[0]?.tell({ type: 'over', end: { reason: 'no-answer' } });
  await clock.advance(20_000);
  expect(board.views).toMatchObject([{ phase: 'ended', offerDeskPhone: true }]);
  board.ringDeskPhone(board.views[0]?.callId ?? '');
  await settle();
  expect(orders[1]).not.toHaveProperty('replaces');
});

test('answering ends a call that nobody has answered yet', async () => {
  const { board, legs, ring } = setUp();
  board.call(bruno, 'audio');
  await settle();
  const incoming = ring('c-9');
  await board.answer('c-9');
  expect(legs[0]?.log).toContain('end hangup');
  expect(incoming.log).toContain('accept');
});

test('hanging up an incoming call that rings declines it; leaving the page does not', () => {
  const { board, ring } = setUp();
  const first = ring('c-1');
  board.hangUp('c-1');
  expect(first.log).toEqual(['decline']);
  const second = ring('c-2');
  board.endAll({ reason: 'left' });
  expect(second.log).toEqual(['end left']);
  expect(board.find('c-2')).toBeUndefined();
});

for (const [what, end, left] of [
  ['a message to read stays until it is taken off', { reason: 'declined', message: 'In ten minutes' }, 1],
  ['nothing to read leaves the screen by itself', { reason: 'declined' }, 0],
] as const) {
  test(`a declined call with ${what}`, async () => {
    const { board, legs, clock } = setUp();
    board.call(bruno, 'audio');
    await settle();
    legs[0]?.tell({ type: 'over', end });
    await clock.advance(60_000);
    expect(board.views).toHaveLength(left);
  });
}
