// The gate's listener: plain or with TLS, and patient with nobody. A connection must have said what it wants in five
// seconds, and those that have not shown a token are few.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { networkOf } from '../platform/client-address.ts';
import { createNetworks, plainAddress } from '../platform/networks.ts';
import type { Strangers } from './strangers.ts';

export interface DoorOptions {
  /** PEM. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly strangers: Strangers;
  /** Milliseconds for a request to be complete; default 5000. */
  readonly patienceMs?: number | undefined;
  /** Connections of a proxy are of many networks: it is the proxy that bounds them. */
  readonly trustedProxies: readonly string[];
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Slow-loris: a request must be complete by then, and a handshake of TLS. */
const PATIENCE_MS = 5_000;
/** For the other side to read the answer and hang up as well. */
const GOODBYE_MS = 1_000;

export function createDoor(options: DoorOptions): Server {
  const { tls, strangers, trustedProxies, patienceMs = PATIENCE_MS, answer } = options;
  const timeouts = {
    ...{ requestTimeout: patienceMs, headersTimeout: patienceMs },
    // Node looks for late requests every half minute where it is not told.
    connectionsCheckingInterval: patienceMs / 5,
  };
  const server = tls
    ? createTlsServer({ ...tls, ...timeouts, minVersion: 'TLSv1.2', handshakeTimeout: patienceMs }, answer)
    : createServer(timeouts, answer);
  const proxies = createNetworks(
    trustedProxies.flatMap((proxy) => (proxy === 'loopback' ? ['127.0.0.0/8', '::1'] : [proxy])),
  );
  // Of the raw connection, before any TLS.
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address } = socket;
    if (address === undefined || proxies.has(address)) return;
    const key = strangerKey(socket);
    strangers.arrive(key, { network: networkOf(plainAddress(address)), drop: () => socket.destroy() });
    socket.once('close', () => strangers.leave(key));
  });
  return server;
}

/** The same for a connection and for what TLS makes of it. */
export function strangerKey({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

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
