// What a visitor's page does over HTTP, as a protocol client from an address of its own: asks for a ticket, proves work
// where that costs something, spends it, and reads the stream of events.
import { hash } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { pause } from './pause.ts';

export interface Page {
  readonly hubPort: number;
  readonly origin: string;
  readonly address: string;
}

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfterMs: number;
}

interface Challenge {
  readonly id: string;
  readonly parts: number;
  readonly bits: number;
  readonly token: string;
}

export interface Visit {
  readonly visitId: string;
  readonly key: string;
}

const PATIENCE_MS = 15_000;
/** How often a person presses again. */
const PRESSES = 4;
const MOST_RETRY_MS = 6_000;

function open(
  page: Page,
  { method, path, body, bearer }: { method: string; path: string; body?: object; bearer?: string },
): Promise<IncomingMessage> {
  const text = body === undefined ? '' : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{ host: page.address.includes(':') ? '::1' : '127.0.0.1', port: page.hubPort },
        ...{ localAddress: page.address, method, path, agent: false },
        headers: {
          Origin: page.origin,
          ...(text === ''
            ? {}
            : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
          ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
        },
        signal: AbortSignal.timeout(method === 'GET' ? 10 * PATIENCE_MS : PATIENCE_MS),
      },
      resolve,
    );
    asked.on('error', reject);
    asked.end(text);
  });
}

export async function post(page: Page, path: string, body: object, bearer?: string): Promise<Reply> {
  const answer = await open(page, {
    method: 'POST',
    path,
    body,
    ...(bearer === undefined ? {} : { bearer }),
  });
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  const retryAfterMs = Number(answer.headers['retry-after'] ?? 1) * 1_000;
  return { status: answer.statusCode ?? 0, body: JSON.parse(text), retryAfterMs };
}

/**
 * Solves a challenge as the widget does, part after part; others get their turn between two. In one call each, five times
 * faster here than by a hash object: all these phones are one process beside the hub that is measured.
 */
async function prove({ id, parts, bits, token }: Challenge, signal?: AbortSignal): Promise<object> {
  const answers: number[] = [];
  for (let part = 0; part < parts && !signal?.aborted; part += 1) {
    for (let n = 0; ; n += 1) {
      const start = hash('sha256', `${id}:${part}:${n}`, 'hex').slice(0, 8);
      if (Math.clz32(Number.parseInt(start, 16)) < bits) continue;
      answers.push(n);
      break;
    }
    await pause(0);
  }
  return { token, answers };
}

export interface Wish {
  readonly to: string;
  readonly intent: 'call' | 'chat';
  /** Times that the button is pressed before it is given up. */
  readonly presses?: number;
  /** Given up at once. */
  readonly signal?: AbortSignal;
}

/** No visit, and the codes that it was refused with, in order. */
export class Refused extends Error {
  readonly codes: readonly string[];

  constructor(codes: readonly string[]) {
    super(`refused: ${codes.join(', ')}`);
    this.codes = codes;
  }
}

export interface Begun extends Visit {
  readonly ticket: string;
  /** Codes of what was answered first. */
  readonly refusals: readonly string[];
}

/** Presses until there is a visit; rejects with `Refused`. */
export async function beginVisit(
  page: Page,
  { to, intent, presses = PRESSES, signal }: Wish,
): Promise<Begun> {
  const refusals: string[] = [];
  const context = { url: `${page.origin}/boots`, title: 'Boots', language: 'en' };
  let proof: object | undefined;
  for (let press = 0; press < presses && !signal?.aborted; ) {
    const wish = { to, intent, context, ...(proof === undefined ? {} : { proof }) };
    const { status, body, retryAfterMs } = await post(page, '/api/public/tickets', wish);
    proof = undefined;
    const { ticket } = body;
    if (status === 201 && typeof ticket === 'string') {
      const begun = await post(page, '/api/public/visits', { ticket });
      if (begun.status === 201) return { ...(begun.body as unknown as Visit), ticket, refusals };
      refusals.push(String(begun.body.code));
    } else refusals.push(String(body.code));
    if (body.challenge !== undefined && refusals.length < 2 * presses) {
      proof = await prove(body.challenge as Challenge, signal);
      continue;
    }
    press += 1;
    await pause(Math.min(retryAfterMs, MOST_RETRY_MS), signal);
  }
  throw new Refused(refusals);
}

/** The visit's events, until `signal` or its end. */
export async function* eventsOf(
  page: Page,
  { visitId, key }: Visit,
  signal: AbortSignal,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  const stream = await open(page, {
    method: 'GET',
    path: `/api/public/visits/${visitId}/events`,
    bearer: key,
  });
  if (stream.statusCode !== 200) throw new Error(`the stream was answered ${stream.statusCode}`);
  const stop = () => void stream.destroy();
  if (signal.aborted) return stop();
  signal.addEventListener('abort', stop, { once: true });
  let text = '';
  try {
    for await (const chunk of stream) {
      text += String(chunk);
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) if (block.startsWith('data: ')) yield JSON.parse(block.slice(6));
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}
