import { limits, type ShownCall } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { openStage, type Stage, type StageDevice } from './stage.ts';

let storage: Storage;
let stage: Stage;
/** Two sites in one browser of Bruno's, and another browser of his. */
let mail: StageDevice;
let intranet: StageDevice;
let phone: StageDevice;
let alice: StageDevice;
let all: StageDevice[];

beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openStage(storage);
  mail = stage.device('bruno', 'mail', { browserId: 'b-1' });
  intranet = stage.device('bruno', 'intranet', { browserId: 'b-1' });
  phone = stage.device('bruno', 'phone', { browserId: 'b-2' });
  alice = stage.device('alice', 'alice', { browserId: 'b-1' });
  all = [mail, intranet, phone, alice];
  for (const device of all) device.connect();
  for (const device of all) device.names();
});
afterEach(async () => {
  await stage.calls.stop();
  await storage.close();
});

const see = (device: StageDevice, visible = true) => stage.calls.visible(device.device, { visible });

async function ring(): Promise<string> {
  const placed = await stage.calls.place(alice.caller, stage.order({ personId: mail.device.personId }));
  if (!placed.ok) throw new Error(placed.code);
  return placed.placed.callId;
}

const loud = (device: StageDevice) => device.heard('call:ringing').map(({ aloud }) => aloud);

describe('who rings aloud', () => {
  it('D3 one device of each browser does, the visible one', async () => {
    see(intranet);
    await ring();
    expect([loud(mail), loud(intranet), loud(phone)]).toEqual([[false], [true], [true]]);
  });

  it('D3 with none visible, the one that was visible last', async () => {
    see(intranet);
    see(mail);
    see(mail, false);
    see(intranet, false);
    await ring();
    expect([loud(mail), loud(intranet)]).toEqual([[false], [true]]);
  });

  it('D3 devices whose browser is not known all ring aloud', async () => {
    const [one, two] = [stage.device('bruno', 'one'), stage.device('bruno', 'two')];
    for (const device of [one, two]) device.connect();
    await ring();
    expect([loud(one), loud(two)]).toEqual([[true], [true]]);
  });

  it('D3 another that comes to the front while it rings takes over, and both are told', async () => {
    see(mail);
    const callId = await ring();
    see(mail, false);
    expect([...mail.heard('call:aloud'), ...intranet.heard('call:aloud')]).toEqual([]);
    see(intranet);
    expect(mail.heard('call:aloud')).toEqual([{ callId, aloud: false }]);
    expect(intranet.heard('call:aloud')).toEqual([{ callId, aloud: true }]);
    expect(phone.heard('call:aloud')).toEqual([]);
  });

  it('D3 when the one that rings aloud goes, the other does', async () => {
    see(mail);
    const callId = await ring();
    mail.vanish();
    expect(intranet.heard('call:aloud')).toEqual([{ callId, aloud: true }]);
    mail.connect();
    expect(mail.heard('snapshot')).toMatchObject([{ ringing: [{ callId, aloud: false }] }]);
  });

  it('D3 when its session ends, the other does', async () => {
    see(mail);
    const callId = await ring();
    await stage.calls.sessionEnded(mail.device.sessionId);
    expect(intranet.heard('call:aloud')).toEqual([{ callId, aloud: true }]);
  });

  describe('when a telephone call rings, which the exchange rings everywhere', () => {
    const isLoud = (device: StageDevice) => stage.calls.snapshotFor(device.device).aloud;
    const told = (device: StageDevice) => device.heard('device:aloud').map(({ aloud }) => aloud);

    it('D3 one device of each browser does, and hears so before it rings', () => {
      expect([mail, intranet, phone, alice].map(isLoud)).toEqual([true, false, true, true]);
      see(intranet);
      expect([mail, intranet, phone, alice].map(told)).toEqual([[false], [true], [], []]);
      expect([isLoud(mail), isLoud(intranet)]).toEqual([false, true]);
    });

    it('D3 when that one goes or its session ends, the next does; one that comes back does not', async () => {
      see(intranet);
      for (const device of all) device.names();
      intranet.vanish();
      intranet.connect();
      expect(intranet.heard('snapshot')).toMatchObject([{ aloud: false }]);
      expect(told(mail)).toEqual([true]);
      await stage.calls.sessionEnded(mail.device.sessionId);
      expect(told(intranet)).toEqual([true]);
    });
  });

  it('D3 is known again after a restart of the hub', async () => {
    const callId = await ring();
    await stage.restart(1_000);
    for (const device of [mail, intranet]) device.connect();
    see(intranet);
    expect(intranet.heard('call:aloud')).toEqual([{ callId, aloud: true }]);
    expect(mail.heard('call:aloud')).toEqual([{ callId, aloud: false }]);
  });
});

const shown: ShownCall = {
  callId: 'c-1',
  direction: 'out',
  via: 'room',
  phase: 'active',
  peer: { name: 'Alice' },
  media: 'audio',
  muted: false,
};

describe('calls elsewhere', () => {
  it('D4 are shown to the devices of the same person and browser, and to no others', () => {
    expect(stage.calls.show(mail.device, { calls: [shown] })).toEqual({ ok: true });
    expect(intranet.heard('calls:elsewhere')).toEqual([
      { deviceId: 's-mail', popOut: false, connected: true, calls: [shown] },
    ]);
    expect([...mail.names(), ...phone.names(), ...alice.names()]).toEqual([]);
  });

  it('D4, H2 are in the snapshot of such a device; of a device without calls only the pop-out is', () => {
    stage.calls.show(mail.device, { calls: [shown] });
    const popOut = stage.device('bruno', 'pop-out', { browserId: 'b-1', popOut: true });
    popOut.connect();
    expect(popOut.heard('snapshot')).toMatchObject([{ elsewhere: [{ deviceId: 's-mail', calls: [shown] }] }]);
    expect(intranet.heard('calls:elsewhere').at(-1)).toEqual({
      ...{ deviceId: 's-pop-out', popOut: true, connected: true },
      calls: [],
    });
    intranet.connect();
    expect(intranet.heard('snapshot')).toMatchObject([
      { elsewhere: [{ deviceId: 's-mail' }, { deviceId: 's-pop-out', popOut: true, calls: [] }] },
    ]);
    phone.connect();
    expect(phone.heard('snapshot')).toMatchObject([{ elsewhere: [] }]);
  });

  it('D4 have run on since they were shown, for a page that comes later', () => {
    stage.calls.show(mail.device, { calls: [{ ...shown, activeForMs: 6_000 }] });
    stage.clock.advance(20_000);
    intranet.connect();
    expect(intranet.heard('snapshot')).toMatchObject([{ elsewhere: [{ calls: [{ activeForMs: 26_000 }] }] }]);
  });

  it('D4 of a device that went are kept for 30 s, for it may come back', () => {
    stage.calls.show(mail.device, { calls: [shown] });
    intranet.names();
    mail.vanish();
    expect(intranet.heard('calls:elsewhere')).toMatchObject([{ connected: false, calls: [shown] }]);
    stage.clock.advance(limits.ROOM_WINDOW_MS - 1);
    expect(intranet.heard('calls:elsewhere')).toEqual([]);
    stage.clock.advance(1);
    expect(intranet.heard('calls:elsewhere')).toMatchObject([{ connected: false, calls: [] }]);
  });

  it('D4 of a device that came back and shows them no more are gone', () => {
    stage.calls.show(mail.device, { calls: [shown] });
    mail.vanish();
    mail.connect();
    expect(intranet.heard('calls:elsewhere').at(-1)).toMatchObject({ connected: true, calls: [shown] });
    stage.clock.advance(limits.CALLER_AWAY_MS);
    expect(intranet.heard('calls:elsewhere')).toMatchObject([{ connected: true, calls: [] }]);
  });

  it('D4, S6 of a device that was signed out are gone at once', async () => {
    stage.calls.show(mail.device, { calls: [shown] });
    intranet.names();
    await stage.calls.sessionEnded('s-mail');
    expect(intranet.heard('calls:elsewhere')).toMatchObject([{ connected: false, calls: [] }]);
  });

  it('D4 are steered by such a device, and by no other', () => {
    stage.calls.show(mail.device, { calls: [shown] });
    const command = { name: 'setMuted', on: true } as const;
    const event = { deviceId: 's-mail', callId: 'c-1', command };
    for (const { device } of [phone, alice, mail]) {
      expect(stage.calls.steer(device, event), device.sessionId).toMatchObject({ code: 'NOT_FOUND' });
    }
    for (const wrong of [{ callId: 'c-2' }, { deviceId: 's-phone' }, { deviceId: 's-unknown' }]) {
      expect(stage.calls.steer(intranet.device, { ...event, ...wrong })).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(mail.names()).toEqual([]);
    expect(stage.calls.steer(intranet.device, event)).toEqual({ ok: true });
    expect(mail.heard('calls:steer')).toEqual([{ callId: 'c-1', command }]);
  });
});
