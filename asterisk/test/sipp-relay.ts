// For tests alone: lets sipp, which speaks SIP over TCP, use a visitor's only transport. Each TCP connection on loopback
// becomes one WebSocket (RFC 7118), each message one frame, unchanged in both directions.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { WebSocket } from 'ws';

/** RFC 6455 §7.4.1; what the relay says when sipp hangs up, and the other side then repeats. */
const CLOSE_NORMAL = 1000;
/** Of a connection that never was one, or broke. */
const CLOSE_ABNORMAL = 1006;

export interface SippRelayOptions {
  readonly url: string;
  readonly origin: string;
}

export interface SippRelay {
  readonly port: number;
  /** Messages that an open WebSocket was given. */
  readonly carried: readonly string[];
  /** Status of each final answer that came. */
  readonly answered: readonly number[];
  /** How the other side ended connections by itself: HTTP status of a refusal, or code of a WebSocket’s end. */
  readonly ends: readonly number[];
  close(): Promise<void>;
}

export async function openSippRelay(options: SippRelayOptions): Promise<SippRelay> {
  const seen: Seen = { carried: [], answered: [], ends: [] };
  const sockets = new Set<Socket>();
  const server = createServer((tcp) => {
    sockets.add(tcp);
    tcp.on('close', () => sockets.delete(tcp));
    join(tcp, new WebSocket(options.url, 'sip', { origin: options.origin }), seen);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    ...seen,
    close: () => {
      for (const tcp of sockets) tcp.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Seen {
  readonly carried: string[];
  readonly answered: number[];
  readonly ends: number[];
}

function join(tcp: Socket, ws: WebSocket, seen: Seen): void {
  const framing = new SipFraming();
  const pass = carryTo(ws, seen.carried);
  tcp.on('data', (chunk) => {
    for (const message of framing.read(chunk)) pass(message);
  });
  tcp.on('error', () => {});
  tcp.on('close', () => {
    // What never became a whole message is said as it is: the other side has to live with it.
    if (framing.rest !== '') pass(framing.rest);
    if (ws.readyState === WebSocket.OPEN) ws.close(CLOSE_NORMAL);
  });
  ws.on('open', () => {
    if (tcp.destroyed) ws.close(CLOSE_NORMAL);
  });
  ws.on('message', (data) => {
    const status = /^SIP\/2\.0 ([2-6]\d\d)/.exec(String(data))?.[1];
    if (status !== undefined) seen.answered.push(Number(status));
    if (tcp.writable) tcp.write(String(data));
  });
  ws.on('unexpected-response', (request, response) => {
    seen.ends.push(response.statusCode ?? 0);
    request.destroy();
    tcp.end();
  });
  ws.on('close', (code) => {
    if (code !== CLOSE_NORMAL && code !== CLOSE_ABNORMAL) seen.ends.push(code);
    // Not destroyed: a connection that is reset ends sipp as a whole.
    tcp.end();
  });
  ws.on('error', () => tcp.end());
}

/** What comes before the WebSocket is open waits for it. */
function carryTo(ws: WebSocket, carried: string[]): (message: string) => void {
  const early: string[] = [];
  const pass = (message: string): void => {
    if (ws.readyState === WebSocket.CONNECTING) early.push(message);
    if (ws.readyState !== WebSocket.OPEN) return;
    carried.push(message);
    ws.send(message);
  };
  ws.on('open', () => {
    for (const message of early.splice(0)) pass(message);
  });
  return pass;
}

const HEAD_END = '\r\n\r\n';

/** RFC 3261 §18.3: on a stream a message is its head and as many bytes as Content-Length says. */
export class SipFraming {
  #buffer = Buffer.alloc(0);

  /** The messages that are whole now. One whose length cannot be read is never whole, nor is what follows it. */
  read(chunk: Buffer): string[] {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    const messages: string[] = [];
    for (let end = this.#endOfFirst(); end !== undefined; end = this.#endOfFirst()) {
      messages.push(this.#buffer.subarray(0, end).toString());
      this.#buffer = this.#buffer.subarray(end);
    }
    return messages;
  }

  get rest(): string {
    return this.#buffer.toString();
  }

  #endOfFirst(): number | undefined {
    const head = this.#buffer.indexOf(HEAD_END);
    if (head < 0) return undefined;
    const lengths = [
      ...this.#buffer.toString('latin1', 0, head).matchAll(/^(?:Content-Length|l)[ \t]*:(.*)$/gim),
    ];
    const values = new Set(lengths.map(([, value = '']) => value.trim()));
    const [value = '0'] = values;
    if (values.size > 1 || !/^\d+$/.test(value)) return undefined;
    const end = head + HEAD_END.length + Number(value);
    return end <= this.#buffer.length ? end : undefined;
  }
}
