import { expect, test } from 'vitest';
import { fakeLocalMedia } from '../testing/fake-media.ts';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import { CallBoard, type DialOrder } from './board.ts';
import type { Leg, LegEvent } from './call.ts';
import { done, type Result, refused } from './errors.ts';
import type { PhoneErrorCode } from './phone.ts';
import type { Dialed } from './runner.ts';

function fakeLeg(via: 'room' | 'pbx' = 'room') {
  const leg = { via, log: [] as string[], tell: (_: LegEvent) => {} };
  const note = (line: string) => () => void leg.log.push(line);
  const port: Leg = {
    via,
    start: (report) => {
      leg.tell = report;
    },
    accept: note('accept'),
    setMedia: note('media'),
    decline: note('decline'),
    end: (reason) => void leg.log.push(`end ${reason}`),
    setMuted: note('mute'),
    setHeld: note('hold'),
    setVideo: note('video'),
    sendDigits: note('digits'),
  };
  return Object.assign(leg, { port });
}

function setUp() {
  const clock = createManualClock();
  const orders: DialOrder[] = [];
  const legs: ReturnType<typeof fakeLeg>[] = [];
  const refusals: PhoneErrorCode[] = [];
  const hub = { answer: undefined as Result<Dialed> | undefined, telephone: true };
  const board = new CallBoard({
    clock,
    localMedia: fakeLocalMedia().media,
    dial: async (order) => {
      orders.push(order);
      if (hub.answer) return hub.answer;
      const leg = fakeLeg(order.way === 'desk' ? 'pbx' : 'room');
      legs.push(leg);
      return done({
        hubCallId: `c-${orders.length}`,
        leg: leg.port,
        peer: { name: 'Bruno', personId: 'u-2' },
      });
    },
    peerOf: () => ({ name: 'Bruno', personId: 'u-2' }),
    hasTelephone: async () => hub.telephone,
    toldEnds: async () => {},
    changed: () => {},
    refused: (code) => refusals.push(code),
  });
  const ring = (callId: string) => {
    const leg = fakeLeg();
    board.incoming({ callId, peer: { name: 'Alice' }, media: 'audio', leg: leg.port });
    return leg;
  };
  return { clock, board, orders, legs, refusals, hub, ring };
}

const bruno = { personId: 'u-2' };

test('a second call while one lives is refused, and the first goes on', async () => {
  const { board, refusals } = setUp();
  board.call(bruno, 'audio');
  board.call(bruno, 'audio');
  expect(refusals).toEqual(['ALREADY_IN_CALL']);
  expect(board.views).toHaveLength(1);
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

test('answering ends the call that lives first', async () => {
  const { board, legs, ring } = setUp();
  board.call(bruno, 'audio');
  await settle();
  const incoming = ring('c-9');
  await board.answer('c-9', undefined);
  expect(legs[0]?.log).toContain('end hangup');
  expect(incoming.log).toContain('accept');
});

test('nothing is heard to ring while the person talks', async () => {
  const { board, ring } = setUp();
  ring('c-9');
  expect(board.ringing?.callId).toBe('c-9');
  board.call(bruno, 'audio');
  expect(board.ringing).toBeUndefined();
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
