// What a telephone hears while it is held: two soft beeps, then quiet, over and over. Made here, so that no music needs
// a licence and nothing of the installation is played.
import { writeFile } from 'node:fs/promises';

const RATE_HZ = 8_000;
const PERIOD_MS = 5_000;
const BEEP = { hz: 520, ms: 220, peak: 0.1, rampMs: 20 };
const BEGINS_MS = [300, 700];

/** One period as signed linear samples, which Asterisk repeats. */
export function holdTone() {
  const samples = new Int16Array((RATE_HZ * PERIOD_MS) / 1_000);
  for (const beginMs of BEGINS_MS) {
    const first = (RATE_HZ * beginMs) / 1_000;
    const count = (RATE_HZ * BEEP.ms) / 1_000;
    for (let i = 0; i < count; i += 1) samples[first + i] = Math.round(32_767 * beepAt(i, count));
  }
  return samples;
}

/** Ramps keep it from clicking. */
function beepAt(i, count) {
  const ramp = (RATE_HZ * BEEP.rampMs) / 1_000;
  const loudness = Math.min(1, i / ramp, (count - i) / ramp);
  return BEEP.peak * loudness * Math.sin((2 * Math.PI * BEEP.hz * i) / RATE_HZ);
}

/** `.sln` of Asterisk: 16 bit, little-endian, 8 kHz, no header. */
export async function writeHoldTone(file) {
  const samples = holdTone();
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [i, sample] of samples.entries()) bytes.writeInt16LE(sample, 2 * i);
  await writeFile(file, bytes, { mode: 0o600 });
}
