// One Asterisk for a test file, or the reason why there is none. Types: testing.d.mts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAsterisk, startAsterisk } from './index.mjs';

export async function getAsteriskForTests(options = {}) {
  const found = await findAsterisk();
  if (!found) {
    const skip = 'no Asterisk 22.2 or later here (asterisk/install gets one)';
    process.stdout.write(`Skipped: ${skip}\n`);
    return { asterisk: null, skip };
  }
  const dir = await mkdtemp(join(tmpdir(), 'ringtag-asterisk-'));
  const running = await startAsterisk({ dir, asterisk: found, ...options });
  const stop = async () => {
    await running.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return { asterisk: { ...running, stop }, skip: null };
}
