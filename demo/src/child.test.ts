// Children of the demo, real processes: whose end is told, who is started again, and who hears a Ctrl-C.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Child, startChild } from './child.ts';
import { keepRunning } from './keep-running.ts';

const WAITS = 'process.stdin.on("end", () => process.exit()).resume()';
let dir: string;
let deaths: string[];
const started: Child[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ringtag-child-'));
  deaths = [];
});
afterEach(async () => {
  for (const child of started.splice(0)) await child.kill();
  await rm(dir, { recursive: true });
});

const note = (how: string): void => {
  deaths.push(how);
};

async function start(script = WAITS, onDeath = note): Promise<Child> {
  const child = await startChild({
    name: 'child',
    command: process.execPath,
    args: ['-e', script],
    logFile: join(dir, 'child.log'),
    onDeath,
  });
  started.push(child);
  return child;
}

const groupOf = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }));

test('a Ctrl-C, which the terminal sends to the group of the demo, does not reach a child', async () => {
  const child = await start();
  expect(groupOf(child.pid)).not.toBe(groupOf(process.pid));
  expect(groupOf(child.pid)).toBe(child.pid);
});

test('a death is told, an end that was asked for is not', async () => {
  await start('process.exit(3)');
  await vi.waitFor(() => expect(deaths).toEqual(['exit code 3']), 15_000);
  const [asked, killed] = [await start(), await start()];
  await asked.stop();
  await killed.kill();
  expect(deaths).toEqual(['exit code 3']);
});

function keep(now: () => number, script = WAITS) {
  const told: string[] = [];
  const kept = keepRunning({
    start: (onDeath) => start(script, onDeath),
    onRestart: (how) => told.push(`again after ${how}`),
    onGivenUp: (how) => told.push(`given up after ${how}`),
    now,
  });
  return { kept, told };
}

/** Kills the one that runs; settles when that has been told. */
async function crash(child: Child, told: readonly string[]): Promise<void> {
  const before = told.length;
  process.kill(child.pid, 'SIGKILL');
  await vi.waitFor(() => expect(told.length).toBe(before + 1), 15_000);
}

test('who dies is started again three times a minute, and not a fourth time', async () => {
  let now = 0;
  const { kept: keeping, told } = keep(() => now);
  const kept = await keeping;
  const again = async () => {
    const { pid } = kept.child;
    await crash(kept.child, told);
    await vi.waitFor(() => expect(kept.child.pid).not.toBe(pid), 15_000);
  };
  await again();
  now = 60_000;
  for (let i = 0; i < 3; i += 1) await again();
  await crash(kept.child, told);
  expect(told).toEqual([...Array(4).fill('again after SIGKILL'), 'given up after SIGKILL']);
  await kept.stop();
});

test('who is being stopped is not started again, even where it ends by itself meanwhile', async () => {
  const { kept: keeping, told } = keep(() => 0);
  const kept = await keeping;
  process.kill(kept.child.pid, 'SIGINT');
  await kept.stop();
  expect(told).toEqual([]);
  expect(kept.child.exited).toBe(true);
});
