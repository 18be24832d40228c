// The socket to the hub: when to be connected, with which bearer, and what to do when it goes. Carries events; knows
// no calls. socket.io-client arrives with the first connection.
import type { ClientToServer, ServerToClient, Snapshot } from '@ringtag/server/protocol';
import { PROTOCOL_VERSION } from '@ringtag/server/protocol/limits';
import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import { backoffMs, type Clock } from '../call/clock.ts';
import type { PhoneErrorCode } from '../call/phone.ts';
import type { Bearers } from './api.ts';

export type WireSocket = Socket<ServerToClient, ClientToServer>;
export type Connect = (url: string, options: Partial<ManagerOptions & SocketOptions>) => WireSocket;

/** The hub's next word may take this long before a signal counts as unsaid. */
const ACK_MS = 5_000;
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
}

export interface HubSocket {
  /** Connects and stays connected until `close`. */
  open(): void;
  close(): void;
  /** Tries now rather than at the end of the pause: the network is back. */
  hurry(): void;
  /** True between a snapshot and the loss of its connection. */
  readonly ready: boolean;
  /** Sends signals; settles with what the hub said, or undefined if it did not say anything. */
  signal(event: Parameters<ClientToServer['room:signal']>[0]): ReturnType<WireAck>;
}
type WireAck = () => Promise<Parameters<Parameters<ClientToServer['room:signal']>[1]>[0] | undefined>;

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
      drop();
      retry();
    });
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
      if (!wanted || socket?.connected) return;
      attempt = 0;
      void connect();
    },
    get ready() {
      return ready;
    },
    async signal(event) {
      if (!socket || !ready) return undefined;
      try {
        return await socket.timeout(ACK_MS).emitWithAck('room:signal', event);
      } catch {
        return undefined;
      }
    },
  };
}
