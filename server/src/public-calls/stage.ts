// For tests of visits: the part as a whole behind the hub's real HTTP face, on real storage, with a clock that stands
// still. Tickets, limits and the telephone exchange are stand-ins whose state the test sets.
import {
  Destination,
  type DestinationInput,
  type Intent,
  type QualityReport,
  refuse,
  type VisitEvent,
  type VisitRating,
} from '@ringtag/server/protocol';
import { createApp } from '../app.ts';
import type { Authenticate, Caller } from '../auth/authenticate.ts';
import { openStage, type StageDevice, settle } from '../calls/stage.ts';
import { randomIds } from '../platform/ids.ts';
import { silentLogger } from '../platform/logger.ts';
import { createMetrics } from '../platform/metrics.ts';
import type { Storage } from '../storage/port.ts';
import { createFakeLine, type FakeLine } from '../testing/fake-line.ts';
import { agentRoutes } from './agent-routes.ts';
import { createDestinationPeople } from './destination-people.ts';
import { createDestinations, type DestinationRegister } from './destinations.ts';
import { leftRoutes } from './left-routes.ts';
import type { TicketRecord } from './ports.ts';
import { createVisitHome } from './visit-home.ts';
import { visitRoutes } from './visit-routes.ts';
import { createPublicVisits, type PublicVisits } from './visits.ts';

export const SHOP = 'https://shop.example.test';
/** Another page that carries the button. */
export const BLOG = 'https://blog.example.test';
export const OFFICE = 'https://mail.example.test';

export interface VisitorPage {
  readonly visitId: string;
  readonly key: string;
  /** Opens the stream of events, in place of the one before. */
  listen(): Promise<void>;
  /** The stream breaks. */
  vanish(): Promise<void>;
  /** Everything heard so far. */
  readonly events: VisitEvent[];
  /** The newest of this type; fails where there is none. */
  heard<T extends VisitEvent['type']>(type: T): Extract<VisitEvent, { type: T }>;
  types(): string[];
  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>;
  isOpen(): boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  readonly body: any;
}

export interface VisitsStage {
  readonly clock: { now(): number; advance(ms: number): void; leap(ms: number): void };
  readonly line: FakeLine;
  readonly destinations: DestinationRegister;
  readonly visits: PublicVisits;
  /** By the key of `calls/stage.ts`: alice, bruno, carla, dora. */
  device(key: string): StageDevice;
  /** Who could be rung, by key. */
  readonly reachable: Set<string>;
  readonly busy: Set<string>;
  /** Places left of the public's share. */
  readonly share: { left: number };
  /** What was counted as a stranger's act, in order. */
  readonly acts: string[];
  /** Acts that are one too many from now on. */
  readonly tooOften: Set<string>;
  /** What the records of calls were told, in order. */
  readonly told: readonly Told[];
  /** For how long relays were handed out, in milliseconds. */
  readonly relays: (number | undefined)[];
  ticket(intent?: Intent, over?: Partial<TicketRecord>): string;
  visit(intent?: Intent, over?: Partial<TicketRecord>): Promise<VisitorPage>;
  /** A request as it comes over the wire. */
  ask(path: string, init: AskInit): Promise<Answer>;
  /** Time passes, and all that follows from it. */
  pass(ms: number): Promise<void>;
  settle(): Promise<void>;
  /** As after `kill -9`. */
  restart(afterMs?: number): Promise<void>;
  close(): Promise<void>;
}

export interface Told {
  readonly visitId: string;
  readonly report?: QualityReport;
  readonly rating?: VisitRating;
}

export interface AskInit {
  readonly method?: string;
  readonly origin?: string;
  readonly bearer?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export function destination(over: Partial<DestinationInput> = {}): Destination {
  return Destination.parse({
    id: 'sales',
    texts: { en: { label: 'Talk to sales' }, pt: { label: 'Fale com as vendas' } },
    ring: { people: ['alice@example.test', 'bruno@example.test'] },
    capacity: 2,
    queue: 5,
    maxMinutes: 10,
    origins: [SHOP, BLOG],
    ...over,
  });
}

export async function openVisitsStage(
  storage: Storage,
  all: readonly Destination[] = [destination()],
): Promise<VisitsStage> {
  const calls = await openStage(storage);
  const line = createFakeLine();
  const tickets = new Map<string, TicketRecord>();
  const spent = new Set<string>();
  const [reachable, busy] = [new Set(['alice', 'bruno']), new Set<string>()];
  const share = { left: 100 };
  const acts: string[] = [];
  const tooOften = new Set<string>();
  const told: Told[] = [];
  const relays: (number | undefined)[] = [];
  const devices = new Map<string, StageDevice>();
  /** Stands in for `auth/sessions.ts`: the bearer is the device's name. */
  const authenticate: Authenticate = async (bearer, origin) => {
    const caller: Caller | undefined = devices.get(bearer ?? '')?.caller;
    if (!caller) return refuse('SIGNED_OUT');
    return origin === OFFICE ? caller : refuse('ORIGIN_NOT_ALLOWED');
  };

  let hub = await begin();

  async function begin() {
    const { clock } = calls;
    const destinations = createDestinations({
      file: all,
      store: storage.destinations,
      clock,
      logger: silentLogger,
    });
    await destinations.start();
    const visits = createPublicVisits({
      storage,
      destinations,
      destinationPeople: createDestinationPeople({ people: storage.people, firstExtension: 1001 }),
      tickets: {
        async spend(secret, origin) {
          const ticket = tickets.get(secret);
          if (!ticket) return refuse('TICKET_INVALID');
          if (spent.has(secret)) return refuse('TICKET_USED');
          spent.add(secret);
          return ticket.source.origin === origin ? ticket : refuse('TICKET_FOREIGN');
        },
        async giveBack(secret) {
          spent.delete(secret);
        },
      },
      capacity: {
        async hold() {
          if (share.left < 1) return refuse('RATE_LIMITED', { state: 'hub', retryAfterMs: 5_000 });
          share.left -= 1;
          return {
            ok: true,
            release() {
              share.left += 1;
            },
          };
        },
      },
      attempts: {
        async take(act) {
          acts.push(act);
          return tooOften.has(act)
            ? refuse('RATE_LIMITED', { state: 'origin', retryAfterMs: 60_000 })
            : { ok: true };
        },
        look: async () => ({ ok: true }),
        press: async () => ({ ok: true }),
      },
      toll: { ask: async () => undefined },
      guestLine: line,
      connections: calls.connections,
      isReachable: async ({ name }) => reachable.has(name),
      isBusy: ({ name }) => busy.has(name),
      iceServers(_, validForMs) {
        relays.push(validForMs);
        return [{ urls: 'stun:stun.example.test' }];
      },
      callRecords: {
        async sounded(visitId, report) {
          told.push({ visitId, report });
          return { ok: true };
        },
        rated: (visitId, rating) => void told.push({ visitId, rating }),
      },
      clock,
      ids: randomIds,
      home: createVisitHome({ hubId: 'hub-1', ids: randomIds }),
      logger: silentLogger,
    });
    await visits.start();
    return { visits, destinations, app: face(visits, destinations) };
  }

  function face(visits: PublicVisits, destinations: DestinationRegister) {
    const { service, desk, left } = visits;
    return createApp({
      publicUrl: 'https://hub.example.test',
      allowedOrigins: [OFFICE],
      public: {
        knowsOrigin: destinations.knowsOrigin,
        guard: (_, next) => next(),
        answered() {},
      },
      logger: silentLogger,
      metrics: createMetrics(),
      health: { storage: async () => true, identityProvider: async () => true, pbx: () => 'up' },
      routers: [
        visitRoutes({ service, clock: calls.clock }),
        leftRoutes({ service, left }),
        agentRoutes({ desk, left, authenticate }),
      ],
      widgetDir: '/nonexistent',
    });
  }

  async function request(path: string, init: AskInit): Promise<Response> {
    const { origin, bearer, body } = init;
    const isBytes = body instanceof Uint8Array;
    const headers: Record<string, string> = {
      ...(origin === undefined ? {} : { Origin: origin }),
      ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
      ...(body === undefined || isBytes ? {} : { 'Content-Type': 'application/json' }),
      ...init.headers,
    };
    const sent = isBytes ? Buffer.from(body) : JSON.stringify(body);
    return hub.app.request(path, {
      method: init.method ?? (body === undefined ? 'GET' : 'POST'),
      headers,
      ...(body === undefined ? {} : { body: sent }),
    });
  }

  async function ask(path: string, init: AskInit): Promise<Answer> {
    const response = await request(path, init);
    const { status, headers } = response;
    const isJson = /json/.test(headers.get('Content-Type') ?? '');
    const body = isJson ? await response.json() : new Uint8Array(await response.arrayBuffer());
    await settle();
    return { status, headers, body };
  }

  let visitors = 0;
  function ticket(intent: Intent = 'call', over: Partial<TicketRecord> = {}): string {
    const secret = randomIds.secret();
    visitors += 1;
    tickets.set(secret, {
      id: `hash-of-${secret}`,
      destinationId: 'sales',
      intent,
      // Visitors are no neighbours of each other.
      source: { address: '192.0.2.7', port: 40_000, network: `10.0.${visitors}.7`, origin: SHOP },
      context: { url: `${SHOP}/boots`, language: 'pt', data: [{ key: 'cart', value: '3' }] },
      expiresAtMs: calls.clock.now() + 90_000,
      ...over,
    });
    return secret;
  }

  async function visit(intent: Intent = 'call', over: Partial<TicketRecord> = {}): Promise<VisitorPage> {
    const answer = await ask('/api/public/visits', { origin: SHOP, body: { ticket: ticket(intent, over) } });
    if (answer.status !== 201) throw new Error(`no visit: ${JSON.stringify(answer.body)}`);
    const page = createPage(answer.body, { request, ask });
    await page.listen();
    return page;
  }

  return {
    get clock() {
      return calls.clock;
    },
    get destinations() {
      return hub.destinations;
    },
    get visits() {
      return hub.visits;
    },
    ...{ line, reachable, busy, share, acts, tooOften, told, relays, ticket, visit, ask, settle },
    device(key) {
      const device = devices.get(key) ?? calls.device(key, key);
      devices.set(key, device);
      return device;
    },
    async pass(ms) {
      // In steps, as timers that follow from timers come in between; longer ones where much time passes.
      const step = Math.max(500, ms / 100);
      for (let left = ms; left > 0; left -= step) {
        calls.clock.advance(Math.min(step, left));
        await settle();
      }
    },
    async restart(afterMs = 0) {
      hub.visits.farewell();
      await settle();
      await calls.restart(afterMs);
      hub.destinations.stop();
      hub = await begin();
    },
    async close() {
      await hub.visits.stop();
      hub.destinations.stop();
      await calls.calls.stop();
      await storage.close();
    },
  };
}

interface Wire {
  readonly request: (path: string, init: AskInit) => Promise<Response>;
  readonly ask: (path: string, init: AskInit) => Promise<Answer>;
}

function createPage({ visitId, key }: { visitId: string; key: string }, wire: Wire): VisitorPage {
  const events: VisitEvent[] = [];
  const base = `/api/public/visits/${visitId}`;
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  async function read(mine: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    let text = '';
    for (;;) {
      const { done, value } = await mine.read();
      if (done) break;
      text += Buffer.from(value).toString();
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block.startsWith('data: ')) events.push(JSON.parse(block.slice(6)) as VisitEvent);
      }
    }
    if (reader === mine) reader = undefined;
  }

  return {
    visitId,
    key,
    events,
    async listen() {
      const response = await wire.request(`${base}/events`, { origin: SHOP, bearer: key });
      if (!response.body || response.status !== 200) throw new Error(`no stream: ${response.status}`);
      reader = response.body.getReader();
      void read(reader);
      await settle();
    },
    async vanish() {
      const gone = reader;
      reader = undefined;
      await gone?.cancel();
      await settle();
    },
    heard(type) {
      const found = events.findLast((event) => event.type === type);
      if (!found) throw new Error(`the page heard no ${type}: ${events.map((event) => event.type)}`);
      return found as never;
    },
    types: () => events.map(({ type }) => type),
    ask: (method, path, body) =>
      wire.ask(base + path, {
        ...{ method, origin: SHOP, bearer: key },
        ...(body === undefined ? {} : { body }),
      }),
    isOpen: () => reader !== undefined,
  };
}
