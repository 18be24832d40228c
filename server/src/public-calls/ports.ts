// What the parts of public click-to-call want of each other. Destinations and tickets know nothing of visits; visits
// know nothing of storage's tickets, limits or proofs of work.
import type {
  AnyErrorCode,
  Challenge,
  Destination,
  DestinationId,
  Intent,
  OpensAt,
  QualityReport,
  Refusal,
  ShownContext,
  SiteChallenge,
  VisitCallRequest,
  VisitRating,
} from '@ringtag/server/protocol';

/** A destination as it is now: the operator's file and what administrators changed. */
export interface Destinations {
  byId(id: DestinationId): Destination | undefined;
  all(): readonly Destination[];
  /** By its hours and holidays, or by an administrator's hand. */
  opening(destination: Destination, nowMs: number): { readonly isOpen: boolean; readonly opensAt?: OpensAt };
  /** Origins of all destinations: good for `/api/public/` (P1). */
  knowsOrigin(origin: string): boolean;
  onChanged(listener: (id: DestinationId) => void): () => void;
}

/** Who asks, as far as the network tells (P12). */
export interface Source {
  readonly address: string;
  readonly port?: number;
  /** The limit's key: an IPv4 address, or the first 64 bits of an IPv6 address. */
  readonly network: string;
  readonly origin: string;
}

/** What a ticket was given for (P2). */
export interface TicketRecord {
  /** SHA-256 of the ticket, base64url; the ticket itself is kept nowhere. */
  readonly id: string;
  readonly destinationId: DestinationId;
  readonly intent: Intent;
  readonly source: Source;
  /** Assembled and bounded (P6). */
  readonly context: ShownContext;
  readonly visitor?: string;
  readonly expiresAtMs: number;
}

export interface Tickets {
  /** Spends it once (P3); a refusal spends nothing but a ticket that was genuine, in time and foreign. */
  spend(ticket: string, origin: string): Promise<TicketRecord | Refusal<AnyErrorCode>>;
  /** One that was spent is good again: no visit came of it. Never fails; where it cannot be, the ticket stays used. */
  giveBack(ticket: string, origin: string): Promise<void>;
}

/** Calls and visits at the same time (P10). */
export interface PublicCapacity {
  /** One more, until it is released; `RATE_LIMITED` with `state` where that is one too many. */
  hold(
    who: Pick<Source, 'network' | 'origin'> & { readonly destinationId: DestinationId },
  ): Promise<{ readonly ok: true; release(): void } | Refusal<AnyErrorCode>>;
}

/** What strangers may do so often and no oftener, once it is known for which destination (P10). */
export interface PublicAttempts {
  /** Counts one; `RATE_LIMITED` with `state` where that was one too many. Networks are counted at the door. */
  take(
    act: 'ticket' | 'visit' | 'message' | 'left' | 'voice',
    who: Attempter,
  ): Promise<{ readonly ok: true } | Refusal<AnyErrorCode>>;
  /** What `take` would say now; counts nothing. */
  look(act: 'ticket', who: Attempter): Promise<{ readonly ok: true } | Refusal<AnyErrorCode>>;
  /** One press for a call; refused where this network has found the destination busy too often of late. */
  press(
    who: Pick<Source, 'network'> & { readonly destinationId: DestinationId },
    isBusy: boolean,
  ): Promise<{ readonly ok: true } | Refusal<AnyErrorCode>>;
}

export interface Attempter extends Pick<Source, 'origin'> {
  readonly destinationId: DestinationId;
  /** Where it gets scarce, each network has its share of tickets, and some of the rest is kept back for it. */
  readonly network: string;
}

/** What a call costs that is asked for anew in a visit: as much as a ticket for it (P11). */
export interface Toll {
  /** Undefined where it costs nothing now, or this proof pays for it. */
  ask(wish: {
    readonly source: Source;
    readonly destination: Destination;
    readonly proof: VisitCallRequest['proof'];
  }): Promise<
    { readonly refusal: Refusal<AnyErrorCode>; readonly challenge?: Challenge | SiteChallenge } | undefined
  >;
}

/** What the records of calls take from a visitor. */
export interface CallRecords {
  /** How a call of this visit has sounded there so far. */
  sounded(visitId: string, report: QualityReport): Promise<{ readonly ok: true } | Refusal<AnyErrorCode>>;
  rated(visitId: string, rating: VisitRating): void;
}
