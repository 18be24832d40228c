import { createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Refusal, refuse } from '@ringtag/server/protocol';
import { afterEach, expect, test } from 'vitest';
import { createClientAddress } from '../platform/client-address.ts';
import { createFront } from './admission-front.ts';
import type { ShownKey } from './admission-keys.ts';
import type { Act } from './limits.ts';

let close = () => {};
afterEach(() => close());

interface FrontSetting {
  readonly isHurried?: boolean;
  readonly isSilenced?: boolean;
  readonly judgeKey?: (shown: ShownKey) => Refusal | undefined;
}

/** A front that lets everybody in, and tells as what; behind it, whether a request was noted as let in. */
async function front({
  isHurried = false,
  /** Visits have asked too often, all together. */
  isSilenced = false,
  judgeKey = (): Refusal | undefined => undefined,
}: FrontSetting = {}) {
  const passed = new WeakSet<object>();
  const acts: (Act | 'follow in all')[] = [];
  const wishes: unknown[] = [];
  const inner: RequestListener = (incoming, response) =>
    response.writeHead(passed.has(incoming) ? 200 : 404).end();
  const listener = createFront(
    {
      admission: {
        async enter(_, act) {
          acts.push(act);
          return undefined;
        },
        async follow() {
          acts.push('follow in all');
          return isSilenced ? refuse('RATE_LIMITED', { state: 'hub', retryAfterMs: 9_000 }) : undefined;
        },
      },
      clientOf: createClientAddress([]),
      knowsOrigin: () => true,
      answered() {},
      onFault() {},
      passed,
      tickets: {
        isHurried: () => isHurried,
        hurry(body) {
          wishes.push(body);
          return { refusal: refuse('CHALLENGE_REQUIRED') };
        },
      },
      atSight: () => undefined,
      ...{ ownOrigin: 'https://hub.example', judgeKey },
    },
    { inner, others: (_, response) => response.writeHead(299).end() },
  );
  const server = createServer(listener).listen(0, '127.0.0.1');
  close = () => server.close();
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  /** The path as it is, which `fetch` would tidy. */
  const ask = (method: string, path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, method, path, agent: false });
      asked.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
      asked.end();
    });
  /** In chunks, so that nobody says before how much it will be; where it is not whole, the end never comes. */
  const wish = (chunks: readonly string[], isWhole = true): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const path = '/api/public/tickets';
      const asked = request({ host: '127.0.0.1', port, method: 'POST', path, agent: false });
      asked.on('response', (response) => {
        resolve(response.resume().statusCode);
        asked.destroy();
      });
      asked.on('error', reject);
      for (const chunk of chunks) asked.write(chunk);
      if (isWhole) asked.end();
    });
  return { ask, acts, wish, wishes };
}

test('P10 each request is counted as what it is', async () => {
  const { ask, acts } = await front();
  const visit = '/api/public/visits/v-1.a';
  await ask('GET', '/api/public/destinations/sales?lang=pt-BR');
  await ask('GET', `${visit}/events`);
  await ask('POST', '/api/public/tickets');
  await ask('POST', '/api/public/visits');
  await ask('POST', `${visit}/messages`);
  await ask('POST', `${visit}/voice?lengthMs=1000`);
  await ask('POST', `${visit}/left`);
  await ask('POST', `${visit}/end`);
  // A call anew rings people like the first.
  await ask('POST', `${visit}/call`);
  expect(acts.filter((act) => act !== 'follow in all')).toEqual([
    ...['look', 'follow', 'ticket', 'visit', 'message', 'voice', 'left', 'follow', 'visit'],
  ]);
});

test('P4 who has no key of the visit ends here, before anything of them is counted for all', async () => {
  const shown: ShownKey[] = [];
  const { ask, acts } = await front({
    judgeKey(key) {
      shown.push(key);
      return refuse('NOT_FOUND');
    },
  });
  for (const path of ['events', 'voice', 'anything']) {
    expect(await ask('GET', `/api/public/visits/v-1/${path}`)).toBe(404);
    expect(await ask('POST', `/api/public/visits/v-1/${path}`)).toBe(404);
  }
  expect(new Set(shown.map(({ visitId }) => visitId))).toEqual(new Set(['v-1']));
  expect(acts).not.toContain('follow in all');
  // These need none.
  expect(await ask('POST', '/api/public/visits')).toBe(200);
  expect(await ask('POST', '/api/public/tickets')).toBe(200);
  expect(shown).toHaveLength(6);
});

test('P10 what a browser asks before it asks, and what is none of the public\u2019s, goes elsewhere', async () => {
  const { ask, acts } = await front();
  expect(await ask('OPTIONS', '/api/public/tickets')).toBe(299);
  expect(await ask('GET', '/api/people')).toBe(299);
  expect(acts).toEqual([]);
});

test.each([
  '/api/public/./tickets',
  '/api/public/visits/../tickets',
  '/api/public/x/.././tickets',
  '/api/public/tickets#/end',
  '/api/public/tickets?#',
  '/api/public/.\\tickets',
  '/api/public/%2e/tickets',
  '/api/public//tickets',
  '/api/public/visits/..',
])('P10 %s is no way in: a router would read it as another path than was counted', async (path) => {
  const { ask, acts } = await front();
  expect([await ask('POST', path), acts]).toEqual([404, []]);
});

test('P11 a call asked for anew needs no ticket, also while many ask', async () => {
  const { ask } = await front({ isHurried: true });
  expect(await ask('POST', '/api/public/visits/v-1/call')).toBe(200);
  // Beginning one without anything is seen for what it is.
  expect(await ask('POST', '/api/public/visits')).toBe(400);
});

test('P10 what visits\u2019 keys have opened is counted for all together, and refused beyond', async () => {
  const { ask, acts } = await front({ isSilenced: true });
  const visit = '/api/public/visits/v-1.a';
  const statuses = [await ask('GET', `${visit}/events`), await ask('POST', `${visit}/end`)];
  expect(statuses).toEqual([429, 429]);
  expect(acts).toEqual(['follow', 'follow in all', 'follow', 'follow in all']);
  expect(await ask('POST', `${visit}/messages`)).toBe(200);
});

test('P10 a wish in chunks is judged as early as any other while many ask', async () => {
  const { wish, wishes } = await front({ isHurried: true });
  expect(await wish(['{"to":', '"sales"}'])).toBe(428);
  expect(wishes).toEqual([{ to: 'sales' }]);
  expect(await wish(['{"to":'])).toBe(400);
});

test('P10 of a wish in chunks no more is read than of one that says how long it is', async () => {
  const { wish, wishes } = await front({ isHurried: true });
  // 64 KiB and a byte.
  const chunks = [...Array.from({ length: 64 }, () => 'x'.repeat(1_024)), 'x'];
  expect(await wish(chunks, false)).toBe(413);
  expect(wishes).toEqual([]);
});
