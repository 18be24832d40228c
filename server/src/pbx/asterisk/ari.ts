// ARI, the REST and WebSocket interface of Asterisk: requests with a deadline, and one event socket that is opened
// again whenever it is lost. Credentials travel in a header, never in a URL.
import { WebSocket } from 'ws';
import type { Clock } from '../../platform/clock.ts';

export interface AriOptions {
  /** `http://127.0.0.1:8088/ari`, with or without the path. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly clock: Clock;
  /** The socket is open; false when it was lost. */
  readonly onConnected: (connected: boolean) => void;
  /** A parsed JSON event. */
  readonly onEvent: (event: unknown) => void;
}

export interface Ari {
  /** Status and parsed body (undefined where there is none). Rejects when Asterisk does not answer in time. */
  request(method: 'GET' | 'POST' | 'DELETE', path: string): Promise<{ status: number; body: unknown }>;
  /** Drops the event socket, so that it is opened anew after a pause. */
  reconnect(): void;
  close(): void;
}

const REQUEST_TIMEOUT_MS = 3_000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;
/** A connection that is half dead (a frozen Asterisk) is noticed after two of these. */
const PING_MS = 5_000;
/** All events of all channels and endpoints come to this application; nobody's call is ever sent into it. */
export const APPLICATION = 'ringtag-hub';

export function openAri(options: AriOptions): Ari {
  const { clock, onConnected, onEvent } = options;
  const base = options.url.replace(/\/+$/, '').replace(/\/ari$/, '');
  const authorization = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;
  const aborter = new AbortController();
  let socket: WebSocket | undefined;
  let failures = 0;
  let cancelTimer = () => {};

  function connect(): void {
    const url = `${base.replace(/^http/, 'ws')}/ari/events?app=${APPLICATION}&subscribeAll=true`;
    const current = new WebSocket(url, { headers: { authorization }, handshakeTimeout: REQUEST_TIMEOUT_MS });
    socket = current;
    current.on('open', () => {
      onConnected(true);
      watch(current);
    });
    current.on('message', (data) => onEvent(parseJson(String(data))));
    // What went wrong shows in `close`, which always follows.
    current.on('error', () => {});
    current.on('close', () => lost(current));
  }

  function watch(current: WebSocket): void {
    let alive = true;
    current.on('pong', () => {
      alive = true;
      failures = 0;
    });
    const beat = (): void => {
      if (!alive) {
        current.terminate();
        return;
      }
      alive = false;
      current.ping();
      cancelTimer = clock.after(PING_MS, beat);
    };
    cancelTimer = clock.after(PING_MS, beat);
  }

  function lost(current: WebSocket): void {
    if (current !== socket || aborter.signal.aborted) return;
    cancelTimer();
    onConnected(false);
    // Jittered, so that many hubs do not come back to a restarted Asterisk all at once.
    const ceiling = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
    failures += 1;
    cancelTimer = clock.after(ceiling / 2 + (Math.random() * ceiling) / 2, connect);
  }

  connect();
  return {
    async request(method, path) {
      const response = await fetch(`${base}/ari/${path}`, {
        method,
        headers: { authorization },
        signal: AbortSignal.any([aborter.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      });
      return { status: response.status, body: parseJson(await response.text()) };
    },
    reconnect: () => socket?.terminate(),
    close() {
      aborter.abort();
      cancelTimer();
      socket?.terminate();
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
