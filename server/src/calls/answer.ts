// What the two devices of a call get as replies to their requests, made from the call as it is at that moment: so a
// repeated request gets the reply that is true now (C1, C4).
import {
  type AcceptedCall,
  type IceServer,
  type PlacedCall,
  type Refusal,
  refuse,
} from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Connections } from './connections.ts';
import type { LiveCall } from './live.ts';
import { takeHeld } from './relay.ts';
import { refuseEnded, roleOf } from './room.ts';

export interface AnswerOptions {
  readonly clock: Clock;
  readonly connections: Connections;
  /** STUN and TURN servers for a call of this person that begins now. */
  readonly iceServers: (personId: string) => readonly IceServer[];
}

export type Placed = { readonly ok: true; readonly placed: PlacedCall };

export interface Answers {
  /** To whoever placed this call, or called into it (C8). */
  placed(call: LiveCall, sessionId: string): Placed | Refusal;
  /** To the winning device (C13). */
  accepted(call: LiveCall): { readonly ok: true; readonly accepted: AcceptedCall };
}

export function createAnswers({ clock, connections, iceServers }: AnswerOptions): Answers {
  const servers = (personId = '') => [...iceServers(personId)];

  function placedRoom(call: LiveCall, sessionId: string): PlacedCall {
    const { id: callId, state, ringUntilMs, callerId, calleeId } = call.record;
    const role = roleOf(call.record, sessionId);
    const iceServers = servers(role === 'callee' ? calleeId : callerId);
    const base = { via: 'room' as const, callId, iceServers };
    if (role === 'callee') {
      return { ...base, state: 'accepted', peer: call.caller, ringForMs: 0, signals: takeHeld(call) };
    }
    // Answered since the first request: this device has missed that as well, so it is told again.
    if (state === 'active' && role === 'caller') {
      connections.send(sessionId, 'call:accepted', { callId, peer: call.callee });
    }
    const ringForMs = state === 'ringing' ? Math.max(0, ringUntilMs - clock.now()) : 0;
    return { ...base, state: 'ringing', peer: call.callee, ringForMs, signals: [] };
  }

  return {
    placed(call, sessionId) {
      const { id: callId, via, state, dial, callerId } = call.record;
      if (state === 'ended') return refuseEnded(call.record);
      if (via === 'room') return { ok: true, placed: placedRoom(call, sessionId) };
      if (dial === undefined) return refuse('NOT_FOUND');
      const base = { via, callId, peer: call.callee, dial, iceServers: servers(callerId) };
      return { ok: true, placed: { ...base, ...(call.replaces ? { replaces: call.replaces } : {}) } };
    },
    accepted(call) {
      const { id: callId, media, calleeId } = call.record;
      const signals = takeHeld(call);
      const iceServers = servers(calleeId);
      return { ok: true, accepted: { callId, peer: call.caller, media, signals, iceServers } };
    },
  };
}
