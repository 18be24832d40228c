// What each event does to a call, as a pure table: (call, event, now) → decision. Nothing is stored or sent here;
// `conduct.ts` performs the decision. The promises C3–C7, C12–C14, R1, R4, R5, R7 and R8 live in this file.
//
//   ringing ──accept──▶ active ──end, session-ended, abandoned──▶ ended
//      └──decline, end, ring-timeout, replace, session-ended──────▶ ended
//   placed (a telephone call) ──end, replace, session-ended, gone─▶ ended
//   active, placed ──transferred──▶ ended; placed ──over──▶ ended
import {
  type EndReason,
  type Refusal,
  refuse,
  type StopReason,
  type ToldEnd,
} from '@ringtag/server/protocol';
import type { CallRecord } from './call.ts';
import type { Device } from './ports.ts';

export type CallEvent =
  | { readonly kind: 'accept'; readonly by: Device }
  | { readonly kind: 'decline'; readonly by: Device; readonly message?: string | undefined }
  | { readonly kind: 'end'; readonly by: Device; readonly reason: ToldEnd }
  | { readonly kind: 'signal'; readonly by: Device }
  /** The device that carries it hands it to another one of its person (M2). */
  | { readonly kind: 'move'; readonly by: Device }
  /** Another call of the same device takes this one's place. */
  | { readonly kind: 'replace'; readonly by: Device }
  | { readonly kind: 'ring-timeout' }
  | { readonly kind: 'session-ended'; readonly sessionId: string }
  /** One socket or both have been away for the whole window. */
  | { readonly kind: 'abandoned'; readonly by: 'one' | 'both' }
  /** T3: the other party, or this one, is in that call now. */
  | { readonly kind: 'transferred'; readonly to: string }
  /** The telephone exchange knows nothing of this call any more. */
  | { readonly kind: 'gone' }
  /** The telephone exchange has told how it ended. */
  | { readonly kind: 'over'; readonly reason: EndReason; readonly atMs: number; readonly estimated?: true };

export type EndDecision = {
  readonly do: 'end';
  /** For the record, and for those who hear `call:ended`. */
  readonly reason: EndReason;
  /** For the devices on which it rang. */
  readonly stop: StopReason;
  readonly message?: string;
  /** The moment of the end was not seen: it is when the call was last seen. */
  readonly estimated?: true;
  /** When it was; default: now, or where that is estimated, when it was last seen. */
  readonly atMs?: number;
};

export type Decision =
  | { readonly do: 'refuse'; readonly refusal: Refusal }
  /** It is so already. */
  | { readonly do: 'nothing' }
  | { readonly do: 'accept' }
  /** The winning device asks again, its reply having been lost: it gets the same one. */
  | { readonly do: 'repeat-reply' }
  /** Keep the signal until somebody accepts (C13). */
  | { readonly do: 'hold' }
  | { readonly do: 'forward'; readonly to: string }
  | { readonly do: 'move'; readonly side: Exclude<Role, 'stranger'> }
  | EndDecision;

export type Role = 'caller' | 'callee' | 'stranger';

/** Which of the two devices of a room this is; before an accept there is no callee's device. */
export function roleOf(call: CallRecord, sessionId: string): Role {
  if (call.callerSessionId === sessionId) return 'caller';
  return call.calleeSessionId === sessionId ? 'callee' : 'stranger';
}

/** Whose doing an event is; undefined for what only time brings. */
export function sideOf(call: CallRecord, event: CallEvent): CallRecord['endedBy'] {
  switch (event.kind) {
    case 'decline':
      return 'callee';
    case 'end':
      return sideOfEnd(call, event.by.sessionId, event.reason);
    case 'replace':
      return sideOfDevice(call, event.by.sessionId);
    case 'session-ended':
      return sideOfDevice(call, event.sessionId);
    default:
      return undefined;
  }
}

/** Who tells of a telephone call that nobody answered has not ended it. */
function sideOfEnd(call: CallRecord, sessionId: string, reason: ToldEnd): CallRecord['endedBy'] {
  if (call.state !== 'placed' || !isUnanswered(reason)) return sideOfDevice(call, sessionId);
  return reason === 'declined' ? 'callee' : undefined;
}

function isUnanswered(reason: ToldEnd): boolean {
  return reason === 'declined' || reason === 'busy' || reason === 'no-answer';
}

function sideOfDevice(call: CallRecord, sessionId: string): CallRecord['endedBy'] {
  const role = roleOf(call, sessionId);
  return role === 'stranger' ? undefined : role;
}

export function decide(call: CallRecord, event: CallEvent, nowMs: number): Decision {
  switch (event.kind) {
    case 'accept':
      return isForCallee(call, event.by) ? decideAccept(call, event.by, nowMs) : notFound;
    case 'decline':
      return isForCallee(call, event.by) ? decideDecline(call, event.message) : notFound;
    case 'end':
      return roleOf(call, event.by.sessionId) === 'stranger' ? notFound : decideEnd(call, event.reason);
    case 'signal':
      return decideSignal(call, event.by);
    case 'move':
      return decideMove(call, event.by);
    case 'replace':
      return decideReplace(call, event.by);
    case 'ring-timeout':
      return call.state === 'ringing' ? ending('no-answer', 'no-answer') : nothing;
    case 'session-ended':
      return call.state === 'ended' || roleOf(call, event.sessionId) === 'stranger'
        ? nothing
        : ending('signed-out', 'cancelled');
    case 'abandoned':
      if (call.state !== 'active') return nothing;
      return event.by === 'both' ? { ...ending('lost'), estimated: true } : ending('lost');
    case 'transferred':
      return call.state === 'active' || call.state === 'placed' ? ending('transferred') : nothing;
    case 'gone':
      return call.state === 'placed' ? { ...ending('lost'), estimated: true } : nothing;
    case 'over': {
      if (call.state !== 'placed') return nothing;
      const { reason, atMs, estimated } = event;
      return { ...ending(reason), atMs, ...(estimated ? { estimated } : {}) };
    }
  }
}

const nothing: Decision = { do: 'nothing' };
const notFound: Decision = { do: 'refuse', refusal: refuse('NOT_FOUND') };
const answered: Decision = { do: 'refuse', refusal: refuse('ALREADY_ANSWERED', { state: 'active' }) };
const expired: Decision = { do: 'refuse', refusal: refuse('CALL_EXPIRED', { state: 'no-answer' }) };

function ending(reason: EndReason, stop: StopReason = 'cancelled'): EndDecision {
  return { do: 'end', reason, stop };
}

/** C5: how a call that is over refuses. */
export function refuseEnded(call: CallRecord): Refusal {
  if (call.refused !== undefined) return refuse(call.refused);
  if (call.endReason === 'no-answer') return refuse('CALL_EXPIRED', { state: 'no-answer' });
  return refuse('CALL_ENDED', { state: call.endReason ?? 'ended' });
}

/** Telephone calls have no accept and no decline here: Asterisk rings them. */
function isForCallee(call: CallRecord, device: Device): boolean {
  const isForDevice = call.ringsOnly === undefined || call.ringsOnly === device.sessionId;
  return call.via === 'room' && call.calleeId === device.personId && isForDevice;
}

function decideAccept(call: CallRecord, by: Device, nowMs: number): Decision {
  switch (call.state) {
    case 'ringing':
      return nowMs < call.ringUntilMs ? { do: 'accept' } : expired;
    case 'active':
      return call.calleeSessionId === by.sessionId ? { do: 'repeat-reply' } : answered;
    case 'placed':
      return notFound;
    case 'ended':
      return { do: 'refuse', refusal: refuseEnded(call) };
  }
}

function decideDecline(call: CallRecord, message: string | undefined): Decision {
  switch (call.state) {
    case 'ringing':
      return { ...ending('declined', 'declined-elsewhere'), ...(message ? { message } : {}) };
    case 'active':
      return answered;
    case 'placed':
      return notFound;
    case 'ended':
      return { do: 'refuse', refusal: refuseEnded(call) };
  }
}

function decideEnd(call: CallRecord, reason: ToldEnd): Decision {
  switch (call.state) {
    case 'ringing':
      // C7: however the caller's page puts it, nobody had answered.
      return ending('cancelled', 'cancelled');
    case 'active':
      // Somebody has answered it.
      return ending(isUnanswered(reason) ? 'hangup' : reason);
    case 'placed':
      return ending(reason);
    case 'ended':
      return nothing;
  }
}

function decideSignal(call: CallRecord, by: Device): Decision {
  const role = roleOf(call, by.sessionId);
  if (role === 'stranger' || call.via === 'pbx') return notFound;
  switch (call.state) {
    case 'ringing':
      return { do: 'hold' };
    case 'active':
      return { do: 'forward', to: role === 'caller' ? (call.calleeSessionId ?? '') : call.callerSessionId };
    case 'placed':
      return notFound;
    case 'ended':
      return { do: 'refuse', refusal: refuse('CALL_ENDED', { state: call.endReason ?? 'ended' }) };
  }
}

function decideMove(call: CallRecord, by: Device): Decision {
  const side = roleOf(call, by.sessionId);
  if (side === 'stranger') return notFound;
  switch (call.state) {
    case 'ringing':
      return { do: 'refuse', refusal: refuse('TRANSFER_REFUSED', { state: 'ringing' }) };
    case 'active':
    case 'placed':
      return { do: 'move', side };
    case 'ended':
      return { do: 'refuse', refusal: refuseEnded(call) };
  }
}

function decideReplace(call: CallRecord, by: Device): Decision {
  if (roleOf(call, by.sessionId) !== 'caller') return notFound;
  switch (call.state) {
    case 'ringing':
    case 'placed':
      return ending('replaced', 'replaced');
    case 'active':
      return { do: 'refuse', refusal: refuse('ALREADY_IN_CALL', { state: 'active' }) };
    case 'ended':
      return nothing;
  }
}
