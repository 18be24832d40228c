// The gate's listener: plain or with TLS, and patient with nobody. A connection must have said what it wants in five
// seconds, and those that have not shown a token are few.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { networkOf } from '../platform/client-address.ts';
import { createNetworks } from '../platform/networks.ts';
import { createSocketCap } from '../platform/socket-cap.ts';
import type { GateQuotas } from './quotas.ts';

export interface DoorOptions {
  /** PEM. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly quotas: Pick<GateQuotas, 'pending' | 'pendingPerNetwork'>;
  /** Milliseconds for a request to be complete; default 5000. */
  readonly patienceMs?: number | undefined;
  /** Connections of a proxy are of many networks: it is the proxy that bounds them. */
  readonly trustedProxies: readonly string[];
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface Door {
  readonly server: Server;
  /** The connection has shown a token. */
  admitted(socket: Socket): void;
  /** Connections that have not. */
  readonly strangers: number;
}

/** Slow-loris: a request must be complete by then, and a handshake of TLS. */
const PATIENCE_MS = 5_000;
/** For the other side to read the answer and hang up as well. */
const GOODBYE_MS = 1_000;

export function createDoor(options: DoorOptions): Door {
  const { tls, quotas, patienceMs = PATIENCE_MS, answer } = options;
  const timeouts = {
    ...{ requestTimeout: patienceMs, headersTimeout: patienceMs },
    // Node looks for late requests every half minute where it is not told.
    connectionsCheckingInterval: patienceMs / 5,
  };
  const server = tls
    ? createTlsServer({ ...tls, ...timeouts, minVersion: 'TLSv1.2', handshakeTimeout: patienceMs }, answer)
    : createServer(timeouts, answer);
  const proxies = createNetworks(
    options.trustedProxies.flatMap((proxy) => (proxy === 'loopback' ? ['127.0.0.0/8', '::1'] : [proxy])),
  );
  const cap = createSocketCap({
    bounds: { network: quotas.pendingPerNetwork, hub: quotas.pending },
    ...{ networkOf, isProxy: proxies.has, cuts: 'oldest' },
  });
  /** Those that were accepted, before any TLS, by where they come from: what TLS makes of one comes from there too. */
  const accepted = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const place = placeOf(socket);
    accepted.set(place, socket);
    socket.once('close', () => accepted.delete(place));
    cap.enter(socket);
  });
  return {
    server,
    admitted(socket) {
      const first = accepted.get(placeOf(socket));
      if (first) cap.know(first);
    },
    get strangers() {
      return cap.strangers;
    },
  };
}

const placeOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/** No timeout of the server's counts for a socket that asked for an upgrade: who does not hang up is hung up on. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  const pauses: Readonly<Record<number, string>> = { 429: 'Retry-After: 60\r\n', 503: 'Retry-After: 5\r\n' };
  const head = `HTTP/1.1 ${status} ${REASONS[status]}\r\n${pauses[status] ?? ''}`;
  socket.end(`${head}Connection: close\r\nContent-Length: 0\r\n\r\n`);
  const timer = setTimeout(() => socket.destroy(), GOODBYE_MS);
  socket.once('close', () => clearTimeout(timer));
}
