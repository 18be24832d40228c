// What call records need kept; every storage adapter implements it. Separate from the port's file only for its size.
import type { CallRecord } from '../calls/call.ts';
import type { AppendBatch, CallEntry, Entry, HistoryCursor, Quality, TailPosition } from './record.ts';

export interface RecordStore {
  /**
   * Appends all of a batch or nothing, numbered on from the last entry without a gap, and with it the position of what
   * was read. An entry whose key is there already is left out: appending the same again changes nothing. Returns what
   * was written. At most `MAX_BATCH` entries.
   */
  append(batch: AppendBatch): Promise<Entry[]>;
  byKey(key: string): Promise<Entry | undefined>;
  /** The record (no amendment) of a call that the hub placed. */
  byCallId(callId: string): Promise<Entry<CallEntry> | undefined>;
  /** The records of the calls of a visit of the public, in their order. */
  ofVisit(visitId: string): Promise<Entry<CallEntry>[]>;
  /** Amendments to this entry, oldest first. */
  amendmentsTo(sequence: number): Promise<Entry[]>;
  /** Entries with higher numbers, in order. */
  after(sequence: number, limit: number): Promise<Entry[]>;
  /** Records in which this person is, newest first, those before the cursor. */
  ofPerson(personId: string, page: { before?: HistoryCursor; limit: number }): Promise<Entry<CallEntry>[]>;
  /** Where reading this source goes on. */
  tail(source: string): Promise<TailPosition | undefined>;
  /** The newest measure under this key takes the place of the one before. */
  putQuality(key: string, quality: Quality, atMs: number): Promise<void>;
  qualities(keys: readonly string[]): Promise<Map<string, Quality>>;
  /** Forgets measures last taken before that. */
  forgetQualities(beforeMs: number): Promise<void>;
  /** Ended calls that have not been marked as recorded. */
  unrecorded(via: CallRecord['via'], limit: number): Promise<CallRecord[]>;
  markRecorded(callIds: readonly string[]): Promise<void>;
}

export const MAX_BATCH = 200;
