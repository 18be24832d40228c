import { expect, test } from 'vitest';
import { createTestBoard, type FakeLeg, fakeLeg } from '../testing/board.ts';
import { settle } from '../testing/manual-clock.ts';
import { refused } from './errors.ts';

const carla = { personId: 'Carla' };
const unanswered = { type: 'over', end: { reason: 'no-answer' } } as const;

/** In a call with Bruno, who is to be transferred to Carla. */
async function inCall(via: 'room' | 'pbx' = 'room') {
  const stage = createTestBoard();
  const bruno = await stage.talk('Bruno', via);
  return { ...stage, bruno, transferOf: () => stage.viewOf('Bruno').transfer };
}

async function asking(via: 'room' | 'pbx', consultVia: 'room' | 'pbx' = via) {
  const stage = await inCall(via);
  stage.hub.via = consultVia;
  stage.board.consult(stage.idOf('Bruno'), carla);
  await settle();
  return { ...stage, carlaLeg: stage.legs[1] as FakeLeg };
}

test('T1: a room is transferred by the hub, and the call goes on until the other one has answered', async () => {
  const { board, idOf, asked, transferOf, viewOf, bruno } = await inCall();
  board.transfer(idOf('Bruno'), carla);
  await settle();
  expect(asked).toEqual([{ callId: 'c-1', request: { to: carla } }]);
  expect(transferOf()).toMatchObject({ to: { name: 'Carla' }, state: 'calling' });
  board.transferGoesOn({ transferId: 't-1', callId: 'c-1', state: 'ringing' });
  expect(transferOf()?.state).toBe('ringing');
  expect(viewOf('Bruno').phase).toBe('active');
  bruno.tell({ type: 'over', end: { reason: 'transferred' } });
  expect(viewOf('Bruno').ended?.reason).toBe('transferred');
});

test('T3: a transfer that fails says why and leaves the call as it was', async () => {
  const { board, idOf, transferOf, viewOf, hub } = await inCall();
  board.transfer(idOf('Bruno'), carla);
  board.transferGoesOn({ transferId: 't-1', callId: 'c-1', state: 'failed', code: 'BUSY' });
  expect(transferOf()).toMatchObject({ state: 'failed', code: 'BUSY' });
  hub.transfer = refused('DO_NOT_DISTURB');
  board.transfer(idOf('Bruno'), carla);
  await settle();
  expect(transferOf()).toMatchObject({ state: 'failed', code: 'DO_NOT_DISTURB' });
  expect(viewOf('Bruno').phase).toBe('active');
});

test('T2: a transfer that was declined with a message shows it', async () => {
  const { board, idOf, transferOf } = await inCall();
  board.transfer(idOf('Bruno'), carla);
  const declined = { state: 'failed', code: 'declined', message: 'In an hour' } as const;
  board.transferGoesOn({ transferId: 't-1', callId: 'c-1', ...declined });
  expect(transferOf()).toMatchObject(declined);
});

test('T2: a transfer of which the hub says nothing for 60 s has failed', async () => {
  const { board, idOf, transferOf, clock } = await inCall();
  board.transfer(idOf('Bruno'), carla);
  await clock.advance(59_000);
  expect(transferOf()?.state).toBe('calling');
  await clock.advance(2_000);
  expect(transferOf()?.state).toBe('failed');
});

test('T6: a transfer that the hub has forgotten has failed at once, one that it knows goes on', async () => {
  const { board, idOf, transferOf, viewOf } = await inCall();
  board.transfer(idOf('Bruno'), carla);
  // The hub has not answered yet: what it knew before says nothing.
  board.transfersUnderWay([]);
  expect(transferOf()?.state).toBe('calling');
  await settle();
  board.transfersUnderWay(['c-1']);
  expect(transferOf()?.state).toBe('calling');
  board.transfersUnderWay([]);
  expect(transferOf()).toMatchObject({ state: 'failed', code: 'TRANSFER_REFUSED' });
  expect(viewOf('Bruno').phase).toBe('active');
});

test('a question first: the call waits, and is talked to again when nothing comes of it', async () => {
  for (const end of [unanswered, { type: 'over', end: { reason: 'hangup' } } as const]) {
    const { carlaLeg, answered, shown, viewOf } = await asking('room');
    expect(shown()).toEqual(['Bruno held', 'Carla dialing']);
    expect(viewOf('Carla').consultFor).toBe(viewOf('Bruno').callId);
    if (end !== unanswered) answered(carlaLeg);
    carlaLeg.tell(end);
    expect(viewOf('Bruno').phase).toBe('active');
  }
});

test('turning back to the first call while the other one still rings calls the question off', async () => {
  const { board, carlaLeg, idOf, viewOf } = await asking('room');
  board.swap(idOf('Bruno'));
  expect(carlaLeg.log).toContain('end hangup');
  expect(viewOf('Bruno').phase).toBe('active');
});

test('T4: completing joins the two rooms through the hub, and one card says so', async () => {
  const { board, carlaLeg, bruno, answered, asked, idOf, shown } = await asking('room');
  answered(carlaLeg);
  board.completeTransfer(idOf('Carla'));
  await settle();
  expect(asked).toEqual([{ callId: 'c-1', request: { with: 'c-2' } }]);
  carlaLeg.tell({ type: 'over', end: { reason: 'transferred' } });
  // The first call is not heard for a moment in between.
  expect(bruno.log.at(-1)).toBe('hold');
  bruno.tell({ type: 'over', end: { reason: 'transferred' } });
  expect(shown()).toEqual(['Bruno ended']);
});

test('T4: of a room and a telephone call the room is transferred, with the dialog of the other', async () => {
  for (const [first, second, roomId, joinedId] of [
    ['room', 'pbx', 'c-1', 'c-2'],
    ['pbx', 'room', 'c-2', 'c-1'],
  ] as const) {
    const { board, legs, answered, asked, talk, idOf } = createTestBoard();
    await talk('Bruno', first);
    await talk('Carla', second);
    expect(legs.map(({ via }) => via)).toEqual([first, second]);
    answered(legs[1] as FakeLeg);
    board.completeTransfer(idOf('Bruno'));
    await settle();
    expect(asked).toEqual([
      {
        callId: roomId,
        request: {
          with: joinedId,
          dialog: { callId: 'sip-call', localTag: 'here', remoteTag: 'there' },
          // The hub knows nothing of a telephone call that came in.
          peer: expect.objectContaining({ name: first === 'pbx' ? 'Bruno' : 'Carla' }),
        },
      },
    ]);
  }
});

test('T4: a telephone call that came in is joined by its dialog and by whom it is with', async () => {
  const { board, ring, answered, asked, talk, idOf } = createTestBoard();
  await talk('Bruno');
  const peer = { name: 'Carla at her desk', number: '1003' };
  const leg = ring('sip-1', { peer, leg: fakeLeg('pbx').port });
  await board.answer('sip-1');
  await settle();
  answered(leg);
  board.completeTransfer(idOf('Bruno'));
  await settle();
  const dialog = { callId: 'sip-call', localTag: 'here', remoteTag: 'there' };
  expect(asked).toEqual([{ callId: 'c-1', request: { with: 'sip-1', dialog, peer } }]);
});

test('T4: however the joined call ends, it says nothing of its own and gives the other one back to nobody', async () => {
  const { board, carlaLeg, bruno, answered, idOf, shown } = await asking('room', 'pbx');
  answered(carlaLeg);
  board.completeTransfer(idOf('Bruno'));
  await settle();
  // The exchange's word comes before the hub's.
  carlaLeg.tell({ type: 'over', end: { reason: 'hangup' } });
  expect(bruno.log.at(-1)).toBe('hold');
  bruno.tell({ type: 'over', end: { reason: 'transferred' } });
  expect(shown()).toEqual(['Bruno ended']);
});

test('a joining that failed leaves the question a call of its own', async () => {
  const { board, carlaLeg, answered, idOf, shown, viewOf } = await asking('room');
  answered(carlaLeg);
  board.completeTransfer(idOf('Bruno'));
  board.transferGoesOn({ transferId: 't-1', callId: 'c-1', state: 'failed', code: 'TRANSFER_REFUSED' });
  expect(shown()).toEqual(['Bruno held', 'Carla active']);
  carlaLeg.tell({ type: 'over', end: { reason: 'hangup' } });
  expect(viewOf('Bruno').phase).toBe('active');
});

test('two telephone calls are joined by the exchange; refused, both are as they were', async () => {
  const { board, carlaLeg, bruno, orders, answered, idOf, shown, transferOf } = await asking('pbx');
  expect(orders[1]?.way).toBe('pbx');
  answered(carlaLeg);
  bruno.refers = refused('TRANSFER_REFUSED');
  board.completeTransfer(idOf('Bruno'));
  await settle();
  expect(shown()).toEqual(['Bruno held', 'Carla active']);
  expect(transferOf()).toMatchObject({ state: 'failed', code: 'TRANSFER_REFUSED' });
  bruno.refers = { ok: true, value: undefined };
  board.completeTransfer(idOf('Bruno'));
  await settle();
  expect(shown()).toEqual(['Bruno ended']);
  expect(bruno.log.filter((line) => line === 'refer')).toHaveLength(2);
});

test('a telephone call sent on unasked waits until the other telephone is answered, and is joined to it then', async () => {
  const { board, bruno, legs, answered, idOf, shown, transferOf } = await inCall('pbx');
  board.transfer(idOf('Bruno'), carla);
  await settle();
  expect(shown()).toEqual(['Bruno held']);
  expect(bruno.log).not.toContain('refer');
  legs[1]?.tell({ type: 'peer-rings' });
  expect(transferOf()?.state).toBe('ringing');
  answered(legs[1] as FakeLeg);
  await settle();
  expect(bruno.log).toContain('refer');
  expect(shown()).toEqual(['Bruno ended']);
});

test('a telephone call sent to somebody who does not answer is talked to again as before', async () => {
  const { board, legs, idOf, shown, transferOf } = await inCall('pbx');
  board.transfer(idOf('Bruno'), carla);
  await settle();
  legs[1]?.tell(unanswered);
  expect(shown()).toEqual(['Bruno active']);
  expect(transferOf()).toMatchObject({ state: 'failed', code: 'no-answer' });
});

test('taking a telephone call back, or hanging it up, calls off what rings for it', async () => {
  for (const act of ['swap', 'hangUp'] as const) {
    const { board, legs, idOf, viewOf, transferOf } = await inCall('pbx');
    board.transfer(idOf('Bruno'), carla);
    await settle();
    board[act](idOf('Bruno'));
    expect(legs[1]?.log).toContain('end hangup');
    if (act === 'swap') {
      expect(viewOf('Bruno').phase).toBe('active');
      expect(transferOf()).toBeUndefined();
    }
  }
});

test('completed before anybody answered, a question becomes an unasked transfer', async () => {
  const room = await asking('room');
  room.board.completeTransfer(room.idOf('Bruno'));
  await settle();
  expect(room.asked).toEqual([{ callId: 'c-1', request: { to: carla } }]);
  expect(room.shown()).toEqual(['Bruno active']);

  const telephone = await asking('pbx');
  telephone.board.completeTransfer(telephone.idOf('Bruno'));
  expect(telephone.shown()).toEqual(['Bruno held']);
  telephone.answered(telephone.carlaLeg);
  await settle();
  expect(telephone.bruno.log).toContain('refer');
});
