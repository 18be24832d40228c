// What is kept of every call for good. Entries are appended, numbered without gaps, and never changed: what becomes
// known later is an entry of its own that names the one it amends.
import type { EndReason, MediaKind, QualityReport, VisitRating } from '@ringtag/server/protocol';

/** How a call went, for whoever made it. */
export type RecordResult =
  | 'answered'
  | 'no-answer'
  | 'busy'
  | 'declined'
  | 'cancelled'
  | 'unreachable'
  | 'failed';

/** One side of a call, as known when it ended. */
export interface Party {
  readonly personId?: string;
  /** At that time. */
  readonly name?: string;
  /** Extension, or what was dialled. */
  readonly number?: string;
  /** The session whose device carried the call at its end. */
  readonly device?: string;
  /** SIP endpoint at the telephone exchange. */
  readonly endpoint?: string;
  /** Network address that the call came from, where the exchange knows it. */
  readonly address?: string;
  /** The port it came from; of visitors of public pages. */
  readonly port?: number;
}

/** One channel of the telephone exchange. */
export interface Leg {
  readonly uniqueId: string;
  readonly endpoint?: string;
  readonly personId?: string;
  readonly startMs: number;
  readonly answerMs?: number;
  readonly endMs?: number;
  /** ITU-T Q.850. */
  readonly cause?: number;
  /** Call-ID of SIP. */
  readonly sipCallId?: string;
}

/** What was measured on one side (ITU-T G.107). */
export type Quality = Omit<QualityReport, 'sipCallId'>;
export type Side = 'caller' | 'callee';

export interface CallEntry {
  readonly kind: 'call';
  /** `room:<call id>`, `pbx:<linked id>`, or `call:<call id>` for one that never reached the telephone exchange. */
  readonly key: string;
  readonly via: 'room' | 'pbx';
  /** The hub's id of the call, where the hub placed it. */
  readonly callId?: string;
  readonly media: MediaKind;
  readonly caller: Party;
  readonly callee: Party;
  /** Everybody in whose history it is, those included on whose devices it only rang. */
  readonly people: readonly string[];
  readonly startMs: number;
  readonly ringMs?: number;
  readonly answerMs?: number;
  readonly endMs: number;
  readonly result: RecordResult;
  /** ITU-T Q.850 §2.2.7: why it ended. */
  readonly cause: number;
  /** The same in the hub's words, where the hub saw the end. */
  readonly endReason?: EndReason;
  readonly endedBy?: 'caller' | 'callee' | 'exchange';
  /** The end was not seen: it is when the call was last seen. */
  readonly estimated?: true;
  /** Call ids, or keys of records of the telephone exchange. */
  readonly transferredTo?: string;
  readonly transferredFrom?: string;
  /** To whom a telephone call went on after its first answer. */
  readonly transferredToParty?: Party;
  readonly quality?: { readonly [S in Side]?: Quality };
  readonly linkedId?: string;
  readonly legs?: readonly Leg[];
  /** Calls of the public: the visit, the ticket that was spent for it (its hash), and whom the visitor asked for. */
  readonly visitId?: string;
  readonly ticket?: string;
  readonly destination?: string;
  /** What the visitor's page said, as the hub assembled it; what the integrator added begins with `data.`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** What became known after the record was written. */
export interface AmendmentEntry {
  readonly kind: 'amendment';
  readonly key: string;
  /** Sequence number of the record that it is about. */
  readonly amends: number;
  readonly quality?: { readonly [S in Side]?: Quality };
  /** How the visitor of a public page said it was: stars of 5, and words if any. */
  readonly rating?: VisitRating;
  /** The same call, as the telephone exchange told of it afterwards. */
  readonly exchange?: CallEntry;
}

export type NewEntry = CallEntry | AmendmentEntry;

/** An entry as written. */
export type Entry<E extends NewEntry = NewEntry> = E & {
  /** 1, 2, 3, …, over all kinds and restarts. */
  readonly sequence: number;
  /** System id of the hub that wrote it. */
  readonly writer: string;
  readonly writtenAtMs: number;
};

/** Where reading goes on in a file of rows. Rotated or truncated, it is still known by its first line. */
export interface FilePosition {
  /** SHA-256 of the first line, base64url. */
  readonly file: string;
  readonly offset: number;
}

/** By the name of the file's kind. */
export type TailPosition = Readonly<Record<string, FilePosition>>;

/** Newest first: by start, then by number. */
export interface HistoryCursor {
  readonly startMs: number;
  readonly sequence: number;
}

export interface AppendBatch {
  readonly writer: string;
  readonly atMs: number;
  readonly entries: readonly NewEntry[];
  /** Kept in the same commit. */
  readonly tail?: { readonly source: string; readonly position: TailPosition };
}
