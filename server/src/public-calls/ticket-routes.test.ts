// Cards and tickets over the wire of a whole hub, from pages of listed and of other origins, and from no page at all.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { Challenge, DestinationInput } from '@ringtag/server/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { createLogger } from '../platform/logger.ts';
import { HUB, MAIL, startTestHub, type TestHub, type TestHubOptions } from '../testing/hub.ts';

const SHOP = 'http://shop.localhost:4003';
const OTHER_SHOP = 'http://other.localhost:4004';

const SALES: DestinationInput = {
  id: 'sales',
  texts: {
    en: { label: 'Talk to sales', greeting: 'We answer in a minute', closed: 'Back on Monday' },
    'pt-BR': { label: 'Fale com vendas' },
  },
  ring: { people: ['alice@example.org'] },
  origins: [SHOP],
  unanswered: { callback: false },
  keepQuery: ['colour'],
};
const SUPPORT: DestinationInput = {
  ...SALES,
  id: 'support',
  origins: [OTHER_SHOP],
};

let world: TestHub;
afterEach(() => world.close());

async function start(options: TestHubOptions & { destinations?: DestinationInput[] } = {}): Promise<void> {
  const file = join(tmpdir(), `ringtag-destinations-${process.pid}.json`);
  await writeFile(file, JSON.stringify({ destinations: options.destinations ?? [SALES, SUPPORT] }));
  world = await startTestHub({ ...options, env: { DESTINATIONS_FILE: file, ...options.env } });
}

const card = (id: string, init: { origin?: string; headers?: Record<string, string> } = { origin: SHOP }) =>
  world.api(`/api/public/destinations/${id}`, init);
const wish = (
  body: unknown,
  init: { origin?: string; headers?: Record<string, string> } = { origin: SHOP },
) => world.api('/api/public/tickets', { ...init, body });
/** `Transfer-Encoding: chunked`, which `fetch` sends only where it does not know the length itself. */
function wishInChunks(body: object): ReturnType<typeof wish> {
  const headers = { Origin: SHOP, 'Content-Type': 'application/json' };
  const to = {
    host: '127.0.0.1',
    port: world.hub.port,
    method: 'POST',
    path: '/api/public/tickets',
    headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ ...to, agent: false }, (response) => {
      const { statusCode: status = 0 } = response;
      json(response).then((said) => resolve({ status, body: said, headers: new Headers() }), reject);
    });
    sent.on('error', reject);
    const text = JSON.stringify(body);
    sent.write(text.slice(0, 9));
    sent.end(text.slice(9));
  });
}
const chat = (over: object = {}) => ({ to: 'sales', intent: 'chat', ...over });

describe('the card', () => {
  test('P1 tells a listed page what to write on the button, in its language', async () => {
    await start();
    const { status, headers, body } = await card('sales');
    expect(status).toBe(200);
    expect(headers.get('Access-Control-Allow-Origin')).toBe(SHOP);
    expect(body).toEqual({
      ...{ id: 'sales', lang: 'en', label: 'Talk to sales', greeting: 'We answer in a minute' },
      // No telephone exchange in this test.
      ...{ state: 'unavailable', waiting: 0, call: false },
      offers: { chat: true, message: true, voice: true, callback: true },
    });
    expect((await card('sales?lang=pt')).body).toMatchObject({ lang: 'pt-BR', label: 'Fale com vendas' });
    expect((await card('sales?lang=ja')).body).toMatchObject({ lang: 'en' });
  });

  test('P1 another page learns nothing, not even of a destination next door', async () => {
    await start();
    for (const origin of ['https://evil.example', 'null', MAIL, `${SHOP}.evil.example`]) {
      const { status, headers, body } = await card('sales', { origin });
      expect([status, body.code], origin).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
      expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
    }
    const next = await card('support');
    expect([next.status, next.body.code]).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
    expect(next.headers.get('Access-Control-Allow-Origin')).toBeNull();
    expect((await card('nowhere')).body.code).toBe('NOT_FOUND');
    expect((await card('sales', {})).body.code).toBe('ORIGIN_NOT_ALLOWED');
  });

  test('P1 the hub\u2019s own page may try each of them', async () => {
    await start();
    expect((await card('sales', { headers: { 'Sec-Fetch-Site': 'same-origin' } })).status).toBe(200);
    expect((await card('support', { origin: HUB })).status).toBe(200);
  });

  test('P1 an origin of a destination gets nothing else of the hub', async () => {
    await start();
    for (const path of [
      '/api/people',
      '/api/me',
      '/api/sessions',
      '/api/visits',
      '/api/admin/destinations',
    ]) {
      const { status, headers, body } = await world.api(path, { origin: SHOP });
      expect([status, body.code], path).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
      expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
    }
    const preflight = { origin: SHOP, method: 'OPTIONS' };
    expect((await world.api('/api/people', preflight)).status).toBe(403);
    expect((await world.api('/api/public/tickets', preflight)).status).toBe(204);
    expect((await world.api('/api/public/../people', { origin: SHOP })).status).toBe(403);
  });
});

describe('a ticket', () => {
  test('P2 is given to a listed page, and looks like nothing', async () => {
    await start();
    const { status, body } = await wish(chat());
    expect(status).toBe(201);
    expect(body).toEqual({ ticket: expect.stringMatching(/^[\w-]{65}$/), validForMs: 90_000 });
    expect((await wish(chat())).body.ticket).not.toBe(body.ticket);
  });

  test('P1 is refused to other pages, forged origins, and to no page at all', async () => {
    await start();
    for (const origin of ['https://evil.example', OTHER_SHOP, MAIL, SHOP.replace('http:', 'https:')]) {
      expect((await wish(chat(), { origin })).body.code, origin).toBe('ORIGIN_NOT_ALLOWED');
    }
    expect((await wish(chat(), {})).body.code).toBe('ORIGIN_NOT_ALLOWED');
    expect((await wish(chat({ to: 'nowhere' }))).body.code).toBe('NOT_FOUND');
  });

  test.each([
    ['no body', ''],
    ['no JSON', '{"to":'],
    ['a list', []],
    ['another intent', chat({ intent: 'buy' })],
    ['an operator for a name', chat({ to: { $ne: null } })],
    ['an operator for a visitor', chat({ visitor: { $gt: '' } })],
    ['an unknown field', chat({ extension: '1001' })],
    ['a number for a title', chat({ context: { title: 1 } })],
    ['an operator in the data', chat({ context: { data: { basket: { $ne: 1 } } } })],
    ['data that is a list', chat({ context: { data: ['x'] } })],
    ['a title without end', chat({ context: { title: 'x'.repeat(1_001) } })],
    ['a proof of text', chat({ proof: { token: 'x'.repeat(20), answers: ['1'] } })],
  ])('%s is INVALID_INPUT', async (_, body) => {
    await start();
    expect((await wish(body)).body).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
  });

  test.each([
    ['sixty-five names', Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`n${index}`, '']))],
    [
      'thousands of names',
      Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`n${index}`, ''])),
    ],
    ['a list of thousands', Array.from({ length: 5_000 }, () => 1)],
    ['a name without end', { ['n'.repeat(60_000)]: 'x' }],
    ['a value without end', { note: 'x'.repeat(1_001) }],
    ['data within data', { note: { note: 'x' } }],
  ])('P6 data of %s is INVALID_INPUT, and says where', async (_, data) => {
    await start();
    const { body } = await wish(chat({ context: { data } }));
    expect(body).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
    expect(body.field).toMatch(/^context\.data/);
    expect(body.field.length).toBeLessThanOrEqual(200);
  });

  test('P6 a page may mark 64 pieces; of one that is there twice the last counts', async () => {
    await start();
    const data = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`n${index}`, 'x']));
    expect((await wish(chat({ context: { data } }))).status).toBe(201);
    expect((await wish('{"to":"nowhere","intent":"chat","to":"sales"}')).status).toBe(201);
    expect((await wish('{"to":"sales","intent":"chat","to":"nowhere"}')).body.code).toBe('NOT_FOUND');
  });

  test.each([
    ['as the whole', '['.repeat(30_000) + ']'.repeat(30_000)],
    [
      'as data',
      `{"to":"sales","intent":"chat","context":{"data":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}}`,
    ],
  ])('what is nested without end %s is INVALID_INPUT', async (_, body) => {
    await start();
    expect((await wish(body)).body).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
  });

  test('a megabyte is TOO_LARGE, and names of objects\u2019 insides are names', async () => {
    await start();
    expect((await wish(chat({ context: { title: 'x'.repeat(1_000_000) } }))).status).toBe(413);
    const hostile = '{"to":"sales","intent":"chat","context":{"data":{"__proto__":"x","constructor":"y"}}}';
    expect((await wish(hostile)).status).toBe(201);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test('is given for what the destination takes now, and says what is left', async () => {
    await start({ destinations: [{ ...SALES, hours: { timeZone: 'UTC', weekly: [] }, chat: false }] });
    expect((await card('sales')).body).toMatchObject({
      state: 'closed',
      notice: 'Back on Monday',
      call: false,
    });
    const refused = await wish(chat({ intent: 'call' }));
    expect([refused.status, refused.body.code]).toEqual([409, 'DESTINATION_CLOSED']);
    expect(refused.body.offers).toEqual({ chat: false, message: true, voice: true, callback: true });
    expect((await wish(chat())).body.code).toBe('DESTINATION_CLOSED');
    expect((await wish(chat({ intent: 'message' }))).status).toBe(201);
  });

  test('a call without a telephone exchange is PBX_UNAVAILABLE', async () => {
    await start();
    expect((await wish(chat({ intent: 'call' }))).body.code).toBe('PBX_UNAVAILABLE');
  });
});

describe('limits', () => {
  const limits = (table: object) => ({ env: { PUBLIC_LIMITS: JSON.stringify(table) } });
  const many = (ticket: object, look: object = {}) => ({
    perMinute: { ticket, look },
    workFrom: { network: 1_000, origin: 1_000, destination: 1_000, hub: 1_000 },
  });

  test.each([
    ['network', 'address'],
    ['origin', 'origin'],
    ['destination', 'destination'],
    ['hub', 'hub'],
  ])('P10 by %s: Retry-After, and whose limit it was', async (scope, state) => {
    await start(limits(many({ [scope]: 2 })));
    for (const _ of ['one', 'two']) expect((await wish(chat())).status).toBe(201);
    const { status, headers, body } = await wish(chat());
    expect([status, body.code, body.state]).toEqual([429, 'RATE_LIMITED', state]);
    expect(Number(headers.get('Retry-After'))).toBeGreaterThan(50);
    expect(headers.get('Access-Control-Allow-Origin')).toBe(SHOP);
    expect(headers.get('Access-Control-Expose-Headers')).toContain('Retry-After');
    expect((await card('sales')).status).toBe(200);
  });

  test('P10 what is wrong with the network is said before anything of the body is looked at', async () => {
    await start(limits(many({ network: 1 })));
    expect((await wish('no JSON')).status).toBe(400);
    expect((await wish('no JSON')).status).toBe(429);
  });

  test('P12 a header makes nobody another network, unless a trusted proxy wrote it', async () => {
    await start(limits(many({ network: 1 })));
    const from = (address: string) => wish(chat(), { origin: SHOP, headers: { 'X-Forwarded-For': address } });
    expect((await from('203.0.113.1')).status).toBe(201);
    expect((await from('203.0.113.2')).status).toBe(429);
    await world.close();
    const env = { ...limits(many({ network: 1 })).env, TRUSTED_PROXIES: 'loopback' };
    await start({ env });
    expect((await from('203.0.113.1')).status).toBe(201);
    expect((await from('203.0.113.2')).status).toBe(201);
    expect((await from('198.51.100.7, 203.0.113.2')).status).toBe(429);
    expect((await from('2001:db8::1')).status).toBe(201);
    expect((await from('2001:db8::ffff:1')).status).toBe(429);
    expect((await from('2001:db8:0:1::1')).status).toBe(201);
  });

  test('P10 no other spelling of a path comes past the door', async () => {
    await start(limits(many({ network: 0 })));
    const { hostname, port } = new URL(world.hub.url);
    for (const path of [
      '/api/public/tickets',
      '/api/public/%74ickets',
      '/api/%70ublic/tickets',
      '/x/../api/public/tickets',
      '/api\\public/tickets',
      '//api/public/tickets',
      `http://${hostname}:${port}/api/public/tickets`,
    ]) {
      const status = await raw(path, JSON.stringify(chat()));
      expect([429, 404, 400], path).toContain(status);
    }
  });

  test.each([
    ['while it is quiet', 200, 201],
    ['while many ask', 0, 428],
  ])(
    'P10 whoever goes away in the middle of a request leaves no line in the log, %s',
    async (_, from, status) => {
      const lines: string[] = [];
      const logger = createLogger({ destination: { write: (line) => lines.push(line) } });
      await start({ logger, ...limits({ workFrom: { network: from } }) });
      const { hostname, port } = new URL(world.hub.url);
      for (let index = 0; index < 5; index += 1) {
        const socket = connect(Number(port), hostname);
        const head = `POST /api/public/tickets HTTP/1.1\r\nHost: hub\r\nOrigin: ${SHOP}\r\n`;
        socket.write(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"to":`);
        await once(socket, 'connect');
        socket.destroy();
        await once(socket, 'close');
      }
      // The hub has seen all of it once it has answered what came after.
      expect((await wish(chat())).status).toBe(status);
      expect(lines.filter((line) => !line.includes('"level":30'))).toEqual([]);
      expect(lines.filter((line) => line.includes('/api/public/'))).toEqual([]);
    },
  );

  test('P10 nothing of it is an employee\u2019s', async () => {
    await start(limits({ perMinute: { ticket: { network: 0 }, look: { network: 0 } }, inWork: 1 }));
    expect((await card('sales')).status).toBe(429);
    expect((await world.api('/api/me', { origin: MAIL })).status).toBe(401);
    expect((await world.api('/healthz', {})).status).toBe(200);
  });
});

describe('work', () => {
  const quiet = { env: { PUBLIC_LIMITS: '{"workFrom":{"network":1}}' } };

  test('P11 is asked for when wishes come often, and a proof counts once, here and for this destination', async () => {
    await start({ ...quiet, destinations: [SALES, { ...SUPPORT, origins: [SHOP] }] });
    expect((await wish(chat())).status).toBe(201);
    const asked = await wish(chat());
    expect([asked.status, asked.body.code]).toEqual([428, 'CHALLENGE_REQUIRED']);
    const challenge: Challenge = asked.body.challenge;
    expect(challenge).toMatchObject({ kind: 'work', parts: 16, bits: 12 });
    const proof = solve(challenge);
    const elsewhere = await wish(chat({ to: 'support', proof }));
    expect([elsewhere.status, elsewhere.body.code]).toEqual([428, 'CHALLENGE_REFUSED']);
    expect((await wish(chat({ proof }))).status).toBe(201);
    const again = await wish(chat({ proof }));
    expect([again.status, again.body.code]).toEqual([428, 'CHALLENGE_REFUSED']);
    expect(again.body.challenge.token).not.toBe(challenge.token);
    // What is no wish is told so, and what is none of a page's business too, however many ask.
    expect((await wish('no JSON')).body.code).toBe('INVALID_INPUT');
    expect((await wish(chat({ proof: 1 }))).body.code).toBe('INVALID_INPUT');
    expect((await wish(chat({ to: { $ne: null } }))).body.code).toBe('INVALID_INPUT');
    expect((await wish(chat({ to: 'nowhere' }))).body.code).toBe('NOT_FOUND');
    const other = await wish(chat(), { origin: OTHER_SHOP });
    expect([other.status, other.body.code]).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
    expect((await wish(chat({ context: { title: 'x'.repeat(1_000_000) } }))).status).toBe(413);
  }, 60_000);

  test('P11 is asked for, and counts, whether or not a page says how long its wish is', async () => {
    await start(quiet);
    expect((await wishInChunks(chat())).status).toBe(201);
    const asked = await wishInChunks(chat());
    expect([asked.status, asked.body.code]).toEqual([428, 'CHALLENGE_REQUIRED']);
    const proof = solve(asked.body.challenge);
    expect((await wishInChunks(chat({ proof }))).status).toBe(201);
  }, 60_000);

  test('P11 is not used up by a wish that is one too many', async () => {
    const table = { workFrom: { network: 1 }, perMinute: { ticket: { origin: 2 } } };
    await start({
      env: { PUBLIC_LIMITS: JSON.stringify(table) },
      destinations: [{ ...SALES, origins: [SHOP, OTHER_SHOP] }],
    });
    expect((await wish(chat())).status).toBe(201);
    const proof = async () => solve((await wish(chat())).body.challenge);
    const [one, another] = [await proof(), await proof()];
    expect((await wish(chat({ proof: one }))).status).toBe(201);
    expect((await wish(chat({ proof: another }))).body).toMatchObject({
      code: 'RATE_LIMITED',
      state: 'origin',
    });
    // Had it been used up, it would be refused as that.
    expect((await wish(chat({ proof: another }))).body.code).toBe('RATE_LIMITED');
  }, 60_000);
});

/** A request whose path is sent as it is; the status of the answer. */
function raw(path: string, body: string): Promise<number | undefined> {
  const { hostname, port } = new URL(world.hub.url);
  const headers = { Origin: SHOP, 'Content-Type': 'application/json', 'Content-Length': body.length };
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

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
