// What a process of this machine uses, as Linux tells it.
import { readFile } from 'node:fs/promises';

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

const read = (pid: number, what: string) => readFile(`/proc/${pid}/${what}`, 'utf8').catch(() => '');
