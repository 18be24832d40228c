// A call as the telephone exchange tells of it once it is over, and who tells it: for the records, in no exchange's own
// words.
import type { TailPosition } from '../records/record.ts';

export interface ExchangeLeg {
  /** The exchange's name of it, unique over its restarts. */
  readonly uniqueId: string;
  /** `d-…`, `p-…`, or whatever else the exchange is connected to. */
  readonly endpoint?: string;
  readonly startMs: number;
  readonly answerMs?: number;
  readonly endMs?: number;
  /** ITU-T Q.850; 0 where the exchange says none. */
  readonly cause?: number;
  /** Call-ID of SIP. */
  readonly sipCallId?: string;
}

export interface ExchangeCall {
  /** What all its legs share. */
  readonly linkedId: string;
  /** Who called first, whom it rang after that. */
  readonly legs: readonly ExchangeLeg[];
  readonly callerNumber?: string;
  readonly callerName?: string;
  readonly callerAddress?: string;
  readonly dialled?: string;
  readonly startMs: number;
  readonly ringMs?: number;
  readonly answerMs?: number;
  readonly endMs: number;
  /** ITU-T Q.850; absent where nobody saw the end. */
  readonly cause?: number;
  /** The caller took it back while it rang. */
  readonly isCancelled?: true;
  /** Index of the leg that ended it. */
  readonly endedBy?: number;
  /** The end was not seen. */
  readonly estimated?: true;
  /** What the caller's device says it is at the hub; to be verified. */
  readonly claimedCallId?: string;
  /** A visitor's call: the visit, as the hub wrote it down for the exchange. */
  readonly visitId?: string;
  /** The call into which its last leg went. */
  readonly joinedTo?: string;
}

/** Keeps calls, and the place from which to go on, in one commit; what rejects comes again. */
export type KeepCalls = (calls: readonly ExchangeCall[], position: TailPosition) => Promise<void>;

/** Follows what the exchange writes down. */
export interface ExchangeTail {
  start(): void;
  /** Reads what there is now. Never rejects. */
  poll(): Promise<void>;
  /** Whether everything that was there at the last look has been read and kept. */
  readonly isCurrent: boolean;
  /** Whether a call that goes on has a leg of that endpoint with that Call-ID. */
  hasLeg(endpoint: string, sipCallId: string): boolean;
  /** Whether a call that goes on may be the one that this endpoint dialled. */
  isCalling(endpoint: string): boolean;
  stop(): Promise<void>;
}
