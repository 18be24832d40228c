// A whole hub whose database another process has locked: what needs no write goes on as if nothing were, and what does
// arrives when the lock is gone, or is refused with nothing done.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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

const SHOP = 'http://shop.localhost:4003';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ringtag-locked-'));
  const file = join(dir, 'destinations.json');
  const sales = {
    id: 'sales',
    texts: { en: { label: 'Sales' } },
    ring: { extension: '700' },
    origins: [SHOP],
  };
  await writeFile(file, JSON.stringify({ destinations: [sales] }));
  const env = { DATA_DIR: dir, DESTINATIONS_FILE: file, PUBLIC_LIMITS: '{"workFrom":{"network":1000}}' };
  world = await startTestHub({ env });
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
  const release = await holdLock(join(dir, 'ringtag.sqlite'), 3_000);
  const stall = watchStall();
  const other = heard<RingingCall>(answerer, 'call:ringing');
  const placed = call(carol, davi);
  const signalled = heard(callee, 'room:signal');
  const signal = { kind: 'media', held: false, muted: true, video: false };
  const sent = await caller.emitWithAck('room:signal', { callId, envelopes: [{ seq: 1, signal }] });
  expect(sent).toEqual({ ok: true });
  await signalled;
  expect((await world.api('/api/people?q=bruno', as(carol))).status).toBe(200);
  // All that was while it was locked.
  await release();
  expect(await other).toMatchObject({ callId: (await placed).body.callId });
  expect(stall()).toBeLessThan(1_500);
  expect([caller.connected, callee.connected]).toEqual([true, true]);
}, 30_000);

test('what a lock outlasts is STORAGE_UNAVAILABLE, and has not happened', async () => {
  const [alice, bruno] = [await world.signIn(ALICE), await world.signIn(BRUNO)];
  const rung: unknown[] = [];
  await connect(alice);
  (await connect(bruno)).on('call:ringing', (ringing) => rung.push(ringing));
  const release = await holdLock(join(dir, 'ringtag.sqlite'));
  const refused = await call(alice, bruno);
  expect([refused.status, refused.body.code]).toEqual([503, 'STORAGE_UNAVAILABLE']);
  await release();
  expect((await call(alice, bruno)).status).toBe(200);
  await expect.poll(() => rung.length).toBe(1);
}, 30_000);

test('P3 nothing of a visitor\u2019s is spent, said twice or half done while storage does not answer', async () => {
  const ask = (path: string, body: object, key?: string) =>
    world.api(`/api/public/${path}`, { origin: SHOP, body, ...(key === undefined ? {} : { bearer: key }) });
  const wish = () => ask('tickets', { to: 'sales', intent: 'chat' });
  const begin = async () => (await ask('visits', { ticket: (await wish()).body.ticket })).body;
  const { visitId, key } = await begin();
  // What is asked of one visit is done in turn: this one does not wait for the other.
  const other = await begin();
  const { ticket } = (await wish()).body;
  const chances = [
    wish,
    () => ask('visits', { ticket }),
    () => ask(`visits/${visitId}/messages`, { id: 'm-1', text: 'Hello' }, key),
    () =>
      ask(
        `visits/${other.visitId}/left`,
        { kind: 'message', text: 'Call me', reach: '+351 210 000 000' },
        other.key,
      ),
  ];
  const release = await holdLock(join(dir, 'ringtag.sqlite'));
  const refused = await Promise.all(chances.map((chance) => chance()));
  expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
    chances.map(() => [503, 'STORAGE_UNAVAILABLE']),
  );
  await release();
  const served = [];
  for (const chance of chances) served.push((await chance()).status);
  expect(served).toEqual([201, 201, 201, 201]);
  const aborter = new AbortController();
  const stream = await fetch(`${world.hub.url}/api/public/visits/${visitId}/events`, {
    headers: { Origin: SHOP, Authorization: `Bearer ${key}` },
    signal: aborter.signal,
  });
  const first = await stream.body?.getReader().read();
  expect(
    Buffer.from(first?.value ?? [])
      .toString()
      .match(/"Hello"/g),
  ).toHaveLength(1);
  aborter.abort();
}, 30_000);
