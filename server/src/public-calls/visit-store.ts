// What is kept of visits, and of what visitors left. Each operation is one atomic step, also against another hub.
import type { Intent, LeftMessage, ShownContext } from '@ringtag/server/protocol';
import type { KeptMessage, VisitAgent, VisitRecord } from './visit.ts';

export interface VisitStore {
  create(visit: VisitRecord): Promise<void>;
  byId(id: string): Promise<VisitRecord | undefined>;
  /** Where it stands now; undefined where there is no such visit. */
  move(id: string, change: VisitMove): Promise<VisitRecord | undefined>;
  /** Adds a message, once for its id, at most `limits.VISIT_MESSAGES`. */
  say(id: string, message: KeptMessage): Promise<SayResult | undefined>;
  /** Gives it to this person if nobody has it, or if `insteadOf` has; the visit with whoever has it now. */
  take(id: string, agent: VisitAgent, insteadOf?: string): Promise<VisitRecord | undefined>;
  /** Once; false where it was rated before, or is not there. */
  rate(id: string, rating: NonNullable<VisitRecord['rating']>): Promise<boolean>;
  /** How visits begun since then were rated, by destination. */
  ratings(sinceMs: number): Promise<RatedDestination[]>;
  /** Those begun since then that were rated, by their ids. */
  ratedSince(sinceMs: number): Promise<string[]>;
  /** Those that have not ended, oldest first. */
  live(): Promise<VisitRecord[]>;
  /** Visits to any of these destinations (also if they went on elsewhere) begun since then, newest first. */
  since(destinationIds: readonly string[], sinceMs: number, limit: number): Promise<VisitRecord[]>;
  /** Those of one visitor, newest first, without what was written in them: it is a stranger who decides how much. */
  ofVisitor(visitor: string, limit: number): Promise<EarlierVisit[]>;
  /** Lengths of the last answered calls of the destination, newest first. */
  talkedMs(destinationId: string, limit: number): Promise<number[]>;
  /** Forgets those that ended before; how many. */
  forget(endedBeforeMs: number): Promise<number>;
}

export type VisitMove = Pick<VisitRecord, 'stage'> &
  Partial<Pick<VisitRecord, 'destinationId' | 'before' | 'intent'>>;

/** As much of a visit as is told beside a later one. */
export interface EarlierVisit
  extends Pick<VisitRecord, 'id' | 'intent' | 'createdAtMs' | 'stage' | 'destinationId' | 'before'> {
  /** How many. */
  readonly messages: number;
}

export interface RatedDestination {
  readonly destinationId: string;
  readonly count: number;
  /** Of all of them together. */
  readonly stars: number;
}

export interface SayResult {
  readonly kind: 'said' | 'known' | 'full';
  readonly visit: VisitRecord;
}

/** Something a visitor left for a destination. */
export interface LeftRecord {
  /** `l-…` */
  readonly id: string;
  readonly visitId: string;
  readonly destinationId: string;
  readonly intent: Intent;
  readonly kind: LeftMessage['kind'];
  readonly name: string;
  readonly reach: string;
  readonly text: string;
  readonly voice?: VoiceNote;
  readonly context: ShownContext;
  readonly createdAtMs: number;
  readonly doneAtMs?: number;
  /** Who called back last. */
  readonly called?: VisitAgent & { readonly atMs: number };
}

export interface VoiceNote {
  /** As its first bytes say. */
  readonly type: string;
  readonly lengthMs: number;
}

export interface LeftStore {
  create(left: LeftRecord): Promise<void>;
  byId(id: string): Promise<LeftRecord | undefined>;
  /** Newest first. */
  ofVisit(visitId: string): Promise<LeftRecord[]>;
  /** What is something (a voice of which nothing came, and no word beside it, is nothing): what waits before what is done. */
  of(destinationIds: readonly string[], limit: number): Promise<LeftRecord[]>;
  /** How much of it waits at the destination, and how many sounds it has. */
  kept(destinationId: string): Promise<{ readonly open: number; readonly voices: number }>;
  /** Keeps the sound and names it in the record, together; undefined where that has a voice already, or is not there. */
  putVoice(id: string, voice: VoiceNote, sound: Uint8Array): Promise<LeftRecord | undefined>;
  voice(id: string): Promise<Uint8Array | undefined>;
  /** How many sounds are kept. */
  voices(): Promise<number>;
  /** Absent `doneAtMs`: it is to be dealt with again. */
  setDone(id: string, doneAtMs?: number): Promise<LeftRecord | undefined>;
  setCalled(id: string, called: NonNullable<LeftRecord['called']>): Promise<LeftRecord | undefined>;
  /** Forgets those done before then, with their sound, and what is nothing and older than that; how many. */
  forget(before: { readonly doneMs: number; readonly nothingMs: number }): Promise<number>;
}
