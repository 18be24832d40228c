// For tests of calls: a hub's calling part on real storage with a clock that stands still, and devices whose sockets
// only write down what they are sent. The telephone exchange is a stand-in whose state the test sets.
import type { ServerToClient } from '@ringtag/server/protocol';
import type { Caller } from '../auth/authenticate.ts';
import { type Availabilities, createAvailabilities } from '../people/availability.ts';
import type { PersonRecord } from '../people/person.ts';
import { createManualClock } from '../platform/clock.ts';
import { randomIds } from '../platform/ids.ts';
import { silentLogger } from '../platform/logger.ts';
import type { Storage } from '../storage/port.ts';
import { type Connections, createConnections } from './connections.ts';
import type { PlaceOrder } from './place.ts';
import type { Device, DeviceSocket, PbxReach } from './ports.ts';
import { type CallService, createCallService } from './service.ts';

type EventName = keyof ServerToClient;

export interface StageDevice {
  readonly caller: Caller;
  readonly device: Device;
  /** Opens a socket, in place of the one before. */
  connect(): void;
  /** The socket goes without a word. */
  vanish(): void;
  readonly isOpen: boolean;
  /** Payloads of the events of this name that arrived since the last look at them. */
  heard<E extends EventName>(event: E): Parameters<ServerToClient[E]>[0][];
  /** Names of everything that arrived, in order, since the last look at them. */
  names(): EventName[];
}

export interface StageBrowser {
  readonly browserId?: string;
  readonly popOut?: boolean;
}

export interface StagePbx {
  available: boolean;
  readonly registered: Set<string>;
  readonly deskRegistered: Set<string>;
  /** Calls at the exchange by device session. */
  readonly sessionCalls: Map<string, number>;
  readonly talking: Set<string>;
  /** Call-IDs of SIP, each with the session whose device it is. */
  readonly dialogs: Map<string, string>;
}

export interface Stage {
  readonly clock: ReturnType<typeof createManualClock>;
  readonly storage: Storage;
  readonly pbx: StagePbx;
  readonly calls: CallService;
  readonly connections: Connections;
  readonly availabilities: Availabilities;
  device(key: string, name: string, browser?: StageBrowser): StageDevice;
  person(key: string): PersonRecord;
  /** As after `kill -9`: a new process on the same storage; every socket is gone and none of its timers runs on. */
  restart(afterMs: number): Promise<void>;
  order(to: PlaceOrder['to'], more?: Partial<PlaceOrder>): PlaceOrder;
}

const CAST = ['alice', 'bruno', 'carla', 'dora'] as const;

/** `pbxReach`: a real exchange in place of the stand-in. */
export async function openStage(storage: Storage, pbxReach?: PbxReach): Promise<Stage> {
  await storage.people.seed(
    CAST.map((key, index) => ({
      key,
      name: key,
      email: `${key}@example.test`,
      unit: 'Sales',
      extension: String(1001 + index),
      numbers: [{ kind: 'mobile', number: `+35191000000${index}` }],
      ...(key === 'bruno' ? { deskPhone: 'p-bruno' } : {}),
    })),
  );
  const cast = new Map<string, PersonRecord>();
  for (const key of CAST) {
    const [person] = await storage.people.byEmails([`${key}@example.test`]);
    if (person) cast.set(key, person);
  }
  const pbx: StagePbx = {
    available: false,
    registered: new Set(),
    deskRegistered: new Set(),
    sessionCalls: new Map(),
    talking: new Set(),
    dialogs: new Map(),
  };
  const devices: { silence(): void }[] = [];
  const exchange = pbxReach ?? standInFor(pbx);
  let hub = await startHub(storage, createManualClock(), exchange);
  let orders = 0;

  function person(key: string): PersonRecord {
    const found = cast.get(key);
    if (!found) throw new Error(`no such person on this stage: ${key}`);
    return found;
  }

  return {
    storage,
    pbx,
    person,
    get clock() {
      return hub.clock;
    },
    get calls() {
      return hub.calls;
    },
    get availabilities() {
      return hub.availabilities;
    },
    get connections() {
      return hub.connections;
    },
    device(key, name, browser = {}) {
      const device = createStageDevice(person(key), { ...browser, name }, () => hub.calls);
      devices.push(device);
      return device;
    },
    async restart(afterMs) {
      for (const device of devices) device.silence();
      hub = await startHub(storage, createManualClock(hub.clock.now() + afterMs), exchange);
    },
    order(to, more = {}) {
      orders += 1;
      return { requestId: `request-0000000${orders}`, to, media: 'audio', way: 'auto', ...more };
    },
  };
}

function standInFor(pbx: StagePbx): PbxReach {
  return {
    get available() {
      return pbx.available;
    },
    anyRegistered: async ({ id }) => pbx.registered.has(id),
    deskRegistered: ({ id }) => pbx.deskRegistered.has(id),
    callsOf: (sessionId) => pbx.sessionCalls.get(sessionId) ?? 0,
    isTalking: (sessionId) => pbx.talking.has(sessionId),
    isForeignDialog: async (sessionId, sipCallId) => (pbx.dialogs.get(sipCallId) ?? sessionId) !== sessionId,
  };
}

async function startHub(storage: Storage, clock: ReturnType<typeof createManualClock>, pbxReach: PbxReach) {
  const connections = createConnections({ clock });
  const availabilities = createAvailabilities({
    ...{ people: storage.people, clock, logger: silentLogger },
    onChanged: ({ id }, availability) => calls.availabilityChanged(id, availability),
  });
  const calls = createCallService({
    availabilityOf: availabilities.of,
    storage,
    clock,
    connections,
    ids: randomIds,
    iceServers: () => [{ urls: 'stun:stun.example.test' }],
    logger: silentLogger,
    pbxReach,
  });
  await availabilities.start();
  await calls.start();
  return { clock, calls, connections, availabilities };
}

function createStageDevice(
  person: PersonRecord,
  { name, ...browser }: StageBrowser & { name: string },
  calls: () => CallService,
) {
  const device: Device = { ...browser, sessionId: `s-${name}`, personId: person.id };
  let arrived: { event: EventName; payload: unknown }[] = [];
  let socket: DeviceSocket | undefined;
  return {
    device,
    caller: stageCaller(person, device),
    connect() {
      const opened: DeviceSocket = {
        emit: (event, ...args) => void arrived.push({ event, payload: args[0] }),
        close: () => {
          if (socket === opened) socket = undefined;
        },
      };
      socket = opened;
      calls().deviceConnected(device, opened);
    },
    vanish() {
      const gone = socket;
      socket = undefined;
      if (gone) calls().deviceGone(device, gone);
    },
    silence() {
      socket = undefined;
    },
    get isOpen() {
      return socket !== undefined;
    },
    heard<E extends EventName>(event: E) {
      const payloads = arrived.filter((entry) => entry.event === event).map((entry) => entry.payload);
      arrived = arrived.filter((entry) => entry.event !== event);
      return payloads as Parameters<ServerToClient[E]>[0][];
    },
    names() {
      const names = arrived.map((entry) => entry.event);
      arrived = [];
      return names;
    },
  };
}

function stageCaller(person: PersonRecord, { sessionId, browserId }: Device): Caller {
  const key = 'x'.repeat(43);
  return {
    ok: true,
    person,
    session: {
      id: sessionId,
      personId: person.id,
      origin: 'https://mail.example.test',
      deviceName: 'Test',
      publicKey: { kty: 'EC', crv: 'P-256', x: key, y: key },
      createdAtMs: 0,
      endsAtMs: Number.MAX_SAFE_INTEGER,
      ...(browserId === undefined ? {} : { browserId }),
    },
  };
}

/** Lets everything that waits for storage run to its end. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
