import type { Snapshot } from '@ringtag/server/protocol';
import { beforeEach, expect, test } from 'vitest';
import { done, refused } from '../call/errors.ts';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import { createHubSocket, type HubSocketOptions, type WireSocket } from './socket.ts';

const SNAPSHOT = { protocol: 2, deviceId: 'd-1', ringing: [], room: null, pbx: false } as unknown as Snapshot;

/** The hub's side of one connection: it answers what it is asked, or nothing any more. */
class Connection {
  readonly listeners = new Map<string, (value?: unknown) => void>();
  readonly madeAtMs: number;
  answers = true;
  open = true;

  constructor(madeAtMs: number) {
    this.madeAtMs = madeAtMs;
  }

  asSocket(): WireSocket {
    return this as unknown as WireSocket;
  }

  on(event: string, listener: (value?: unknown) => void): void {
    this.listeners.set(event, listener);
  }

  removeAllListeners(): void {
    this.listeners.clear();
  }

  disconnect(): void {
    this.open = false;
  }

  timeout(): this {
    return this;
  }

  emitWithAck(): Promise<unknown> {
    return this.answers ? Promise.resolve({ ok: true }) : new Promise(() => {});
  }

  say(event: string, value?: unknown): void {
    this.listeners.get(event)?.(value);
  }
}

let connections: Connection[];
const latest = () => connections.at(-1) as Connection;

async function connected(overrides: Partial<HubSocketOptions> = {}) {
  const clock = createManualClock();
  const lost: number[] = [];
  const socket = createHubSocket({
    hubUrl: 'https://hub.example',
    bearers: { current: async () => done('bearer'), discard: () => {} },
    clock,
    snapshot: () => {},
    lost: () => lost.push(clock.now()),
    sessionEnded: () => {},
    refused: () => {},
    wire: () => {},
    load: async () => () => {
      const connection = new Connection(clock.now());
      connections.push(connection);
      return connection.asSocket();
    },
    ...overrides,
  });
  socket.open();
  await settle();
  latest().say('snapshot', SNAPSHOT);
  return { clock, socket, lost };
}

const signal = { callId: 'c-1', envelopes: [] } as unknown as Parameters<
  Awaited<ReturnType<typeof connected>>['socket']['signal']
>[0];

beforeEach(() => {
  connections = [];
});

test('a signal that the hub leaves unanswered for a second makes the page connect anew', async () => {
  const { clock, socket } = await connected();
  latest().answers = false;
  void socket.signal(signal);
  await clock.advance(900);
  expect(connections).toHaveLength(1);
  await clock.advance(200);
  expect(connections).toHaveLength(2);
  expect(connections[0]?.open).toBe(false);
});

test('a connection that answers is kept, however often it is doubted', async () => {
  const { clock, socket } = await connected();
  for (let turn = 0; turn < 5; turn += 1) {
    socket.hurry();
    void socket.signal(signal);
    await clock.advance(3_000);
  }
  expect(connections).toHaveLength(1);
});

test('the network is back: a connection that is dead without knowing it is replaced within a second', async () => {
  const { clock, socket } = await connected();
  latest().answers = false;
  socket.hurry();
  await clock.advance(1_100);
  expect(connections).toHaveLength(2);
});

test('a hub that is slow to answer gets more time at each turn, up to five seconds', async () => {
  const { clock, socket } = await connected();
  const waits: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    latest().answers = false;
    void socket.signal(signal);
    const before = connections.length;
    const askedAtMs = clock.now();
    while (connections.length === before) await clock.advance(100);
    waits.push(clock.now() - askedAtMs);
    latest().say('snapshot', SNAPSHOT);
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
});

/** Pauses of this many pages that lose the hub at once and find it away that often, before they try again. */
async function pauses(pages: number, failures: number): Promise<number[]> {
  const all: number[] = [];
  for (let page = 0; page < pages; page += 1) {
    const { clock } = await connected();
    latest().say('disconnect');
    for (let failure = 0; ; failure += 1) {
      const [known, sinceMs] = [connections.length, clock.now()];
      while (connections.length === known) await clock.advance(500);
      const next = connections[known] as Connection;
      if (failure === failures) {
        all.push(next.madeAtMs - sinceMs);
        break;
      }
      next.say('connect_error', new Error('refused'));
    }
  }
  return all;
}

test('pages that lose the hub at once come back spread, not in one burst, and no later than ten seconds', async () => {
  const early = await pauses(30, 0);
  expect(Math.max(...early) - Math.min(...early)).toBeGreaterThan(100);
  const late = await pauses(30, 6);
  expect(Math.max(...late) - Math.min(...late)).toBeGreaterThan(2_000);
  expect(Math.max(...late)).toBeLessThanOrEqual(10_000);
});

test('a connection that fails because the browser forbids it says so; one to a hub that is away does not', async () => {
  const told: string[] = [];
  let why: 'LOCAL_NETWORK_BLOCKED' | 'HUB_UNREACHABLE' = 'HUB_UNREACHABLE';
  const { clock } = await connected({ refused: (code) => told.push(code), why: async () => why });
  latest().say('connect_error', new Error('websocket error'));
  await clock.advance(20_000);
  expect(told).toEqual([]);
  why = 'LOCAL_NETWORK_BLOCKED';
  latest().say('connect_error', new Error('websocket error'));
  await settle();
  expect(told).toEqual(['LOCAL_NETWORK_BLOCKED']);
});

test('a bearer that the browser does not let through says so too', async () => {
  const told: string[] = [];
  await connected({
    refused: (code) => told.push(code),
    bearers: { current: async () => refused('LOCAL_NETWORK_BLOCKED'), discard: () => {} },
  }).catch(() => {});
  expect(told).toEqual(['LOCAL_NETWORK_BLOCKED']);
});
