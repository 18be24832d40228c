import type { SipDialog } from '@ringtag/server/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deviceEndpoint } from '../pbx/credentials.ts';
import type { Pbx } from '../pbx/port.ts';
import { createPbxReach } from '../pbx/reach.ts';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { openStage, type Stage, type StageDevice } from './stage.ts';

const dialog: SipDialog = { callId: 'abc@host', localTag: 'l1', remoteTag: 'r1' };
const peer = { name: 'Dora', number: '1004' };

let storage: Storage;
let stage: Stage;
let page: StageDevice;
let popOut: StageDevice;
let bruno: StageDevice;

beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openStage(storage);
  stage.pbx.available = true;
  page = stage.device('alice', 'page', { browserId: 'b-1' });
  popOut = stage.device('alice', 'pop-out', { browserId: 'b-1', popOut: true });
  bruno = stage.device('bruno', 'bruno');
  for (const device of [page, popOut, bruno]) device.connect();
});
afterEach(async () => {
  await stage.calls.stop();
  await storage.close();
});

const offer = () => stage.calls.offerMove(page.caller, { toDeviceId: popOut.device.sessionId, dialog, peer });

it('M4 a dialog that the exchange has with another device is not offered, the own one is', async () => {
  for (const { device } of [bruno, popOut]) {
    stage.pbx.dialogs.set(dialog.callId, device.sessionId);
    expect(await offer()).toMatchObject({ code: 'NOT_FOUND' });
  }
  expect(popOut.heard('call:move')).toEqual([]);
  stage.pbx.dialogs.set(dialog.callId, page.device.sessionId);
  expect(await offer()).toMatchObject({ ok: true });
});

it('M4, T4 nobody is ordered into a dialog that the exchange has with another device', async () => {
  const placed = await stage.calls.place(page.caller, stage.order({ personId: bruno.device.personId }));
  const callId = placed.ok ? placed.placed.callId : '';
  await stage.calls.accept(bruno.caller, callId);
  const attend = () => stage.calls.transfer(page.caller, callId, { with: 'sip-1', dialog, peer });
  stage.pbx.dialogs.set(dialog.callId, 's-carla');
  expect(await attend()).toMatchObject({ code: 'NOT_FOUND' });
  expect(bruno.heard('transfer:order')).toEqual([]);
  stage.pbx.dialogs.set(dialog.callId, page.device.sessionId);
  expect(await attend()).toMatchObject({ ok: true });
});

it('M4 a dialog is of the device whose endpoint the exchange names, and of nobody where it names none', async () => {
  const owners = new Map([
    ['mine', deviceEndpoint('s-page')],
    ['hers', deviceEndpoint('s-carla')],
    ['desk', 'p-desk'],
  ]);
  const pbx = { ownerOfDialog: async (id: string) => owners.get(id) } as Partial<Pbx> as Pbx;
  const reach = createPbxReach({ pbx, storage, clock: stage.clock });
  const isForeign = async (id: string) => reach.isForeignDialog?.('s-page', id);
  expect(await Promise.all(['mine', 'hers', 'desk', 'gone'].map(isForeign))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
