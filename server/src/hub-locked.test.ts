// A whole hub whose database another process has locked: what needs no write goes on as if nothing were, and what does
// arrives when the lock is gone, or is refused with nothing done.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits, type RingingCall } from '@ringtag/server/protocol';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestDevice } from './testing/browser.ts';
import { ALICE, BRUNO, startTestHub, type TestHub } from './testing/hub.ts';
import { holdLock, watchStall } from './testing/lock-holder.ts';

const CAROL = { sub: 'carol', name: 'Carol Costa', email: 'carol@example.org', email_verified: true };
const DAVI = { sub: 'davi', name: 'Davi Dias', email: 'davi@example.org', email_verified: true };
let world: TestHub;
let dir: string;
const sockets: Socket[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ringtag-locked-'));
  world = await startTestHub({ env: { DATA_DIR: dir } });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await world.close();
  await rm(dir, { recursive: true });
});

async function connect(device: TestDevice): Promise<Socket> {
  const socket = io(world.hub.url, {
    ...{ transports: ['websocket'], forceNew: true, reconnection: false },
    extraHeaders: { Origin: device.origin },
    auth: { bearer: device.grant.bearer, protocol: limits.PROTOCOL_VERSION },
  });
  sockets.push(socket);
  await heard(socket, 'snapshot');
  return socket;
}

const heard = <T>(socket: Socket, event: string): Promise<T> =>
  new Promise((resolve) => socket.once(event, resolve));

const as = ({ origin, grant }: TestDevice) => ({ origin, bearer: grant.bearer });

const call = (from: TestDevice, to: TestDevice) =>
  world.api('/api/calls', {
    ...as(from),
    body: { requestId: crypto.randomUUID(), to: { personId: to.grant.me.id } },
  });

test('a lock of 3 s is heard in no call, and a call placed meanwhile rings as soon as it is gone', async () => {
  const [alice, bruno] = [await world.signIn(ALICE), await world.signIn(BRUNO)];
  const [carol, davi] = [await world.signIn(CAROL), await world.signIn(DAVI)];
  const [caller, callee] = [await connect(alice), await connect(bruno)];
  const [, answerer] = [await connect(carol), await connect(davi)];
  const rings = heard<RingingCall>(callee, 'call:ringing');
  const { callId } = (await call(alice, bruno)).body;
  await rings;
  expect((await world.api(`/api/calls/${callId}/accept`, { ...as(bruno), body: {} })).status).toBe(200);
  const { gone } = await holdLock(join(dir, 'ringtag.sqlite'), 3_000);
  let isLocked = true;
  void gone.then(() => {
    isLocked = false;
  });
  const stall = watchStall();
  const other = heard<RingingCall>(answerer, 'call:ringing');
  const placed = call(carol, davi);
  const signalled = heard(callee, 'room:signal');
  const signal = { kind: 'media', held: false, muted: true, video: false };
  const sent = await caller.emitWithAck('room:signal', { callId, envelopes: [{ seq: 1, signal }] });
  expect(sent).toEqual({ ok: true });
  await signalled;
  expect((await world.api('/api/people?q=bruno', as(carol))).status).toBe(200);
  expect(isLocked).toBe(true);
  expect(await other).toMatchObject({ callId: (await placed).body.callId });
  expect(stall()).toBeLessThan(1_500);
  expect([caller.connected, callee.connected]).toEqual([true, true]);
}, 30_000);

test('what a lock outlasts is STORAGE_UNAVAILABLE, and has not happened', async () => {
  const [alice, bruno] = [await world.signIn(ALICE), await world.signIn(BRUNO)];
  const rung: unknown[] = [];
  await connect(alice);
  (await connect(bruno)).on('call:ringing', (ringing) => rung.push(ringing));
  const { gone } = await holdLock(join(dir, 'ringtag.sqlite'), 9_000);
  const refused = await call(alice, bruno);
  expect([refused.status, refused.body.code]).toEqual([503, 'STORAGE_UNAVAILABLE']);
  await gone;
  expect((await call(alice, bruno)).status).toBe(200);
  await expect.poll(() => rung.length).toBe(1);
}, 30_000);
