// For tests: another process that holds the write lock of an SQLite file, as a backup or a second hub would.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const HOLD = `
  const { DatabaseSync } = await import(process.argv[1]);
  const file = new DatabaseSync(process.argv[2], { timeout: 5000 });
  file.exec('BEGIN IMMEDIATE');
  process.stdout.write('locked');
  const least = new Promise((resolve) => setTimeout(resolve, Number(process.argv[3])));
  const asked = new Promise((resolve) => process.stdin.on('end', resolve).resume());
  await Promise.all([least, asked]);
  file.exec('COMMIT');
  file.close();
`;

/** Settles once the file is locked, with what lets go of it: not before so many milliseconds, however soon it is asked. */
export async function holdLock(file: string, leastMs = 0): Promise<() => Promise<void>> {
  const driver = import.meta.resolve('@photostructure/sqlite');
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLD, driver, file, String(leastMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await gone;
  };
}

/** The longest time that this process did not come round to anything, until it is asked. */
export function watchStall(): () => number {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 10);
  return () => {
    clearInterval(timer);
    return Math.max(longest, performance.now() - last);
  };
}
