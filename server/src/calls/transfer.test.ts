import {
  limits,
  type PlacedCall,
  type SipDialog,
  type TransferOrder,
  type TransferRequest,
} from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import type { PlaceOrder } from './place.ts';
import { openStage, type Stage, type StageDevice, settle } from './stage.ts';

let storage: Storage;
let stage: Stage;
let alice: StageDevice;
let bruno: StageDevice;
let brunoMobile: StageDevice;
let carla: StageDevice;
let carlaMobile: StageDevice;
let dora: StageDevice;
let all: StageDevice[];

beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openStage(storage);
  alice = stage.device('alice', 'alice');
  bruno = stage.device('bruno', 'bruno');
  brunoMobile = stage.device('bruno', 'bruno-mobile');
  carla = stage.device('carla', 'carla');
  carlaMobile = stage.device('carla', 'carla-mobile');
  dora = stage.device('dora', 'dora');
  all = [alice, bruno, brunoMobile, carla, carlaMobile, dora];
  for (const device of all) device.connect();
  hush();
});
afterEach(async () => {
  await stage.calls.stop();
  await storage.close();
});

const to = (key: string) => ({ personId: stage.person(key).id });
const dialog: SipDialog = { callId: 'abc@host', localTag: 'l1', remoteTag: 'r1' };

function hush(): void {
  for (const device of all) device.names();
}

async function place(
  from: StageDevice,
  whom: PlaceOrder['to'],
  more?: Partial<PlaceOrder>,
): Promise<PlacedCall> {
  const result = await stage.calls.place(from.caller, stage.order(whom, more));
  if (!result.ok) throw new Error(result.code);
  return result.placed;
}

/** An active call between two devices. */
async function talk(from: StageDevice, key: string, answering: StageDevice): Promise<string> {
  const { callId } = await place(from, to(key));
  await accept(answering, callId);
  hush();
  return callId;
}

async function accept(device: StageDevice, callId: string): Promise<void> {
  const result = await stage.calls.accept(device.caller, callId);
  if (!result.ok) throw new Error(result.code);
  await settle();
}

async function ask(device: StageDevice, callId: string, request: TransferRequest): Promise<string> {
  const result = await stage.calls.transfer(device.caller, callId, request);
  if (!result.ok) throw new Error(`${result.code} ${result.state}`);
  return result.transferId;
}

function orderTo(device: StageDevice): TransferOrder {
  const [order] = device.heard('transfer:order');
  if (!order) throw new Error('no order came');
  return order;
}

describe('a blind transfer', () => {
  it('T1 orders the other device, names both parties, and the call goes on', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    const transferId = await ask(alice, callId, { to: to('carla') });
    expect(orderTo(bruno)).toEqual({
      transferId,
      callId,
      by: expect.objectContaining({ name: 'alice' }),
      to: expect.objectContaining({ name: 'carla' }),
      target: to('carla'),
    });
    expect(all.flatMap((device) => device.names())).toEqual([]);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active' });
  });

  it('T1 the called side may transfer as well, and a number of a person names the person', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    await ask(bruno, callId, { to: { number: '1003' } });
    expect(orderTo(alice)).toMatchObject({
      by: { name: 'bruno' },
      to: { name: 'carla' },
      target: to('carla'),
    });
  });

  it('T2, T3, T5 rings the target, who sees by whom; once answered the first call ends for both', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    const transferId = await ask(alice, callId, { to: to('carla') });
    const { target } = orderTo(bruno);
    const placed = await place(bruno, target, { transfer: transferId });
    expect(carla.heard('call:ringing')).toMatchObject([
      { callId: placed.callId, from: { name: 'bruno' }, transferredBy: { name: 'alice' } },
    ]);
    expect(alice.heard('transfer:state')).toEqual([{ transferId, callId, state: 'ringing' }]);
    expect([...alice.names(), ...bruno.names()]).toEqual([]);
    await accept(carla, placed.callId);
    expect(alice.names()).toEqual(['transfer:state', 'call:ended']);
    expect(bruno.heard('call:ended')).toEqual([{ callId, reason: 'transferred' }]);
    expect(await storage.calls.byId(callId)).toMatchObject({
      endReason: 'transferred',
      transferredTo: placed.callId,
    });
    expect(await storage.calls.byId(placed.callId)).toMatchObject({
      state: 'active',
      transferredFrom: callId,
    });
  });

  it('T3 a decline leaves the first call as it was, and says so', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    const transferId = await ask(alice, callId, { to: to('carla') });
    const placed = await place(bruno, to('carla'), { transfer: transferId });
    hush();
    await stage.calls.decline(carla.caller, placed.callId);
    expect(alice.heard('transfer:state')).toEqual([
      { transferId, callId, state: 'failed', code: 'declined' },
    ]);
    expect(bruno.heard('call:ended')).toMatchObject([{ callId: placed.callId }]);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active' });
    expect(await ask(alice, callId, { to: to('dora') })).not.toBe(transferId);
  });

  it('T2 what was written with a decline is told to whoever passed the call on', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    const transferId = await ask(alice, callId, { to: to('carla') });
    const placed = await place(bruno, to('carla'), { transfer: transferId });
    hush();
    await stage.calls.decline(carla.caller, placed.callId, 'In a meeting until three');
    expect(alice.heard('transfer:state')).toEqual([
      { transferId, callId, state: 'failed', code: 'declined', message: 'In a meeting until three' },
    ]);
  });

  it('T6 the snapshot names what is under way, and after a restart of the hub nothing is', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    await ask(alice, callId, { to: to('carla') });
    for (const device of all) device.connect();
    expect(alice.heard('snapshot')).toMatchObject([{ transfers: [callId] }]);
    expect(bruno.heard('snapshot')).toMatchObject([{ transfers: [] }]);
    await stage.restart(1_000);
    alice.connect();
    expect(alice.heard('snapshot')).toMatchObject([{ transfers: [], rooms: [{ callId, state: 'active' }] }]);
  });

  it('T3 nobody answering for 45 s leaves the first call as it was', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    const transferId = await ask(alice, callId, { to: to('carla') });
    await place(bruno, to('carla'), { transfer: transferId });
    hush();
    stage.clock.advance(45_000);
    await settle();
    expect(alice.heard('transfer:state')).toMatchObject([{ state: 'failed', code: 'no-answer' }]);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active' });
  });

  it('T3 a target who cannot be reached fails with that code', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    for (const device of [carla, carlaMobile]) device.vanish();
    stage.clock.advance(3_000);
    const transferId = await ask(alice, callId, { to: to('carla') });
    await expect(place(bruno, to('carla'), { transfer: transferId })).rejects.toThrow('UNREACHABLE');
    expect(alice.heard('transfer:state')).toEqual([
      { transferId, callId, state: 'failed', code: 'UNREACHABLE' },
    ]);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active' });
  });

  it('C12, T3 an ordered device that holds two calls already fails with TOO_MANY_CALLS', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    await talk(dora, 'bruno', bruno);
    const transferId = await ask(alice, callId, { to: to('carla') });
    await expect(place(bruno, to('carla'), { transfer: transferId })).rejects.toThrow('TOO_MANY_CALLS');
    expect(alice.heard('transfer:state')).toMatchObject([{ state: 'failed', code: 'TOO_MANY_CALLS' }]);
  });

  it('T3 whoever transfers may hang up at once: the order is carried out all the same', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    const transferId = await ask(alice, callId, { to: to('carla') });
    await stage.calls.end(alice.caller, callId, 'hangup');
    const placed = await place(bruno, to('carla'), { transfer: transferId });
    await accept(carla, placed.callId);
    expect(alice.heard('transfer:state').map(({ state }) => state)).toEqual(['ringing', 'answered']);
    expect(await storage.calls.byId(placed.callId)).toMatchObject({ state: 'active' });
  });

  it('T3 whoever was ordered and hangs up instead, makes it fail at once', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    await ask(alice, callId, { to: to('carla') });
    await stage.calls.end(bruno.caller, callId, 'hangup');
    expect(alice.heard('transfer:state')).toMatchObject([{ state: 'failed', code: 'hangup' }]);
  });

  it('T2 an order is for its device, once, to its target, and for 60 s', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    const transfer = await ask(alice, callId, { to: to('carla') });
    await expect(place(brunoMobile, to('carla'), { transfer })).rejects.toThrow('NOT_FOUND');
    await expect(place(dora, to('carla'), { transfer })).rejects.toThrow('NOT_FOUND');
    await expect(place(bruno, to('carla'), { transfer: 't-unknown' })).rejects.toThrow('NOT_FOUND');
    await expect(place(bruno, to('dora'), { transfer })).rejects.toThrow('TRANSFER_REFUSED');
    expect(alice.heard('transfer:state')).toEqual([]);
    await place(bruno, to('carla'), { transfer });
    await expect(place(bruno, to('carla'), { transfer })).rejects.toThrow('TRANSFER_REFUSED');
    expect(alice.heard('transfer:state')).toMatchObject([{ state: 'ringing' }]);
  });

  it('T2 an order that nobody carries out fails after 60 s and is good no more', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    const transfer = await ask(alice, callId, { to: to('carla') });
    stage.clock.advance(59_999);
    expect(alice.heard('transfer:state')).toEqual([]);
    stage.clock.advance(1);
    expect(alice.heard('transfer:state')).toMatchObject([{ state: 'failed', code: 'CALL_EXPIRED' }]);
    await expect(place(bruno, to('carla'), { transfer })).rejects.toThrow('NOT_FOUND');
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active' });
  });

  it('T1 the ordered device that was away for a moment gets the order again', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    const transferId = await ask(alice, callId, { to: to('carla') });
    bruno.vanish();
    hush();
    bruno.connect();
    expect(bruno.heard('transfer:order')).toMatchObject([{ transferId }]);
  });

  it('T3 a restart of the hub in the middle leaves the first call as it was', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    const transfer = await ask(alice, callId, { to: to('carla') });
    await stage.restart(1_000);
    for (const device of all) device.connect();
    expect(bruno.heard('snapshot')).toMatchObject([{ rooms: [{ callId, state: 'active' }] }]);
    await expect(place(bruno, to('carla'), { transfer })).rejects.toThrow('NOT_FOUND');
  });

  it.each([
    ['a stranger', () => dora, 'NOT_FOUND'],
    ["the callee's other device", () => brunoMobile, 'NOT_FOUND'],
  ])('T1 %s is refused as if there were no call', async (_, who, code) => {
    const callId = await talk(alice, 'bruno', bruno);
    expect(await stage.calls.transfer(who().caller, callId, { to: to('carla') })).toMatchObject({ code });
    expect(bruno.names()).toEqual([]);
  });

  it('T1 a call that is not active cannot be transferred, nor twice at once, nor to whom one talks to', async () => {
    const callId = await talk(alice, 'bruno', bruno);
    const refusal = async (id: string, request: TransferRequest) =>
      stage.calls.transfer(alice.caller, id, request);
    expect(await refusal('c-unknown', { to: to('carla') })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal(callId, { to: to('bruno') })).toMatchObject({ code: 'SELF_CALL' });
    expect(await refusal(callId, { to: { personId: 'u-none' } })).toMatchObject({ code: 'NOT_FOUND' });
    const { callId: ringing } = await place(alice, to('carla'));
    expect(await refusal(ringing, { to: to('dora') })).toMatchObject({
      code: 'TRANSFER_REFUSED',
      state: 'ringing',
    });
    await ask(alice, callId, { to: to('carla') });
    expect(await refusal(callId, { to: to('dora') })).toMatchObject({ state: 'transferring' });
    await stage.calls.end(alice.caller, callId, 'hangup');
    expect(await refusal(callId, { to: to('dora') })).toMatchObject({ state: 'ended' });
  });
});

describe('a blind transfer to a telephone', () => {
  it('T3 ends the first call when the exchange says that it was answered', async () => {
    stage.pbx.available = true;
    const callId = await talk(alice, 'bruno', bruno);
    const transfer = await ask(alice, callId, { to: { number: '600' } });
    expect(orderTo(bruno)).toMatchObject({ to: { name: '600' }, target: { number: '600' } });
    const placed = await place(bruno, { number: '600' }, { transfer });
    expect(placed).toMatchObject({ via: 'pbx', dial: '600' });
    stage.pbx.sessionCalls.set(bruno.device.sessionId, 1);
    stage.calls.telephoneChanged(bruno.device.sessionId);
    await settle();
    expect(alice.heard('transfer:state')).toMatchObject([{ state: 'ringing' }]);
    stage.pbx.talking.add(bruno.device.sessionId);
    stage.calls.telephoneChanged(bruno.device.sessionId);
    await settle();
    expect(alice.heard('transfer:state')).toMatchObject([{ state: 'answered' }]);
    expect(bruno.heard('call:ended')).toEqual([{ callId, reason: 'transferred' }]);
    expect(await storage.calls.byId(callId)).toMatchObject({ transferredTo: placed.callId });
    expect(await storage.calls.byId(placed.callId)).toMatchObject({
      state: 'placed',
      transferredFrom: callId,
    });
  });

  it('T3 a telephone call that comes to nothing leaves the first call as it was', async () => {
    stage.pbx.available = true;
    const callId = await talk(alice, 'bruno', bruno);
    const transfer = await ask(alice, callId, { to: { number: '600' } });
    const placed = await place(bruno, { number: '600' }, { transfer });
    await stage.calls.end(bruno.caller, placed.callId, 'busy');
    expect(alice.heard('transfer:state')).toMatchObject([
      { state: 'ringing' },
      { state: 'failed', code: 'busy' },
    ]);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active' });
  });
});

describe('an attended transfer', () => {
  it('T4 rings only the device at the other end of the second call, which joins; then both end', async () => {
    const first = await talk(alice, 'bruno', bruno);
    const second = await talk(alice, 'carla', carla);
    await talk(dora, 'carla', carla);
    const transfer = await ask(alice, first, { with: second });
    expect(orderTo(bruno)).toMatchObject({ to: { name: 'carla' }, target: to('carla') });
    const { callId } = await place(bruno, to('carla'), { transfer });
    expect(carla.heard('call:ringing')).toMatchObject([{ callId, joins: second, from: { name: 'bruno' } }]);
    expect(carlaMobile.names()).toEqual([]);
    carlaMobile.connect();
    expect(carlaMobile.heard('snapshot')).toMatchObject([{ ringing: [] }]);
    expect(await stage.calls.accept(carlaMobile.caller, callId)).toMatchObject({ code: 'NOT_FOUND' });
    await accept(carla, callId);
    expect(alice.heard('call:ended')).toEqual([
      { callId: first, reason: 'transferred' },
      { callId: second, reason: 'transferred' },
    ]);
    expect(bruno.heard('call:ended')).toEqual([{ callId: first, reason: 'transferred' }]);
    expect(carla.heard('call:ended')).toEqual([{ callId: second, reason: 'transferred' }]);
    for (const id of [first, second]) {
      expect(await storage.calls.byId(id)).toMatchObject({ transferredTo: callId });
    }
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active', transferredFrom: first });
  });

  it('T4 a decline leaves both calls as they were', async () => {
    const first = await talk(alice, 'bruno', bruno);
    const second = await talk(alice, 'carla', carla);
    const transfer = await ask(alice, first, { with: second });
    const { callId } = await place(bruno, to('carla'), { transfer });
    await stage.calls.decline(carla.caller, callId);
    expect(alice.heard('transfer:state')).toMatchObject([{ state: 'ringing' }, { code: 'declined' }]);
    for (const id of [first, second]) expect(await storage.calls.byId(id)).toMatchObject({ state: 'active' });
  });

  it('T4 needs a second active call of the same device', async () => {
    const first = await talk(alice, 'bruno', bruno);
    const foreign = await talk(carla, 'dora', dora);
    const { callId: ringing } = await place(alice, to('carla'));
    const refusal = async (request: TransferRequest) => stage.calls.transfer(alice.caller, first, request);
    expect(await refusal({ with: foreign })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal({ with: 'c-unknown' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal({ with: ringing })).toMatchObject({ code: 'TRANSFER_REFUSED', state: 'ringing' });
    expect(await refusal({ with: first })).toMatchObject({ code: 'TRANSFER_REFUSED', state: 'same' });
    expect(bruno.names()).toEqual([]);
  });

  it('T1, T4 neither call may be about to be passed on already, by whichever of the two people', async () => {
    const first = await talk(alice, 'bruno', bruno);
    const second = await talk(alice, 'carla', carla);
    const attend = () => stage.calls.transfer(alice.caller, first, { with: second });
    await ask(carla, second, { to: to('dora') });
    expect(await attend()).toMatchObject({ code: 'TRANSFER_REFUSED', state: 'transferring' });
    expect(bruno.heard('transfer:order')).toEqual([]);
    stage.clock.advance(limits.TRANSFER_MS);
    expect(await attend()).toMatchObject({ ok: true });
    expect(await stage.calls.transfer(carla.caller, second, { to: to('dora') })).toMatchObject({
      state: 'transferring',
    });
  });

  it('T4 with a telephone call gives the ordered device its dialog to replace', async () => {
    stage.pbx.available = true;
    const first = await talk(alice, 'bruno', bruno);
    const { callId: second } = await place(alice, { number: '600' });
    const missing = await stage.calls.transfer(alice.caller, first, { with: second });
    expect(missing).toMatchObject({ code: 'INVALID_INPUT', field: 'dialog' });
    const transfer = await ask(alice, first, { with: second, dialog });
    const { target } = orderTo(bruno);
    const placed = await place(bruno, target, { transfer });
    expect(placed).toMatchObject({ via: 'pbx', dial: '600', replaces: dialog, peer: { name: '600' } });
    stage.pbx.talking.add(bruno.device.sessionId);
    stage.calls.telephoneChanged(bruno.device.sessionId);
    await settle();
    for (const id of [first, second]) {
      expect(await storage.calls.byId(id)).toMatchObject({
        endReason: 'transferred',
        transferredTo: placed.callId,
      });
    }
  });

  it('T4 with a telephone call that came in names whom the device says it is', async () => {
    stage.pbx.available = true;
    const first = await talk(alice, 'bruno', bruno);
    const peer = { name: 'Carla at her desk', number: '1003' };
    const transfer = await ask(alice, first, { with: 'sip-1', dialog, peer });
    const { target, to: shown } = orderTo(bruno);
    expect([target, shown.name]).toEqual([to('carla'), 'carla']);
    const placed = await place(bruno, target, { transfer });
    expect(placed).toMatchObject({ via: 'pbx', dial: '1003', replaces: dialog });
  });
});
