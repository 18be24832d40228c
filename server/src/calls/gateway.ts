// The socket edge of calls: Socket.IO on the hub's HTTP server. It lets devices in (H1), parses what they send (H3) and
// closes what has gone silent; it decides nothing about calls.
import type { Server as HttpServer, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import {
  type Ack,
  type ClientToServer,
  DeviceVisible,
  type ErrorCode,
  limits,
  RoomSignal,
  refuse,
  type ServerToClient,
  ShowCalls,
  type Snapshot,
  SteerCall,
} from '@ringtag/server/protocol';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import type { Authenticate } from '../auth/authenticate.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Rate } from '../platform/rate-limiter.ts';
import type { Device, DeviceSocket } from './ports.ts';
import type { CallService } from './service.ts';

export interface GatewayOptions {
  readonly calls: CallService;
  readonly authenticate: Authenticate;
  /** Origins whose pages may connect; exact. */
  readonly allowedOrigins: readonly string[];
  /** The hub's own origin: what a same-origin request that carries no `Origin` comes from. */
  readonly ownOrigin?: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ping period and patience; a silent device is gone after their sum at the latest. */
  readonly pingIntervalMs?: number;
  readonly pingTimeoutMs?: number;
  /** How many messages one socket may send; default 200 in 10 s, more than a call ever needs. */
  readonly rate?: Rate;
  /** Hears the code of each refused handshake and message; for the metrics. */
  readonly onRefused?: (code: ErrorCode) => void;
  /** Whether a handshake is looked at, at all; default: each one is. */
  readonly allows?: (request: IncomingMessage) => boolean;
  /** Hears the request of each device that was let in. */
  readonly onAdmitted?: (request: IncomingMessage) => void;
}

export interface Gateway {
  /**
   * Closes every connection without a farewell, after which clients reconnect by themselves (they would not after
   * `disconnect`). The HTTP server is left to its owner.
   */
  close(): void;
  readonly socketCount: number;
}

interface SocketData {
  device: Device;
}
type HubServer = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
type HubSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

const Handshake = z.object({ bearer: z.string().min(1).max(256), protocol: z.number().int() });

/** Gone within 8 s (requirement B6): at most 2.5 s to the next ping, 3 s of silence, and some for the way. */
const PING_INTERVAL_MS = 2_500;
const PING_TIMEOUT_MS = 3_000;
/** A connection that has not said who it is by then is closed. */
const HANDSHAKE_MS = 5_000;
const BAD_MESSAGE_WINDOW_MS = 60_000;
/** A browser with many networks sends some dozens of candidates at once, and again at an ICE restart. */
const SOCKET_RATE: Rate = { requests: 200, windowMs: 10_000 };

export function attachGateway(server: HttpServer, options: GatewayOptions): Gateway {
  const io: HubServer = new Server(server, {
    serveClient: false,
    maxHttpBufferSize: limits.SOCKET_MESSAGE_BYTES,
    pingInterval: options.pingIntervalMs ?? PING_INTERVAL_MS,
    pingTimeout: options.pingTimeoutMs ?? PING_TIMEOUT_MS,
    connectTimeout: HANDSHAKE_MS,
    cors: { origin: [...options.allowedOrigins], methods: ['GET', 'POST'] },
    // Signals are small and sealed in SDP; compression would cost memory for every idle device.
    perMessageDeflate: false,
    httpCompression: false,
    allowRequest: (request, answer) => answer(null, options.allows?.(request) ?? true),
  });

  io.use((socket, next) => {
    admit(socket, options).then(
      (admitted) => {
        if ('code' in admitted) {
          options.onRefused?.(admitted.code);
          return next(connectError(admitted.code));
        }
        socket.data.device = admitted;
        options.onAdmitted?.(socket.request);
        return next();
      },
      (err: unknown) => {
        options.logger.error({ err }, 'a socket could not be let in');
        next(connectError('INTERNAL'));
      },
    );
  });
  io.on('connection', (socket) => serve(socket, options));

  return {
    close: () => io.engine.close(),
    get socketCount() {
      return io.of('/').sockets.size;
    },
  };
}

/** H1. The order matters: a page that is not on the list learns nothing about bearers. */
async function admit(socket: HubSocket, options: GatewayOptions): Promise<Device | { code: ErrorCode }> {
  const origin = originOf(socket.handshake.headers, options.ownOrigin);
  if (origin === undefined || !options.allowedOrigins.includes(origin)) return { code: 'ORIGIN_NOT_ALLOWED' };
  const handshake = Handshake.safeParse(socket.handshake.auth);
  if (!handshake.success) return { code: 'SIGNED_OUT' };
  if (handshake.data.protocol !== limits.PROTOCOL_VERSION) return { code: 'VERSION_UNSUPPORTED' };
  const caller = await options.authenticate(handshake.data.bearer, origin);
  if (!caller.ok) return { code: caller.code };
  const { id: sessionId, browserId } = caller.session;
  return {
    ...{ sessionId, personId: caller.person.id, popOut: caller.session.origin === options.ownOrigin },
    ...(browserId === undefined ? {} : { browserId }),
  };
}

/** Browsers leave `Origin` out of same-origin GETs (long polling), and say so in `Sec-Fetch-Site`. */
function originOf(headers: IncomingHttpHeaders, ownOrigin: string | undefined): string | undefined {
  return headers.origin ?? (headers['sec-fetch-site'] === 'same-origin' ? ownOrigin : undefined);
}

function connectError(code: ErrorCode): Error {
  return Object.assign(new Error(code), { data: { code } });
}

function serve(socket: HubSocket, options: GatewayOptions): void {
  const { calls, clock, logger, rate = SOCKET_RATE } = options;
  const { device } = socket.data;
  const connection: DeviceSocket = {
    emit: (event, ...args) => {
      socket.emit(event, ...args);
    },
    close: () => {
      socket.disconnect(true);
    },
  };
  const handlers = createHandlers(device, calls);
  const isTooMuch = createBadMessageCount(clock);
  const waitMs = createMessageCount(clock, rate);

  function reject(acknowledge: (result: Ack) => void, field: string): void {
    acknowledge(refuse('INVALID_INPUT', { field }));
    if (!isTooMuch()) return;
    logger.warn({ sessionId: device.sessionId }, 'a socket sent too many invalid messages');
    socket.disconnect(true);
  }

  // One listener for all names, so that unknown ones are seen as well.
  socket.onAny((name: unknown, ...args: unknown[]) => {
    const last = args.at(-1);
    const acknowledge = (result: Ack | Snapshot) => {
      if ('code' in result) options.onRefused?.(result.code);
      if (typeof last === 'function') last(result);
    };
    const retryAfterMs = waitMs();
    if (retryAfterMs > 0) return acknowledge(refuse('RATE_LIMITED', { retryAfterMs }));
    if (name === 'snapshot:get') return acknowledge(calls.snapshotFor(device));
    const handle = typeof name === 'string' ? handlers.get(name) : undefined;
    const result = handle ? handle(args[0]) : { field: 'event' };
    if ('field' in result && !('ok' in result)) return reject(acknowledge, result.field);
    if (!(result instanceof Promise)) return acknowledge(result);
    result.then(acknowledge, (err: unknown) => {
      logger.error({ err }, 'a signal could not be judged');
      acknowledge(refuse('STORAGE_UNAVAILABLE'));
    });
  });
  // Nothing reads the request of the handshake again; without it an idle device takes a kilobyte less.
  Object.assign(socket.conn, { request: null });
  socket.on('disconnect', () => calls.deviceGone(device, connection));
  calls.deviceConnected(device, connection);
}

/** What a message came to, or the first field that is not as its schema says. */
type Handled = Ack | Promise<Ack> | { readonly field: string };

/** The events that a device may send, each with what it must look like. */
function createHandlers(device: Device, calls: CallService): Map<string, (message: unknown) => Handled> {
  const parsed =
    <T>(schema: z.ZodType<T>, handle: (device: Device, message: T) => Ack | Promise<Ack>) =>
    (message: unknown): Handled => {
      const result = schema.safeParse(message);
      if (result.success) return handle(device, result.data);
      return { field: result.error.issues[0]?.path.join('.') ?? '' };
    };
  return new Map([
    ['room:signal', parsed(RoomSignal, calls.signal)],
    ['device:visible', parsed(DeviceVisible, calls.visible)],
    ['calls:show', parsed(ShowCalls, calls.show)],
    ['calls:steer', parsed(SteerCall, calls.steer)],
  ]);
}

/** True from the twentieth bad message within a minute on (H3). */
function createBadMessageCount(clock: Clock): () => boolean {
  let times: number[] = [];
  return () => {
    const nowMs = clock.now();
    times = [...times.filter((at) => at > nowMs - BAD_MESSAGE_WINDOW_MS), nowMs];
    return times.length >= limits.BAD_MESSAGES_PER_MINUTE;
  };
}

/**
 * Counts a message; how long to wait where it was one too many, else 0. A window of its own for each socket, without a
 * timer: it must cost an idle device nothing.
 */
function createMessageCount(clock: Clock, { requests, windowMs }: Rate): () => number {
  let count = 0;
  let untilMs = 0;
  return () => {
    const nowMs = clock.now();
    if (nowMs >= untilMs) {
      untilMs = nowMs + windowMs;
      count = 0;
    }
    count += 1;
    return count > requests ? untilMs - nowMs : 0;
  };
}
