// Time in the life of a call: the ring timer (C3, C15), the window of a room that somebody has left (R5, R7), and the
// regular note of when rooms were last seen. It measures uptime of this hub only, so an outage ends nothing.
import { limits } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { CallStore } from '../storage/port.ts';
import type { Connections } from './connections.ts';
import type { LiveCall, LiveCalls } from './live.ts';
import type { CallEvent } from './room.ts';

/** When storage refused the end of a call, it is tried again after this long. */
const RETRY_MS = 1_000;

export interface WatchOptions {
  readonly clock: Clock;
  readonly calls: CallStore;
  readonly connections: Connections;
  readonly live: LiveCalls;
  readonly logger: Logger;
  /** Lets the call feel the event that time brought. */
  readonly apply: (call: LiveCall, event: CallEvent) => Promise<unknown>;
}

export interface Watch {
  /** Starts what the call's state asks for, in place of what ran before. */
  follow(call: LiveCall): void;
  /** A device of this room has just gone: that is when it was last seen. */
  seenNow(call: LiveCall): void;
  start(): void;
  /** Stops every timer; resolves when the last note is stored. */
  stop(): Promise<void>;
}

export function createWatch(options: WatchOptions): Watch {
  const { clock, calls, connections, live, logger } = options;
  /** Rooms that a device has left since the last note. */
  const leftSince = new Set<LiveCall>();
  let cancelTouch = () => {};
  const isHere = (sessionId: string | undefined) =>
    sessionId !== undefined && connections.isConnected(sessionId);

  function later(call: LiveCall, delayMs: number, event: CallEvent): void {
    call.cancelTimer = clock.after(delayMs, () => {
      options.apply(call, event).catch((err: unknown) => {
        logger.error({ err, callId: call.record.id, event: event.kind }, 'a call could not be ended in time');
        later(call, RETRY_MS, event);
      });
    });
  }

  function follow(call: LiveCall): void {
    call.cancelTimer();
    call.cancelTimer = () => {};
    const { state, ringUntilMs, callerSessionId, calleeSessionId } = call.record;
    if (state === 'ringing') {
      const ringLeftMs = Math.max(0, ringUntilMs - clock.now());
      if (isHere(callerSessionId) || ringLeftMs <= limits.CALLER_AWAY_MS) {
        later(call, ringLeftMs, { kind: 'ring-timeout' });
      } else {
        // Whoever answered would talk to nobody (C17).
        const by = { sessionId: callerSessionId, personId: call.record.callerId };
        later(call, limits.CALLER_AWAY_MS, { kind: 'end', by, reason: 'left' });
      }
    }
    if (state !== 'active') return;
    const here = Number(isHere(callerSessionId)) + Number(isHere(calleeSessionId));
    if (here === 2) return;
    later(call, limits.ROOM_WINDOW_MS, { kind: 'abandoned', by: here === 1 ? 'one' : 'both' });
  }

  async function touch(): Promise<void> {
    const seen = live
      .all()
      .filter(({ record }) => record.state === 'active')
      .filter(({ record }) => isHere(record.callerSessionId) || isHere(record.calleeSessionId));
    const nowMs = clock.now();
    for (const call of seen) live.update(call, { ...call.record, lastSeenAtMs: nowMs });
    const left = [...leftSince].map(({ record }) => record).filter(({ state }) => state === 'active');
    leftSince.clear();
    if (seen.length > 0) await calls.touch(idsOf(seen), nowMs);
    for (const { id, lastSeenAtMs } of left) await calls.touch([id], lastSeenAtMs);
  }

  function touchRegularly(): void {
    cancelTouch = clock.after(limits.ROOM_TOUCH_MS, () => {
      touchRegularly();
      touch().catch((err: unknown) => logger.warn({ err }, 'live rooms could not be noted as seen'));
    });
  }

  return {
    follow,
    seenNow(call) {
      live.update(call, { ...call.record, lastSeenAtMs: clock.now() });
      leftSince.add(call);
    },
    start: touchRegularly,
    async stop() {
      cancelTouch();
      for (const call of live.all()) call.cancelTimer();
      await touch();
    },
  };
}

function idsOf(calls: readonly LiveCall[]): string[] {
  return calls.map(({ record }) => record.id);
}
