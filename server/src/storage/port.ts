// What the hub needs kept. Operations speak the domain and are atomic each; there is no generic find or update.
// Every adapter passes `contract.ts`. Times are milliseconds of the hub's clock, passed in, never taken here.
import type { EndReason } from '@ringtag/server/protocol';
import type { BearerRecord, PageVisit, SessionRecord, SignInAttempt } from '../auth/session.ts';
import type { CallRecord } from '../calls/call.ts';
import type { PbxEndpointRecord } from '../pbx/account.ts';
import type { PersonRecord, ProviderProfile, SeedPerson } from '../people/person.ts';
import type { BlockStore } from '../public-calls/block-store.ts';
import type { DestinationStore } from '../public-calls/destination-store.ts';
import type { TicketStore } from '../public-calls/ticket-store.ts';
import type { LeftStore, VisitStore } from '../public-calls/visit-store.ts';
import type { RecordStore } from '../records/store.ts';

export interface Storage {
  readonly people: PeopleStore;
  readonly signIns: SignInStore;
  readonly sessions: SessionStore;
  readonly calls: CallStore;
  readonly pbx: PbxStore;
  readonly records: RecordStore;
  readonly tickets: TicketStore;
  readonly destinations: DestinationStore;
  readonly blocks: BlockStore;
  readonly visits: VisitStore;
  readonly left: LeftStore;
  /** Rejects when storage cannot serve a write now. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface AvailabilityChange {
  readonly doNotDisturb: boolean;
  /** Absent: until told otherwise. */
  readonly untilMs?: number;
  /** Changes nothing unless what is in force ends then. */
  readonly ifUntilMs?: number;
}

export interface PeopleStore {
  /** Creates or updates people by `key`; extensions that a person already has are kept. Idempotent. */
  seed(people: readonly SeedPerson[]): Promise<void>;
  /** The person of an account (issuer, subject), updating name, photo and numbers from the provider. */
  byAccount(profile: ProviderProfile): Promise<PersonRecord | undefined>;
  /** Links the account to the one seeded person with that e-mail who has no account of that issuer yet. */
  linkByVerifiedEmail(profile: ProviderProfile): Promise<PersonRecord | undefined>;
  /** A new person with that account. A lost race returns the person that the winner made. */
  createFromAccount(id: string, profile: ProviderProfile): Promise<PersonRecord>;
  /** Gives an extension (the lowest free one from `from` up) to a person who has none; returns theirs. */
  ensureExtension(personId: string, from: number): Promise<string>;
  byIds(ids: readonly string[]): Promise<PersonRecord[]>;
  byEmails(emails: readonly string[]): Promise<PersonRecord[]>;
  /** By extension or by any other number, compared without spaces, dots, dashes and brackets. */
  byNumbers(numbers: readonly string[]): Promise<PersonRecord[]>;
  /** People whose whole folded name equals one of these (already folded by `people/fold.ts`). */
  byFoldedNames(names: readonly string[]): Promise<PersonRecord[]>;
  /** Every term is a prefix of some word of name, e-mail, unit or number, in any order; best name matches first. */
  search(foldedTerms: readonly string[], limit: number): Promise<PersonRecord[]>;
  /** Everybody but this person: those of the same unit first, then the others, each group by name. */
  colleagues(person: Pick<PersonRecord, 'id' | 'unit'>, limit: number): Promise<PersonRecord[]>;
  /** Origins this person has agreed to sign in on. */
  knowsOrigin(personId: string, origin: string): Promise<boolean>;
  rememberOrigin(personId: string, origin: string): Promise<void>;
  /** Everyone with an extension or desk phone: what the PBX projection is made from. */
  withExtensions(): Promise<PersonRecord[]>;
  /** Sets or ends a person's do-not-disturb (D2); the person as they then are, undefined where there is none. */
  setAvailability(personId: string, change: AvailabilityChange): Promise<PersonRecord | undefined>;
  /** Everyone whose do-not-disturb has not been ended. */
  undisturbed(): Promise<PersonRecord[]>;
}

export interface SignInStore {
  create(attempt: SignInAttempt): Promise<void>;
  byId(id: string): Promise<SignInAttempt | undefined>;
  byNonce(nonce: string): Promise<SignInAttempt | undefined>;
  /** Compare-and-set on `status`; undefined when the attempt is not in `from` or has expired. */
  advance(
    id: string,
    from: SignInAttempt['status'],
    change: Partial<Omit<SignInAttempt, 'id'>>,
    nowMs: number,
  ): Promise<SignInAttempt | undefined>;
  /** Takes `pickupCode` out, once. */
  takePickupCode(id: string, nowMs: number): Promise<string | undefined>;
  /** `released → spent`, once, whatever the caller then finds wrong with the exchange (S2). */
  spendCode(codeHash: string, nowMs: number): Promise<SignInAttempt | undefined>;
}

export interface SessionStore {
  create(session: SessionRecord): Promise<void>;
  byId(id: string): Promise<SessionRecord | undefined>;
  /** Sessions that have neither ended nor run out. */
  liveFor(personId: string, nowMs: number): Promise<SessionRecord[]>;
  /** Sessions not yet marked ended whose fixed end has passed. Also forgets what else ran out: bearers, challenges, attempts, visits. */
  overdue(nowMs: number): Promise<SessionRecord[]>;
  /** Marks it ended, once; false when it already was (or never existed). Its bearers are gone with it. */
  end(id: string, atMs: number): Promise<boolean>;
  /** Notes when these were last seen; never earlier than noted before. Ended ones stay as they are. */
  seen(ids: readonly string[], atMs: number): Promise<void>;
  putChallenge(hash: string, sessionId: string, expiresAtMs: number): Promise<void>;
  /** Takes the challenge out, once; the session it was for, if still in time. */
  spendChallenge(hash: string, nowMs: number): Promise<string | undefined>;
  putBearer(bearer: BearerRecord): Promise<void>;
  /** The bearer and its session, if both are good now. */
  byBearer(
    hash: string,
    nowMs: number,
  ): Promise<{ bearer: BearerRecord; session: SessionRecord } | undefined>;
  putVisit(visit: PageVisit): Promise<void>;
  /** The visit of the hub's own pages, if it is good now. */
  visit(hash: string, nowMs: number): Promise<PageVisit | undefined>;
}

export type CreateCallResult =
  | { readonly kind: 'created'; readonly call: CallRecord }
  /** Same caller, same `requestId`: the earlier call (C1). */
  | { readonly kind: 'repeated'; readonly call: CallRecord }
  /** A room call between these two people rings already, in either direction (C8). */
  | { readonly kind: 'ringing'; readonly call: CallRecord };

export type AcceptResult =
  | { readonly kind: 'accepted'; readonly call: CallRecord }
  | {
      readonly kind: 'refused';
      readonly reason: 'not-found' | 'answered' | 'ended' | 'expired';
      readonly call?: CallRecord;
    };

export interface CallStore {
  /** Two ringing room calls between the same two people cannot exist: the second gets `ringing`. */
  create(call: CallRecord): Promise<CreateCallResult>;
  /** `ringing → active` by the callee's session, compare-and-set: one accept wins (C4). */
  accept(callId: string, sessionId: string, atMs: number): Promise<AcceptResult>;
  /** Ends it, once; `changed` is false when it had ended before. `ifState` narrows what may be ended. */
  end(
    callId: string,
    end: {
      reason: EndReason;
      atMs: number;
      estimated?: boolean;
      ifState?: CallRecord['state'];
      endedBy?: 'caller' | 'callee';
      /** The call that took this one's place (T5). */
      transferredTo?: string;
    },
  ): Promise<{ call: CallRecord; changed: boolean } | undefined>;
  /**
   * One side's device becomes another one, compare-and-set (M2): only of a call that is active or placed, and only where
   * the side's device is still `from`; undefined otherwise.
   */
  move(
    callId: string,
    change: { side: 'caller' | 'callee'; from: string; to: string },
  ): Promise<CallRecord | undefined>;
  byId(callId: string): Promise<CallRecord | undefined>;
  /** Room calls that ring or are active. */
  live(): Promise<CallRecord[]>;
  /** Telephone calls that nobody has said to be over, oldest first. */
  placed(): Promise<CallRecord[]>;
  touch(callIds: readonly string[], atMs: number): Promise<void>;
}

export interface PbxStore {
  put(endpoint: PbxEndpointRecord): Promise<void>;
  byEndpoint(endpoint: string): Promise<PbxEndpointRecord | undefined>;
  remove(endpoint: string): Promise<void>;
  all(): Promise<PbxEndpointRecord[]>;
}
