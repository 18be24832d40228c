// Signals of a room on their way between its two devices (C13, R1, R2, R8): held until the accept, then passed on.
// Synchronous from socket to socket; storage is not asked.
import { type Ack, limits, refuse, type SignalEnvelope } from '@ringtag/server/protocol';
import type { Connections } from './connections.ts';
import type { LiveCall } from './live.ts';
import type { Device } from './ports.ts';
import { decide } from './room.ts';

const done: Ack = { ok: true };
/** More signals than a call can need: nothing of the message was kept. */
const tooMany: Ack = refuse('RATE_LIMITED', { retryAfterMs: 1_000 });

/** Passes signals on, holds them, or refuses; the sender's own numbers make repeats harmless. */
export function relaySignals(
  call: LiveCall,
  by: Device,
  envelopes: readonly SignalEnvelope[],
  connections: Connections,
): Ack {
  const decision = decide(call.record, { kind: 'signal', by }, 0);
  switch (decision.do) {
    case 'refuse':
      return decision.refusal;
    case 'hold':
      return call.held.add(envelopes) ? done : tooMany;
    case 'forward':
      if (call.startsAnew.has(by.sessionId)) {
        if (!envelopes.some(({ seq }) => seq === 1)) return done;
        call.startsAnew.delete(by.sessionId);
      }
      if (call.repliedUpTo !== undefined) {
        if (by.sessionId === call.record.callerSessionId) return call.held.add(envelopes) ? done : tooMany;
        releaseHeld(call, connections);
      }
      connections.send(decision.to, 'room:signal', { callId: call.record.id, envelopes: [...envelopes] });
      return done;
    default:
      return refuse('NOT_FOUND');
  }
}

/**
 * What the reply to an accept carries. While it travels, later signals wait, for they must not overtake it (R2); the
 * winner's first signal shows that it has arrived. A reply without a description holds nothing back: its receiver
 * has nothing to answer and would wait for ever.
 */
export function takeHeld(call: LiveCall): SignalEnvelope[] {
  const signals = call.held.all();
  const isOffer = signals.some(({ signal }) => signal.kind === 'description');
  call.repliedUpTo = isOffer ? signals.at(-1)?.seq : undefined;
  if (!isOffer) call.held.clear();
  return signals;
}

/** The callee's device has its reply: what came after it follows, and from now on everything passes straight through. */
export function releaseHeld(call: LiveCall, connections: Connections): void {
  if (call.repliedUpTo === undefined || call.record.calleeSessionId === undefined) return;
  const rest = call.held.after(call.repliedUpTo);
  call.repliedUpTo = undefined;
  call.held.clear();
  for (let at = 0; at < rest.length; at += limits.SIGNALS_PER_MESSAGE) {
    const envelopes = rest.slice(at, at + limits.SIGNALS_PER_MESSAGE);
    connections.send(call.record.calleeSessionId, 'room:signal', { callId: call.record.id, envelopes });
  }
}
