// How a visit begins: its ticket is spent, and it begins where the visitor asked, or where the operator sends those who
// come at a bad time. Stored before it is acknowledged.
import {
  type AnyErrorCode,
  type Challenge,
  type Destination,
  type Offers,
  type Refusal,
  refuse,
  type SiteChallenge,
  type VisitGrant,
  type VisitRequest,
} from '@ringtag/server/protocol';
import type { GuestLine } from '../pbx/guest-line.ts';
import type { Clock } from '../platform/clock.ts';
import { hashSecret, type Ids } from '../platform/ids.ts';
import { isCrowdedBy } from './admission-crowd.ts';
import { offersOf } from './destination-card.ts';
import type {
  CallRecords,
  Destinations,
  PublicAttempts,
  PublicCapacity,
  TicketRecord,
  Tickets,
  Toll,
} from './ports.ts';
import type { Queue } from './queue.ts';
import type { VisitRecord } from './visit.ts';
import { type Conductor, otherwiseOf } from './visit-conduct.ts';
import type { VisitHome } from './visit-home.ts';
import type { LiveVisits } from './visit-live.ts';
import type { VisitStore } from './visit-store.ts';

export interface BeginningOptions {
  readonly tickets: Tickets;
  readonly capacity: PublicCapacity;
  readonly attempts: PublicAttempts;
  readonly toll: Toll;
  readonly destinations: Destinations;
  readonly visits: VisitStore;
  readonly live: LiveVisits;
  readonly conductor: Conductor;
  readonly queue: Queue;
  readonly guestLine: Pick<GuestLine, 'available'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly home: VisitHome;
  readonly onChanged: (record: VisitRecord) => void;
  readonly callRecords?: CallRecords;
}

/** A refusal that says what is left, or what it costs. */
export type VisitRefusal = Refusal<AnyErrorCode> & {
  readonly offers?: Offers;
  readonly challenge?: Challenge | SiteChallenge;
};
export type Done = { readonly ok: true };

/** Where it begins, and where it could not. */
type Target = { readonly ok: true; readonly destination: Destination; readonly before: readonly string[] };

export interface Beginning {
  begin(origin: string, request: VisitRequest): Promise<{ ok: true; grant: VisitGrant } | VisitRefusal>;
  /** `network`: of whoever would wait; absent where nobody is meant. */
  target(destination: Destination, intent: TicketRecord['intent'], network?: string): Target | VisitRefusal;
}

export function createBeginning(options: BeginningOptions): Beginning {
  const { destinations, visits, live, conductor, queue, clock, ids } = options;

  /** Where a call or chat can begin now: there, or where the operator sends those who come at a bad time. */
  function target(
    destination: Destination,
    intent: TicketRecord['intent'],
    network?: string,
  ): Target | VisitRefusal {
    if (intent === 'message' || intent === 'callback') return { ok: true, destination, before: [] };
    const before: string[] = [];
    let at = destination;
    for (;;) {
      const problem = problemOf(at, intent, network);
      if (!problem) return { ok: true, destination: at, before };
      const to = intent === 'call' ? otherwiseOf(at, problem)?.to : undefined;
      const next = to === undefined ? undefined : destinations.byId(to);
      before.push(at.id);
      if (!next || before.includes(next.id)) {
        const code = problem === 'closed' ? 'DESTINATION_CLOSED' : 'DESTINATION_BUSY';
        return {
          ...refuse(code),
          offers: offersOf(destination, problemOf(destination, intent, network) ?? problem),
        };
      }
      at = next;
    }
  }

  function problemOf(
    destination: Destination,
    intent: TicketRecord['intent'],
    network: string | undefined,
  ): 'closed' | 'busy' | undefined {
    if (!destinations.opening(destination, clock.now()).isOpen) return 'closed';
    if (intent !== 'call') return undefined;
    const isFull = !queue.hasRoom(destination) || (network !== undefined && isCrowded(destination, network));
    return isFull ? 'busy' : undefined;
  }

  function isCrowded(destination: Destination, network: string): boolean {
    const { id, queue: places } = destination;
    const waiting = live.waitingAt(id).map(({ record }) => record.source.network);
    const isHalfFull = waiting.length > 0 && waiting.length >= places / 2;
    if (isCrowdedBy(network, { waiting, places })) return true;
    return isHalfFull && live.missedTurns.keepOut(network, destination);
  }

  type Begun = { ok: true; grant: VisitGrant } | VisitRefusal;

  async function begin(origin: string, { ticket: secret, place }: VisitRequest): Promise<Begun> {
    const ticket = await options.tickets.spend(secret, origin);
    if ('ok' in ticket) return ticket;
    let isBegun = false;
    try {
      const result = await beginWith(ticket, origin, place);
      isBegun = result.ok;
      return result;
    } finally {
      // Spent first, as of many at once only one may get further.
      if (!isBegun) await options.tickets.giveBack(secret, origin);
    }
  }

  async function beginWith(
    ticket: TicketRecord,
    origin: string,
    place: VisitRequest['place'],
  ): Promise<Begun> {
    const asked = destinations.byId(ticket.destinationId);
    if (!asked) return refuse('NOT_FOUND');
    const allowed = await options.attempts.take('visit', {
      ...{ origin, destinationId: asked.id, network: ticket.source.network },
    });
    if (!allowed.ok) return allowed;
    if (ticket.intent === 'call' && !options.guestLine.available) return refuse('PBX_UNAVAILABLE');
    const held = await options.capacity.hold({ ...ticket.source, destinationId: asked.id });
    if (!held.ok) return held;
    // From here to its place in the queue nothing is waited for: two who come at once are not both the last.
    const chosen = target(asked, ticket.intent, ticket.source.network);
    if (!chosen.ok) {
      held.release();
      return chosen;
    }
    const key = ids.secret();
    const record = recordOf(ticket, { chosen, key, place });
    const visit = live.add(record);
    visit.release = () => held.release();
    try {
      await visits.create(record);
    } catch (err) {
      live.remove(visit);
      held.release();
      throw err;
    }
    conductor.resume(visit);
    options.onChanged(record);
    queue.settle(conductor);
    return { ok: true, grant: { visitId: record.id, key } };
  }

  function recordOf(
    ticket: TicketRecord,
    { chosen, key, place }: { chosen: Target; key: string; place: VisitRequest['place'] },
  ): VisitRecord {
    const { id: ticketId, intent, source, context, visitor } = ticket;
    const nowMs = clock.now();
    return {
      ...{ id: options.home.nextId(), keyHash: hashSecret(key), ticketId, createdAtMs: nowMs, messages: [] },
      ...{ destinationId: chosen.destination.id, before: chosen.before, intent, source },
      context: { ...context, ...(place === undefined ? {} : { place }) },
      ...(visitor === undefined ? {} : { visitor }),
      stage: intent === 'call' ? { state: 'waiting', sinceMs: nowMs } : { state: 'open' },
    };
  }

  return { begin, target };
}
