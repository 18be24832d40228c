// A clock that stands still until it is told to go on; for tests only.
import type { Clock } from '../call/clock.ts';

export interface ManualClock extends Clock {
  /** Runs what falls due in the next `ms`, in order, letting promises settle in between. */
  advance(ms: number): Promise<void>;
}

export function createManualClock(): ManualClock {
  let nowMs = 1_000;
  const tasks = new Set<{ dueMs: number; task: () => void }>();
  return {
    now: () => nowMs,
    after(delayMs, task) {
      const entry = { dueMs: nowMs + delayMs, task };
      tasks.add(entry);
      return () => tasks.delete(entry);
    },
    async advance(ms) {
      const until = nowMs + ms;
      await settle();
      for (;;) {
        const next = [...tasks].filter((t) => t.dueMs <= until).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (!next) break;
        tasks.delete(next);
        nowMs = next.dueMs;
        next.task();
        await settle();
      }
      nowMs = until;
    },
  };
}

/** Lets every promise that can settle do so; no time passes. */
export async function settle(): Promise<void> {
  // A message between ports is a task of its own: everything queued before it has run when it arrives.
  for (let i = 0; i < 5; i++) {
    const { port1, port2 } = new MessageChannel();
    await new Promise<void>((resolve) => {
      port1.onmessage = () => resolve();
      port2.postMessage(0);
    });
    port1.close();
  }
}
