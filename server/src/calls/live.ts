// The calls that go on now, as this hub holds them in memory: the stored record, both parties as the other sees them,
// what is held back, and one turn at a time. Storage stays the judge of every change.
import { limits, type Peer, type SipDialog } from '@ringtag/server/protocol';
import type { PersonRecord } from '../people/person.ts';
import type { Clock } from '../platform/clock.ts';
import type { CallRecord } from './call.ts';
import { createHeldSignals, type HeldSignals } from './held-signals.ts';

export interface LiveCall {
  /** Changed only through `LiveCalls.update`. */
  record: CallRecord;
  /** The two people as the other one sees them. */
  readonly caller: Peer;
  readonly callee: Peer;
  /** T4: the telephone dialog that this call takes the place of. */
  readonly replaces?: SipDialog;
  /** Who transferred the caller here. */
  readonly transferredBy?: Peer;
  /** What the caller's device sent that the callee's device has not been given, or not shown to have. */
  readonly held: HeldSignals;
  /**
   * Set between the reply to an accept and the winner's first signal: what the caller sends meanwhile waits, so that
   * nothing overtakes the reply (R2). The number of the last signal in that reply.
   */
  repliedUpTo: number | undefined;
  /**
   * Devices whose other party has moved and that have not begun anew yet (M2): what they still send with old numbers
   * is for a device that is gone.
   */
  readonly startsAnew: Set<string>;
  /** The devices on which it rings, and whether each was told to ring aloud (D3). */
  readonly ringingOn: Map<string, boolean>;
  /** Stops the ring timer or the room's window. */
  cancelTimer: () => void;
  /** Settles when the event being handled is done with. */
  turn: Promise<unknown>;
}

export interface LiveCalls {
  add(call: LiveCall): void;
  update(call: LiveCall, record: CallRecord): void;
  remove(call: LiveCall): void;
  get(callId: string): LiveCall | undefined;
  /** The room calls this device is in, or makes, oldest first. */
  roomsOf(sessionId: string): LiveCall[];
  /** Every call this device is in, or makes, telephone calls included. */
  ofSession(sessionId: string): LiveCall[];
  /** Room calls that ring for this person. */
  ringingFor(personId: string): LiveCall[];
  all(): LiveCall[];
  /** C1: remembers which call a request became, for as long as a request is remembered at all. */
  rememberRequest(callerId: string, requestId: string, call: LiveCall): void;
  byRequest(callerId: string, requestId: string): LiveCall | undefined;
}

/** Who and what a call is about, beside its record. */
export type Parties = Pick<LiveCall, 'caller' | 'callee' | 'replaces' | 'transferredBy'>;

export function createLiveCall(record: CallRecord, parties: Parties): LiveCall {
  return {
    ...parties,
    record,
    held: createHeldSignals(),
    repliedUpTo: undefined,
    ringingOn: new Map(),
    startsAnew: new Set(),
    cancelTimer: () => {},
    turn: Promise.resolve(),
  };
}

/** A person as the other party of a call sees them: no e-mail, no devices, no number but the extension. */
export function peerOf(person: PersonRecord): Peer {
  return {
    personId: person.id,
    name: person.name,
    ...(person.unit === undefined ? {} : { unit: person.unit }),
    ...(person.photoUrl === undefined ? {} : { photoUrl: person.photoUrl }),
    ...(person.extension === undefined ? {} : { number: person.extension }),
  };
}

/** The other party, as the person of this device of the call sees them. */
export function otherParty({ record, caller, callee }: LiveCall, sessionId: string): Peer {
  return record.callerSessionId === sessionId ? callee : caller;
}

/** Runs `task` when everything asked of this call before is done, so that decisions see settled facts. */
export function inTurn<T>(call: LiveCall, task: () => Promise<T>): Promise<T> {
  const run = call.turn.then(task);
  call.turn = run.catch(() => {});
  return run;
}

export function createLiveCalls({ clock }: { readonly clock: Clock }): LiveCalls {
  const byId = new Map<string, LiveCall>();
  const bySession = createIndex();
  const byCallee = createIndex();
  const byRequest = new Map<string, LiveCall>();
  const requestKey = (callerId: string, requestId: string) => `${callerId} ${requestId}`;

  return {
    add(call) {
      byId.set(call.record.id, call);
      for (const sessionId of sessionsOf(call.record)) bySession.add(sessionId, call);
      if (call.record.calleeId) byCallee.add(call.record.calleeId, call);
    },
    update(call, record) {
      const [before, after] = [sessionsOf(call.record), sessionsOf(record)];
      call.record = record;
      if (!byId.has(record.id)) return;
      for (const id of before) if (!after.includes(id)) bySession.remove(id, call);
      for (const id of after) bySession.add(id, call);
    },
    remove(call) {
      const { id, calleeId } = call.record;
      byId.delete(id);
      for (const sessionId of sessionsOf(call.record)) bySession.remove(sessionId, call);
      if (calleeId) byCallee.remove(calleeId, call);
    },
    get: (callId) => byId.get(callId),
    roomsOf: (sessionId) => bySession.get(sessionId).filter(({ record }) => record.via === 'room'),
    ofSession: (sessionId) => bySession.get(sessionId),
    ringingFor: (personId) => byCallee.get(personId).filter(({ record }) => record.state === 'ringing'),
    all: () => [...byId.values()],
    rememberRequest(callerId, requestId, call) {
      const key = requestKey(callerId, requestId);
      const leftMs = call.record.createdAtMs + limits.CALL_REQUEST_TTL_MS - clock.now();
      if (leftMs <= 0) return;
      byRequest.set(key, call);
      clock.after(leftMs, () => byRequest.delete(key));
    },
    byRequest: (callerId, requestId) => byRequest.get(requestKey(callerId, requestId)),
  };
}

function sessionsOf({ callerSessionId, calleeSessionId }: CallRecord): string[] {
  return calleeSessionId === undefined ? [callerSessionId] : [callerSessionId, calleeSessionId];
}

interface Index {
  add(key: string, call: LiveCall): void;
  remove(key: string, call: LiveCall): void;
  get(key: string): LiveCall[];
}

function createIndex(): Index {
  const calls = new Map<string, Set<LiveCall>>();
  return {
    add(key, call) {
      calls.set(key, (calls.get(key) ?? new Set()).add(call));
    },
    remove(key, call) {
      const set = calls.get(key);
      set?.delete(call);
      if (set?.size === 0) calls.delete(key);
    },
    get: (key) => [...(calls.get(key) ?? [])],
  };
}
