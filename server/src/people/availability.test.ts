import { limits } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStage, type Stage, type StageDevice, settle } from '../calls/stage.ts';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';

let storage: Storage;
let stage: Stage;
let alice: StageDevice;
let bruno: StageDevice;
let brunoMobile: StageDevice;

beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openStage(storage);
  alice = stage.device('alice', 'alice');
  bruno = stage.device('bruno', 'bruno');
  brunoMobile = stage.device('bruno', 'bruno-mobile');
  for (const device of [alice, bruno, brunoMobile]) device.connect();
  for (const device of [alice, bruno, brunoMobile]) device.names();
});
afterEach(async () => {
  stage.availabilities.stop();
  await stage.calls.stop();
  await storage.close();
});

const brunoId = () => bruno.device.personId;
const set = (doNotDisturb: boolean, forMs?: number) =>
  stage.availabilities.set(brunoId(), { doNotDisturb, ...(forMs === undefined ? {} : { forMs }) });
const callBruno = (more = {}) => stage.calls.place(alice.caller, stage.order({ personId: brunoId() }, more));

describe('do not disturb', () => {
  it('D1 refuses whoever calls, by whatever way, and rings nobody', async () => {
    stage.pbx.available = true;
    stage.pbx.registered.add(brunoId());
    stage.pbx.deskRegistered.add(brunoId());
    await set(true);
    bruno.names();
    for (const way of ['auto', 'desk', 'pbx'] as const) {
      expect(await callBruno({ way }), way).toMatchObject({ code: 'DO_NOT_DISTURB' });
    }
    for (const number of ['1002', '+351910000001']) {
      const result = await stage.calls.place(alice.caller, stage.order({ number }));
      expect(result).toMatchObject({ code: 'DO_NOT_DISTURB' });
    }
    expect(bruno.names()).toEqual([]);
    await set(false);
    expect(await callBruno()).toMatchObject({ ok: true });
  });

  it('D1 leaves the person calling, and calls in progress, alone', async () => {
    const placed = await callBruno();
    const callId = placed.ok ? placed.placed.callId : '';
    await stage.calls.accept(bruno.caller, callId);
    await set(true);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active' });
    const carla = stage.device('carla', 'carla');
    carla.connect();
    const order = stage.order({ personId: carla.device.personId });
    expect(await stage.calls.place(bruno.caller, order)).toMatchObject({ ok: true });
    const back = stage.order({ personId: brunoId() });
    expect(await stage.calls.place(carla.caller, back)).toMatchObject({
      ok: true,
      placed: { state: 'accepted' },
    });
  });

  it('D1 a transfer to such a person fails with that code, and the call goes on', async () => {
    const carla = stage.device('carla', 'carla');
    carla.connect();
    const order = stage.order({ personId: carla.device.personId });
    const placed = await stage.calls.place(alice.caller, order);
    const callId = placed.ok ? placed.placed.callId : '';
    await stage.calls.accept(carla.caller, callId);
    await set(true);
    const target = { personId: brunoId() };
    const asked = await stage.calls.transfer(alice.caller, callId, { to: target });
    const transfer = asked.ok ? asked.transferId : '';
    await stage.calls.place(carla.caller, stage.order(target, { transfer }));
    expect(alice.heard('transfer:state')).toMatchObject([{ state: 'failed', code: 'DO_NOT_DISTURB' }]);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active' });
  });

  it('D2 every device of the person hears of it, and nobody else; it is in their snapshots', async () => {
    expect(await set(true, 600_000)).toEqual({ doNotDisturb: true, forMs: 600_000 });
    for (const device of [bruno, brunoMobile]) {
      expect(device.heard('availability:changed')).toEqual([{ doNotDisturb: true, forMs: 600_000 }]);
    }
    expect(alice.names()).toEqual([]);
    stage.clock.advance(100_000);
    brunoMobile.connect();
    expect(brunoMobile.heard('snapshot')).toMatchObject([
      { availability: { doNotDisturb: true, forMs: 500_000 } },
    ]);
  });

  it('D2 ends by itself after its time, on every device', async () => {
    await set(true, 600_000);
    bruno.names();
    stage.clock.advance(599_999);
    await settle();
    expect(bruno.names()).toEqual([]);
    expect(await callBruno()).toMatchObject({ code: 'DO_NOT_DISTURB' });
    stage.clock.advance(1);
    await settle();
    expect(bruno.heard('availability:changed')).toEqual([{ doNotDisturb: false }]);
    expect(await storage.people.undisturbed()).toEqual([]);
    expect(await callBruno()).toMatchObject({ ok: true });
  });

  it('D2 set anew before its time is over, it lasts as long as said last', async () => {
    await set(true, 60_000);
    await set(true);
    stage.clock.advance(limits.DO_NOT_DISTURB_MS);
    await settle();
    expect(stage.availabilities.of(brunoId())).toEqual({ doNotDisturb: true });
  });

  it('D2 survives a restart of the hub, and ends if its time was over meanwhile', async () => {
    await set(true, 600_000);
    await stage.restart(100_000);
    expect(stage.availabilities.of(brunoId())).toEqual({ doNotDisturb: true, forMs: 500_000 });
    await stage.restart(600_000);
    stage.clock.advance(0);
    await settle();
    expect(stage.availabilities.of(brunoId())).toEqual({ doNotDisturb: false });
    expect(await storage.people.undisturbed()).toEqual([]);
  });

  it('D2 is ended when storage is back, should it have been away in that moment', async () => {
    await set(true, 60_000);
    const { setAvailability } = storage.people;
    storage.people.setAvailability = async () => {
      throw new Error('disk full');
    };
    stage.clock.advance(60_000);
    await settle();
    storage.people.setAvailability = setAvailability;
    stage.clock.advance(5_000);
    await settle();
    expect(await storage.people.undisturbed()).toEqual([]);
  });
});
