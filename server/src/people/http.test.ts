// The directory over the wire: who is found, who is not guessed, and who may ask.
import { limits, type Person } from '@ringtag/server/protocol';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDevice } from '../testing/browser.ts';
import { ALICE, BRUNO, INTRANET, MAIL, startTestHub, type TestHub } from '../testing/hub.ts';

const SEED = [
  { name: 'Alice Almeida', email: 'alice@example.org', unit: 'Accounting', extension: '1001' },
  {
    name: 'Bruno Barros',
    email: 'Bruno@Example.org',
    unit: 'Sales',
    extension: '1002',
    numbers: [{ kind: 'desk', number: '+351 210 000 102' }],
    deskPhone: 'p-bruno',
  },
  { name: 'João Conceição', email: 'joao@example.org', unit: 'Sales' },
  { name: 'Maria Silva', email: 'maria.a@example.org' },
  { name: 'Maria Silva', email: 'maria.b@example.org' },
];

const JOAO = { sub: 'j', name: 'João Conceição', email: 'joao@example.org', email_verified: true };

let world: TestHub;
let alice: TestDevice;

beforeAll(async () => {
  world = await startTestHub({ seed: SEED, env: { ADMIT: 'seed' } });
  alice = await world.signIn(ALICE);
});
afterAll(() => world.close());

const get = (path: string) => world.api(path, { origin: MAIL, bearer: alice.grant.bearer });
const names = async (q: string, extra = '') => {
  const { body } = await get(`/api/people?q=${encodeURIComponent(q)}${extra}`);
  return body.people.map((person: { name: string }) => person.name);
};
async function resolve(...items: object[]) {
  const { body } = await world.api('/api/people/resolve', {
    origin: MAIL,
    bearer: alice.grant.bearer,
    body: { items },
  });
  return body.people.map((person: { name: string } | null) => person?.name ?? null);
}

describe('signing in', () => {
  test('links a seeded person by verified e-mail, keeping unit and extension', () => {
    expect(alice.grant.me).toMatchObject({ unit: 'Accounting', extension: '1001' });
  });

  test('ADMIT=seed lets nobody else in, whoever vouches for them', async () => {
    const mallory = { sub: 'm', name: 'Alice Almeida', email: 'mallory@example.org', email_verified: true };
    await expect(world.signIn(mallory)).rejects.toThrow();
  });

  test('an e-mail that the provider did not verify links to nobody', async () => {
    const impostor = { ...BRUNO, sub: 'impostor', email_verified: false };
    await expect(world.signIn(impostor)).rejects.toThrow();
  });

  test('somebody seeded without an extension gets the next free one', async () => {
    const joao = await world.signIn(JOAO);
    expect(joao.grant.me.extension).toBe('1003');
  });
});

describe('search', () => {
  test('finds by the beginning of any word, in any order, without accents or case', async () => {
    expect(await names('br')).toEqual(['Bruno Barros']);
    expect(await names('BARROS bru')).toEqual(['Bruno Barros']);
    expect(await names('conceicao')).toEqual(['João Conceição']);
    expect(await names('sales')).toHaveLength(2);
    expect(await names('bruno@ex')).toEqual(['Bruno Barros']);
    expect(await names('1002')).toEqual(['Bruno Barros']);
    expect(await names('xyz')).toEqual([]);
  });

  test('leaves out the one who asks', async () => {
    expect(await names('alice')).toEqual([]);
  });

  test('keeps to the limit', async () => {
    expect(await names('example', '&limit=2')).toHaveLength(2);
  });

  test('takes operators of databases as text', async () => {
    for (const q of ['%', '_', '*', '"', "'", '$ne', '{"$gt":""}', 'bruno" OR "1', 'NEAR(', '\\']) {
      expect((await get(`/api/people?q=${encodeURIComponent(q)}`)).status).toBe(200);
    }
  });

  test.each(['?q=', '?q=%20', `?q=${'x'.repeat(limits.SEARCH_CHARS + 1)}`, '?q=a&limit=0', '?q=a&limit=21'])(
    'refuses "%s"',
    async (query) => {
      expect(await get(`/api/people${query}`)).toMatchObject({
        status: 400,
        body: { code: 'INVALID_INPUT' },
      });
    },
  );

  test('shows what others may see, and nothing of accounts', async () => {
    const { body } = await get('/api/people?q=bruno');
    expect(Object.keys(body.people[0]).sort()).toEqual(['email', 'id', 'name', 'numbers', 'online', 'unit']);
    expect(body.people[0]).toMatchObject({
      email: 'bruno@example.org',
      online: false,
      numbers: [
        { kind: 'extension', number: '1002' },
        { kind: 'desk', number: '+351 210 000 102' },
      ],
    });
  });
});

describe('colleagues', () => {
  test('are listed without a query: own unit first, then online first, by name, without the one who asks', async () => {
    const everybody = async (device: TestDevice, query = '') => {
      const { body } = await world.api(`/api/people${query}`, { origin: MAIL, bearer: device.grant.bearer });
      return body.people.map(({ name, online }: Person) => `${name}${online ? ' online' : ''}`);
    };
    const bruno = await world.signIn(BRUNO);
    const far = ['Alice Almeida', 'Maria Silva', 'Maria Silva'];
    expect(await everybody(bruno)).toEqual(['João Conceição', ...far]);
    expect(await everybody(bruno, '?limit=2')).toEqual(['João Conceição', 'Alice Almeida']);
    const joao = await world.signIn(JOAO);
    const socket = io(world.hub.url, {
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { Origin: joao.origin },
      auth: { bearer: joao.grant.bearer, protocol: limits.PROTOCOL_VERSION },
    });
    await new Promise((resolve) => socket.once('snapshot', resolve));
    expect(await everybody(alice)).toEqual([
      'João Conceição online',
      'Bruno Barros',
      'Maria Silva',
      'Maria Silva',
    ]);
    socket.close();
  });
});

describe('resolve', () => {
  test('answers one result per item, in order', async () => {
    const found = await resolve(
      { email: 'BRUNO@example.org' },
      { email: 'nobody@example.org' },
      { number: '+351210000102' },
      { number: '1001' },
      { name: 'joao conceicao' },
      { personId: alice.grant.me.id },
      { personId: 'u-nobody' },
      { email: 'bruno@example.org' },
    );
    const bruno = 'Bruno Barros';
    expect(found).toEqual([
      bruno,
      null,
      bruno,
      'Alice Almeida',
      'João Conceição',
      'Alice Almeida',
      null,
      bruno,
    ]);
  });

  test('a name that two people have fits nobody, and neither does half a name', async () => {
    expect(await resolve({ name: 'Maria Silva' }, { name: 'Bruno' })).toEqual([null, null]);
  });

  test('takes 100 items and refuses 101, none, and anything else', async () => {
    const items = Array.from({ length: limits.RESOLVE_BATCH }, (_, n) => ({ number: `10${n}` }));
    expect(await resolve(...items)).toHaveLength(100);
    const bad = [
      { items: [...items, { number: '1' }] },
      { items: [] },
      { items: [{ number: '1001', email: 'a@b.c' }] },
      { items: [{ email: { $ne: '' } }] },
      { items: 'all' },
      {},
      [],
    ];
    for (const body of bad) {
      const init = { origin: MAIL, bearer: alice.grant.bearer, body };
      expect(await world.api('/api/people/resolve', init)).toMatchObject({ status: 400 });
    }
  });
});

describe('reach', () => {
  test('lists the ways, and says that none would ring when nobody is there', async () => {
    const [bruno] = (await get('/api/people?q=bruno')).body.people;
    const { body } = await get(`/api/people/${bruno.id}/reach`);
    expect(body).toEqual({
      personId: bruno.id,
      ways: [
        { kind: 'browser', via: 'room', available: false },
        { kind: 'extension', via: 'pbx', available: false },
        { kind: 'desk', via: 'pbx', available: false },
      ],
    });
  });

  test('nobody is NOT_FOUND, nonsense is INVALID_INPUT', async () => {
    expect(await get('/api/people/u-nobody/reach')).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    });
    expect(await get('/api/people/%24ne%20x/reach')).toMatchObject({ status: 400 });
  });
});

describe('PUT /api/me/availability', () => {
  const put = (body: unknown) =>
    world.api('/api/me/availability', { method: 'PUT', origin: MAIL, bearer: alice.grant.bearer, body });

  test('D2 is the own setting: told back, told to others, ended again', async () => {
    const joao = await world.signIn(JOAO);
    const seen = async () => {
      const { body } = await world.api('/api/people?q=alice', { origin: MAIL, bearer: joao.grant.bearer });
      return body.people[0].doNotDisturb;
    };
    expect(await seen()).toBeUndefined();
    const set = await put({ doNotDisturb: true, forMs: 3_600_000 });
    expect(set).toMatchObject({ status: 200, body: { doNotDisturb: true, forMs: 3_600_000 } });
    expect((await get('/api/me')).body).toMatchObject({ doNotDisturb: true });
    expect(await seen()).toBe(true);
    expect((await put({ doNotDisturb: false })).body).toEqual({ doNotDisturb: false });
    expect(await seen()).toBeUndefined();
    expect((await get('/api/me')).body).not.toHaveProperty('doNotDisturb');
  });

  test.each([
    undefined,
    {},
    { doNotDisturb: 'yes' },
    { doNotDisturb: true, forMs: 59_999 },
    { doNotDisturb: true, forMs: limits.DO_NOT_DISTURB_MS + 1 },
    { doNotDisturb: true, personId: 'u-somebody' },
  ])('%j is INVALID_INPUT', async (body) => {
    expect(await put(body)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
  });

  test('D2 a page of another site may ask by PUT', async () => {
    const { headers } = await world.api('/api/me/availability', { method: 'OPTIONS', origin: MAIL });
    expect(headers.get('Access-Control-Allow-Methods')).toContain('PUT');
  });
});

describe('authorisation', () => {
  const routes: [string, string, object?][] = [
    ['GET', '/api/me'],
    ['GET', '/api/people?q=a'],
    ['POST', '/api/people/resolve', { items: [{ number: '1001' }] }],
    ['GET', '/api/people/u-1/reach'],
    ['PUT', '/api/me/availability', { doNotDisturb: true }],
    ['DELETE', '/api/sessions/current'],
  ];
  const init = ([method, , body]: (typeof routes)[number]) => ({ method, ...(body ? { body } : {}) });

  test.each(routes)('%s %s needs a bearer of this origin', async (...route) => {
    const [, path] = route;
    const bearer = alice.grant.bearer;
    const without = await world.api(path, { ...init(route), origin: MAIL });
    expect(without).toMatchObject({ status: 401, body: { code: 'SIGNED_OUT' } });
    const forged = await world.api(path, { ...init(route), origin: MAIL, bearer: 'x'.repeat(43) });
    expect(forged).toMatchObject({ status: 401, body: { code: 'SIGNED_OUT' } });
    for (const origin of [INTRANET, 'https://evil.example', 'null']) {
      const elsewhere = await world.api(path, { ...init(route), origin, bearer });
      expect(elsewhere).toMatchObject({ status: 403, body: { code: 'ORIGIN_NOT_ALLOWED' } });
    }
    const noOrigin = await world.api(path, { ...init(route), bearer });
    expect(noOrigin).toMatchObject({ status: 403, body: { code: 'ORIGIN_NOT_ALLOWED' } });
  });
});
