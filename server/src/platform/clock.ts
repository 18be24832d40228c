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

export interface ManualClock extends Clock {
  /** Goes on by that; what falls due meanwhile runs in order, each at its time. */
  advance(ms: number): void;
  /** Jumps, as after a sleep of the machine: what has fallen due runs once, late. For days, in which much would repeat. */
  leap(ms: number): void;
}

/** A clock that stands still until it is told to go on. */
export function createManualClock(startMs = 1_800_000_000_000): ManualClock {
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
    leap(ms) {
      now += ms;
      const due = [...tasks].filter((t) => t.dueMs <= now).sort((a, b) => a.dueMs - b.dueMs);
      for (const late of due) if (tasks.delete(late)) late.task();
    },
  };
}
