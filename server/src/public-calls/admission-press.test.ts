// Who presses again and again where it is busy, over the wire of a whole hub. The telephone exchange is a stand-in.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeLine } from '../testing/fake-line.ts';
import { startTestHub, type TestHub } from '../testing/hub.ts';

const SHOP = 'http://shop.localhost:4003';
/** Presses that may be in vain. */
const IN_VAIN = 8;
let world: TestHub;
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ringtag-press-'));
  const file = join(dir, 'destinations.json');
  const small = {
    texts: { en: { label: 'Talk to us' } },
    ...{ ring: { extension: '700' }, origins: [SHOP], capacity: 1, queue: 0 },
  };
  const destinations = ['sales', 'support'].map((id) => ({ id, ...small }));
  await writeFile(file, JSON.stringify({ destinations }));
  const PUBLIC_LIMITS = JSON.stringify({ workFrom: { network: 1_000 } });
  const env = { DESTINATIONS_FILE: file, TRUSTED_PROXIES: 'loopback', PUBLIC_LIMITS };
  world = await startTestHub({ env, guestLine: createFakeLine() });
});
afterEach(async () => {
  await world.close();
  await rm(dir, { recursive: true });
});

const from = (address: string) => ({ origin: SHOP, headers: { 'X-Forwarded-For': address } });
const wish = async (address: string, over: object = {}) => {
  const body = { to: 'sales', intent: 'call', ...over };
  return (await world.api('/api/public/tickets', { ...from(address), body })).body;
};
const begin = async (address: string, over: object = {}) => {
  const { ticket } = await wish(address, over);
  return (await world.api('/api/public/visits', { ...from(address), body: { ticket } })).body;
};
const post = (address: string, { visitId, key }: { visitId: string; key: string }, path: string) =>
  world.api(`/api/public/visits/${visitId}${path}`, { ...from(address), bearer: key, body: {} });
const EAGER = '192.0.2.7';

async function pressInVain(): Promise<void> {
  for (let press = 0; press < IN_VAIN; press += 1)
    expect(await wish(EAGER)).toMatchObject({ code: 'DESTINATION_BUSY' });
}

test('P10 who finds it busy too often waits, and who has not gets the place that becomes free', async () => {
  const talking = await begin('203.0.113.7');
  await pressInVain();
  const tired = { code: 'RATE_LIMITED', state: 'address', offers: { message: true } };
  expect(await wish(EAGER)).toMatchObject(tired);
  expect(await wish('198.51.100.7')).toMatchObject({ code: 'DESTINATION_BUSY' });
  expect((await post('203.0.113.7', talking, '/end')).status).toBe(200);
  expect(await wish(EAGER)).toMatchObject(tired);
  expect(await wish('198.51.100.7')).toHaveProperty('ticket');
  // Only calls there.
  expect(await wish(EAGER, { intent: 'chat' })).toHaveProperty('ticket');
  expect(await wish(EAGER, { to: 'support' })).toHaveProperty('ticket');
}, 60_000);

test('P10 nor is there another way to press oftener, by way of a chat', async () => {
  await begin('203.0.113.7');
  const chat = await begin(EAGER, { intent: 'chat' });
  for (let press = 0; press < IN_VAIN; press += 1)
    expect((await post(EAGER, chat, '/call')).body).toMatchObject({ code: 'DESTINATION_BUSY' });
  expect((await post(EAGER, chat, '/call')).body).toMatchObject({ code: 'RATE_LIMITED', state: 'address' });
  expect(await wish(EAGER)).toMatchObject({ code: 'RATE_LIMITED', state: 'address' });
}, 60_000);
