// One child process of the demo: its output goes to a log file, it stops with its parent (its stdin closes), and its
// death is told. Never restarts anything by itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Called when it ends without having been asked to. */
  readonly onDeath: (how: string) => void;
}

export interface Child {
  readonly pid: number;
  readonly exited: boolean;
  /** Writes a line to its standard input. */
  tell(line: string): void;
  /** SIGTERM, then SIGKILL after `patienceMs`; resolves once it is gone. */
  stop(patienceMs?: number): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

/** Starts it; the promise rejects when the command cannot be run at all. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const child = spawn(options.command, options.args, {
    env: { ...process.env, ...options.env, RINGTAG_STOP_WITH_PARENT: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: a Ctrl-C goes to the whole group, and children are stopped in order, by us.
    detached: true,
  });
  await once(child, 'spawn');
  const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.stdin.on('error', () => {});
  let expected = false;
  const gone = once(child, 'exit').then(() => {
    log.end();
    if (!expected) options.onDeath(child.signalCode ?? `exit code ${child.exitCode}`);
  });
  return {
    pid: child.pid ?? 0,
    get exited() {
      return hasExited(child);
    },
    tell(line) {
      child.stdin.write(`${line}\n`);
    },
    async stop(patienceMs = 4_000) {
      expected = true;
      if (hasExited(child)) return;
      const force = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      child.kill('SIGTERM');
      await gone;
      clearTimeout(force);
    },
    async kill() {
      expected = true;
      if (!hasExited(child)) child.kill('SIGKILL');
      await gone;
    },
  };
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Asks `check` until it says true; rejects with `what` after `timeoutMs`, or at once when `gone` says so. */
export async function waitUntil(options: {
  readonly what: string;
  readonly timeoutMs: number;
  readonly check: () => Promise<boolean>;
  readonly gone?: () => boolean;
}): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  while (!(await options.check())) {
    if (options.gone?.()) throw new Error(`${options.what} stopped while starting`);
    if (Date.now() > deadline)
      throw new Error(`${options.what} did not start in ${options.timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
