import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PbxAccount } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../auth/authenticate.ts';
import type { SessionRecord } from '../auth/session.ts';
import { verifyGateToken } from '../gate/token.ts';
import type { PersonRecord } from '../people/person.ts';
import { createManualClock } from '../platform/clock.ts';
import { randomIds } from '../platform/ids.ts';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { createPbxAccounts, type PbxAccounts } from './accounts.ts';
import { digestHa1 } from './credentials.ts';
import { createDeskPhonePasswords } from './desk-phones.ts';
import { pbxRoutes } from './http.ts';
import type { Pbx, PbxEndpoint, PbxRoute } from './port.ts';
import { createPbxReach } from './reach.ts';

const ORIGIN = 'https://mail.example';
const GATE = { url: 'wss://calls.example/sip', secret: 'x'.repeat(40) };
const DAY_MS = 24 * 3_600_000;

/** Stands in for Asterisk (asterisk/test runs the real one): keeps what it was told, in order. */
function createRecordingPbx() {
  const endpoints = new Map<string, PbxEndpoint>();
  const routes = new Map<string, readonly string[]>();
  const busyUntilMs = new Map<string, number | undefined>();
  const registered = new Set<string>();
  const told: string[] = [];
  const put = (changed: readonly PbxRoute[]): void => {
    for (const route of changed) {
      routes.set(route.extension, route.endpoints);
      busyUntilMs.set(route.extension, route.busyUntilMs);
    }
  };
  const state = { available: true };
  const pbx: Pbx = {
    realm: 'ringtag',
    get available() {
      return state.available;
    },
    async replaceAll(all, allRoutes) {
      endpoints.clear();
      routes.clear();
      for (const endpoint of all) endpoints.set(endpoint.endpoint, endpoint);
      put(allRoutes);
      told.push('replaceAll');
    },
    async grant(endpoint, changed) {
      endpoints.set(endpoint.endpoint, endpoint);
      put(changed);
      told.push(`grant ${endpoint.endpoint}`);
    },
    async route(changed) {
      put(changed);
      told.push('route');
    },
    async revoke(endpoint, changed) {
      endpoints.delete(endpoint);
      put(changed);
      told.push(`revoke ${endpoint}`);
    },
    isRegistered: (endpoint) => registered.has(endpoint),
    isInCall: () => false,
    callsOf: () => 0,
    isTalking: () => false,
    on: () => () => {},
    close: async () => {},
  };
  return { pbx, endpoints, routes, busyUntilMs, registered, told, state };
}

let clock: ReturnType<typeof createManualClock>;
let storage: Storage;
let asterisk: ReturnType<typeof createRecordingPbx>;
let accounts: PbxAccounts;
let dir: string;
let faults: unknown[];

beforeEach(async () => {
  clock = createManualClock();
  dir = await mkdtemp(join(tmpdir(), 'ringtag-accounts-'));
  storage = await openSqliteStorage({ file: ':memory:' });
  await storage.people.seed([
    { key: 'alice', name: 'Alice Almeida', email: 'alice@corp.example', extension: '1001' },
    {
      key: 'bruno',
      name: 'Bruno Barros',
      email: 'bruno@corp.example',
      extension: '1002',
      deskPhone: 'p-bruno',
    },
    { key: 'carla', name: 'Carla Costa', email: 'carla@corp.example' },
  ]);
  asterisk = createRecordingPbx();
  faults = [];
  accounts = open();
});

afterEach(async () => {
  accounts.stop();
  await storage.close();
  await rm(dir, { recursive: true });
});

const deskPhones = () => createDeskPhonePasswords(join(dir, 'desk-phones.json'));
const open = (): PbxAccounts =>
  createPbxAccounts({
    storage,
    pbx: asterisk.pbx,
    clock,
    ids: randomIds,
    gate: GATE,
    deskPhones: deskPhones(),
    onFault: (fault) => faults.push(fault),
  });

const person = async (name: string): Promise<PersonRecord> => {
  const [found] = await storage.people.byEmails([`${name}@corp.example`]);
  if (!found) throw new Error(`No ${name}`);
  return found;
};

/** A signed-in device. */
async function signIn(name: string, endsAtMs = clock.now() + DAY_MS): Promise<Caller> {
  const owner = await person(name);
  const session: SessionRecord = {
    id: randomIds.next('s'),
    personId: owner.id,
    origin: ORIGIN,
    deviceName: 'Firefox on Linux',
    publicKey: { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) },
    createdAtMs: clock.now(),
    endsAtMs,
  };
  await storage.sessions.create(session);
  return { ok: true, session, person: owner };
}

const endpointOf = ({ session }: Caller): string => session.id.replace('s-', 'd-');

async function accountOf(caller: Caller): Promise<PbxAccount> {
  const account = await accounts.accountFor(caller);
  if ('ok' in account) throw new Error(`Refused: ${account.code}`);
  return account;
}

/** Lets promises that a clock's task began come to their end. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

async function endSession(caller: Caller): Promise<void> {
  await storage.sessions.end(caller.session.id, clock.now());
  await accounts.sessionEnded(caller.session.id);
}

describe('an account', () => {
  test('belongs to one device, is known to the PBX, and opens the gate for a minute', async () => {
    const alice = await signIn('alice');
    const account = await accountOf(alice);
    const endpoint = endpointOf(alice);
    expect(account).toMatchObject({ endpoint, realm: 'ringtag', extension: '1001' });
    expect(asterisk.endpoints.get(endpoint)).toMatchObject({
      kind: 'device',
      callerName: 'Alice Almeida',
      callerNumber: '1001',
      auths: [{ ha1: account.ha1 }],
    });
    expect(asterisk.routes.get('1001')).toEqual([endpoint]);
    const url = new URL(account.gateUrl);
    const token = verifyGateToken(url.searchParams.get('token') ?? '', GATE.secret, clock.now());
    expect(url.href.startsWith(`${GATE.url}?token=`)).toBe(true);
    expect(token).toEqual({ endpoint, origin: ORIGIN, kind: 'employee', expiresAtMs: clock.now() + 60_000 });
  });

  test('gives an extension to a person who has none', async () => {
    const account = await accountOf(await signIn('carla'));
    expect(account.extension).toMatch(/^\d{4}$/);
    expect(['1001', '1002']).not.toContain(account.extension);
    expect((await person('carla')).extension).toBe(account.extension);
  });

  test('is in storage before the PBX knows it', async () => {
    const alice = await signIn('alice');
    let stored: unknown;
    const { grant } = asterisk.pbx;
    asterisk.pbx.grant = async (endpoint, routes) => {
      stored = await storage.pbx.byEndpoint(endpoint.endpoint);
      await grant(endpoint, routes);
    };
    const { ha1 } = await accountOf(alice);
    expect(stored).toMatchObject({ auths: [{ ha1 }] });
  });

  test('is refused while there is no PBX', async () => {
    asterisk.state.available = false;
    expect(await accounts.accountFor(await signIn('alice'))).toMatchObject({ code: 'PBX_UNAVAILABLE' });
  });
});

describe('a rotation', () => {
  test('keeps the previous credentials for a minute, and never more than two', async () => {
    const alice = await signIn('alice');
    const auths = () => asterisk.endpoints.get(endpointOf(alice))?.auths.map((auth) => auth.ha1);
    const first = (await accountOf(alice)).ha1;
    const second = (await accountOf(alice)).ha1;
    expect(auths()).toEqual([first, second]);
    const third = (await accountOf(alice)).ha1;
    expect(auths()).toEqual([second, third]);
    clock.advance(59_999);
    await settled();
    expect(auths()).toEqual([second, third]);
    clock.advance(1);
    await settled();
    expect(auths()).toEqual([third]);
    expect(faults).toEqual([]);
  });

  test('asked for many times at once ends with one current credential in storage and PBX alike', async () => {
    const alice = await signIn('alice');
    const all = await Promise.all(Array.from({ length: 10 }, () => accountOf(alice)));
    const stored = await storage.pbx.byEndpoint(endpointOf(alice));
    expect(new Set(all.map((account) => account.ha1)).size).toBe(10);
    expect(stored?.auths).toHaveLength(2);
    expect(asterisk.endpoints.get(endpointOf(alice))?.auths).toEqual(stored?.auths);
  });
});

describe('D1 do not disturb', () => {
  const set = async (name: string, doNotDisturb: boolean, untilMs?: number) => {
    const { id } = await person(name);
    const until = untilMs === undefined ? {} : { untilMs };
    await storage.people.setAvailability(id, { doNotDisturb, ...until });
    await accounts.personChanged(id);
  };

  test('D1 makes extension and desk phone busy, for ever or until its time, and free again', async () => {
    await accounts.syncAll();
    await set('bruno', true);
    // People come from storage in no order.
    expect([...asterisk.busyUntilMs].sort(([a], [b]) => a.localeCompare(b))).toMatchObject([
      ['1001', undefined],
      ['1002', Number.POSITIVE_INFINITY],
      ['desk-1002', Number.POSITIVE_INFINITY],
    ]);
    await set('bruno', true, clock.now() + 60_000);
    expect(asterisk.busyUntilMs.get('1002')).toBe(clock.now() + 60_000);
    await set('bruno', false);
    expect(asterisk.busyUntilMs.get('desk-1002')).toBeUndefined();
    expect(asterisk.routes.get('1002')).toEqual(['p-bruno']);
  });

  test('D1 stays through a restart, and through a page that asks for its account just then', async () => {
    const alice = await signIn('alice');
    await Promise.all([set('alice', true), accountOf(alice)]);
    expect(asterisk.busyUntilMs.get('1001')).toBe(Number.POSITIVE_INFINITY);
    await accountOf(alice);
    expect(asterisk.busyUntilMs.get('1001')).toBe(Number.POSITIVE_INFINITY);
    accounts = open();
    await accounts.syncAll();
    expect(asterisk.busyUntilMs.get('1001')).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('an ended session', () => {
  test('S6 is revoked again and again, with growing pauses, until the PBX has been told', async () => {
    const alice = await signIn('alice');
    await accountOf(alice);
    const { revoke } = asterisk.pbx;
    let tries = 0;
    asterisk.pbx.revoke = async (endpoint, routes) => {
      tries += 1;
      if (tries < 4) throw new Error('the projection is locked');
      await revoke(endpoint, routes);
    };
    await endSession(alice);
    const pauses = [1_000, 2_000, 4_000];
    for (const [index, pause] of pauses.entries()) {
      expect([tries, asterisk.endpoints.has(endpointOf(alice))]).toEqual([index + 1, true]);
      expect(await storage.pbx.byEndpoint(endpointOf(alice))).toBeDefined();
      clock.advance(pause - 1);
      await settled();
      expect(tries).toBe(index + 1);
      clock.advance(1);
      await settled();
    }
    expect([tries, asterisk.endpoints.has(endpointOf(alice))]).toEqual([4, false]);
    expect(await storage.pbx.byEndpoint(endpointOf(alice))).toBeUndefined();
    expect(faults).toHaveLength(3);
    clock.advance(DAY_MS);
    await settled();
    expect(tries).toBe(4);
  });

  test('S6 that storage could not tell about at once is revoked later, and no longer once the hub stops', async () => {
    const [first, second] = [await signIn('alice'), await signIn('alice')];
    await accountOf(first);
    await accountOf(second);
    const { byEndpoint } = storage.pbx;
    const away = async () => Promise.reject(new Error('storage is away'));
    storage.pbx.byEndpoint = away;
    await endSession(first);
    storage.pbx.byEndpoint = byEndpoint;
    clock.advance(1_000);
    await settled();
    expect(asterisk.endpoints.has(endpointOf(first))).toBe(false);
    storage.pbx.byEndpoint = away;
    await endSession(second);
    accounts.stop();
    storage.pbx.byEndpoint = byEndpoint;
    clock.advance(DAY_MS);
    await settled();
    expect(asterisk.endpoints.has(endpointOf(second))).toBe(true);
  });

  test('S6 its credentials go from the PBX, then from storage, and its extension no longer rings it', async () => {
    const [mail, intranet] = [await signIn('alice'), await signIn('alice')];
    await accountOf(mail);
    await accountOf(intranet);
    expect(asterisk.routes.get('1001')?.toSorted()).toEqual(
      [endpointOf(mail), endpointOf(intranet)].toSorted(),
    );
    await endSession(mail);
    expect(asterisk.told.at(-1)).toBe(`revoke ${endpointOf(mail)}`);
    expect([...asterisk.endpoints.keys()]).toEqual([endpointOf(intranet)]);
    expect(asterisk.routes.get('1001')).toEqual([endpointOf(intranet)]);
    expect(await storage.pbx.byEndpoint(endpointOf(mail))).toBeUndefined();
  });

  test('gets no account any more, not even one that was asked for at the same moment', async () => {
    const alice = await signIn('alice');
    await accountOf(alice);
    await storage.sessions.end(alice.session.id, clock.now());
    const [, account] = await Promise.all([
      accounts.sessionEnded(alice.session.id),
      accounts.accountFor(alice),
    ]);
    expect(account).toMatchObject({ code: 'SIGNED_OUT' });
    expect(asterisk.endpoints.size).toBe(0);
    clock.advance(120_000);
    await settled();
    expect(asterisk.endpoints.size).toBe(0);
  });

  test('that never had an account is no fault', async () => {
    await endSession(await signIn('alice'));
    await accounts.sessionEnded('s-unknown');
  });
});

describe('a hub that starts', () => {
  test('gives the PBX what storage holds: live sessions and desk phones, and nothing that has ended', async () => {
    const [live, ended] = [await signIn('alice'), await signIn('bruno')];
    const short = await signIn('alice', clock.now() + 1_000);
    const { ha1 } = await accountOf(live);
    await accountOf(ended);
    await accountOf(short);
    accounts.stop();
    // The hub is away; a session is ended and another runs out meanwhile.
    await storage.sessions.end(ended.session.id, clock.now());
    clock.advance(2_000);
    asterisk = createRecordingPbx();
    accounts = open();
    await accounts.syncAll();
    expect([...asterisk.endpoints.keys()].toSorted()).toEqual([endpointOf(live), 'p-bruno'].toSorted());
    expect(asterisk.endpoints.get(endpointOf(live))?.auths).toMatchObject([{ ha1 }]);
    expect(Object.fromEntries(asterisk.routes)).toEqual({
      1001: [endpointOf(live)],
      1002: ['p-bruno'],
      'desk-1002': ['p-bruno'],
    });
    const password = await deskPhones().passwordFor('p-bruno');
    const expected = digestHa1({ user: 'p-bruno', realm: 'ringtag', password });
    expect(asterisk.endpoints.get('p-bruno')?.auths).toMatchObject([{ ha1: expected }]);
    expect(await storage.pbx.byEndpoint(endpointOf(ended))).toBeUndefined();
  });

  test('gives an extension to a person who has only a desk phone', async () => {
    await storage.people.seed([
      { key: 'duarte', name: 'Duarte Dias', email: 'duarte@corp.example', deskPhone: 'p-duarte' },
    ]);
    await accounts.syncAll();
    const { extension = '' } = await person('duarte');
    expect(extension).toMatch(/^\d{4}$/);
    expect(asterisk.routes.get(`desk-${extension}`)).toEqual(['p-duarte']);
  });

  test('forgets a rotation’s previous credential at its time, not a minute after the start', async () => {
    const alice = await signIn('alice');
    await accountOf(alice);
    const { ha1 } = await accountOf(alice);
    accounts.stop();
    clock.advance(30_000);
    accounts = open();
    await accounts.syncAll();
    expect(asterisk.endpoints.get(endpointOf(alice))?.auths).toHaveLength(2);
    clock.advance(30_000);
    await settled();
    expect(asterisk.endpoints.get(endpointOf(alice))?.auths).toMatchObject([{ ha1 }]);
  });
});

describe('desk phone passwords', () => {
  test('are made once, kept, and readable by the owner of the file alone', async () => {
    const first = deskPhones();
    const made = await Promise.all(['p-a', 'p-b', 'p-a'].map((endpoint) => first.passwordFor(endpoint)));
    expect(made[0]).toBe(made[2]);
    expect(made[0]).not.toBe(made[1]);
    expect(made[0]).toMatch(/^[a-z2-9]{16}$/);
    expect(await deskPhones().passwordFor('p-a')).toBe(made[0]);
    expect((await stat(join(dir, 'desk-phones.json'))).mode & 0o777).toBe(0o600);
  });

  test('chosen by the operator are used, and a broken file is not overwritten', async () => {
    const file = join(dir, 'desk-phones.json');
    await writeFile(file, '{"p-a": "chosen by hand"}');
    expect(await deskPhones().passwordFor('p-a')).toBe('chosen by hand');
    await writeFile(file, '{"p-a": ');
    await expect(deskPhones().passwordFor('p-a')).rejects.toThrow();
    expect(await readFile(file, 'utf8')).toBe('{"p-a": ');
  });
});

test('POST /api/pbx/account answers the signed-in device, and nobody else', async () => {
  const alice = await signIn('alice');
  const router = pbxRoutes({
    accounts,
    authenticate: async (bearer) => (bearer === 'good' ? alice : { ok: false, code: 'SIGNED_OUT' }),
    iceServers: (personId) => [{ urls: `stun:${personId}.example` }],
  });
  const ask = (bearer: string) =>
    router.request('/api/pbx/account', { method: 'POST', headers: { Authorization: `Bearer ${bearer}` } });
  const granted = await ask('good');
  expect([granted.status, granted.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
  expect(await granted.json()).toMatchObject({
    endpoint: endpointOf(alice),
    iceServers: [{ urls: `stun:${alice.person.id}.example` }],
  });
  const refused = await ask('bad');
  expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'SIGNED_OUT' }]);
  asterisk.state.available = false;
  const absent = await ask('good');
  expect([absent.status, await absent.json()]).toMatchObject([503, { code: 'PBX_UNAVAILABLE' }]);
});

test('a person is reachable by telephone while anything their extension rings is registered', async () => {
  const reach = createPbxReach({ pbx: asterisk.pbx, storage, clock });
  const [alice, bruno] = [await signIn('alice'), await signIn('bruno')];
  expect(await reach.anyRegistered(alice.person)).toBe(false);
  asterisk.registered.add(endpointOf(alice));
  expect([await reach.anyRegistered(alice.person), reach.deskRegistered(alice.person)]).toEqual([
    true,
    false,
  ]);
  asterisk.registered.add('p-bruno');
  expect([await reach.anyRegistered(bruno.person), reach.deskRegistered(bruno.person)]).toEqual([true, true]);
});
