// What the test phone plays and hears: a sine wave, and the strongest frequency of what came in.

export const SAMPLE_RATE_HZ = 8_000;

/** Half of full scale: loud, and far from clipping. */
const AMPLITUDE = 16_384;

/** Endless sine wave; each call continues where the last one stopped. */
export function createSine(hz: number): (samples: number) => Int16Array {
  let phase = 0;
  const step = (2 * Math.PI * hz) / SAMPLE_RATE_HZ;
  return (samples) =>
    Int16Array.from({ length: samples }, () => {
      const value = Math.sin(phase) * AMPLITUDE;
      phase = (phase + step) % (2 * Math.PI);
      return value;
    });
}

export interface Tone {
  /** Strongest frequency between 100 and 3600 Hz; 0 in silence. */
  readonly hz: number;
  /** RMS of the whole, in dB of full scale; -Infinity for digital silence. */
  readonly levelDb: number;
  /** Share of the power that the strongest frequency holds, 0 to 1: near 1 for a clean tone. */
  readonly purity: number;
}

const LOWEST_HZ = 100;
const HIGHEST_HZ = 3_600;
const SILENCE_DB = -60;

/** Goertzel's algorithm on a 10 Hz grid, then refined around the best to 1 Hz. Wants 100 ms or more. */
export function measureTone(samples: Int16Array): Tone {
  const power = samples.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples.length);
  const levelDb = 10 * Math.log10(power / 32_768 ** 2);
  if (samples.length === 0 || levelDb < SILENCE_DB) return { hz: 0, levelDb, purity: 0 };
  const windowed = hann(samples);
  const coarse = strongest(windowed, { from: LOWEST_HZ, to: HIGHEST_HZ, step: 10 });
  const fine = strongest(windowed, { from: coarse.hz - 10, to: coarse.hz + 10, step: 1 });
  // A sine of amplitude a under a Hann window sums to a·n/4; its power is a²/2.
  const amplitude = (4 * Math.sqrt(fine.energy)) / samples.length;
  return { hz: fine.hz, levelDb, purity: Math.min(1, amplitude ** 2 / 2 / power) };
}

function hann(samples: Int16Array): Float64Array {
  return Float64Array.from(
    samples,
    (value, i) => value * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length)),
  );
}

interface Grid {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

function strongest(samples: Float64Array, { from, to, step }: Grid): { hz: number; energy: number } {
  let best = { hz: from, energy: 0 };
  for (let hz = from; hz <= to; hz += step) {
    const energy = goertzel(samples, hz);
    if (energy > best.energy) best = { hz, energy };
  }
  return best;
}

/** Squared magnitude of the discrete Fourier transform at one frequency. */
function goertzel(samples: Float64Array, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE_HZ);
  let previous = 0;
  let beforeThat = 0;
  for (const sample of samples) {
    const value = sample + coefficient * previous - beforeThat;
    beforeThat = previous;
    previous = value;
  }
  return previous ** 2 + beforeThat ** 2 - coefficient * previous * beforeThat;
}
