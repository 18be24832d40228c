// One call: request and room are one record, so that every change of its state is one atomic write.
import type { EndReason, MediaKind, QualityReport } from '@ringtag/server/protocol';

export interface CallRecord {
  /** `c-…` */
  readonly id: string;
  /** The client's idempotency key, unique per caller. */
  readonly requestId: string;
  readonly via: 'room' | 'pbx';
  /** `placed` is a telephone call: Asterisk, not the hub, knows how it goes on. */
  readonly state: 'ringing' | 'active' | 'placed' | 'ended';
  readonly media: MediaKind;
  readonly callerId: string;
  readonly callerSessionId: string;
  /** Absent for a bare number. */
  readonly calleeId?: string;
  /** Set by the winning accept. */
  readonly calleeSessionId?: string;
  /** Telephone calls: what was dialled. */
  readonly dial?: string;
  readonly createdAtMs: number;
  readonly ringUntilMs: number;
  readonly answeredAtMs?: number;
  readonly endedAtMs?: number;
  readonly endReason?: EndReason;
  /** It came to nothing at once: why the request for it was refused. */
  readonly refused?: 'BUSY' | 'DO_NOT_DISTURB' | 'UNREACHABLE';
  /** Whose doing that was; absent where it was nobody's. */
  readonly endedBy?: 'caller' | 'callee';
  /** The end was not seen; `endedAtMs` is when the call was last seen. */
  readonly estimated?: boolean;
  readonly lastSeenAtMs: number;
  /** T4: it rings on this device alone, and is answered there in place of that call. */
  readonly ringsOnly?: string;
  readonly joins?: string;
  /** T5: the call that took this one's place, or that this one takes the place of. */
  readonly transferredTo?: string;
  readonly transferredFrom?: string;
  /** What each side measured. */
  readonly quality?: {
    readonly caller?: QualityReport;
    readonly callee?: QualityReport;
  };
}
