// The first thing that a request of the public meets, before any framework: who is over a limit, is blocked, or comes
// from a page that no destination lists, has the answer here, for a tenth of what a route costs. Everybody else's
// requests pass untouched.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
  type AnyErrorCode,
  ERROR_STATUS,
  limits,
  type Problem,
  PUBLIC_ERROR_STATUS,
  refuse,
  VisitRequest,
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
  /** Why a ticket cannot be spent, where that can be seen at once. */
  readonly atSight: (ticket: string, origin: string) => AnyErrorCode | undefined;
}

const PUBLIC = '/api/public/';
/** As pages spell them. What else leads there (`/./`, `#`, `%2e`) would be counted as something else than it is. */
const PLAIN = /^\/api\/public(?:\/(?!\.{1,2}(?:[/?]|$))[\w.-]+)+(?:\?[^#%]*)?$/;
const VISITS = '/api/public/visits/';
const STATUS = { ...ERROR_STATUS, ...PUBLIC_ERROR_STATUS };

/** What a server listens with: `inner` for all that is let through. */
export function createFront(options: FrontOptions, inner: RequestListener): RequestListener {
  const { admission, clientOf, knowsOrigin, answered, onFault, passed, tickets, atSight } = options;

  async function judge(request: IncomingMessage): Promise<RefusedWish | undefined> {
    const client = clientOf(peerOf(request));
    // Without a socket there is nobody to answer.
    if (!client) return { refusal: refuse('ADDRESS_BLOCKED') };
    const act = actOf(request.method, request.url ?? '');
    const refusal = await admission.enter(client, act);
    if (refusal) return { refusal };
    const { origin } = request.headers;
    if (origin !== undefined && !knowsOrigin(origin)) return { refusal: refuse('ORIGIN_NOT_ALLOWED') };
    if (act !== 'voice' && saidBytes(request) > limits.HTTP_BODY_BYTES)
      return { refusal: refuse('TOO_LARGE') };
    const asker = { origin, client };
    const isSeen = act === 'ticket' || (act === 'visit' && !isCall(request.url ?? ''));
    if (!isSeen || isLong(request) || !tickets.isHurried(asker)) return undefined;
    const body = await readWhole(request);
    if (body === undefined) return { refusal: refuse('INVALID_INPUT', { field: '' }) };
    return act === 'ticket' ? tickets.hurry(body, asker) : judgeTicket(body, origin);
  }

  function judgeTicket(body: unknown, origin: string | undefined): RefusedWish | undefined {
    const sent = VisitRequest.safeParse(body);
    if (!sent.success || origin === undefined) return undefined;
    const code = atSight(sent.data.ticket, origin);
    return code === undefined ? undefined : { refusal: refuse(code) };
  }

  return (request, response) => {
    const { method, url = '', headers } = request;
    if (!url.startsWith(PUBLIC) || !PLAIN.test(url) || method === 'OPTIONS') return inner(request, response);
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
  // Each call of a visit rings people, the second like the first.
  if (path === '/api/public/visits' || isCall(path)) return 'visit';
  if (path.endsWith('/voice')) return 'voice';
  return path.endsWith('/end') ? 'follow' : 'message';
}

/** A call asked for anew: it has no ticket, and no body. */
const isCall = (url: string): boolean => /^[^?]*\/call(?:\?|$)/.test(url);

function peerOf({ socket, headers }: IncomingMessage): Peer {
  const { remoteAddress, remotePort } = socket;
  const said = headers['x-forwarded-for'];
  return {
    ...{ address: remoteAddress, port: remotePort, forwarded: headers.forwarded },
    xForwardedFor: Array.isArray(said) ? said.join(',') : said,
  };
}

/** A body that is not worth reading only to keep the connection. */
function isLong(request: IncomingMessage): boolean {
  const isUnknown = request.headers['transfer-encoding'] !== undefined;
  return isUnknown || !(saidBytes(request) <= limits.HTTP_BODY_BYTES);
}

function saidBytes({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

/** As `platform/edge.ts` would, with the headers that `app.ts` gives every answer. */
function write(
  response: ServerResponse,
  { refusal: { ok: _, code, retryAfterMs, ...rest }, ...extra }: RefusedWish,
  { reader, isLong }: { readonly reader: string | undefined; readonly isLong: boolean },
): void {
  const status = STATUS[code];
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
