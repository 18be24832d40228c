// Who is told what when a call changes: the caller's device, the winning device, and every device on which it rings.
// It decides nothing and stores nothing; a device without a socket finds it all in its next snapshot.
import type { RingingCall, StopReason } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Browsers } from './browsers.ts';
import type { CallRecord } from './call.ts';
import type { Capacity } from './capacity.ts';
import type { Connections } from './connections.ts';
import type { LiveCall, LiveCalls } from './live.ts';
import type { EndDecision } from './room.ts';

export interface AnnouncerOptions {
  readonly clock: Clock;
  readonly connections: Connections;
  readonly live: LiveCalls;
  readonly capacity: Capacity;
  readonly browsers: Browsers;
}

export interface Announcer {
  /** Rings the callee's devices that have room for it. */
  ringing(call: LiveCall): void;
  /** What rings on this device, for its snapshot; from now on it is told when that changes. */
  ringingOn(sessionId: string, personId: string): RingingCall[];
  /** Which device of a browser is in front has changed, or a device is gone: others may have to ring aloud (D3). */
  settleAloud(personId: string): void;
  accepted(call: LiveCall, winner: string): void;
  /** `decliner`: the device that declined knows already. */
  ended(call: LiveCall, before: CallRecord, told: { decision: EndDecision; decliner?: string }): void;
  /** M2: one of its devices is another one now. */
  moved(call: LiveCall, from: string): void;
  /** R3: the device of this room came back, or went. */
  present(call: LiveCall, sessionId: string): void;
  absent(call: LiveCall, sessionId: string): void;
}

export function createAnnouncer(options: AnnouncerOptions): Announcer {
  const { clock, connections, live, capacity, browsers } = options;

  function shown(call: LiveCall, sessionId: string): RingingCall {
    const { record, caller, ringingOn, transferredBy } = call;
    const { id: callId, media, joins } = record;
    return {
      ...{ callId, from: caller, media },
      ringLeftMs: Math.max(0, record.ringUntilMs - clock.now()),
      aloud: ringingOn.get(sessionId) ?? false,
      ...(transferredBy === undefined ? {} : { transferredBy }),
      ...(joins === undefined ? {} : { joins }),
    };
  }

  /** D3: works out anew who rings aloud; tells those that ring already, and returns the others. */
  function ringOn(call: LiveCall, sessions: readonly string[]): string[] {
    const { ringingOn, record } = call;
    const added = sessions.filter((sessionId) => !ringingOn.has(sessionId));
    const aloud = browsers.aloudAmong([...ringingOn.keys(), ...added]);
    for (const [sessionId, was] of ringingOn) {
      const is = aloud.has(sessionId);
      if (is !== was) connections.send(sessionId, 'call:aloud', { callId: record.id, aloud: is });
      ringingOn.set(sessionId, is);
    }
    for (const sessionId of added) ringingOn.set(sessionId, aloud.has(sessionId));
    return added;
  }

  function mayRing({ record }: LiveCall, sessionId: string): boolean {
    const { ringsOnly, joins } = record;
    return (ringsOnly === undefined || ringsOnly === sessionId) && capacity.hasRoom(sessionId, joins);
  }

  function ring(call: LiveCall, sessions: readonly string[]): void {
    const ringable = sessions.filter((sessionId) => mayRing(call, sessionId));
    for (const sessionId of ringOn(call, ringable)) {
      connections.send(sessionId, 'call:ringing', shown(call, sessionId));
    }
  }

  /** Tells the devices on which it rang, but for the one that did it. */
  function stopped({ record, ringingOn }: LiveCall, reason: StopReason, except: string | undefined): void {
    for (const sessionId of ringingOn.keys()) {
      if (sessionId !== except) connections.send(sessionId, 'call:stopped', { callId: record.id, reason });
    }
    ringingOn.clear();
  }

  /** A device that has room again rings for whoever still calls its person (C2). */
  function ringWaiting(personId: string | undefined, sessionId: string | undefined): void {
    if (personId === undefined || sessionId === undefined || !connections.isConnected(sessionId)) return;
    for (const call of live.ringingFor(personId)) ring(call, [sessionId]);
  }

  function peer(callId: string, sessionId: string, connected: boolean): void {
    connections.send(sessionId, 'room:peer', { callId, connected });
  }

  return {
    ringing: (call) => ring(call, connections.devicesOf(call.record.calleeId ?? '')),
    ringingOn(sessionId, personId) {
      const calls = live.ringingFor(personId);
      for (const call of calls) if (mayRing(call, sessionId)) ringOn(call, [sessionId]);
      return calls.filter((call) => call.ringingOn.has(sessionId)).map((call) => shown(call, sessionId));
    },
    settleAloud(personId) {
      for (const call of live.ringingFor(personId)) {
        for (const sessionId of call.ringingOn.keys()) {
          if (!connections.isConnected(sessionId)) call.ringingOn.delete(sessionId);
        }
        ringOn(call, []);
      }
    },
    accepted(call, winner) {
      const { record, callee } = call;
      connections.send(record.callerSessionId, 'call:accepted', { callId: record.id, peer: callee });
      stopped(call, 'answered-elsewhere', winner);
      if (!connections.isConnected(record.callerSessionId)) peer(record.id, winner, false);
    },
    ended(call, before, { decision: { reason, stop, message }, decliner }) {
      if (before.via === 'pbx') return;
      const { id: callId, callerSessionId, calleeSessionId } = before;
      const event = { callId, reason, ...(message === undefined ? {} : { message }) };
      connections.send(callerSessionId, 'call:ended', event);
      if (calleeSessionId !== undefined) connections.send(calleeSessionId, 'call:ended', event);
      stopped(call, stop, decliner);
      ringWaiting(before.callerId, callerSessionId);
      ringWaiting(before.calleeId, calleeSessionId);
    },
    moved({ record, startsAnew }, from) {
      const { id: callId } = record;
      connections.send(from, 'call:ended', { callId, reason: 'moved' });
      for (const sessionId of startsAnew) connections.send(sessionId, 'room:moved', { callId });
    },
    present({ record, startsAnew }, sessionId) {
      // It may have missed that the other party moved.
      if (startsAnew.has(sessionId)) connections.send(sessionId, 'room:moved', { callId: record.id });
      const other = otherDevice(record, sessionId);
      if (connections.isConnected(other)) peer(record.id, sessionId, true);
      peer(record.id, other, true);
    },
    absent({ record }, sessionId) {
      peer(record.id, otherDevice(record, sessionId), false);
    },
  };
}

/** The other device of an active room. */
export function otherDevice(record: CallRecord, sessionId: string): string {
  return record.callerSessionId === sessionId ? (record.calleeSessionId ?? '') : record.callerSessionId;
}
