// sip-gate: the only door to Asterisk's WebSocket, a process of its own, so that a restart of the hub touches no
// call. It knows tokens and origins, not people: who has no token gets 401 and never reaches Asterisk.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { type Client, createClientAddress } from '../platform/client-address.ts';
import { handleControl } from './control.ts';
import { createDoor, refuseUpgrade } from './door.ts';
import { guestAddresses } from './guest-address.ts';
import { createFrameCheck } from './guest-frames.ts';
import { CLOSE_GOING_AWAY, joinSockets } from './pipe.ts';
import { type Connection, Connections, DEFAULT_QUOTAS, type GateQuotas } from './quotas.ts';
import { Refusals } from './refusals.ts';
import { createTally } from './tally.ts';
import { type GateTokenPayload, verifyGateToken } from './token.ts';

export interface GateOptions {
  /** Asterisk's own WebSocket, such as `ws://127.0.0.1:8088/ws`. */
  readonly asteriskUrl: string;
  /** Shared with the hub: signs tokens and control orders. At least 32 characters. */
  readonly secret: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** PEM; absent where a proxy in front holds the certificate. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly quotas?: Partial<GateQuotas>;
  /** How long a connection may take to say what it wants; default 5000. */
  readonly patienceMs?: number;
  /** Addresses or networks of proxies in front, whose word on the client's address counts; default none. */
  readonly trustedProxies?: readonly string[];
  /** Milliseconds since the epoch; default Date.now. */
  readonly now?: () => number;
  /** One structured line an event; default: silence. */
  readonly log?: (fields: object, message: string) => void;
}

export interface Gate {
  readonly port: number;
  close(): Promise<void>;
}

/** SIP over WebSocket has this subprotocol, RFC 7118 §4. */
const SUBPROTOCOL = 'sip';
const FRAME_BYTES = 64 * 1024;
const UPSTREAM_TIMEOUT_MS = 3_000;
/** A browser whose network is gone sends no close: who answers no ping for this long is dropped. */
const PING_MS = 15_000;

/**
 * Listens when the promise settles. Paths: `/sip` (upgrade), `/healthz`, `/metrics` (loopback), `/control/close`
 * (loopback, with secret).
 */
export async function createGate(options: GateOptions): Promise<Gate> {
  const { secret, log = () => {}, now = Date.now } = options;
  if (!URL.canParse(options.asteriskUrl)) throw new Error('ASTERISK_WS_URL is not an address');
  const quotas = { ...DEFAULT_QUOTAS, ...options.quotas };
  const connections = new Connections(quotas);
  const refusals = new Refusals(quotas.refusalsPerNetwork);
  const tally = createTally({ now, log });
  const clientAt = createClientAddress(options.trustedProxies ?? []);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });

  const door = createDoor({
    ...{ tls: options.tls, quotas, patienceMs: options.patienceMs },
    trustedProxies: options.trustedProxies ?? [],
    answer: (request, response) => {
      void handleControl(request, response, {
        connections,
        metrics: () => tally.text({ ...connections.count(), strangers: door.strangers }),
        isAuthorised: (given) => isSame(given, secret),
        log,
      });
    },
  });

  const { server } = door;
  // What goes wrong with one stranger's connection is that connection's end, never the gate's.
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    try {
      const client = clientOf(request);
      const network = client?.network;
      const admission = admit(request, { secret, nowMs: now(), connections, network });
      if (typeof admission === 'number') {
        const isTooMany = network !== undefined && refusals.isTooMany(network, now());
        const status = isTooMany && admission !== 503 ? 429 : admission;
        tally.refused(status);
        return refuseUpgrade(socket, status);
      }
      const addresses = guestAddresses(request, client);
      sockets.handleUpgrade(request, socket, head, (opened) => {
        door.admitted(request.socket);
        accept(opened, { ...admission, network, addresses });
      });
    } catch (err) {
      log({ err }, 'a connection could not be taken');
      socket.destroy();
    }
  });

  function clientOf({ socket, headers }: IncomingMessage): Client | undefined {
    const { remoteAddress: address, remotePort: port } = socket;
    const said = { forwarded: headers.forwarded, xForwardedFor: String(headers['x-forwarded-for'] ?? '') };
    const xForwardedFor = said.xForwardedFor === '' ? undefined : said.xForwardedFor;
    return clientAt({ address, port, forwarded: said.forwarded, xForwardedFor });
  }

  function accept(client: WebSocket, { endpoint, kind, network, addresses }: Admitted): void {
    client.on('error', () => {});
    tally.taken(kind);
    const connection: Connection = {
      ...{ endpoint, kind, network },
      close: (code, reason) => closeSoon(client, code, reason),
    };
    connections.add(connection);
    client.on('close', () => connections.delete(connection));
    keepAlive(client);
    const upstream = new WebSocket(options.asteriskUrl, SUBPROTOCOL, {
      handshakeTimeout: UPSTREAM_TIMEOUT_MS,
      perMessageDeflate: false,
    });
    const guest = { endpoint, addresses, now, onBarred: tally.barred };
    const check = kind === 'guest' ? createFrameCheck(guest) : undefined;
    joinSockets(client, upstream, check);
    log({ endpoint, kind }, 'connected');
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  server.on('error', (err) => log({ err }, 'the gate could not take connections'));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closeAll(server, sockets),
  };
}

interface Admitted extends Pick<GateTokenPayload, 'endpoint' | 'kind'> {
  readonly network: string | undefined;
  readonly addresses: readonly string[];
}

interface Admission {
  readonly network: string | undefined;
  readonly secret: string;
  readonly nowMs: number;
  readonly connections: Connections;
}

/** The token of who may connect, or the HTTP status of the refusal. */
function admit(
  request: IncomingMessage,
  { secret, nowMs, connections, network }: Admission,
): GateTokenPayload | number {
  // Node hands on whatever stood in the request line: `//` and `http://[` are no addresses.
  if (!URL.canParse(request.url ?? '', 'http://gate')) return 400;
  const url = new URL(request.url ?? '', 'http://gate');
  if (url.pathname !== '/sip') return 404;
  const token = verifyGateToken(url.searchParams.get('token') ?? '', secret, nowMs);
  if (!token) return 401;
  if (request.headers.origin !== token.origin) return 403;
  if (!offersSip(request)) return 400;
  return connections.hasRoomFor({ ...token, network }, nowMs) ? token : 503;
}

function offersSip(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((name) => name.trim().toLowerCase() === SUBPROTOCOL);
}

function keepAlive(client: WebSocket): void {
  let alive = true;
  client.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) return client.terminate();
    alive = false;
    client.ping();
  }, PING_MS);
  client.on('close', () => clearInterval(timer));
}

/** Closes with a code, and for good if the browser does not answer. */
function closeSoon(client: WebSocket, code: number, reason: string): void {
  client.close(code, reason);
  const timer = setTimeout(() => client.terminate(), 1_000);
  client.on('close', () => clearTimeout(timer));
}

/** Compares hashes, so that neither content nor length shows in the time it takes. */
function isSame(given: string, secret: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(secret));
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const client of sockets.clients) closeSoon(client, CLOSE_GOING_AWAY, 'the gate is stopping');
  server.closeIdleConnections();
  await closed;
}
