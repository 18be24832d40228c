// How much visitors may leave at a destination, and what of it those who answer see.
import { limits } from '@ringtag/server/protocol';
import { afterEach, expect, test, vi } from 'vitest';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { destination, OFFICE, openVisitsStage, SHOP, type VisitorPage, type VisitsStage } from './stage.ts';
import type { LeftRecord } from './visit-store.ts';

let stage: VisitsStage;
let storage: Storage;

async function open(sales: Parameters<typeof destination>[0] = {}): Promise<void> {
  storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openVisitsStage(storage, [destination(sales), destination({ id: 'support' })]);
  stage.device('alice').connect();
}
afterEach(() => stage.close());

const WEBM = Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3, 1, 2, 3]);
const leave = (page: VisitorPage, body: object) => page.ask('POST', '/left', body);
const putVoice = ({ visitId, key }: VisitorPage) =>
  stage.ask(`/api/public/visits/${visitId}/voice?lengthMs=4000`, {
    ...{ method: 'POST', origin: SHOP, bearer: key, body: WEBM },
    headers: { 'Content-Type': 'audio/webm' },
  });
const asAlice = (path: string, body?: object) =>
  stage.ask(`/api/visits/left${path}`, {
    ...{ method: body ? 'PUT' : 'GET', origin: OFFICE, bearer: 'alice', ...(body ? { body } : {}) },
  });

const kept = (id: string, createdAtMs: number): LeftRecord => ({
  ...{ id, visitId: 'v-0', destinationId: 'sales', intent: 'message', kind: 'message', text: id },
  ...{ name: '', reach: '', context: { data: [] }, createdAtMs },
});

test('P15 at one destination so much waits and no more, all of it in sight; another one has its own', async () => {
  await open();
  const nowMs = stage.clock.now();
  await storage.left.create(kept('honest', nowMs - 60_000));
  // Before the one that comes later: of the same moment, its random name would decide.
  for (let n = 1; n < limits.LEFT_OPEN; n += 1) await storage.left.create(kept(`l-${n}`, nowMs - 1));
  const page = await stage.visit('message');
  const refused = await leave(page, { kind: 'message', text: 'one more' });
  expect(refused.body).toMatchObject({ status: 409, code: 'CONFLICT', state: 'full' });
  expect(refused.body.offers).toEqual({ chat: true, message: false, voice: false, callback: false });
  expect((await leave(page, { kind: 'callback', reach: '+351 910 000 000' })).body.state).toBe('full');
  expect((await putVoice(page)).body.state).toBe('full');
  const elsewhere = await stage.visit('message', { destinationId: 'support' });
  expect((await leave(elsewhere, { kind: 'message', text: 'Hello' })).status).toBe(201);
  const { left } = (await asAlice('')).body;
  expect(left).toHaveLength(limits.LEFT_OPEN + 1);
  // Newest first, whatever waits behind it.
  expect([left[0].text, left.at(-1).text]).toEqual(['Hello', 'honest']);
  await asAlice('/honest', { done: true });
  expect((await leave(page, { kind: 'message', text: 'one more' })).status).toBe(201);
});

test('P9 who calls back is shown to all who answer there, at once, and to nobody else', async () => {
  await open();
  const [alice, bruno, carla] = ['alice', 'bruno', 'carla'].map((key) => stage.device(key));
  for (const device of [bruno, carla]) device?.connect();
  const page = await stage.visit('message');
  const { leftId } = (await leave(page, { kind: 'callback', reach: '+351 910 000 000' })).body;
  expect((await asAlice('')).body.left[0]).not.toHaveProperty('called');
  const answer = await asAlice(`/${leftId}`, { called: true });
  const called = { personId: alice?.device.personId, name: 'alice' };
  expect(answer.body).toMatchObject({ id: leftId, done: false, called: { ...called, agoMs: 0 } });
  expect(bruno?.heard('visit:left').at(-1)).toMatchObject({ id: leftId, called });
  expect(carla?.heard('visit:left')).toEqual([]);
  stage.clock.advance(60_000);
  expect((await asAlice('')).body.left[0]).toMatchObject({ called: { ...called, agoMs: 60_000 } });
  expect((await asAlice('/l-none', { called: true })).body.code).toBe('NOT_FOUND');
  expect((await asAlice(`/${leftId}`, { called: false })).body.code).toBe('INVALID_INPUT');
});

test('P15 a sound still goes with words that were kept as the last ones', async () => {
  await open();
  for (let n = 1; n < limits.LEFT_OPEN; n += 1) await storage.left.create(kept(`l-${n}`, 1));
  const page = await stage.visit('message');
  const { leftId } = (await leave(page, { kind: 'voice', name: 'Rita' })).body;
  expect((await putVoice(page)).body).toEqual({ leftId });
});

test('P15 the voices of one destination leave room for those of another', async () => {
  await open();
  vi.spyOn(storage.left, 'kept').mockImplementation(async (id) => ({
    ...{ open: 0, voices: id === 'sales' ? limits.VOICES_PER_DESTINATION : 0 },
  }));
  const page = await stage.visit('message');
  const full = { code: 'CONFLICT', state: 'full', offers: { voice: false, message: true } };
  expect((await leave(page, { kind: 'voice', name: 'Rita' })).body).toMatchObject(full);
  expect((await putVoice(page)).body).toMatchObject(full);
  expect((await leave(page, { kind: 'message', text: 'Hello' })).status).toBe(201);
  const elsewhere = await stage.visit('message', { destinationId: 'support' });
  expect((await putVoice(elsewhere)).status).toBe(201);
});

test('P15 a voice is refused in the end where its destination has filled up since it was announced', async () => {
  await open();
  const page = await stage.visit('message');
  await leave(page, { kind: 'voice', name: 'Rita' });
  vi.spyOn(storage.left, 'kept').mockResolvedValue({ open: 1, voices: limits.VOICES_PER_DESTINATION });
  expect((await putVoice(page)).body).toMatchObject({
    state: 'full',
    offers: { voice: false, message: true },
  });
});

test('P10 what says that it is longer than allowed is refused by that alone', async () => {
  await open();
  const page = await stage.visit('message');
  const saying = (path: string, length: number, body: object) =>
    stage.ask(`/api/public/visits/${page.visitId}${path}`, {
      ...{ method: 'POST', origin: SHOP, bearer: page.key, body },
      headers: {
        'Content-Length': String(length),
        ...(body === WEBM ? { 'Content-Type': 'audio/webm' } : {}),
      },
    });
  const tooLong = { status: 413, body: { code: 'TOO_LARGE' } };
  expect(await saying('/voice?lengthMs=1', limits.VOICE_BYTES + 1, WEBM)).toMatchObject(tooLong);
  expect((await saying('/voice?lengthMs=1', limits.VOICE_BYTES, WEBM)).status).toBe(201);
  const text = { kind: 'message', text: 'Hello' };
  expect(await saying('/left', limits.HTTP_BODY_BYTES + 1, text)).toMatchObject(tooLong);
  expect((await saying('/left', limits.HTTP_BODY_BYTES, text)).status).toBe(201);
});

test('P10 what is left is counted as that, and not as a word in a chat', async () => {
  await open();
  const page = await stage.visit('message');
  stage.tooOften.add('left');
  expect((await leave(page, { kind: 'message', text: 'Hello' })).body.code).toBe('RATE_LIMITED');
});

test('P14 takes what the operator wants taken in some state of the destination, and nothing else', async () => {
  const neither = { message: false, callback: false };
  await open({ closed: neither, busy: neither, unanswered: { message: false, callback: true } });
  const page = await stage.visit('chat');
  for (const body of [{ kind: 'message', text: 'Hello' }, { kind: 'voice' }])
    expect((await leave(page, body)).body).toMatchObject({ code: 'CONFLICT', state: 'not-offered' });
  expect((await putVoice(page)).body.state).toBe('not-offered');
  expect((await leave(page, { kind: 'callback', reach: '+351 910 000 000' })).status).toBe(201);
  expect((await asAlice('')).body.left).toHaveLength(1);
});
