// Starts a child again when it dies by itself, a few times a minute: more often than that something is wrong which
// starting does not mend.
import type { Child } from './child.ts';

export interface KeepOptions {
  /** Starts it and settles when it is usable; rejects when it cannot be. */
  readonly start: (onDeath: (how: string) => void) => Promise<Child>;
  /** It died and is being started again. */
  readonly onRestart: (how: string) => void;
  /** It died once too often and stays dead. */
  readonly onGivenUp: (how: string) => void;
  /** Milliseconds; default Date.now. */
  readonly now?: () => number;
}

export interface KeptChild {
  /** The one that runs now, or ran last. */
  readonly child: Child;
  stop(): Promise<void>;
}

const RESTARTS = 3;
const WITHIN_MS = 60_000;

/** Rejects when the first start fails; later failures count as deaths. */
export async function keepRunning(options: KeepOptions): Promise<KeptChild> {
  const { now = Date.now } = options;
  let isStopping = false;
  let restarts: number[] = [];
  let child = await launch();
  let starting: Promise<void> = Promise.resolve();

  async function launch(): Promise<Child> {
    let isReady = false;
    const started = await options.start((how) => isReady && died(how));
    if (started.exited) throw new Error('stopped while starting');
    isReady = true;
    return started;
  }

  function died(how: string): void {
    if (isStopping) return;
    restarts = restarts.filter((at) => at > now() - WITHIN_MS);
    if (restarts.length >= RESTARTS) {
      options.onGivenUp(how);
      return;
    }
    restarts.push(now());
    options.onRestart(how);
    starting = launch().then(
      (started) => {
        child = started;
      },
      (error: unknown) => died(error instanceof Error ? error.message : String(error)),
    );
  }

  return {
    get child() {
      return child;
    },
    async stop() {
      isStopping = true;
      await starting;
      await child.stop();
    },
  };
}
