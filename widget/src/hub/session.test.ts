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
  const stored = { record };
  const hub = { asked: [] as string[], refusals: [] as PhoneErrorCode[], key: pair.publicKey, grants: 0 };
  const store = {
    load: async () => stored.record,
    save: async (saved: DeviceRecord) => {
      stored.record = saved;
    },
    remove: async () => {
      stored.record = undefined as never;
    },
  } as DeviceStore;
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
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    changed: (state) => states.push(state),
  });
  return { clock, session, states, stored, hub };
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
