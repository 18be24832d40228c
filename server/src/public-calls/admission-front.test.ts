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

/** A front that lets everybody in, and tells as what; behind it, whether a request was noted as let in. */
async function front(
  isHurried = false,
  judgeKey: (shown: ShownKey) => Refusal | undefined = () => undefined,
) {
  const passed = new WeakSet<object>();
  const acts: (Act | 'follow in all')[] = [];
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
          return undefined;
        },
      },
      clientOf: createClientAddress([]),
      knowsOrigin: () => true,
      answered() {},
      onFault() {},
      passed,
      tickets: { isHurried: () => isHurried, hurry: () => undefined },
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
  return { ask, acts };
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
  const { ask, acts } = await front(false, (key) => {
    shown.push(key);
    return refuse('NOT_FOUND');
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
  const { ask } = await front(true);
  expect(await ask('POST', '/api/public/visits/v-1/call')).toBe(200);
  // Beginning one without anything is seen for what it is.
  expect(await ask('POST', '/api/public/visits')).toBe(400);
});
