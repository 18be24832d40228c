// TURN credentials as browsers get them, and what a real coturn makes of them.
import { type IceServer, limits } from '@ringtag/server/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allocate, hasTurnServer, startTurnServer, type TestTurnServer } from '../testing/turn-server.ts';
import { type Clock, createManualClock } from './clock.ts';
import { randomIds } from './ids.ts';
import { createIceServers } from './turn.ts';

const SECRET = 'a secret of hub and coturn';
const STUN: IceServer = { urls: 'stun:stun.example.com' };
const turn = { urls: ['turn:turn.example.com:3478'], secret: SECRET };

function handedOut(clock: Clock, personId?: string, secret = SECRET) {
  const iceServersFor = createIceServers({
    ...{ iceServers: [STUN], turn: { ...turn, secret }, clock, ids: randomIds },
  });
  const servers = iceServersFor(personId);
  const { username = '', credential = '' } = servers.at(-1) ?? {};
  return { servers, username, credential };
}

test('without TURN browsers get the servers of the configuration, as they are', () => {
  const iceServersFor = createIceServers({
    iceServers: [STUN],
    clock: createManualClock(),
    ids: randomIds,
  });
  expect(iceServersFor('u-alice')).toEqual([STUN]);
});

test('credentials run out after their time and follow the others', () => {
  const clock = createManualClock();
  const { servers, username } = handedOut(clock);
  expect(servers).toEqual([STUN, { urls: turn.urls, username, credential: expect.any(String) }]);
  expect(Number(username.split(':')[0])).toBe((clock.now() + limits.TURN_CREDENTIAL_MS) / 1_000);
});

test('credentials run out earlier where they are for less', () => {
  const clock = createManualClock();
  const iceServersFor = createIceServers({ iceServers: [], turn, clock, ids: randomIds });
  const [server] = iceServersFor('v-1', 60_000);
  expect(Number(server?.username?.split(':')[0])).toBe((clock.now() + 60_000) / 1_000);
});

test('a person is the same to the TURN server each time, and cannot be told from the username', () => {
  const clock = createManualClock();
  const names = ['u-alice', 'u-alice', 'u-bruno'].map((id) => handedOut(clock, id).username);
  expect(names[0]).toBe(names[1]);
  expect(names[0]).not.toBe(names[2]);
  expect(names.join()).not.toMatch(/alice|bruno/);
  expect(handedOut(clock).username).not.toBe(handedOut(clock).username);
});

const isThere = hasTurnServer();
describe.skipIf(!isThere)(`coturn${isThere ? '' : ' (no turnserver on this machine)'}`, () => {
  let server: TestTurnServer | undefined;
  const now = { now: () => Date.now(), after: () => () => {} };
  beforeAll(async () => {
    server = await startTurnServer(SECRET);
  });
  afterAll(() => server?.close());

  test('gives a relayed address for the credentials of the hub', async () => {
    expect(await allocate(server?.port ?? 0, handedOut(now, 'u-alice'))).toBe(0);
    expect(await allocate(server?.port ?? 0, handedOut(now))).toBe(0);
  });

  test('refuses them after their time, with another secret, and when somebody wrote a later time', async () => {
    const UNAUTHORIZED = 401;
    // By more than coturn's own clock, which goes by seconds, may be late.
    const old = { ...now, now: () => Date.now() - limits.TURN_CREDENTIAL_MS - 60_000 };
    expect(await allocate(server?.port ?? 0, handedOut(old))).toBe(UNAUTHORIZED);
    expect(await allocate(server?.port ?? 0, handedOut(now, 'u-alice', 'not the secret at all'))).toBe(
      UNAUTHORIZED,
    );
    const { username, credential } = handedOut(old);
    const later = username.replace(/^\d+/, (time) => String(Number(time) + 86_400));
    expect(await allocate(server?.port ?? 0, { username: later, credential })).toBe(UNAUTHORIZED);
  });
});
