import type { SessionGrant, TokenRequest } from '@ringtag/server/protocol';
import { signedText } from '@ringtag/server/protocol/text';
import { beforeAll, expect, test } from 'vitest';
import { done, type Result, refused } from '../call/errors.ts';
import type { PhoneErrorCode } from '../call/phone.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createAuthorizedSend, type RequestOptions, type Send } from './api.ts';
import type { DeviceRecord, DeviceStore } from './device-key.ts';
import { createSession, type SessionState } from './session.ts';

let pair: CryptoKeyPair;
beforeAll(async () => {
  pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
});

const me = { id: 'u-1', name: 'Alice Almeida', numbers: [], online: true };

/** FakeHub stands in for the session routes; signatures are checked for real. */
function setUp(record?: DeviceRecord) {
  const clock = createManualClock();
  const states: SessionState[] = [];
  const stored = { record, retired: [] as DeviceRecord[], broken: false };
  const ends: string[] = [];
  const blocked: string[] = [];
  const hub = {
    asked: [] as string[],
    refusals: [] as PhoneErrorCode[],
    endRefusals: [] as PhoneErrorCode[],
    key: pair.publicKey,
    grants: 0,
  };
  const store = {
    load: async () => stored.record,
    save: async (saved: DeviceRecord) => {
      if (stored.broken) throw new DOMException('no room', 'QuotaExceededError');
      stored.record = saved;
    },
    retire: async (old: DeviceRecord) => {
      stored.record = undefined as never;
      stored.retired.push(old);
    },
    retired: async () => [...stored.retired],
    forgetRetired: async (sessionId: string) => {
      stored.retired = stored.retired.filter((old) => old.sessionId !== sessionId);
    },
    remove: async () => {
      stored.record = undefined as never;
    },
    savePending: async () => {},
    takePending: async () => undefined,
  } satisfies DeviceStore;
  const grant = (): Result<SessionGrant> =>
    done({ sessionId: 's-1', bearer: `b-${++hub.grants}`, bearerForMs: 900_000, sessionForMs: 1e9, me });
  const send = (async (path: string, { body }: RequestOptions = {}) => {
    hub.asked.push(path);
    const refusal = hub.refusals.shift();
    if (refusal) return refused(refusal);
    if (path === '/api/sessions/challenge') return done({ challenge: 'c'.repeat(32), validForMs: 60_000 });
    if (path === '/api/sessions') return grant();
    const { signature } = body as TokenRequest;
    const bytes = Uint8Array.from(atob(signature.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    const text = new TextEncoder().encode(signedText('c'.repeat(32), 's-1', 'https://mail.example'));
    const good = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, hub.key, bytes, text);
    return good ? grant() : refused('SIGN_IN_REFUSED');
  }) as Send;
  const session = createSession({
    hubUrl: 'https://hub.example',
    origin: 'https://mail.example',
    store,
    clock,
    send,
    endAtHub: async (bearer) => {
      ends.push(bearer);
      return hub.endRefusals.length ? refused(hub.endRefusals.shift() as PhoneErrorCode) : done(undefined);
    },
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    changed: (state) => states.push(state),
    blocked: (code) => blocked.push(code),
  });
  return { clock, session, states, stored, hub, ends, blocked };
}

const known = (): DeviceRecord => ({ sessionId: 's-1', key: pair.privateKey });

test('nothing stored is signed out, and the hub is not asked', async () => {
  const { session, hub } = setUp();
  await session.resume();
  expect(session.state).toEqual({ status: 'signed-out' });
  expect(hub.asked).toEqual([]);
});

test('S3: the stored key signs a fresh challenge bound to session and origin', async () => {
  const { session } = setUp(known());
  await session.resume();
  expect(session.state).toEqual({ status: 'signed-in', me });
  expect(await session.current()).toEqual(done('b-1'));
});

test('a browser that keeps the page from the hub is said to do so, and the hub is asked again', async () => {
  const { session, hub, clock, blocked } = setUp(known());
  hub.refusals = ['LOCAL_NETWORK_BLOCKED', 'HUB_UNREACHABLE'];
  const resumed = session.resume();
  await clock.advance(20_000);
  await resumed;
  expect(blocked).toEqual(['LOCAL_NETWORK_BLOCKED']);
  expect(session.state.status).toBe('signed-in');
});

test('a hub that is away is asked again until it is there; the key is kept', async () => {
  const { session, hub, clock, stored } = setUp(known());
  hub.refusals = ['HUB_UNREACHABLE', 'STORAGE_UNAVAILABLE'];
  const resumed = session.resume();
  await clock.advance(60_000);
  await resumed;
  expect(session.state.status).toBe('signed-in');
  expect(stored.record).toBeDefined();
});

test('S6: an ended session is signed out and its key forgotten', async () => {
  const { session, hub, stored } = setUp(known());
  hub.refusals = ['SIGNED_OUT'];
  await session.resume();
  expect(session.state).toEqual({ status: 'signed-out' });
  expect(stored.record).toBeUndefined();
});

test('one refused signature is tried again with a fresh challenge, a second one ends it', async () => {
  const once = setUp(known());
  once.hub.refusals = ['SIGN_IN_REFUSED'];
  await once.session.resume();
  expect(once.session.state.status).toBe('signed-in');
  const twice = setUp(known());
  const other = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ]);
  twice.hub.key = other.publicKey;
  await twice.session.resume();
  expect(twice.session.state.status).toBe('signed-out');
});

test('S4: the bearer is renewed before its end, once for everybody who waits', async () => {
  const { session, hub, clock } = setUp(known());
  await session.resume();
  await clock.advance(841_000);
  // Signatures are made on a thread of their own, whose time no clock of ours moves.
  await expect.poll(() => session.state.status === 'signed-in' && hub.grants).toBe(2);
  const bearer = await session.current();
  if (bearer.ok) session.discard(bearer.value);
  const both = await Promise.all([session.current(), session.current()]);
  expect(both).toEqual([done('b-3'), done('b-3')]);
});

test('a code becomes a session whose private key cannot be taken out', async () => {
  const { session, stored } = setUp();
  await session.resume();
  expect(await session.exchange('x'.repeat(43), 'v'.repeat(43))).toEqual(done(undefined));
  expect(stored.record?.sessionId).toBe('s-1');
  expect(stored.record?.key.extractable).toBe(false);
  expect(Object.keys(stored.record ?? {})).toEqual(['sessionId', 'key']);
});

test('a key that cannot be stored signs in for this page', async () => {
  const { session, stored } = setUp();
  await session.resume();
  stored.broken = true;
  expect(await session.exchange('x'.repeat(43), 'v'.repeat(43))).toEqual(done(undefined));
  expect(session.state).toEqual({ status: 'signed-in', me });
  expect(await session.current()).toEqual(done('b-1'));
});

test('who signs out is signed out at once, and the hub ends the session with the bearer at hand', async () => {
  const { session, stored, ends } = setUp(known());
  await session.resume();
  await session.signOut();
  expect(session.state).toEqual({ status: 'signed-out' });
  await expect.poll(() => stored.retired).toEqual([]);
  expect(ends).toEqual(['b-1']);
  expect(stored).toMatchObject({ record: undefined, retired: [] });
});

test('signed out without a network: the key stays, for nothing but to end the session when the hub is back', async () => {
  const { session, hub, stored, ends, clock } = setUp(known());
  await session.resume();
  hub.endRefusals = ['HUB_UNREACHABLE'];
  hub.refusals = ['HUB_UNREACHABLE'];
  await session.signOut();
  expect(session.state).toEqual({ status: 'signed-out' });
  expect(stored.record).toBeUndefined();
  expect(stored.retired).toHaveLength(1);
  await clock.advance(10);
  expect(stored.retired).toHaveLength(1);
  session.hurry();
  await expect.poll(() => stored.retired).toEqual([]);
  expect(ends).toEqual(['b-1', 'b-2']);
  expect(session.state).toEqual({ status: 'signed-out' });
});

test('the next page ends what an earlier one could not; a session that is over already is forgotten', async () => {
  for (const refusals of [[], ['SIGNED_OUT']] as PhoneErrorCode[][]) {
    const { session, hub, stored, ends } = setUp();
    stored.retired.push(known());
    hub.refusals = refusals;
    const open = refusals.length === 0;
    await session.resume();
    await expect.poll(() => stored.retired).toEqual([]);
    expect(ends).toHaveLength(open ? 1 : 0);
    expect(session.state).toEqual({ status: 'signed-out' });
  }
});

test('signing out with a bearer that has run out proves the device anew', async () => {
  const { session, hub, stored, ends } = setUp(known());
  await session.resume();
  hub.endRefusals = ['SIGNED_OUT'];
  await session.signOut();
  await expect.poll(() => stored.retired).toEqual([]);
  expect(ends).toEqual(['b-1', 'b-2']);
});

test('a refused bearer is renewed and the request repeated, once', async () => {
  const { session } = setUp(known());
  await session.resume();
  const used: string[] = [];
  const problem = { type: 'about:blank', title: 'SIGNED_OUT', status: 401, code: 'SIGNED_OUT' };
  const fetcher = (async (_: unknown, init: { headers: Record<string, string> }) => {
    used.push(init.headers.Authorization ?? '');
    return used.length === 1 ? Response.json(problem, { status: 401 }) : Response.json({ people: [] });
  }) as unknown as typeof fetch;
  const send = createAuthorizedSend('https://hub.example', session, fetcher);
  expect(await send('/api/people?q=a')).toEqual(done({ people: [] }));
  expect(used).toEqual(['Bearer b-1', 'Bearer b-2']);
});

test('what is no problem of ours is a hub that cannot be reached', async () => {
  const { session } = setUp(known());
  await session.resume();
  const answers: (() => Response)[] = [
    () => new Response('<html>Bad gateway</html>', { status: 502 }),
    () => new Response('not json'),
    () => {
      throw new TypeError('Failed to fetch');
    },
  ];
  for (const answer of answers) {
    const fetcher = (async () => answer()) as unknown as typeof fetch;
    const send = createAuthorizedSend('https://hub.example', session, fetcher);
    expect(await send('/api/me')).toEqual(refused('HUB_UNREACHABLE'));
  }
});
