// `npm run soak`: what takes minutes. Breaks things in one world while people do nothing for ten minutes in another,
// prints a table and exits by itself: 0 when every line is good.
import { parseArgs } from 'node:util';
import { soakBroken } from './broken.ts';
import type { Report } from './part.ts';
import { soakQuiet } from './quiet.ts';

const DEFAULT_MINUTES = 10;

const { values } = parseArgs({ options: { minutes: { type: 'string' } } });
const minutes = Number(values.minutes ?? DEFAULT_MINUTES);
if (!(minutes > 0 && minutes <= 120)) {
  console.error('--minutes takes a number between 0 and 120');
  process.exit(64); // EX_USAGE of sysexits.h
}
const say = (line: string) => console.log(`· ${line}`);
say(`Soaking: ${minutes} minutes of doing nothing, and what breaks meanwhile`);
// One after the other until both run: starting a world is the hardest work of all.
const quiet = await new Promise<{ readonly reports: Promise<Report[]> }>((resolve) => {
  const running = part(soakQuiet(minutes, say, () => resolve({ reports: running })));
  void running.then(() => resolve({ reports: running }));
});
const broken = await part(soakBroken(say));
const reports = [...(await quiet.reports), ...broken];
print(reports);
process.exit(reports.every(({ good }) => good) ? 0 : 1);

async function part(running: Promise<Report[]>): Promise<Report[]> {
  return running.catch((error: unknown) => [
    { what: 'the stage', seen: error instanceof Error ? error.message : String(error), good: false },
  ]);
}

function print(lines: readonly Report[]): void {
  const width = Math.max(...lines.map(({ what }) => what.length));
  console.log('');
  for (const { what, seen, good } of lines)
    console.log(`  ${good ? 'ok  ' : 'FAIL'}  ${what.padEnd(width)}  ${seen}`);
  console.log('');
}
