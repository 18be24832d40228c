// Waits for a lock that another process holds on the file without standing the whole hub still: SQLite's own waiting
// blocks the event loop, and with it every call's signals and pings. What was refused by the lock has changed nothing,
// so it is tried again, in the order of coming, until it gets through or has waited for too long.

export interface LockWait {
  /** Does `task`, now or when the lock is gone; rejects as `task` does, or where the lock has lasted too long. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Throws where others wait for the lock already: nobody overtakes. To be called before each write. */
  keepTurn(): void;
  /** Settles when nothing waits any more. */
  idle(): Promise<void>;
}

/** How long a write waits for another process that holds the lock. */
const PATIENCE_MS = 5_000;
const RETRY_MS = 20;
const SQLITE_BUSY = 5;

interface Waiting {
  readonly task: () => Promise<unknown>;
  readonly untilMs: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

class OthersWait extends Error {}

// Real time on purpose: what is waited for is another process.
export function createLockWait(patienceMs: number = PATIENCE_MS): LockWait {
  const waiting: Waiting[] = [];
  let isTurn = false;
  const running = new Set<Promise<unknown>>();

  function attempt(task: () => Promise<unknown>): Promise<unknown> {
    // Tasks write before they first wait for anything.
    isTurn = true;
    try {
      return task();
    } finally {
      isTurn = false;
    }
  }

  /** True where it is done with, in whatever way. */
  async function serve({ task, untilMs, resolve, reject }: Waiting): Promise<boolean> {
    try {
      resolve(await attempt(task));
    } catch (error) {
      if (isLocked(error) && performance.now() < untilMs) return false;
      reject(isLocked(error) ? new Error('the database is locked', { cause: error }) : error);
    }
    return true;
  }

  async function serveAll(): Promise<void> {
    for (let first = waiting[0]; first; first = waiting[0]) {
      if (await serve(first)) waiting.shift();
      else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async function run<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      if (!isLocked(error)) throw error;
    }
    return new Promise<T>((resolve, reject) => {
      const untilMs = performance.now() + patienceMs;
      waiting.push({ task, untilMs, resolve: resolve as (result: unknown) => void, reject });
      if (waiting.length === 1) void serveAll();
    });
  }

  return {
    run(task) {
      const done = run(task);
      const settled: Promise<unknown> = done.then(
        () => running.delete(settled),
        () => running.delete(settled),
      );
      running.add(settled);
      return done;
    },
    keepTurn() {
      if (waiting.length > 0 && !isTurn) throw new OthersWait('others wait for the lock');
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function isLocked(error: unknown): boolean {
  if (error instanceof OthersWait) return true;
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  return (code & 0xff) === SQLITE_BUSY;
}

/** The same store, whose every operation waits for the lock that way. */
export function waitingForLock<S extends object>(store: S, lockWait: LockWait): S {
  const operations = Object.entries(store).map(([name, operation]) => [
    name,
    (...given: unknown[]) => lockWait.run(() => operation(...given)),
  ]);
  return Object.fromEntries(operations) as S;
}
