// Who is told what when a call changes: the caller's device, the winning device, and every device on which it rings.
// It decides nothing and stores nothing; a device without a socket finds it all in its next snapshot.

import type { StopReason } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { CallRecord } from './call.ts';
import type { Connections } from './connections.ts';
import type { LiveCall, LiveCalls } from './live.ts';
import type { PbxReach } from './ports.ts';
import type { EndDecision } from './room.ts';

export interface AnnouncerOptions {
  readonly clock: Clock;
  readonly connections: Connections;
  readonly live: LiveCalls;
  readonly pbxReach: PbxReach;
}

export interface Announcer {
  /** In no call and making none, as far as hub and telephone exchange know (C2, C9). */
  isFree(sessionId: string): boolean;
  /** Rings the callee's free devices. */
  ringing(call: LiveCall): void;
  accepted(call: LiveCall, winner: string): void;
  /** `decliner`: the device that declined knows already. */
  ended(before: CallRecord, decision: EndDecision, decliner: string | undefined): void;
  /** R3: the device of this room came back, or went. */
  present(call: LiveCall, sessionId: string): void;
  absent(call: LiveCall, sessionId: string): void;
}

export function createAnnouncer({ clock, connections, live, pbxReach }: AnnouncerOptions): Announcer {
  const isFree = (sessionId: string) => !live.roomOf(sessionId) && !pbxReach.sessionInCall(sessionId);

  function ring({ record, caller }: LiveCall, sessionId: string): void {
    if (!isFree(sessionId)) return;
    const { id: callId, media } = record;
    const ringLeftMs = record.ringUntilMs - clock.now();
    connections.send(sessionId, 'call:ringing', { callId, from: caller, media, ringLeftMs, aloud: true });
  }

  /** Tells all devices of the callee but the one that did it. */
  function stopped(record: CallRecord, reason: StopReason, except: string | undefined): void {
    for (const sessionId of connections.devicesOf(record.calleeId ?? '')) {
      if (sessionId !== except) connections.send(sessionId, 'call:stopped', { callId: record.id, reason });
    }
  }

  /** A device that has become free rings for whoever still calls its person (C2). */
  function ringWaiting(personId: string | undefined, sessionId: string | undefined): void {
    if (personId === undefined || sessionId === undefined) return;
    for (const call of live.ringingFor(personId)) ring(call, sessionId);
  }

  function peer(callId: string, sessionId: string, connected: boolean): void {
    connections.send(sessionId, 'room:peer', { callId, connected });
  }

  return {
    isFree,
    ringing(call) {
      for (const sessionId of connections.devicesOf(call.record.calleeId ?? '')) ring(call, sessionId);
    },
    accepted({ record, callee }, winner) {
      connections.send(record.callerSessionId, 'call:accepted', { callId: record.id, peer: callee });
      stopped(record, 'answered-elsewhere', winner);
      if (!connections.isConnected(record.callerSessionId)) peer(record.id, winner, false);
    },
    ended(before, { reason, stop, message }, decliner) {
      if (before.via === 'pbx') return;
      const { id: callId, callerSessionId, calleeSessionId } = before;
      const event = { callId, reason, ...(message === undefined ? {} : { message }) };
      connections.send(callerSessionId, 'call:ended', event);
      if (calleeSessionId !== undefined) connections.send(calleeSessionId, 'call:ended', event);
      if (before.state === 'ringing') stopped(before, stop, decliner);
      ringWaiting(before.callerId, callerSessionId);
      ringWaiting(before.calleeId, calleeSessionId);
    },
    present({ record }, sessionId) {
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
function otherDevice(record: CallRecord, sessionId: string): string {
  return record.callerSessionId === sessionId ? (record.calleeSessionId ?? '') : record.callerSessionId;
}
