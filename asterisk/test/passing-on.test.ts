// A call in a room that is passed on to a telephone: the hub's calling part in front of a real Asterisk, which alone
// knows when the telephone answers.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Softphone } from '../../demo/src/softphone/index.ts';
import { openStage, type Stage, type StageDevice } from '../../server/src/calls/stage.ts';
import type { Pbx } from '../../server/src/pbx/port.ts';
import { createPbxReach, onDeviceCalls } from '../../server/src/pbx/reach.ts';
import { systemClock } from '../../server/src/platform/clock.ts';
import type { Storage } from '../../server/src/storage/port.ts';
import { openSqliteStorage } from '../../server/src/storage/sqlite/open.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { grantPhone, openPbx, openPhone, until } from './scene.ts';

// A deadline against hanging, not a measure: machines that run tests are busy.
vi.setConfig({ testTimeout: 40_000 });

const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

describe.skipIf(skip)(`passing a call on to a telephone${skip ? ` (${skip})` : ''}`, () => {
  let pbx: Pbx;
  let storage: Storage;
  let stage: Stage;
  let stopWatching: () => void;
  let alice: StageDevice;
  let bruno: StageDevice;
  /** The telephone line of Bruno's device, and somebody's desk phone. */
  let line: Softphone;
  let desk: Softphone;

  async function register(endpoint: string, extension: string): Promise<Softphone> {
    await grantPhone(pbx, { endpoint, extension });
    const phone = await openPhone(asterisk, endpoint);
    expect(await phone.register()).toBe(200);
    await until(pbx, () => pbx.isRegistered(endpoint));
    return phone;
  }

  beforeAll(async () => {
    pbx = openPbx(asterisk);
    await until(pbx, () => pbx.available);
  });
  beforeEach(async () => {
    storage = await openSqliteStorage({ file: ':memory:' });
    stage = await openStage(storage, createPbxReach({ pbx, storage, clock: systemClock }));
    stopWatching = onDeviceCalls(pbx, stage.calls.telephoneChanged);
    alice = stage.device('alice', 'alice');
    bruno = stage.device('bruno', 'bruno', { browserId: 'b-1' });
    for (const device of [alice, bruno]) device.connect();
    line = await register('d-bruno', '1002');
    desk = await register('p-desk', '4444');
  });
  afterEach(async () => {
    stopWatching();
    await Promise.all([line.close(), desk.close()]);
    await until(pbx, () => !pbx.isInCall('d-bruno'));
    await stage.calls.stop();
    await storage.close();
  });
  afterAll(async () => {
    await pbx?.close();
    await asterisk?.stop();
  });

  /** Alice and Bruno talk; she passes him on to the desk phone, which his line then dials. */
  async function passOn() {
    const placed = await stage.calls.place(alice.caller, stage.order({ personId: bruno.device.personId }));
    if (!placed.ok) throw new Error(placed.code);
    const { callId } = placed.placed;
    await stage.calls.accept(bruno.caller, callId);
    const asked = await stage.calls.transfer(alice.caller, callId, { to: { number: '4444' } });
    if (!asked.ok) throw new Error(asked.code);
    const [order] = bruno.heard('transfer:order');
    if (!order) throw new Error('no order came');
    const request = stage.order(order.target, { transfer: order.transferId });
    const ordered = await stage.calls.place(bruno.caller, request);
    if (!ordered.ok || ordered.placed.via !== 'pbx') throw new Error('not to be dialled');
    const outgoing = await line.call(ordered.placed.dial);
    const ringing = await desk.nextCall();
    await until(pbx, () => pbx.callsOf('d-bruno') === 1);
    expect(alice.heard('transfer:state').map(({ state }) => state)).toEqual(['ringing']);
    return { callId, orderedId: ordered.placed.callId, outgoing, ringing };
  }

  it('T3 the first call ends when the telephone is picked up, and not before', async () => {
    const { callId, orderedId, outgoing, ringing } = await passOn();
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active' });
    ringing.answer();
    expect(await outgoing.answered).toBe(true);
    await vi.waitFor(() => expect(bruno.heard('call:ended')).toEqual([{ callId, reason: 'transferred' }]), {
      timeout: 15_000,
    });
    expect(alice.heard('transfer:state').map(({ state }) => state)).toEqual(['answered']);
    expect(await storage.calls.byId(callId)).toMatchObject({ transferredTo: orderedId });
    outgoing.hangUp();
  });

  it('M4 whose a dialog is, the exchange says: nobody passes on or moves the telephone call of another', async () => {
    const { outgoing, ringing } = await passOn();
    expect(await pbx.ownerOfDialog?.(outgoing.callId)).toBe('d-bruno');
    expect(await pbx.ownerOfDialog?.(ringing.callId)).toBe('p-desk');
    expect(await pbx.ownerOfDialog?.('never-heard-of')).toBeUndefined();
    const dialog = (callId: string) => ({ callId, localTag: 'l', remoteTag: 'r' });
    const offer = (by: StageDevice, sipCallId: string) =>
      stage.calls.offerMove(by.caller, {
        ...{ toDeviceId: window.device.sessionId, dialog: dialog(sipCallId) },
        peer: { name: 'The desk' },
      });
    const window = stage.device('bruno', 'window', { browserId: 'b-1', popOut: true });
    window.connect();
    expect(await offer(bruno, ringing.callId)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await offer(bruno, outgoing.callId)).toMatchObject({ ok: true });
    expect(window.heard('call:move')).toHaveLength(1);
    outgoing.hangUp();
    await ringing.ended;
  });

  it('T3 a telephone that declines leaves the first call as it was', async () => {
    const { callId, orderedId, outgoing, ringing } = await passOn();
    ringing.decline(603);
    expect((await outgoing.ended).reason).toContain('cause=21');
    await stage.calls.end(bruno.caller, orderedId, 'declined');
    expect(alice.heard('transfer:state')).toMatchObject([{ state: 'failed', code: 'declined' }]);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active' });
    expect(bruno.heard('call:ended')).toEqual([]);
  });
});
