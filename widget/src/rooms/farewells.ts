// Ends that the hub has not heard yet. The person's call is over at once; the hub is told as soon as it listens.
import type { ToldEnd } from '@ringtag/server/protocol';
import { backoffMs, type Clock } from '../call/clock.ts';
import type { Send } from '../hub/api.ts';

/** After this long the hub has ended the room by itself (SPEC R5, R7). */
const KEEP_TRYING_MS = 5 * 60_000;
const RETRY_MAX_MS = 5_000;

export interface Farewells {
  /** Tells the hub that this call is over, now or later. Settles when it knows or will never. */
  end(callId: string, reason: ToldEnd): Promise<void>;
  decline(callId: string, message?: string): Promise<void>;
  /** The hub is back: do not wait for the next turn. */
  hurry(): void;
  /** Settles when nothing is left to tell. */
  settled(): Promise<void>;
  has(callId: string): boolean;
}

export function createFarewells(send: Send, clock: Clock): Farewells {
  const open = new Map<string, Promise<void>>();
  const wake = new Set<() => void>();

  async function tell(path: string, body: object): Promise<void> {
    const untilMs = clock.now() + KEEP_TRYING_MS;
    for (let attempt = 0; clock.now() < untilMs; attempt++) {
      const told = await send(path, { method: 'POST', body, keepalive: true });
      // Any answer but these means that the call is over there, or none of ours any more.
      if (told.ok || !MAY_PASS.has(told.code)) return;
      await new Promise<void>((resolve) => {
        wake.add(resolve);
        clock.after(told.retryAfterMs ?? backoffMs(attempt, RETRY_MAX_MS), resolve);
      });
    }
  }

  function keep(callId: string, telling: Promise<void>): Promise<void> {
    const kept = telling.finally(() => open.delete(callId));
    open.set(callId, kept);
    return kept;
  }

  const path = (callId: string, verb: string) => `/api/calls/${encodeURIComponent(callId)}/${verb}`;
  return {
    end: (callId, reason) => keep(callId, tell(path(callId, 'end'), { reason })),
    decline: (callId, message) => keep(callId, tell(path(callId, 'decline'), message ? { message } : {})),
    hurry() {
      for (const proceed of wake) proceed();
      wake.clear();
    },
    async settled() {
      await Promise.all(open.values());
    },
    has: (callId) => open.has(callId),
  };
}

const MAY_PASS: ReadonlySet<string> = new Set([
  'HUB_UNREACHABLE',
  'INTERNAL',
  'RATE_LIMITED',
  'STORAGE_UNAVAILABLE',
]);
