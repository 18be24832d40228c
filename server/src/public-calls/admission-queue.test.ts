// What a filling queue costs those who fill it, over the wire of a whole hub. The telephone exchange is a stand-in.
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Challenge } from '@ringtag/server/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeLine } from '../testing/fake-line.ts';
import { startTestHub, type TestHub } from '../testing/hub.ts';

const SHOP = 'http://shop.localhost:4003';
let world: TestHub;
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ringtag-queue-'));
  const file = join(dir, 'destinations.json');
  const sales = {
    id: 'sales',
    texts: { en: { label: 'Talk to sales' } },
    ring: { extension: '700' },
    origins: [SHOP],
    ...{ capacity: 1, queue: 6 },
  };
  await writeFile(file, JSON.stringify({ destinations: [sales] }));
  const env = { DESTINATIONS_FILE: file, TRUSTED_PROXIES: 'loopback' };
  world = await startTestHub({ env, guestLine: createFakeLine() });
});
afterEach(async () => {
  await world.close();
  await rm(dir, { recursive: true });
});

const from = (address: string) => ({ origin: SHOP, headers: { 'X-Forwarded-For': address } });
const wish = (address: string, over: object = {}) =>
  world.api('/api/public/tickets', { ...from(address), body: { to: 'sales', intent: 'call', ...over } });
const begin = (address: string, ticket: string) =>
  world.api('/api/public/visits', { ...from(address), body: { ticket } });

/** Waits from there, whatever work that costs; the bits of the work, 0 for none. */
async function wait(address: string): Promise<number> {
  let given = await wish(address);
  const challenge: Challenge | undefined = given.body.challenge;
  if (challenge) given = await wish(address, { proof: solve(challenge) });
  expect((await begin(address, given.body.ticket)).status).toBe(201);
  return challenge?.bits ?? 0;
}

test('P11 a place in a queue costs work from half of it on, and more when it is nearly full; a chat costs none', async () => {
  const bits: number[] = [];
  for (let index = 0; index < 6; index += 1) bits.push(await wait(`198.51.${index}.7`));
  expect(bits).toEqual([0, 0, 0, 12, 12, 12]);
  const asked = await wish('203.0.113.7');
  expect([asked.status, asked.body.challenge.bits]).toEqual([428, 13]);
  expect((await wish('203.0.113.7', { intent: 'chat' })).status).toBe(201);
}, 120_000);

test('P10 of a queue that is half full neighbours have no more than a third, and others still get in', async () => {
  const tickets = await Promise.all(
    [1, 2, 3, 4].map(async (host) => (await wish(`192.0.2.${host}`)).body.ticket as string),
  );
  const other = (await wish('198.51.100.7')).body.ticket;
  const chat = (await wish('192.0.2.9', { intent: 'chat' })).body.ticket;
  const begun = [];
  for (const [index, ticket] of tickets.entries()) begun.push(await begin(`192.0.2.${index + 1}`, ticket));
  expect(begun.map(({ status }) => status)).toEqual([201, 201, 201, 409]);
  expect(begun[3]?.body).toMatchObject({ code: 'DESTINATION_BUSY', offers: { message: true } });
  expect((await begin('198.51.100.7', other)).status).toBe(201);
  // Nor by way of a chat.
  const { visitId, key } = (await begin('192.0.2.9', chat)).body;
  const called = await world.api(`/api/public/visits/${visitId}/call`, {
    ...from('192.0.2.9'),
    ...{ bearer: key, method: 'POST' },
  });
  expect([called.status, called.body.code]).toEqual([409, 'DESTINATION_BUSY']);
});

test('P11 a call asked for anew in a visit costs what a ticket for it costs', async () => {
  const callFrom = async (address: string, visit: { visitId: string; key: string }, body?: object) =>
    world.api(`/api/public/visits/${visit.visitId}/call`, {
      ...from(address),
      ...{ bearer: visit.key, method: 'POST', ...(body ? { body } : {}) },
    });
  const chat = async (address: string) => {
    const given = await wish(address, { intent: 'chat' });
    return (await begin(address, given.body.ticket)).body;
  };
  const [early, late] = [await chat('203.0.113.7'), await chat('203.0.114.7')];
  expect((await callFrom('203.0.113.7', early)).status).toBe(200);
  for (const network of [1, 2]) await wait(`198.51.${network}.7`);
  const asked = await callFrom('203.0.114.7', late);
  expect([asked.status, asked.body.code]).toEqual([428, 'CHALLENGE_REQUIRED']);
  const proof = solve(asked.body.challenge);
  const wrong = { ...proof, answers: proof.answers.map(() => 0) };
  expect((await callFrom('203.0.114.7', late, { proof: wrong })).body.code).toBe('CHALLENGE_REFUSED');
  expect((await callFrom('203.0.114.7', late, { proof })).status).toBe(200);
}, 120_000);

/** As a visitor's browser does it. */
function solve({ id, parts, bits, token }: Challenge): { token: string; answers: number[] } {
  const answers = Array.from({ length: parts }, (_, part) => {
    for (let answer = 0; ; answer += 1) {
      const digest = createHash('sha256').update(`${id}:${part}:${answer}`).digest();
      if (digest.readUInt32BE(0) >>> (32 - bits) === 0) return answer;
    }
  });
  return { token, answers };
}
