// The first thing that a request of the public meets, before any framework: who is over a limit, is blocked, or comes
// from a page that no destination lists, has the answer here, for a tenth of what a route costs. Everybody else's
// requests pass untouched.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
  type AnyErrorCode,
  limits,
  type Problem,
  PUBLIC_ERROR_STATUS,
  refuse,
} from '@ringtag/server/protocol';
import type { Client, Peer } from '../platform/client-address.ts';
import type { Admission } from './admission.ts';
import { readWhole } from './admission-body.ts';
import type { Act } from './limits.ts';
import type { RefusedWish, TicketService } from './ticket-service.ts';

export interface FrontOptions {
  readonly admission: Pick<Admission, 'enter'>;
  readonly clientOf: (peer: Peer) => Client | undefined;
  /** Of a destination, or the hub's own. */
  readonly knowsOrigin: (origin: string) => boolean;
  /** Told of each refusal. */
  readonly answered: (code: AnyErrorCode) => void;
  readonly onFault: (err: unknown) => void;
  /** Where those that were let through are noted: a path may be spelt in ways that only a router understands. */
  readonly passed: WeakSet<object>;
  /** Tickets while many ask: most wishes come without a proof, and that can be seen here. */
  readonly tickets: Pick<TicketService, 'isHurried' | 'hurry'>;
}

const PUBLIC = '/api/public/';
const VISITS = '/api/public/visits/';
const STATUS: Readonly<Record<string, number>> = {
  ADDRESS_BLOCKED: PUBLIC_ERROR_STATUS.ADDRESS_BLOCKED,
  ORIGIN_NOT_ALLOWED: 403,
  RATE_LIMITED: 429,
  CHALLENGE_REQUIRED: PUBLIC_ERROR_STATUS.CHALLENGE_REQUIRED,
};

/** What a server listens with: `inner` for all that is let through. */
export function createFront(options: FrontOptions, inner: RequestListener): RequestListener {
  const { admission, clientOf, knowsOrigin, answered, onFault, passed, tickets } = options;

  async function judge(request: IncomingMessage): Promise<RefusedWish | undefined> {
    const client = clientOf(peerOf(request));
    // Without a socket there is nobody to answer.
    if (!client) return { refusal: refuse('ADDRESS_BLOCKED') };
    const act = actOf(request.method, request.url ?? '');
    const refusal = await admission.enter(client, act);
    if (refusal) return { refusal };
    const { origin } = request.headers;
    if (origin !== undefined && !knowsOrigin(origin)) return { refusal: refuse('ORIGIN_NOT_ALLOWED') };
    const asker = { origin, client };
    if (act !== 'ticket' || isLong(request) || !tickets.isHurried(asker)) return undefined;
    return tickets.hurry(await readWhole(request), asker);
  }

  return (request, response) => {
    const { method, url = '', headers } = request;
    if (!url.startsWith(PUBLIC) || url.includes('%') || method === 'OPTIONS') return inner(request, response);
    judge(request).then(
      (refused) => {
        if (!refused) {
          passed.add(request);
          return inner(request, response);
        }
        answered(refused.refusal.code);
        const { origin } = headers;
        const reader = origin !== undefined && knowsOrigin(origin) ? origin : undefined;
        return write(response, refused, { reader, isLong: isLong(request) });
      },
      (err: unknown) => {
        // Whoever went away in the middle of their request is no fault of the hub's.
        if (request.errored === null) onFault(err);
        response.destroy();
      },
    );
    return undefined;
  };
}

/** By the path alone; a path that is none costs what looking costs. */
function actOf(method: string | undefined, url: string): Act {
  const path = url.split('?', 1)[0] ?? '';
  if (method !== 'POST') return path.startsWith(VISITS) ? 'follow' : 'look';
  if (path === '/api/public/tickets') return 'ticket';
  if (path === '/api/public/visits') return 'visit';
  if (path.endsWith('/voice')) return 'voice';
  return path.endsWith('/end') ? 'follow' : 'message';
}

function peerOf({ socket, headers }: IncomingMessage): Peer {
  const { remoteAddress, remotePort } = socket;
  const said = headers['x-forwarded-for'];
  return {
    ...{ address: remoteAddress, port: remotePort, forwarded: headers.forwarded },
    xForwardedFor: Array.isArray(said) ? said.join(',') : said,
  };
}

/** A body that is not worth reading only to keep the connection. */
function isLong({ headers }: IncomingMessage): boolean {
  const bytes = Number(headers['content-length'] ?? 0);
  return headers['transfer-encoding'] !== undefined || !(bytes <= limits.HTTP_BODY_BYTES);
}

/** As `platform/edge.ts` would, with the headers that `app.ts` gives every answer. */
function write(
  response: ServerResponse,
  { refusal: { ok: _, code, retryAfterMs, ...rest }, ...extra }: RefusedWish,
  { reader, isLong }: { readonly reader: string | undefined; readonly isLong: boolean },
): void {
  const status = STATUS[code] ?? 403;
  const problem: Problem<AnyErrorCode> = {
    type: 'about:blank',
    title: code,
    status,
    code,
    ...rest,
    ...extra,
  };
  response.writeHead(status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Origin',
    ...(retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfterMs / 1_000)) }),
    ...(reader === undefined
      ? {}
      : { 'Access-Control-Allow-Origin': reader, 'Access-Control-Expose-Headers': 'Retry-After' }),
    ...(isLong ? { Connection: 'close' } : {}),
  });
  response.end(JSON.stringify(problem));
}
