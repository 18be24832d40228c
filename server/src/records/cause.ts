// Why calls end, in the numbers of telephony (ITU-T Q.850 §2.2.7.1) and in the words of the record.
import type { EndReason } from '@ringtag/server/protocol';
import type { CallRecord } from '../calls/call.ts';
import type { RecordResult } from './record.ts';

export const Q850 = {
  UNALLOCATED_NUMBER: 1,
  NO_ROUTE: 3,
  NORMAL_CLEARING: 16,
  USER_BUSY: 17,
  NO_USER_RESPONDING: 18,
  NO_ANSWER: 19,
  SUBSCRIBER_ABSENT: 20,
  CALL_REJECTED: 21,
  ANSWERED_ELSEWHERE: 26,
  OUT_OF_ORDER: 27,
  INVALID_NUMBER: 28,
  NORMAL_UNSPECIFIED: 31,
  TEMPORARY_FAILURE: 41,
  /** Nothing was heard any more until a timer ran out. */
  TIMER_EXPIRY: 102,
  INTERWORKING: 127,
} as const;

const CAUSE_OF: Readonly<Record<EndReason, number>> = {
  hangup: Q850.NORMAL_CLEARING,
  left: Q850.NORMAL_CLEARING,
  cancelled: Q850.NORMAL_CLEARING,
  replaced: Q850.NORMAL_CLEARING,
  transferred: Q850.NORMAL_CLEARING,
  moved: Q850.NORMAL_CLEARING,
  'signed-out': Q850.NORMAL_UNSPECIFIED,
  declined: Q850.CALL_REJECTED,
  'no-answer': Q850.NO_ANSWER,
  busy: Q850.USER_BUSY,
  failed: Q850.TEMPORARY_FAILURE,
  lost: Q850.TIMER_EXPIRY,
};

/** Of a call whose end the hub decided. */
export function causeOf(reason: EndReason): number {
  return CAUSE_OF[reason];
}

const RESULT_OF: Readonly<Record<EndReason, RecordResult>> = {
  hangup: 'cancelled',
  left: 'cancelled',
  cancelled: 'cancelled',
  replaced: 'cancelled',
  transferred: 'cancelled',
  moved: 'cancelled',
  'signed-out': 'cancelled',
  declined: 'declined',
  'no-answer': 'no-answer',
  busy: 'busy',
  failed: 'failed',
  lost: 'failed',
};

/** Of a call that nobody answered. */
export function resultOf(reason: EndReason): RecordResult {
  return RESULT_OF[reason];
}

/** Of an attempt that the hub refused: as the telephone exchange has it for the same one. */
export function outcomeOfRefused(code: NonNullable<CallRecord['refused']>) {
  return code === 'UNREACHABLE'
    ? { result: 'unreachable' as const, cause: Q850.SUBSCRIBER_ABSENT }
    : { result: 'busy' as const, cause: Q850.USER_BUSY };
}

const RESULT_OF_CAUSE = new Map<number, RecordResult>([
  [Q850.UNALLOCATED_NUMBER, 'unreachable'],
  [Q850.NO_ROUTE, 'unreachable'],
  [Q850.NORMAL_CLEARING, 'cancelled'],
  [Q850.USER_BUSY, 'busy'],
  [Q850.NO_USER_RESPONDING, 'no-answer'],
  [Q850.NO_ANSWER, 'no-answer'],
  [Q850.SUBSCRIBER_ABSENT, 'unreachable'],
  [Q850.CALL_REJECTED, 'declined'],
  [Q850.OUT_OF_ORDER, 'unreachable'],
  [Q850.INVALID_NUMBER, 'unreachable'],
]);

/** Of a telephone call that nobody answered. */
export function resultOfCause(cause: number): RecordResult {
  return RESULT_OF_CAUSE.get(cause) ?? 'failed';
}

const REASON_OF: Readonly<Record<RecordResult, EndReason>> = {
  answered: 'hangup',
  'no-answer': 'no-answer',
  busy: 'busy',
  declined: 'declined',
  cancelled: 'cancelled',
  unreachable: 'no-answer',
  failed: 'failed',
};

/** What the hub's own call ends with, when the telephone exchange has told how it went. */
export function reasonOf(result: RecordResult): EndReason {
  return REASON_OF[result];
}
