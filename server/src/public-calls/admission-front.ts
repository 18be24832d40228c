// The first thing that a request of the public meets, before any framework: who is over a limit, is blocked, or comes
// from a page that no destination lists, has the answer here, for a tenth of what a route costs. Everybody else's
// requests pass untouched.
import type { IncomingMessage, RequestListener } from 'node:http';
import { type AnyErrorCode, limits, refuse, VisitRequest } from '@ringtag/server/protocol';
import type { Client, Peer } from '../platform/client-address.ts';
import { PUBLIC_PATH } from '../platform/cross-origin.ts';
import type { Admission } from './admission.ts';
import { peerOf, saidBytes, sendRefused } from './admission-answer.ts';
import { readWhole } from './admission-body.ts';
import type { createKeyCheck } from './admission-keys.ts';
import type { Act } from './limits.ts';
import type { ForeignAsk } from './refused-origins.ts';
import type { RefusedWish, TicketService } from './ticket-service.ts';

export interface FrontOptions {
  readonly admission: Pick<Admission, 'enter' | 'follow'>;
  readonly clientOf: (peer: Peer) => Client | undefined;
  /** The hub's own: same-origin GETs carry no `Origin`. */
  readonly ownOrigin: string;
  /** Of a destination, or the hub's own. */
  readonly knowsOrigin: (origin: string) => boolean;
  /** Told of each refusal. */
  readonly answered: (code: AnyErrorCode) => void;
  /** Told of pages that no destination lists, and what they asked for. */
  readonly onForeign?: ((ask: ForeignAsk) => void) | undefined;
  readonly onFault: (err: unknown) => void;
  /** Where those that were let through are noted: a path may be spelt in ways that only a router understands. */
  readonly passed: WeakSet<object>;
  /** Tickets while many ask: most wishes come without a proof, and that can be seen here. */
  readonly tickets: Pick<TicketService, 'isHurried' | 'hurry'>;
  /** Why a ticket cannot be spent, where that can be seen at once. */
  readonly atSight: (ticket: string, origin: string) => AnyErrorCode | undefined;
  /** Why a visit's key opens nothing. */
  readonly judgeKey: ReturnType<typeof createKeyCheck>;
}

/** As pages spell them. What else leads there (`/./`, `#`, `%2e`) would be counted as something else than it is. */
const PLAIN = /^\/api\/public(?:\/(?!\.{1,2}(?:[/?]|$))[\w.-]+)+(?:\?[^#%]*)?$/;
/** What every button asks first. */
const CARD = /^\/api\/public\/destinations\/([\w-]{1,40})(?:\?|$)/;
/** All that needs the key of a visit. */
const KEYED = /^\/api\/public\/visits\/([\w.-]+)/;

/** `inner` for all that is let through, `others` for what is none of the public's. */
export interface Behind {
  readonly inner: RequestListener;
  readonly others: RequestListener;
}

/** What a server listens with. */
export function createFront(options: FrontOptions, { inner, others }: Behind): RequestListener {
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
    const unkeyed = keyRefusal(request) ?? (act === 'follow' ? await admission.follow(client) : undefined);
    if (unkeyed) return { refusal: unkeyed };
    if (act !== 'voice' && saidBytes(request) > limits.HTTP_BODY_BYTES)
      return { refusal: refuse('TOO_LARGE') };
    const asker = { origin, client };
    const isSeen = act === 'ticket' || (act === 'visit' && !isCall(request.url ?? ''));
    if (!isSeen || !tickets.isHurried(asker)) return undefined;
    const read = await readWhole(request);
    if (!read.ok) return { refusal: read };
    return act === 'ticket' ? tickets.hurry(read.body, asker) : judgeTicket(read.body, origin);
  }

  function keyRefusal({ url = '', headers }: IncomingMessage) {
    const visitId = KEYED.exec(url)?.[1];
    if (visitId === undefined) return undefined;
    const isOwn = headers['sec-fetch-site'] === 'same-origin';
    const origin = headers.origin ?? (isOwn ? options.ownOrigin : undefined);
    return options.judgeKey({ visitId, authorization: headers.authorization, origin });
  }

  function judgeTicket(body: unknown, origin: string | undefined): RefusedWish | undefined {
    const sent = VisitRequest.safeParse(body);
    if (!sent.success || origin === undefined) return undefined;
    const code = atSight(sent.data.ticket, origin);
    return code === undefined ? undefined : { refusal: refuse(code) };
  }

  function noteForeign(request: IncomingMessage): void {
    const destinationId = CARD.exec(request.url ?? '')?.[1];
    const network = clientOf(peerOf(request))?.network;
    options.onForeign?.({ origin: request.headers.origin, destinationId, network });
  }

  return (request, response) => {
    const { url = '', headers } = request;
    const isPublic = url.startsWith(PUBLIC_PATH);
    if (!isPublic || request.method === 'OPTIONS') return others(request, response);
    const judged = PLAIN.test(url) ? judge(request) : Promise.resolve(notThere);
    judged.then(
      (refused) => {
        if (!refused) {
          passed.add(request);
          return inner(request, response);
        }
        answered(refused.refusal.code);
        if (refused.refusal.code === 'ORIGIN_NOT_ALLOWED') noteForeign(request);
        const { origin } = headers;
        const reader = origin !== undefined && knowsOrigin(origin) ? { reader: origin } : {};
        return sendRefused(request, response, { ...refused, ...reader });
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

const notThere: RefusedWish = { refusal: refuse('NOT_FOUND') };

/** By the path alone; a path that is none costs what looking costs. */
function actOf(method: string | undefined, url: string): Act {
  const path = url.split('?', 1)[0] ?? '';
  if (method !== 'POST') return KEYED.test(path) ? 'follow' : 'look';
  if (path === '/api/public/tickets') return 'ticket';
  // Each call of a visit rings people, the second like the first.
  if (path === '/api/public/visits' || isCall(path)) return 'visit';
  if (path.endsWith('/voice')) return 'voice';
  if (path.endsWith('/left')) return 'left';
  return path.endsWith('/end') ? 'follow' : 'message';
}

/** A call asked for anew: it has no ticket. */
const isCall = (url: string): boolean => /^[^?]*\/call(?:\?|$)/.test(url);
