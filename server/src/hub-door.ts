// The part of the composition root that stands before the public: destinations, tickets, proofs, limits, blocked
// networks. Visits are composed on top of it, and told to it by `live`.
import type { IncomingMessage, RequestListener } from 'node:http';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Authenticate } from './auth/authenticate.ts';
import type { Config } from './config.ts';
import { FIRST_EXTENSION } from './pbx/stored.ts';
import { createClientAddress, networkOf, proxiesOf } from './platform/client-address.ts';
import type { Clock } from './platform/clock.ts';
import { mayAsk } from './platform/cross-origin.ts';
import type { EdgeEnv } from './platform/edge.ts';
import { httpFetch } from './platform/http-fetch.ts';
import type { Ids } from './platform/ids.ts';
import { createKnocks } from './platform/knocks.ts';
import type { Logger } from './platform/logger.ts';
import type { Metrics } from './platform/metrics.ts';
import { memoryRateLimiters } from './platform/rate-limiter.ts';
import { type Connected, createSocketCap, type SocketCap } from './platform/socket-cap.ts';
import { type Admission, createAdmission } from './public-calls/admission.ts';
import { createFront, type FrontOptions } from './public-calls/admission-front.ts';
import { publicDoor } from './public-calls/admission-guard.ts';
import { createKeyCheck } from './public-calls/admission-keys.ts';
import { createKnockDoor, type KnockDoor } from './public-calls/admission-knock.ts';
import { createLoad } from './public-calls/admission-load.ts';
import { type AdmissionWatch, createAdmissionWatch } from './public-calls/admission-watch.ts';
import { type Blocks, createBlocks } from './public-calls/blocks.ts';
import type { LiveFigures } from './public-calls/destination-card.ts';
import { createDestinationPeople, type DestinationPeople } from './public-calls/destination-people.ts';
import { createDestinations, type DestinationRegister } from './public-calls/destinations.ts';
import type { Tickets, Toll } from './public-calls/ports.ts';
import { createSiteVerifier } from './public-calls/proof-site.ts';
import { createWorkVerifier } from './public-calls/proof-work.ts';
import { createRefusedOrigins, type RefusedOrigins } from './public-calls/refused-origins.ts';
import { ticketRoutes } from './public-calls/ticket-routes.ts';
import { createTicketService, type TicketService } from './public-calls/ticket-service.ts';
import { createTickets, type TicketOffice } from './public-calls/tickets.ts';
import type { VisitRecord } from './public-calls/visit.ts';
import { createVisitHome } from './public-calls/visit-home.ts';
import type { Storage } from './storage/port.ts';

export interface DoorOptions {
  readonly config: Config;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How a destination is now; asked for every card and every ticket. */
  readonly live: (destinationId: string) => Promise<LiveFigures>;
  /** How many wait there now. */
  readonly waitingAt: (destinationId: string) => number;
  /** A visit as the hub holds it in memory. */
  readonly recordOf: (visitId: string) => VisitRecord | undefined;
  readonly authenticate: Authenticate;
}

/** What the public comes through, and what visits take from it. */
export interface Door {
  readonly destinations: DestinationRegister;
  readonly people: DestinationPeople;
  readonly tickets: Tickets;
  readonly toll: Toll;
  readonly admission: Admission;
  readonly blocks: Blocks;
  readonly watch: AdmissionWatch;
  /** Pages that asked, and are not listed. */
  readonly refusedOrigins: RefusedOrigins;
  /** What the server listens with, in front of everything else. */
  front(inner: RequestListener): RequestListener;
  /** A connection that was opened. */
  connected(socket: Connected): void;
  /** Whether a socket's handshake is looked at, at all. */
  allows(request: IncomingMessage): boolean;
  /** The request was somebody's who is signed in. */
  recognised(request: object): void;
  /** Of `/api/public/*`. */
  readonly guard: MiddlewareHandler<EdgeEnv>;
  readonly routers: readonly OpenAPIHono<EdgeEnv>[];
  stop(): Promise<void>;
}

/** Reads what is kept, and goes on reading it. */
export async function composeDoor(options: DoorOptions): Promise<Door> {
  const { config, storage, clock, ids, logger, metrics } = options;
  const { public: settings, mongodbUrl } = config;
  const destinations = createDestinations({
    ...{ file: settings.destinations, store: storage.destinations, clock, logger },
  });
  const blocks = createBlocks({ store: storage.blocks, clock, ids, logger });
  const sharedLimiters = await openLimiters(mongodbUrl);
  const admission = createAdmission({
    ...{ limits: settings.limits, isBlocked: blocks.isBlocked },
    ...{ ownLimiters: memoryRateLimiters, sharedLimiters },
  });
  metrics.gauge('ringtag_public_visits', 'Visits of the public now', () => admission.held);
  const watch = composeWatch(options);
  const office = await composeOffice(options, { destinations, admission });
  const { tickets } = office;
  const refusedOrigins = createRefusedOrigins({ destinations, clock });
  const onForeign = refusedOrigins.note;
  const passed = new WeakSet<object>();
  const sockets = composeSockets(options);
  const knowSocket = (request: object) => sockets.know((request as IncomingMessage).socket);
  const knocking = composeKnocking(options, { destinations, watch });
  const judged = composeJudgement(options, { destinations, admission, watch, ...office });
  await destinations.start();
  await blocks.start();
  tickets.start();
  return {
    ...{ destinations, tickets, admission, blocks, watch, refusedOrigins, toll: office.service.toll },
    people: createDestinationPeople({ people: storage.people, firstExtension: FIRST_EXTENSION }),
    front: (inner) =>
      createFront({ ...judged, passed, onForeign }, { inner, others: knocking.listener(inner) }),
    connected: sockets.enter,
    allows: knocking.allows,
    recognised(request) {
      knocking.recognise(request);
      knowSocket(request);
    },
    guard: publicDoor({ admission, passed, onStream: knowSocket }),
    routers: [ticketRoutes({ ...office, onForeign })],
    async stop() {
      destinations.stop();
      blocks.stop();
      tickets.stop();
      await sharedLimiters.close();
    },
  };
}

function composeWatch({
  clock,
  logger,
  metrics,
}: Pick<DoorOptions, 'clock' | 'logger' | 'metrics'>): AdmissionWatch {
  const refused = metrics.counter(
    'ringtag_public_refusals_total',
    'Requests of the public refused, by code',
    ['code'],
  );
  const watch = createAdmissionWatch({ clock, logger, onRefused: (code) => refused({ code }) });
  metrics.gauge('ringtag_public_anomaly', 'Whether far more of the public are refused than usual', () =>
    Number(watch.summary().isOdd),
  );
  return watch;
}

/** Where tickets are given: the office, and the service that decides. */
interface Office {
  readonly tickets: TicketOffice;
  readonly service: TicketService;
}

async function composeOffice(
  { config, storage, clock, ids, logger, live, waitingAt }: DoorOptions,
  { destinations, admission }: Pick<Door, 'destinations' | 'admission'>,
): Promise<Office> {
  const { public: settings, publicUrl: ownOrigin } = config;
  const { challenge } = settings;
  const key = await storage.tickets.proofKey(ids.secret());
  const tickets = createTickets({ key, store: storage.tickets, clock, ids, logger });
  const work = createWorkVerifier({ key, store: storage.tickets, clock, ids });
  const verifier =
    challenge.kind === 'work'
      ? work
      : createSiteVerifier({ config: challenge, work, fetch: httpFetch, clock, logger });
  const service = createTicketService({
    ...{ destinations, tickets, attempts: admission, verifier, live, clock, ownOrigin },
    load: createLoad(settings.limits.workFrom),
    queueFill: (id) => waitingAt(id) / Math.max(destinations.byId(id)?.queue ?? 0, 1),
  });
  return { tickets, service };
}

function composeSockets({ config, metrics }: Pick<DoorOptions, 'config' | 'metrics'>): SocketCap {
  const { limits, trustedProxies } = config.public;
  const sockets = createSocketCap({
    ...{ bounds: limits.connections, networkOf },
    isProxy: proxiesOf(trustedProxies).has,
  });
  metrics.gauge(
    'ringtag_strangers_connections',
    'Connections on which nobody is known',
    () => sockets.strangers,
  );
  return sockets;
}

/** What the front judges the public by. */
function composeJudgement(
  options: DoorOptions,
  {
    destinations,
    admission,
    watch,
    tickets,
    service,
  }: Pick<Door, 'destinations' | 'admission' | 'watch'> & Office,
): Omit<FrontOptions, 'passed'> {
  const { config, ids, logger } = options;
  const { publicUrl: ownOrigin, systemId: hubId } = config;
  const { isElsewhere } = createVisitHome({ hubId, ids });
  return {
    ...{ admission, answered: watch.answered, tickets: service, atSight: tickets.atSight },
    ...{ ownOrigin, judgeKey: createKeyCheck({ ...options, isElsewhere }) },
    clientOf: createClientAddress(config.public.trustedProxies),
    knowsOrigin: (origin) => origin === ownOrigin || destinations.knowsOrigin(origin),
    onFault: (err) => logger.error({ err }, 'a request of the public could not be judged'),
  };
}

/** What stands before everything that is none of the public's. */
function composeKnocking(
  { config, authenticate }: Pick<DoorOptions, 'config' | 'authenticate'>,
  { destinations, watch }: Pick<Door, 'destinations' | 'watch'>,
): KnockDoor {
  const { public: settings } = config;
  const list = { ...config, knowsOrigin: destinations.knowsOrigin };
  return createKnockDoor({
    // Real time on purpose, as for every rate, and one that nobody puts back.
    knocks: createKnocks(settings.limits.perMinute.knock, () => performance.now()),
    clientOf: createClientAddress(settings.trustedProxies),
    mayAsk: (path, origin) => mayAsk(list, path, origin),
    answered: watch.answered,
    isSignedIn: async (bearer, origin) => (await authenticate(bearer, origin)).ok,
  });
}

/** Several hubs on one MongoDB count together; the driver is loaded only where it is used. */
async function openLimiters(mongodbUrl: string | undefined) {
  if (mongodbUrl === undefined) return memoryRateLimiters;
  const { openSharedRateLimiters } = await import('./platform/rate-limiter-mongo.ts');
  return openSharedRateLimiters(mongodbUrl);
}
