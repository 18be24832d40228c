// The socket to the hub: when to be connected, with which bearer, and what to do when it goes. Carries events; knows
// no calls. socket.io-client arrives with the first connection.
import type {
  Ack,
  ClientToServer,
  DeviceVisible,
  RoomSignal,
  ServerToClient,
  ShowCalls,
  Snapshot,
  SteerCall,
} from '@ringtag/server/protocol';
import { PROTOCOL_VERSION } from '@ringtag/server/protocol/limits';
import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import { backoffMs, type Clock } from '../call/clock.ts';
import type { PhoneErrorCode } from '../call/phone.ts';
import type { Bearers } from './api.ts';
import { whyNoHub } from './reach.ts';

export type WireSocket = Socket<ServerToClient, ClientToServer>;
export type Connect = (url: string, options: Partial<ManagerOptions & SocketOptions>) => WireSocket;

/** The hub's next word may take this long before a signal counts as unsaid. */
const ACK_MS = 5_000;
/** A connection that leaves a question open for so long is tried anew: pings alone tell a dead one after 5 s. */
const DOUBT_MS = 1_000;
const RETRY_MAX_MS = 10_000;

export interface HubSocketOptions {
  readonly hubUrl: string;
  readonly bearers: Bearers;
  readonly clock: Clock;
  /** A connection is up: this is how things stand. */
  readonly snapshot: (snapshot: Snapshot) => void;
  readonly lost: () => void;
  readonly sessionEnded: () => void;
  /** A refusal that trying again will not mend soon. */
  readonly refused: (code: PhoneErrorCode) => void;
  /** Subscribes the adapters, once per connection. */
  readonly wire: (socket: WireSocket) => void;
  readonly load?: () => Promise<Connect>;
  readonly why?: typeof whyNoHub;
}

export interface HubSocket {
  /** Connects and stays connected until `close`. */
  open(): void;
  close(): void;
  /** Tries now rather than at the end of the pause, and doubts what is there: the network is back, or another. */
  hurry(): void;
  /** True between a snapshot and the loss of its connection. */
  readonly ready: boolean;
  /** Sends signals; settles with what the hub said, or undefined if it did not say anything. */
  signal(event: RoomSignal): Promise<Ack | undefined>;
  /** Tells the hub something else; settles likewise. */
  say<Name extends keyof Said>(name: Name, event: Said[Name]): Promise<Ack | undefined>;
}

interface Said {
  'room:signal': RoomSignal;
  'calls:show': ShowCalls;
  'calls:steer': SteerCall;
  'device:visible': DeviceVisible;
}
/** The socket, seen with the events whose acknowledgements are all alike. */
interface Saying {
  emitWithAck(name: keyof Said, event: Said[keyof Said]): Promise<Ack>;
}

async function loadClient(): Promise<Connect> {
  const { io } = await import('socket.io-client');
  return io;
}

export function createHubSocket(options: HubSocketOptions): HubSocket {
  const { clock, bearers } = options;
  let wanted = false;
  /** Numbers the connections: what belongs to an earlier one is dropped. */
  let run = 0;
  let socket: WireSocket | undefined;
  let ready = false;
  let attempt = 0;
  let doubtMs = DOUBT_MS;
  let cancelRetry = () => {};

  function drop(): void {
    cancelRetry();
    socket?.removeAllListeners();
    socket?.disconnect();
    socket = undefined;
    if (ready) {
      ready = false;
      options.lost();
    }
  }

  function retry(): void {
    cancelRetry();
    if (wanted) cancelRetry = clock.after(backoffMs(attempt++, RETRY_MAX_MS), () => void connect());
  }

  async function connect(): Promise<void> {
    drop();
    const own = ++run;
    // A chunk that does not load is the same as a hub that does not answer.
    const loading = (options.load ?? loadClient)().catch(() => undefined);
    const [client, bearer] = await Promise.all([loading, bearers.current()]);
    if (own !== run || !wanted) return;
    if (!bearer.ok && bearer.code === 'SIGNED_OUT') return;
    if (!bearer.ok && bearer.code === 'LOCAL_NETWORK_BLOCKED') options.refused(bearer.code);
    if (!client || !bearer.ok) return retry();
    socket = client(new URL(options.hubUrl).origin, {
      auth: { bearer: bearer.value, protocol: PROTOCOL_VERSION },
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      // The pauses are ours: each try needs a bearer that is good at that moment.
      reconnection: false,
      forceNew: true,
      timeout: 8_000,
    });
    listen(socket, bearer.value);
  }

  function listen(current: WireSocket, bearer: string): void {
    options.wire(current);
    current.on('snapshot', (snapshot) => {
      attempt = 0;
      ready = true;
      options.snapshot(snapshot);
    });
    current.on('session:ended', () => options.sessionEnded());
    current.on('disconnect', () => {
      drop();
      retry();
    });
    current.on('connect_error', (error: Error & { data?: { code?: PhoneErrorCode } }) => {
      const code = error.data?.code;
      if (code === 'SIGNED_OUT') bearers.discard(bearer);
      else if (code) options.refused(code);
      else void tellWhy(run);
      drop();
      retry();
    });
  }

  /** A hub that is away comes back; a permission has to be given. */
  async function tellWhy(own: number): Promise<void> {
    const code = await (options.why ?? whyNoHub)(options.hubUrl);
    if (own === run && code !== 'HUB_UNREACHABLE') options.refused(code);
  }

  function again(): void {
    attempt = 0;
    void connect();
  }

  /** Asks the hub over `current`, and connects anew when it is slow to answer. A busy hub gets more time each turn. */
  async function ask<T>(
    current: WireSocket,
    question: (over: WireSocket) => Promise<T>,
  ): Promise<T | undefined> {
    const cancelDoubt = clock.after(doubtMs, () => {
      if (current !== socket) return;
      doubtMs = Math.min(doubtMs * 2, ACK_MS);
      again();
    });
    try {
      const answer = await question(current);
      doubtMs = DOUBT_MS;
      return answer;
    } catch {
      return undefined;
    } finally {
      cancelDoubt();
    }
  }

  async function say<Name extends keyof Said>(name: Name, event: Said[Name]): Promise<Ack | undefined> {
    if (!socket || !ready) return undefined;
    return ask(socket, (current) => (current.timeout(ACK_MS) as unknown as Saying).emitWithAck(name, event));
  }

  return {
    open() {
      if (wanted) return;
      wanted = true;
      attempt = 0;
      void connect();
    },
    close() {
      wanted = false;
      run++;
      drop();
    },
    hurry() {
      if (!wanted) return;
      if (ready && socket) void ask(socket, (current) => current.timeout(ACK_MS).emitWithAck('snapshot:get'));
      else again();
    },
    get ready() {
      return ready;
    },
    signal: (event) => say('room:signal', event),
    say,
  };
}
