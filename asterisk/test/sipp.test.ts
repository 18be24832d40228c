// sipp in the hands of a stranger: with a good ticket nothing but `visit` is reached, whatever is said; without the
// gate's token nothing is reached at all. What counts is which channels Asterisk made, not what it answered; and each
// test ends with a call by the same means that does reach `visit`, so that an attempt which was never heard fails.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { signGateToken } from '../../server/src/gate/token.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { dialStrings } from './dial-strings.ts';
import {
  ANOTHERS_NAME,
  type Attempt,
  BLOATED,
  FOREIGN_METHODS,
  LIES,
  METHODS_OF_A_CALL,
  TAKEOVER,
  TORN,
} from './sipp-attempts.ts';
import type { SippRelay } from './sipp-relay.ts';
import { runSipp, type SippRun, skipWithoutSipp } from './sipp-run.ts';
import { ORIGIN, openSippScene, SECRET, type SippScene, type Ticket } from './sipp-scene.ts';

// Deadlines against hanging, not measures: machines that run tests are busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const noSipp = skipWithoutSipp();
const { asterisk: found, skip: noAsterisk } = noSipp
  ? { asterisk: null, skip: noSipp }
  : await getAsteriskForTests();
const skip = noSipp ?? noAsterisk;
const asterisk = found as RunningAsterisk;

/** How long an attempt waits for an answer that may never come. */
const PATIENCE_MS = 1_500;
/** The gate takes 200 messages in ten seconds of a connection; a call that is refused has four. */
const CALLS_OF_A_CONNECTION = 40;
const WITHIN = { timeout: 60_000, interval: 25 };

const VISIT = 'sip:visit@ringtag';
/** What is dialled with whatever else is tried: the one name, an extension, an endpoint, the echo test. */
const NAMES = [VISIT, 'sip:1009@ringtag', 'sip:p-sales@ringtag', 'sip:600@ringtag'];

type Tried = Pick<SippRun, 'user' | 'uris' | 'answerTimeoutMs'> & {
  readonly attempts: readonly Attempt[];
};

describe.skipIf(skip)(`sipp${skip ? ` (${skip})` : ''}`, () => {
  let scene: SippScene;

  beforeAll(async () => {
    scene = await openSippScene(asterisk);
  });

  afterEach(() => scene.tidy());

  afterAll(async () => {
    await scene?.close();
    await asterisk?.stop();
  });

  /** By the gate, or straight to Asterisk's WebSocket, where no visitor gets: what the gate stops, it stops as well. */
  async function stranger(by: 'gate' | 'asterisk'): Promise<{ ticket: Ticket; relay: SippRelay }> {
    const ticket = await scene.ticket();
    return { ticket, relay: await scene.relay(by === 'gate' ? ticket.gateUrl : asterisk.wsUrl) };
  }

  /** Each attempt at each name, several at a time; settles when the other side was told of every one. */
  async function tryAll({ port, carried }: SippRelay, { attempts, ...run }: Tried): Promise<number> {
    const before = carried.length;
    const results = await inTurns(attempts, ({ method = 'INVITE', spoilt = {} }) =>
      runSipp({ ...run, port, transport: 'connections', method, spoilt }),
    );
    const tries = attempts.length * run.uris.length;
    expect(sum(results.map(({ begun }) => begun))).toBe(tries);
    await vi.waitFor(() => expect(carried.length - before).toBeGreaterThanOrEqual(tries), WITHIN);
    return sum(results.map(({ completed }) => completed));
  }

  it('2,000 dial strings reach nothing', async () => {
    const { ticket, relay } = await stranger('gate');
    const strings = dialStrings(10_000).filter(
      (text, index) => (index < 2_200 || index % 20 === 0) && isSayable(text),
    );
    expect(strings.length).toBeGreaterThan(2_000);
    expect(strings).toContain('1009');
    const uris = strings.map((text) => `sip:${text}@ringtag`);
    for (let from = 0; from < uris.length; from += CALLS_OF_A_CONNECTION) {
      const some = uris.slice(from, from + CALLS_OF_A_CONNECTION);
      const result = await runSipp({
        ...{ port: relay.port, transport: 'connection', user: ticket.user, uris: some },
      });
      expect(result).toEqual({ begun: some.length, completed: some.length });
    }
    const proven = relay.carried.filter(
      (text) => text.startsWith('INVITE') && text.includes('Authorization:'),
    );
    expect(new Set(proven.map((text) => text.split(' ')[1]))).toEqual(new Set(uris));
    expect(new Set(relay.answered)).toEqual(new Set([401, 404]));
    await scene.expectNothingButVisit(ticket, relay);
  });

  it('at the gate, whatever is no call, of another’s name, or no usual request is cut off', async () => {
    const { ticket, relay } = await stranger('gate');
    const attempts = [...FOREIGN_METHODS, TAKEOVER, ...ANOTHERS_NAME, ...BLOATED, ...TORN];
    await tryAll(relay, { ...ticket, attempts, uris: NAMES, answerTimeoutMs: PATIENCE_MS });
    const each = Array.from({ length: attempts.length * NAMES.length }, () => 1008);
    await vi.waitFor(() => expect(relay.ends).toEqual(each), WITHIN);
    expect(relay.answered).toEqual([]);
    await scene.expectNothingButVisit(ticket, relay);
  });

  it('what belongs to a call, said without one, is refused', async () => {
    const { ticket, relay } = await stranger('gate');
    const attempts = METHODS_OF_A_CALL;
    const refused = await tryAll(relay, { ...ticket, attempts, uris: NAMES });
    expect(refused).toBe(attempts.length * NAMES.length);
    await scene.expectNothingButVisit(ticket, relay);
  });

  it('without the gate Asterisk itself refuses what is no call, and another’s name', async () => {
    const { ticket, relay } = await stranger('asterisk');
    const attempts = [...FOREIGN_METHODS, ...METHODS_OF_A_CALL, ...ANOTHERS_NAME];
    const refused = await tryAll(relay, { ...ticket, attempts, uris: NAMES });
    expect(refused).toBe(attempts.length * NAMES.length);
    await scene.expectNothingButVisit(ticket, relay);
  });

  it('without the gate Asterisk outlives requests that are none, and believes no header', async () => {
    const { ticket, relay } = await stranger('asterisk');
    // What is bloated and no more may well reach `visit`.
    const uris = NAMES.filter((uri) => uri !== VISIT);
    await tryAll(relay, { ...ticket, attempts: BLOATED, uris });
    await tryAll(relay, { ...ticket, attempts: TORN, uris, answerTimeoutMs: PATIENCE_MS });
    const lying = { port: relay.port, spoilt: { HEADERS: LIES } };
    const { peer, headers } = await scene.expectNothingButVisit(ticket, lying);
    expect(peer).toMatch(/^"Sales" <sip:visitor@/);
    expect(JSON.stringify(headers)).not.toMatch(/evil|Liar|1001|geo:/);
  });

  it('without the gate’s token a good account reaches nothing', async () => {
    const ticket = await scene.ticket();
    const payload = {
      endpoint: ticket.user,
      origin: ORIGIN,
      kind: 'guest',
      expiresAtMs: Date.now() + 600_000,
    } as const;
    const tokens = [
      undefined,
      '',
      'e30.e30',
      signGateToken(payload, 'another secret, equally long as ours'),
      signGateToken({ ...payload, expiresAtMs: 1 }, SECRET),
    ];
    for (const token of tokens) {
      const query = token === undefined ? '' : `?token=${token}`;
      const relay = await scene.relay(`ws://127.0.0.1:${scene.gatePort}/sip${query}`);
      await runSipp({ ...ticket, port: relay.port, transport: 'connections', uris: NAMES });
      await vi.waitFor(() => expect(relay.ends).toEqual(NAMES.map(() => 401)), WITHIN);
      expect(relay.carried).toEqual([]);
    }
    await scene.expectNothingButVisit(ticket, await scene.relay(ticket.gateUrl));
  });

  it('straight at the ports of Asterisk and of the gate nothing is reached', async () => {
    const ticket = await scene.ticket();
    const udp = asterisk.sipUdpPort ?? 0;
    const ports = [Number(new URL(asterisk.wsUrl).port), asterisk.sipTlsPort, udp, scene.gatePort];
    // None of these speaks plain SIP over TCP.
    const direct = { transport: 'connections', mayBeReset: true, answerTimeoutMs: PATIENCE_MS } as const;
    for (const method of ['INVITE', 'MESSAGE'])
      await inTurns(ports, (port) => runSipp({ ...ticket, ...direct, port, method, uris: NAMES }));
    // sipp is on this machine, yet not at the gate's address, where alone a visitor's account is good; with everybody
    // else's name goes a password.
    const strangers: Pick<SippRun, 'user' | 'password'>[] = [
      { user: ticket.user },
      { user: 'p-sales', password: 'wrong' },
      { user: 'g-nobody' },
      { user: 'anonymous' },
    ];
    for (const method of ['INVITE', 'MESSAGE', 'SUBSCRIBE', 'REFER', 'REGISTER', 'OPTIONS']) {
      const results = await inTurns(strangers, (who) =>
        runSipp({ ...who, transport: 'udp', port: udp, method, uris: NAMES }),
      );
      const refused = { begun: NAMES.length, completed: NAMES.length };
      expect(results, method).toEqual(strangers.map(() => refused));
    }
    await scene.expectNothingButVisit(ticket, await scene.relay(ticket.gateUrl));
  });
});

/** Without what sipp takes for its own, and what is no address, to which nobody answers. */
const isSayable = (text: string): boolean => /^[!-~]{1,1000}$/.test(text) && !/[;@["]/.test(text);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** A few at a time; the results in the order of what was given. */
async function inTurns<T, R>(given: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = given.entries();
  const take = async (): Promise<void> => {
    for (const [index, one] of waiting) results[index] = await act(one);
  };
  await Promise.all(Array.from({ length: 4 }, take));
  return results;
}
