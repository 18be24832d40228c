// A laptop that sleeps: every process of one browser stands still, and goes on as if nothing had been.
import { readdir, readFile } from 'node:fs/promises';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

async function processes(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const all = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      // The name in brackets may hold anything; what follows it is fixed: state, parent.
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 1).split(' ')[2]);
      return { pid: Number(pid), parent, command };
    }),
  );
  return all.filter(({ parent }) => Number.isFinite(parent));
}

/** Chromium names its profile in one word of its command line, Firefox in two; words end with a NUL in `/proc`. */
function isOf(profile: string, command: string): boolean {
  return command.includes(`--user-data-dir=${profile}`) || command.includes(`--profile\0${profile}\0`);
}

/** The browser of that profile and all that it started. */
async function treeOf(profile: string): Promise<number[]> {
  const all = await processes();
  const tree = new Set(all.filter(({ command }) => isOf(profile, command)).map(({ pid }) => pid));
  for (let size = -1; size !== tree.size; ) {
    size = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  if (tree.size === 0) throw new Error(`No browser runs with the profile ${profile}`);
  return [...tree];
}

/** Stops the browser where it stands; the returned function wakes it. */
export async function putToSleep(profile: string): Promise<() => void> {
  const tree = await treeOf(profile);
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    for (const pid of tree) {
      try {
        process.kill(pid, name);
      } catch {
        // It ended meanwhile.
      }
    }
  };
  signal('SIGSTOP');
  return () => signal('SIGCONT');
}

/** Ends every process of the browser at once: no page says a last word. */
export async function killBrowser(profile: string): Promise<void> {
  for (const pid of await treeOf(profile)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended with its parent.
    }
  }
}
