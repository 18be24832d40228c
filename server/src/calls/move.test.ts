import { limits, type MoveOffer, type SignalEnvelope, type SipDialog } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { openStage, type Stage, type StageDevice, settle } from './stage.ts';

let storage: Storage;
let stage: Stage;
/** A page of Alice's, the window beside it in the same browser, and a browser of hers elsewhere. */
let page: StageDevice;
let popOut: StageDevice;
let phone: StageDevice;
let bruno: StageDevice;
let all: StageDevice[];

beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openStage(storage);
  page = stage.device('alice', 'page', { browserId: 'b-1' });
  popOut = stage.device('alice', 'pop-out', { browserId: 'b-1', popOut: true });
  phone = stage.device('alice', 'phone', { browserId: 'b-2' });
  bruno = stage.device('bruno', 'bruno', { browserId: 'b-1' });
  all = [page, popOut, phone, bruno];
  for (const device of all) device.connect();
  hush();
});
afterEach(async () => {
  await stage.calls.stop();
  await storage.close();
});

const dialog: SipDialog = { callId: 'abc@host', localTag: 'l1', remoteTag: 'r1' };
const to = (device: StageDevice) => ({ toDeviceId: device.device.sessionId });
const signal = (seq: number): SignalEnvelope => ({
  seq,
  signal: { kind: 'description', type: 'offer', sdp: `v=0 ${seq}` },
});

function hush(): void {
  for (const device of all) device.names();
}

async function talk(from: StageDevice, answering: StageDevice): Promise<string> {
  const order = stage.order({ personId: answering.device.personId });
  const placed = await stage.calls.place(from.caller, order);
  if (!placed.ok) throw new Error(placed.code);
  const { callId } = placed.placed;
  const accepted = await stage.calls.accept(answering.caller, callId);
  if (!accepted.ok) throw new Error(accepted.code);
  hush();
  return callId;
}

async function offer(callId: string, by = page, target = popOut): Promise<MoveOffer> {
  const offered = await stage.calls.offerMove(by.caller, { ...to(target), callId });
  if (!offered.ok) throw new Error(`${offered.code} ${offered.state}`);
  const [event] = target.heard('call:move');
  if (!event) throw new Error('no offer came');
  return event;
}

describe('a room call', () => {
  it('M1 is offered to the other window, and nothing changes', async () => {
    const callId = await talk(page, bruno);
    expect(await offer(callId)).toEqual({
      moveId: expect.any(String),
      ...{ callId, via: 'room', media: 'audio', fromDeviceId: 's-page' },
      peer: expect.objectContaining({ name: 'bruno' }),
    });
    expect([...page.names(), ...bruno.names()]).toEqual([]);
    expect(await storage.calls.byId(callId)).toMatchObject({ callerSessionId: 's-page' });
  });

  it('M1 the other window hears whether it is muted or on hold', async () => {
    const callId = await talk(page, bruno);
    await stage.calls.offerMove(page.caller, { ...to(popOut), callId, muted: true, held: false });
    expect(popOut.heard('call:move')).toMatchObject([{ callId, muted: true, held: false }]);
  });

  it('M2 taken, it goes on there: id, clock and record stay, the others are told', async () => {
    const callId = await talk(page, bruno);
    stage.clock.advance(10_000);
    const { moveId } = await offer(callId);
    stage.clock.advance(2_000);
    expect(await stage.calls.takeMove(popOut.caller, moveId)).toEqual({
      ok: true,
      taken: {
        ...{ via: 'room', callId, role: 'caller', media: 'audio', activeForMs: 12_000 },
        peer: expect.objectContaining({ name: 'bruno' }),
        iceServers: [{ urls: 'stun:stun.example.test' }],
      },
    });
    expect(page.heard('call:ended')).toEqual([{ callId, reason: 'moved' }]);
    expect(bruno.heard('room:moved')).toEqual([{ callId }]);
    expect([...page.names(), ...bruno.names(), ...popOut.names()]).toEqual([]);
    expect(await storage.calls.byId(callId)).toMatchObject({
      state: 'active',
      callerSessionId: 's-pop-out',
      calleeSessionId: 's-bruno',
    });
  });

  it('M2 the side that was called moves as well, and back again', async () => {
    const callId = await talk(bruno, page);
    const there = await offer(callId);
    expect(await stage.calls.takeMove(popOut.caller, there.moveId)).toMatchObject({
      taken: { role: 'callee', peer: { name: 'bruno' } },
    });
    const back = await offer(callId, popOut, page);
    expect(await stage.calls.takeMove(page.caller, back.moveId)).toMatchObject({ ok: true });
    expect(await storage.calls.byId(callId)).toMatchObject({ calleeSessionId: 's-page' });
  });

  it('M2 signals go to the new device alone, from 1 on; those of the old set-up reach nobody', async () => {
    const callId = await talk(page, bruno);
    const { moveId } = await offer(callId);
    await stage.calls.takeMove(popOut.caller, moveId);
    hush();
    expect(await stage.calls.signal(page.device, { callId, envelopes: [signal(7)] })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(stage.calls.signal(bruno.device, { callId, envelopes: [signal(9)] })).toEqual({ ok: true });
    expect(all.flatMap((device) => device.names())).toEqual([]);
    await stage.calls.signal(popOut.device, { callId, envelopes: [signal(1)] });
    expect(bruno.heard('room:signal')).toEqual([{ callId, envelopes: [signal(1)] }]);
    await stage.calls.signal(bruno.device, { callId, envelopes: [signal(1)] });
    await stage.calls.signal(bruno.device, { callId, envelopes: [signal(2)] });
    expect(popOut.heard('room:signal')).toEqual([
      { callId, envelopes: [signal(1)] },
      { callId, envelopes: [signal(2)] },
    ]);
  });

  it('M2 the other party who was away in that moment hears of it when back', async () => {
    const callId = await talk(page, bruno);
    const { moveId } = await offer(callId);
    bruno.vanish();
    await stage.calls.takeMove(popOut.caller, moveId);
    bruno.names();
    bruno.connect();
    expect(bruno.names()).toEqual(['snapshot', 'room:moved', 'room:peer']);
  });

  it('M2 the window that asks again, its reply lost, gets the same one', async () => {
    const callId = await talk(page, bruno);
    const { moveId } = await offer(callId);
    const first = await stage.calls.takeMove(popOut.caller, moveId);
    expect(await stage.calls.takeMove(popOut.caller, moveId)).toEqual(first);
    expect(bruno.heard('room:moved')).toHaveLength(1);
  });

  it('M2 survives the page that it left, and a restart of the hub', async () => {
    const callId = await talk(page, bruno);
    const { moveId } = await offer(callId);
    await stage.calls.takeMove(popOut.caller, moveId);
    page.vanish();
    await stage.calls.sessionEnded(page.device.sessionId);
    await stage.restart(60_000);
    for (const device of [popOut, bruno]) device.connect();
    expect(popOut.heard('snapshot')).toMatchObject([
      { rooms: [{ callId, state: 'active', role: 'caller' }] },
    ]);
    stage.clock.advance(60_000);
    await settle();
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active' });
  });

  it('M3 an offer that nobody takes for 30 s is gone, and the call is where it was', async () => {
    const callId = await talk(page, bruno);
    const { moveId } = await offer(callId);
    stage.clock.advance(limits.MOVE_MS);
    expect(await stage.calls.takeMove(popOut.caller, moveId)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await storage.calls.byId(callId)).toMatchObject({ callerSessionId: 's-page' });
    expect([...page.names(), ...bruno.names()]).toEqual([]);
  });

  it('M1 only to a connected device of the same person in the same browser', async () => {
    const callId = await talk(page, bruno);
    const refusal = async (toDeviceId: string) => stage.calls.offerMove(page.caller, { toDeviceId, callId });
    for (const target of ['s-phone', 's-bruno', 's-page', 's-unknown']) {
      expect(await refusal(target), target).toMatchObject({ code: 'NOT_FOUND' });
    }
    popOut.vanish();
    expect(await refusal('s-pop-out')).toMatchObject({ code: 'NOT_FOUND' });
    expect(phone.names()).toEqual([]);
  });

  it('M1 only by the device that carries it, and only while it is active', async () => {
    const callId = await talk(phone, bruno);
    const request = { ...to(popOut), callId };
    expect(await stage.calls.offerMove(page.caller, request)).toMatchObject({ code: 'NOT_FOUND' });
    const order = stage.order({ personId: bruno.device.personId });
    const placed = await stage.calls.place(page.caller, order);
    const ringing = placed.ok ? placed.placed.callId : '';
    expect(await stage.calls.offerMove(page.caller, { ...request, callId: ringing })).toMatchObject({
      code: 'TRANSFER_REFUSED',
      state: 'ringing',
    });
    await stage.calls.end(page.caller, ringing, 'hangup');
    expect(await stage.calls.offerMove(page.caller, { ...request, callId: ringing })).toMatchObject({
      code: 'CALL_ENDED',
    });
  });

  it('M1 only the device it was offered to takes it', async () => {
    const callId = await talk(page, bruno);
    const { moveId } = await offer(callId);
    for (const device of [page, phone, bruno]) {
      expect(await stage.calls.takeMove(device.caller, moveId)).toMatchObject({ code: 'NOT_FOUND' });
    }
    await stage.calls.end(bruno.caller, callId, 'hangup');
    expect(await stage.calls.takeMove(popOut.caller, moveId)).toMatchObject({ code: 'CALL_ENDED' });
  });

  it('C12 a window that holds two calls takes no third', async () => {
    const callId = await talk(page, bruno);
    const { moveId } = await offer(callId);
    stage.pbx.sessionCalls.set(popOut.device.sessionId, 2);
    expect(await stage.calls.takeMove(popOut.caller, moveId)).toMatchObject({ code: 'TOO_MANY_CALLS' });
    expect(page.heard('call:ended')).toEqual([]);
  });

  it('a call that is being passed on does not move', async () => {
    const callId = await talk(page, bruno);
    await stage.calls.transfer(page.caller, callId, { to: { number: '600' } });
    const request = { ...to(popOut), callId };
    expect(await stage.calls.offerMove(page.caller, request)).toMatchObject({ state: 'transferring' });
  });
});

describe('a telephone call', () => {
  beforeEach(() => {
    stage.pbx.available = true;
  });

  it('M2 that the hub placed goes on at the other device, and C16 looks after it there', async () => {
    const placed = await stage.calls.place(page.caller, stage.order({ number: '600' }));
    const callId = placed.ok ? placed.placed.callId : '';
    const request = { ...to(popOut), callId };
    expect(await stage.calls.offerMove(page.caller, request)).toMatchObject({ field: 'dialog' });
    const offered = await stage.calls.offerMove(page.caller, { ...request, dialog, activeForMs: 5_000 });
    const moveId = offered.ok ? offered.moveId : '';
    expect(popOut.heard('call:move')).toMatchObject([{ moveId, callId, via: 'pbx', peer: { name: '600' } }]);
    stage.clock.advance(1_000);
    expect(await stage.calls.takeMove(popOut.caller, moveId)).toMatchObject({
      taken: { via: 'pbx', callId, dial: '600', replaces: dialog, activeForMs: 6_000 },
    });
    expect(page.heard('call:ended')).toEqual([{ callId, reason: 'moved' }]);
    stage.pbx.sessionCalls.set(popOut.device.sessionId, 1);
    for (let half = 0; half < 10; half += 1) {
      stage.clock.advance(30_000);
      await settle();
    }
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'placed', callerSessionId: 's-pop-out' });
  });

  it('M5 that the exchange did not move is given back: its record is that of the first device, which may end it', async () => {
    const placed = await stage.calls.place(page.caller, stage.order({ number: '600' }));
    const callId = placed.ok ? placed.placed.callId : '';
    const offered = await stage.calls.offerMove(page.caller, { ...to(popOut), callId, dialog });
    const moveId = offered.ok ? offered.moveId : '';
    expect(await stage.calls.giveMoveBack(popOut.caller, moveId)).toMatchObject({ code: 'NOT_FOUND' });
    await stage.calls.takeMove(popOut.caller, moveId);
    for (const stranger of [page, phone, bruno])
      expect(await stage.calls.giveMoveBack(stranger.caller, moveId)).toMatchObject({ code: 'NOT_FOUND' });
    stage.clock.advance(40_000);
    expect(await stage.calls.giveMoveBack(popOut.caller, moveId)).toEqual({ ok: true });
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'placed', callerSessionId: 's-page' });
    expect(await stage.calls.giveMoveBack(popOut.caller, moveId)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await stage.calls.end(popOut.caller, callId, 'hangup')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await stage.calls.end(page.caller, callId, 'hangup')).toEqual({ ok: true });
  });

  it('M5 a room call that was taken has moved: there is nothing to give back', async () => {
    const callId = await talk(page, bruno);
    const { moveId } = await offer(callId);
    await stage.calls.takeMove(popOut.caller, moveId);
    expect(await stage.calls.giveMoveBack(popOut.caller, moveId)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('M2 that came in moves by its dialog alone', async () => {
    const peer = { name: 'Carla at her desk', number: '1003' };
    const nameless = await stage.calls.offerMove(page.caller, { ...to(popOut), dialog });
    expect(nameless).toMatchObject({ code: 'INVALID_INPUT', field: 'peer' });
    const visit = { visitId: 'v-1' };
    const offered = await stage.calls.offerMove(page.caller, { ...to(popOut), dialog, peer, visit });
    const moveId = offered.ok ? offered.moveId : '';
    expect(popOut.heard('call:move')).toMatchObject([{ moveId, via: 'pbx', peer, visit }]);
    expect(await stage.calls.takeMove(popOut.caller, moveId)).toMatchObject({
      taken: { via: 'pbx', dial: '1003', peer, replaces: dialog },
    });
  });
});
