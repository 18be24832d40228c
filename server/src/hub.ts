// The composition root: storage → sessions → people → telephone → calls → HTTP. `main.ts` calls it with the
// environment's configuration; tests and the demo start one in process, with a clock of their own.
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { refuse } from '@ringtag/server/protocol';
import { createApp } from './app.ts';
import { createLastSeen } from './auth/last-seen.ts';
import { createConnections } from './calls/connections.ts';
import { attachGateway } from './calls/gateway.ts';
import { callRoutes } from './calls/http.ts';
import { moveRoutes } from './calls/move-routes.ts';
import { noPbxReach, type PbxReach } from './calls/ports.ts';
import { createReach } from './calls/reach.ts';
import { createCallService } from './calls/service.ts';
import type { Config } from './config.ts';
import { composeAdmin } from './hub-admin.ts';
import { composeAuth } from './hub-auth.ts';
import { createHubMetrics } from './hub-metrics.ts';
import { composePublic } from './hub-public.ts';
import { createPbxAccounts, type PbxAccounts } from './pbx/accounts.ts';
import { type AsteriskPbx, createAsteriskPbx } from './pbx/asterisk/pbx.ts';
import { createRecordTail } from './pbx/asterisk/records.ts';
import { createDeskPhonePasswords, DESK_PHONES_FILE } from './pbx/desk-phones.ts';
import { absentGuestLine, type GuestLine } from './pbx/guest-line.ts';
import { pbxRoutes } from './pbx/http.ts';
import type { Pbx } from './pbx/port.ts';
import { createPbxReach, onDeviceCalls } from './pbx/reach.ts';
import { createAvailabilities } from './people/availability.ts';
import { availabilityRoutes } from './people/availability-routes.ts';
import { createDirectory } from './people/directory.ts';
import { peopleRoutes } from './people/http.ts';
import { readSeedFile } from './people/seed.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import type { Health } from './platform/health.ts';
import { createHubServer, listen } from './platform/http-server.ts';
import { type Ids, randomIds } from './platform/ids.ts';
import { createLogger, type Logger } from './platform/logger.ts';
import type { Rate } from './platform/rate-limiter.ts';
import type { RateLimits } from './platform/rate-limits.ts';
import { createIceServers } from './platform/turn.ts';
import { recordRoutes } from './records/http.ts';
import { createRecordKeeping, type RecordKeeping, type RecordKeepingOptions } from './records/keeping.ts';
import { openStorage } from './storage/open.ts';
import type { Storage } from './storage/port.ts';

export interface HubOptions {
  readonly config: Config;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Default: random ones. */
  readonly ids?: Ids;
  /** Default: JSON lines on standard output, at the configured level. */
  readonly logger?: Logger;
  /** Default: `RATE_LIMITS`; tests bring smaller ones. */
  readonly rateLimits?: RateLimits;
  /** How much one socket may send; default: the gateway's. Only benchmarks need more. */
  readonly socketRate?: Rate;
  /** Default: the telephone exchange's; tests bring one of their own. */
  readonly guestLine?: GuestLine;
}

export interface Hub {
  /** Where it listens, such as `http://127.0.0.1:4000`; browsers come by `config.publicUrl`. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, closes sockets, then everything behind them. Calls go on and are taken up at the next start. */
  close(): Promise<void>;
}

/** What all parts share. */
interface Base extends Pick<HubOptions, 'rateLimits' | 'socketRate' | 'guestLine'> {
  readonly config: Config;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly storage: Storage;
}

const STORAGE_PATIENCE_MS = 1_500;

/** Starts a hub. Rejects with a sentence where it cannot: seed file, database, port in use. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { config, clock = systemClock, ids = randomIds } = options;
  const logger = options.logger ?? createLogger({ level: config.logLevel });
  const seedEmails = new Set<string>();
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const { mongodbUrl, dataDir } = config;
  const storage = await openStorage({ dataDir, ...(mongodbUrl === undefined ? {} : { mongodbUrl }) });
  const closers: (() => void | Promise<void>)[] = [() => storage.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.reverse()) await close();
  };
  try {
    for (const email of await seedPeople(config, storage)) seedEmails.add(email);
    const { rateLimits, socketRate, guestLine } = options;
    const base: Base = {
      ...{ config, clock, ids, logger, storage },
      ...(rateLimits === undefined ? {} : { rateLimits }),
      ...(socketRate === undefined ? {} : { socketRate }),
      ...(guestLine === undefined ? {} : { guestLine }),
    };
    const { server, farewell } = await compose(base, seedEmails, closers);
    const listening = await listen(server, config);
    const { port } = listening;
    closers.push(() => listening.close(farewell));
    logger.info({ port }, 'the hub listens');
    return { url: `http://${config.host}:${port}`, port, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Builds every part and joins them; what must be closed again is pushed in the order it was opened. */
async function compose(
  base: Base,
  seedEmails: ReadonlySet<string>,
  closers: (() => void | Promise<void>)[],
): Promise<{ server: Server; farewell: () => void }> {
  const { config, clock, ids, logger, storage } = base;
  const { publicUrl: ownOrigin, allowedOrigins } = config;
  const lastSeen = createLastSeen({ storage, clock, logger });
  const connections = createConnections({ clock, lastSeen });
  const { isOnline, isConnected } = connections;
  const auth = composeAuth({
    ...{ ...base, seedEmails, isOnline, isConnected },
    // Nobody is let in before the public part is there.
    answersVisitors: (person) => forPublic.visits.isAnswerer(person),
  });
  const { sessions } = auth;
  const { authenticate } = sessions;
  const telephone = await composeTelephone(base, closers);
  const { pbxReach } = telephone;
  const hubMetrics = createHubMetrics();
  const iceServers = createIceServers({
    ...{ clock, ids, iceServers: config.iceServers },
    ...(config.turn === undefined ? {} : { turn: config.turn }),
  });
  const availabilities = createAvailabilities({
    ...{ people: storage.people, clock, logger },
    async onChanged(person, availability) {
      calls.availabilityChanged(person.id, availability);
      await telephone.accounts?.personChanged(person.id);
    },
  });
  const records = composeRecords(base, telephone.pbx, {
    telephoneOver: (callId, how) => calls.telephoneOver(callId, how),
    onWritten: hubMetrics.recordWritten,
  });
  const calls = createCallService({
    availabilityOf: availabilities.of,
    onEnded(call) {
      hubMetrics.callEnded(call);
      void records.callEnded(call);
    },
    storage,
    clock,
    ids,
    connections,
    pbxReach,
    iceServers,
    logger,
  });
  telephone.pbx?.on('availability', (isAvailable) => calls.pbxChanged(isAvailable));
  if (telephone.pbx) onDeviceCalls(telephone.pbx, calls.telephoneChanged);
  // Decision 2: credentials are refused first, then the sockets go.
  sessions.onEnded(async ({ id }) => {
    await telephone.accounts?.sessionEnded(id);
  });
  sessions.onEnded(({ id }) => calls.sessionEnded(id));

  hubMetrics.watch({
    devices: () => connections.count,
    callsByState: () => calls.liveByState(),
    isPbxAvailable: () => pbxReach.available,
  });
  const { metrics } = hubMetrics;
  await availabilities.start();
  await calls.start();
  const forPublic = await composePublic({
    ...{ config, storage, clock, ids, logger, metrics, connections, calls, availabilities, pbxReach },
    ...{ iceServers, authenticate, pbx: telephone.pbx },
    guestLine: base.guestLine ?? telephone.pbx?.guestLine ?? absentGuestLine,
    callRecords: { sounded: records.ratings.rateVisit, rated: records.visitRatings.rated },
  });
  const app = createApp({
    trustedProxies: config.public.trustedProxies,
    public: forPublic.entrance,
    publicUrl: ownOrigin,
    allowedOrigins,
    logger,
    metrics,
    health: composeHealth(storage, auth.isProviderReachable, telephone.pbx),
    routers: [
      ...auth.routers,
      peopleRoutes({
        directory: createDirectory({ people: storage.people, isOnline }),
        authenticate,
        reach: createReach({ isOnline, pbxReach }),
      }),
      availabilityRoutes({ availabilities, authenticate }),
      callRoutes({ calls, authenticate }),
      moveRoutes({ calls, authenticate }),
      recordRoutes({ ...records, authenticate }),
      pbxRoutes({ accounts: telephone.accounts ?? noAccounts, authenticate, iceServers }),
      ...forPublic.routers,
      ...composeAdmin({ ...base, pageVisits: auth.visits, signIn: auth.signIn, ...forPublic }),
    ],
    widgetDir: config.widgetDir,
    ...(base.rateLimits === undefined ? {} : { rateLimits: base.rateLimits }),
  });
  const server = createHubServer(forPublic.door.front(getRequestListener(app.fetch)));
  server.on('connection', forPublic.door.connected);
  records.start();
  sessions.start();
  lastSeen.start();
  const gateway = attachGateway(server, {
    ...{ calls, authenticate, allowedOrigins, ownOrigin, clock, logger },
    onRefused: hubMetrics.socketRefused,
    ...{ allows: forPublic.door.allows, onAdmitted: forPublic.door.recognised },
    ...(base.socketRate === undefined ? {} : { rate: base.socketRate }),
  });
  closers.push(
    () => metrics.close(),
    () => records.stop(),
    () => calls.stop(),
    () => availabilities.stop(),
    () => sessions.stop(),
    () => lastSeen.stop(),
    () => forPublic.stop(),
  );
  const farewell = (): void => {
    gateway.close();
    forPublic.visits.farewell();
  };
  return { server, farewell };
}

interface Telephone {
  /** Its `guestLine` is for visitors' calls. */
  readonly pbx?: AsteriskPbx;
  readonly accounts?: PbxAccounts;
  readonly pbxReach: PbxReach;
}

/** Stands where there is no PBX. */
const noAccounts: Pick<PbxAccounts, 'accountFor'> = { accountFor: async () => refuse('PBX_UNAVAILABLE') };

/** The PBX, where one is configured; it connects in the background, and the hub does not wait for it. */
async function composeTelephone(
  { config, clock, ids, logger, storage }: Base,
  closers: (() => void | Promise<void>)[],
): Promise<Telephone> {
  const { asterisk, gate } = config;
  if (!asterisk || !gate) return { pbxReach: noPbxReach };
  const { controlUrl, secret } = gate;
  const pbx = createAsteriskPbx({
    ...asterisk,
    ...(controlUrl === undefined ? {} : { gateControl: { url: controlUrl, secret } }),
    guests: { gate, ids },
    clock,
    logger,
  });
  const accounts = createPbxAccounts({
    storage,
    pbx,
    clock,
    ids,
    gate,
    deskPhones: createDeskPhonePasswords(join(config.dataDir, DESK_PHONES_FILE)),
    onFault: (err) => logger.error({ err }, 'the PBX could not be told'),
  });
  closers.push(
    () => pbx.close(),
    () => accounts.stop(),
  );
  await accounts.syncAll();
  return { pbx, accounts, pbxReach: createPbxReach({ pbx, storage, clock }) };
}

/** Call records, and where there is a telephone exchange, what follows its own. */
function composeRecords(
  { config, clock, logger, storage }: Base,
  pbx: Pbx | undefined,
  tell: Pick<RecordKeepingOptions, 'telephoneOver' | 'onWritten'>,
): RecordKeeping {
  const dir = config.asterisk?.recordsDir;
  const hasChannel = (id: string) => pbx?.hasChannel?.(id);
  return createRecordKeeping({
    ...{ storage, clock, logger, ...tell, systemId: config.systemId },
    ...(dir === undefined
      ? {}
      : { openTail: (options) => createRecordTail({ ...options, dir, clock, logger, hasChannel }) }),
  });
}

/** Puts the seed file's people into storage; returns their e-mails. */
async function seedPeople({ seedFile }: Config, storage: Storage): Promise<string[]> {
  if (seedFile === undefined) return [];
  const seed = await readSeedFile(seedFile);
  if (!seed.ok) throw new Error(`SEED_FILE: ${seed.problems.join('\n  ')}`);
  await storage.people.seed(seed.people);
  return seed.people.flatMap(({ email }) => (email === undefined ? [] : [email]));
}

function composeHealth(
  storage: Storage,
  identityProvider: () => Promise<boolean>,
  pbx: Pbx | undefined,
): Health {
  return {
    async storage() {
      // A database that is away may take half a minute to say so.
      const patience = AbortSignal.timeout(STORAGE_PATIENCE_MS);
      const tooLate = new Promise<boolean>((resolve) => {
        patience.addEventListener('abort', () => resolve(false), { once: true });
      });
      const answer = storage.ping().then(
        () => true,
        () => false,
      );
      return Promise.race([answer, tooLate]);
    },
    identityProvider,
    pbx() {
      if (pbx === undefined) return 'absent';
      if (pbx.available) return 'up';
      return pbx.isGateMissing ? 'gate down' : 'down';
    },
  };
}
