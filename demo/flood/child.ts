// A process of the flood: started beside its parent, told and heard by messages, and gone with it.
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface FloodChild {
  readonly pid: number;
  /** What it said when it was ready, a port for example. */
  readonly ready: number;
  tell(message: object): void;
  /** Its next message; rejects when it takes longer or the child ends. */
  hear<T>(withinMs: number): Promise<T>;
  stop(): Promise<void>;
}

const START_MS = 20_000;

/** `name`: of a file beside this one. `onLastCore`: kept from disturbing the others more than it must. */
export async function startFloodChild(
  name: string,
  { env = {}, onLastCore = false }: { env?: Record<string, string>; onLastCore?: boolean } = {},
): Promise<FloodChild> {
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const child = fork(file, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const hear = async <T>(withinMs: number): Promise<T> => {
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(), withinMs);
    const { signal } = aborter;
    try {
      const said = once(child, 'message', { signal });
      const died = once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`The process "${name}" ended (${code})`);
      });
      // The one that loses is aborted below.
      for (const each of [said, died]) each.catch(() => {});
      return (await Promise.race([said, died]))[0] as T;
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new Error(`The process "${name}" has said nothing for ${Math.round(withinMs / 1_000)} s`);
    } finally {
      clearTimeout(timer);
      aborter.abort();
    }
  };
  const { ready } = await hear<{ ready: number }>(START_MS);
  const pid = child.pid ?? 0;
  if (onLastCore) pinToLastCore(pid);
  return {
    ...{ pid, ready, hear },
    tell: (message) => void child.send(message),
    stop: () => end(child),
  };
}

/** Where there are two at least, and the command for it. */
function pinToLastCore(pid: number): void {
  const cores = availableParallelism();
  if (cores > 1)
    spawnSync('taskset', ['-a', '-p', '-c', String(cores - 1), String(pid)], { stdio: 'ignore' });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
