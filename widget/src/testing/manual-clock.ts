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
  for (let i = 0; i < 6; i++) await new Promise<void>((resolve) => runAsTask(resolve));
}

/** Runs `work` as a task of its own, after all that is queued now, as browsers do with events. */
export function runAsTask(work: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    work();
  };
  port2.postMessage(0);
}
