// What a process of this machine uses, as Linux tells it, and the hub of itself.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pause } from './pause.ts';

export interface Usage {
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** Clock ticks a second are 100 on every Linux that Node runs on. */
const TICK_MS = 10;

/** Zeroes where there is no /proc. */
export async function usageOf(pid: number): Promise<Usage> {
  const [stat, status] = await Promise.all([read(pid, 'stat'), read(pid, 'status')]);
  // The command's name is in brackets and may hold anything; user and system time are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  return { cpuMs: ticks * TICK_MS, residentBytes: kilobytes * 1024 };
}

const COLLECTS_WITHIN_MS = 10_000;
const LOOK_MS = 50;

/** What is left on the hub's heap without garbage (`hub-with-gauge.mjs`); undefined where it does not tell. */
export async function collectedHeapOf(
  hub: { tell(line: string): void },
  dataDir: string,
): Promise<number | undefined> {
  const file = join(dataDir, 'collected.json');
  await rm(file, { force: true });
  hub.tell(`collect ${file}`);
  for (let waitedMs = 0; waitedMs < COLLECTS_WITHIN_MS; waitedMs += LOOK_MS) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return (JSON.parse(text) as { heapBytes: number }).heapBytes;
    await pause(LOOK_MS);
  }
  return undefined;
}

const read = (pid: number, what: string) => readFile(`/proc/${pid}/${what}`, 'utf8').catch(() => '');
