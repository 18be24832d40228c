// Sends attempts at a steady rate over raw sockets from many addresses, and reads just enough of the answers to count
// them. Bounded: so many sockets, so many streams, and an end that comes by itself.
import { connect, type Socket } from 'node:net';
import { hostileSource } from './addresses.ts';
import { type Attempt, attemptOf, type Kind, type Loot } from './hostile.ts';
import { countAnswer, countSent, newTally, type Tally } from './tally.ts';

export interface Target {
  readonly hubPort: number;
  readonly gatePort: number;
  /** Whether there are IPv6 sources, and a hub that listens there. */
  readonly hasIpv6: boolean;
}

export interface FloodOrder {
  readonly target: Target;
  readonly perSecond: number;
  readonly loot: Loot;
  readonly only?: Kind;
  /** It ends then, whatever happens. */
  readonly atMostMs: number;
}

export interface Flood {
  readonly tally: Tally;
  /** Ends it and settles when all sockets are gone. */
  stop(): Promise<Tally>;
}

const TICK_MS = 5;
const PATIENCE_MS = 10_000;
/** Requests of one connection before another address takes its turn. */
const PER_CONNECTION = 4;
const MAX_SOCKETS = 3_000;
const MAX_HELD = 200;
/** The few addresses of some kinds stay theirs. */
const SOURCES_FROM = 320;

interface Line {
  readonly socket: Socket;
  left: number;
  attempt: Attempt | undefined;
  sentAt: number;
  text: string;
}

export function startFlood({ target, perSecond, loot, only, atMostMs }: FloodOrder): Flood {
  const tally = newTally();
  const lines = new Set<Line>();
  const idle: Line[] = [];
  /** Slow bodies and streams, oldest first. */
  const held = new Set<Line>();
  const startedAt = performance.now();
  let index = 0;
  let sources = SOURCES_FROM;
  let isOver = false;

  function open(attempt: Attempt): Line | undefined {
    if (lines.size >= MAX_SOCKETS) return undefined;
    const { address, family } = hostileSource(
      attempt.source ?? sources++,
      target.hasIpv6 && attempt.door === 'hub',
    );
    const port = attempt.door === 'hub' ? target.hubPort : target.gatePort;
    const host = family === 4 ? '127.0.0.1' : '::1';
    const socket = connect({ port, host, localAddress: address, noDelay: true });
    const line: Line = { socket, left: PER_CONNECTION, attempt: undefined, sentAt: 0, text: '' };
    lines.add(line);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: unknown) => hear(line, String(chunk)));
    socket.on('error', () => {});
    socket.on('close', () => {
      lines.delete(line);
      held.delete(line);
      if (line.attempt && !isOver) {
        if (line.attempt.manner === 'slow') tally.unanswered += 1;
        else tally.broken += 1;
      }
      line.attempt = undefined;
      line.left = 0;
    });
    return line;
  }

  function send(attempt: Attempt): void {
    let line: Line | undefined;
    // Only what looks like any other request shares a connection.
    if (attempt.door === 'hub' && attempt.manner === 'plain' && attempt.source === undefined) {
      do line = idle.pop();
      while (line && line.left <= 0);
    }
    line ??= open(attempt);
    countSent(tally, attempt.kind);
    if (!line) {
      tally.broken += 1;
      return;
    }
    line.left -= 1;
    if (attempt.source !== undefined || attempt.door === 'gate') line.left = 0;
    line.attempt = attempt;
    line.sentAt = performance.now();
    line.text = '';
    if (attempt.text !== '') line.socket.write(attempt.text, 'latin1');
    if (attempt.manner !== 'plain') hold(line);
  }

  function hold(line: Line): void {
    held.add(line);
    const [oldest] = held;
    if (held.size > MAX_HELD && oldest) oldest.socket.destroy();
  }

  function hear(line: Line, chunk: string): void {
    const { attempt } = line;
    if (!attempt) return;
    line.text += chunk;
    const head = line.text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const status = Number(line.text.slice(9, 12));
    const isStream = status === 200 && attempt.manner === 'hoard';
    if (!isStream && !isWhole(line.text, head)) return;
    const code = /"code":"([A-Z_]+)"/.exec(line.text)?.[1] ?? '';
    countAnswer(tally, attempt.kind, { status, code, tookMs: performance.now() - line.sentAt });
    line.attempt = undefined;
    if (isStream) return;
    const isClosing = /^connection: close/im.test(line.text.slice(0, head));
    if (line.left > 0 && !isClosing && attempt.manner === 'plain') idle.push(line);
    else line.socket.destroy();
  }

  const ticking = setInterval(() => {
    const now = performance.now();
    if (now - startedAt > atMostMs) return void stop();
    const due = Math.floor(((now - startedAt) / 1_000) * perSecond);
    // What could not be sent in time is sent later, but never more than a tenth of a second at once.
    const most = index + Math.ceil(perSecond / 10);
    for (; index < Math.min(due, most); index += 1) send(attemptOf(index, loot, only));
  }, TICK_MS);
  const sweeping = setInterval(() => {
    const late = performance.now() - PATIENCE_MS;
    for (const line of lines) {
      if (!line.attempt || line.sentAt > late) continue;
      line.attempt = undefined;
      tally.unanswered += 1;
      line.socket.destroy();
    }
  }, 1_000);

  async function stop(): Promise<Tally> {
    isOver = true;
    clearInterval(ticking);
    clearInterval(sweeping);
    const gone = [...lines].map(({ socket }) =>
      socket.closed ? undefined : new Promise<void>((resolve) => socket.once('close', () => resolve())),
    );
    for (const { socket } of lines) socket.destroy();
    await Promise.all(gone);
    return tally;
  }
  return { tally, stop };
}

function isWhole(text: string, head: number): boolean {
  const headers = text.slice(0, head);
  const length = /^content-length: *(\d+)/im.exec(headers)?.[1];
  if (length !== undefined) return text.length >= head + 4 + Number(length);
  return /^transfer-encoding: *chunked/im.test(headers) ? text.endsWith('0\r\n\r\n') : true;
}
