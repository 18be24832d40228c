// The shape of each document, and the indexes. A field that exists to be unique always has a value, because a missing
// one counts as null and would collide: where there is nothing to be unique about, it holds the document's own id.
import { type Binary, type Collection, type Db, MongoServerError } from 'mongodb';
import type { BearerRecord, PageVisit, SessionRecord, SignInAttempt } from '../../auth/session.ts';
import type { CallRecord } from '../../calls/call.ts';
import type { PbxEndpointRecord } from '../../pbx/account.ts';
import type { PersonRecord } from '../../people/person.ts';
import type { BlockRecord } from '../../public-calls/block-store.ts';
import type { TicketRecord } from '../../public-calls/ports.ts';
import type { VisitRecord } from '../../public-calls/visit.ts';
import type { LeftRecord } from '../../public-calls/visit-store.ts';
import type { AppendBatch, Entry, Quality } from '../../records/record.ts';
import type { PersonSources } from '../person-sources.ts';

export interface PersonDoc {
  readonly _id: string;
  /** Rises with each change: what a change compares before it sets. */
  readonly revision: number;
  readonly seedKey: string;
  readonly extensionKey: string;
  readonly isSeeded: boolean;
  /** Whether Asterisk must know this person. */
  readonly hasPhone: boolean;
  readonly email: string | null;
  readonly foldedName: string;
  readonly nameWords: readonly string[];
  readonly words: readonly string[];
  readonly numbers: readonly string[];
  readonly sources: PersonSources;
  readonly record: PersonRecord;
}

export interface AccountDoc {
  /** Issuer and subject. */
  readonly _id: string;
  /** Person and issuer: one account of an issuer each. */
  readonly personIssuer: string;
  readonly personId: string;
}

export interface CallDoc extends Omit<CallRecord, 'id'> {
  readonly _id: string;
  /** Caller and request. */
  readonly requestKey: string;
  /** The pair while a room call rings, else the call's own id. */
  readonly ringingKey: string;
  /** Its record has been written. */
  readonly isRecorded?: boolean;
}

/** What was appended at once. */
export interface RecordBatchDoc {
  /** 1, 2, 3, … */
  readonly _id: number;
  /** Number of the first entry of the next batch. */
  readonly nextSequence: number;
  readonly people: readonly string[];
  /** Starts of the calls in it. */
  readonly earliestMs: number;
  readonly latestMs: number;
  readonly entries: readonly Entry[];
  readonly tail?: NonNullable<AppendBatch['tail']>;
}

export interface ChallengeDoc {
  readonly _id: string;
  readonly sessionId: string;
  readonly expiresAtMs: number;
}

export interface TicketDoc extends Omit<TicketRecord, 'id'> {
  readonly _id: string;
  readonly spentAtMs?: number;
}

export interface VisitDoc extends Omit<VisitRecord, 'id'> {
  readonly _id: string;
  /** Rises with each change: what a change compares before it sets. */
  readonly revision: number;
  /** Where it is and was. */
  readonly destinationIds: readonly string[];
  readonly endedAtMs: number | null;
  readonly talkedMs: number | null;
}

export interface Collections {
  readonly meta: Collection<{ _id: string; version: number }>;
  readonly people: Collection<PersonDoc>;
  readonly accounts: Collection<AccountDoc>;
  readonly origins: Collection<{ _id: string }>;
  readonly signIns: Collection<Omit<SignInAttempt, 'id'> & { readonly _id: string }>;
  readonly sessions: Collection<Omit<SessionRecord, 'id'> & { readonly _id: string }>;
  readonly challenges: Collection<ChallengeDoc>;
  readonly bearers: Collection<Omit<BearerRecord, 'hash'> & { readonly _id: string }>;
  readonly visits: Collection<Omit<PageVisit, 'hash'> & { readonly _id: string }>;
  readonly calls: Collection<CallDoc>;
  readonly pbx: Collection<PbxEndpointRecord & { readonly _id: string }>;
  readonly records: Collection<RecordBatchDoc>;
  /** Of the public; `visits` are those of the hub's own pages. */
  readonly publicVisits: Collection<VisitDoc>;
  readonly leftMessages: Collection<Omit<LeftRecord, 'id'> & { readonly _id: string }>;
  readonly leftVoices: Collection<{ _id: string; sound: Binary }>;
  readonly qualities: Collection<{ _id: string; quality: Quality; atMs: number }>;
  readonly tickets: Collection<TicketDoc>;
  readonly proofs: Collection<{ readonly _id: string; readonly expiresAtMs: number }>;
  readonly hubKeys: Collection<{ readonly _id: string; readonly value: string }>;
  /** As JSON: its texts are keyed by language, and field names of a document are not for others to choose. */
  readonly destinations: Collection<{ readonly _id: string; readonly json: string }>;
  readonly destinationOpenings: Collection<{ readonly _id: string; readonly opening: string }>;
  readonly blocks: Collection<Omit<BlockRecord, 'id'> & { readonly _id: string }>;
}

export function collectionsOf(db: Db): Collections {
  return {
    meta: db.collection('meta'),
    people: db.collection('people'),
    accounts: db.collection('accounts'),
    origins: db.collection('knownOrigins'),
    signIns: db.collection('signIns'),
    sessions: db.collection('sessions'),
    challenges: db.collection('challenges'),
    bearers: db.collection('bearers'),
    visits: db.collection('visits'),
    calls: db.collection('calls'),
    pbx: db.collection('pbxEndpoints'),
    records: db.collection('records'),
    publicVisits: db.collection('publicVisits'),
    leftMessages: db.collection('leftMessages'),
    leftVoices: db.collection('leftVoices'),
    qualities: db.collection('qualityReports'),
    tickets: db.collection('tickets'),
    proofs: db.collection('proofs'),
    hubKeys: db.collection('hubKeys'),
    destinations: db.collection('destinations'),
    destinationOpenings: db.collection('destinationOpenings'),
    blocks: db.collection('blocks'),
  };
}

/** Plain and unique indexes only, so that compatible databases serve too. */
export async function createIndexes(all: Collections): Promise<void> {
  const unique = { unique: true };
  await all.people.createIndex({ seedKey: 1 }, unique);
  await all.people.createIndex({ extensionKey: 1 }, unique);
  await all.people.createIndex({ email: 1 });
  await all.people.createIndex({ foldedName: 1, _id: 1 });
  await all.people.createIndex({ 'record.unit': 1, foldedName: 1, _id: 1 });
  await all.people.createIndex({ nameWords: 1 });
  await all.people.createIndex({ words: 1 });
  await all.people.createIndex({ numbers: 1 });
  await all.accounts.createIndex({ personIssuer: 1 }, unique);
  await all.signIns.createIndex({ nonce: 1 });
  await all.signIns.createIndex({ codeHash: 1 });
  await all.signIns.createIndex({ expiresAtMs: 1 });
  await all.sessions.createIndex({ personId: 1 });
  await all.sessions.createIndex({ endsAtMs: 1 });
  await all.challenges.createIndex({ expiresAtMs: 1 });
  await all.bearers.createIndex({ sessionId: 1 });
  await all.bearers.createIndex({ expiresAtMs: 1 });
  await all.visits.createIndex({ expiresAtMs: 1 });
  await all.calls.createIndex({ requestKey: 1 }, unique);
  await all.calls.createIndex({ ringingKey: 1 }, unique);
  await all.calls.createIndex({ state: 1 });
  await all.calls.createIndex({ state: 1, isRecorded: 1 });
  await all.records.createIndex({ 'entries.key': 1 });
  await all.records.createIndex({ 'entries.callId': 1 });
  await all.records.createIndex({ 'entries.visitId': 1 });
  await all.records.createIndex({ 'entries.amends': 1 });
  await all.records.createIndex({ people: 1, latestMs: -1 });
  await all.records.createIndex({ nextSequence: 1 });
  await all.records.createIndex({ 'tail.source': 1 });
  await all.publicVisits.createIndex({ endedAtMs: 1, createdAtMs: 1 });
  await all.publicVisits.createIndex({ destinationIds: 1, createdAtMs: -1 });
  await all.publicVisits.createIndex({ destinationId: 1, endedAtMs: -1 });
  await all.publicVisits.createIndex({ visitor: 1, createdAtMs: -1 });
  await all.publicVisits.createIndex({ 'rating.stars': 1 });
  await all.leftMessages.createIndex({ destinationId: 1, createdAtMs: -1 });
  await all.leftMessages.createIndex({ visitId: 1 });
  await all.leftMessages.createIndex({ doneAtMs: 1 });
  await all.qualities.createIndex({ atMs: 1 });
  await all.tickets.createIndex({ expiresAtMs: 1 });
  await all.proofs.createIndex({ expiresAtMs: 1 });
}

/** Whether a unique index refused the write. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000;
}

/** An insert of what may be there already; true where it was not. */
export async function unlessThere(insert: Promise<unknown>): Promise<boolean> {
  try {
    await insert;
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** The record of a document whose `_id` is the record's `id`. */
export function withId<D extends { readonly _id: string }>({
  _id,
  ...rest
}: D): Omit<D, '_id'> & { id: string } {
  return { id: _id, ...rest };
}
