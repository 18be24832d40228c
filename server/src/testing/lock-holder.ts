// For tests: another process that holds the write lock of an SQLite file, as a backup or a second hub would.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const HOLD = `
  const { DatabaseSync } = await import(process.argv[1]);
  const file = new DatabaseSync(process.argv[2], { timeout: 5000 });
  file.exec('BEGIN IMMEDIATE');
  process.stdout.write('locked');
  setTimeout(() => { file.exec('COMMIT'); file.close(); }, Number(process.argv[3]));
`;

/** Settles once the file is locked, with what settles once it is not. */
export async function holdLock(file: string, ms: number): Promise<{ readonly gone: Promise<unknown> }> {
  const driver = import.meta.resolve('@photostructure/sqlite');
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLD, driver, file, String(ms)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  await once(child.stdout, 'data');
  return { gone };
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
