// How many made-up bearers are looked up at the same time, at a door that refuses whoever is not known.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createClientAddress } from '../platform/client-address.ts';
import { createKnockDoor } from './admission-knock.ts';

let close = () => {};
afterEach(() => close());

/** Storage that answers nobody until it is told to. */
async function slowStorage() {
  const asked: string[] = [];
  const known: string[] = [];
  let answer: (isSignedIn: boolean) => void = () => {};
  const answered = new Promise<boolean>((resolve) => {
    answer = resolve;
  });
  const door = createKnockDoor({
    knocks: { take: () => 1_000, forgive() {}, know: (network) => known.push(network) },
    clientOf: createClientAddress([]),
    mayAsk: () => true,
    answered() {},
    isSignedIn: (bearer) => {
      asked.push(bearer);
      return answered;
    },
  });
  const server = createServer(door.listener((_, response) => response.end())).listen(0, '127.0.0.1');
  close = () => server.close();
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const heard: (number | undefined)[] = [];
  const ask = (bearer: string) => {
    const headers = { Authorization: `Bearer ${bearer}` };
    const sent = request({ host: '127.0.0.1', port, path: '/api/me', headers, agent: false });
    sent.on('response', (response) => heard.push(response.resume().statusCode)).end();
  };
  return { ask, asked, heard, known, answer };
}

const WITHIN = { timeout: 20_000 };

test('P10 made-up bearers are no flood of storage\u2019s: so many are looked up at a time, others are refused at once', async () => {
  const { ask, asked, heard, known, answer } = await slowStorage();
  for (let count = 0; count < 40; count += 1) ask(`b${count}`);
  await expect.poll(() => heard.length, WITHIN).toBe(24);
  expect(new Set(heard)).toEqual(new Set([429]));
  expect(asked).toHaveLength(16);
  answer(true);
  await expect.poll(() => heard.filter((status) => status === 200).length, WITHIN).toBe(16);
  // Whoever is found there is known from now on, and there is room for others.
  expect(new Set(known)).toEqual(new Set(['127.0.0.1']));
  ask('one-more');
  await expect.poll(() => heard.length, WITHIN).toBe(41);
  expect(asked).toHaveLength(17);
});
