// Time as a dependency: everything that waits or stamps takes a Clock, so that tests can move it.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once after `delayMs` of this clock; the returned function cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until `advance` is called; due tasks then run in order of their time. */
export function createManualClock(startMs = 1_800_000_000_000): Clock & { advance(ms: number): void } {
  let now = startMs;
  const tasks = new Set<{ dueMs: number; task: () => void }>();
  return {
    now: () => now,
    after(delayMs, task) {
      const entry = { dueMs: now + delayMs, task };
      tasks.add(entry);
      return () => tasks.delete(entry);
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const next = [...tasks].filter((t) => t.dueMs <= until).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (!next) break;
        tasks.delete(next);
        now = Math.max(now, next.dueMs);
        next.task();
      }
      now = until;
    },
  };
}
