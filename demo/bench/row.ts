// What a benchmark reports, and the target each figure is held against. A missed target is shown, never hidden and
// never an error: benchmarks measure, tests judge.

/** One line of the table, one object of the JSON array. */
export interface Row {
  readonly id: string;
  readonly value: number;
  readonly unit: 'bytes' | 'ms' | 'ratio' | 'count' | 'per s';
  /** How many samples the value was made from. */
  readonly n: number;
  /** The same thing done with the least that could do it, in the same run; same unit as `value`. */
  readonly floor?: number;
  /** The worst of the samples, where `value` is their median. */
  readonly worst?: number;
  /** `value` against `floor`; for a rate the other way round, so that 1 is always "as good as the floor". */
  readonly ratio?: number;
}

/** A figure with what a person wants to know beside it. */
export interface Finding {
  readonly row: Row;
  /** Where the time or the bytes go; printed under the table. */
  readonly notes?: readonly string[];
}

interface Target {
  readonly text: string;
  readonly met: (value: number) => boolean;
}

const atMost = (limit: number, unit: string): Target => ({
  text: `≤ ${limit} ${unit}`.trim(),
  met: (value) => value <= limit,
});
const atLeast = (limit: number): Target => ({ text: `≥ ${limit}`, met: (value) => value >= limit });

export const TARGETS: Readonly<Record<string, Target>> = {
  'loader-brotli-bytes': atMost(5_120, 'bytes'),
  'phone-gzip-bytes': atMost(102_400, 'bytes'),
  'room-ring-p50-ms': atMost(60, 'ms'),
  'room-ring-p95-ms': atMost(150, 'ms'),
  'room-ring-ratio': atMost(1.5, ''),
  'room-sound-p95-ms': atMost(250, 'ms'),
  'pbx-ring-p95-ms': atMost(300, 'ms'),
  'pbx-sound-p95-ms': atMost(400, 'ms'),
  'relay-ratio': atLeast(0.9),
  'idle-device-bytes': atMost(16 * 1024, 'bytes'),
  'endpoint-add-ms': atMost(20, 'ms'),
  'ice-restart-ms': atMost(3_000, 'ms'),
  'asterisk-restart-ms': atMost(6_000, 'ms'),
  'leader-change-ms': atMost(1_000, 'ms'),
  'flood-ring-ratio': atMost(1.5, ''),
  'flood-honest-served': atLeast(50),
  'flood-through': atMost(0, ''),
  'flood-step-per-s': atLeast(500),
};

/** The value at `share` (0 to 1) of the samples, the nearest rank: always one that was measured. */
export function quantile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new Error('No samples to take a quantile of');
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);
export const p95 = (samples: readonly number[]): number => quantile(samples, 0.95);

/** `12.3 ms median, 15.0 ms p95`. */
export function spread(samples: readonly number[], unit = 'ms'): string {
  return `${median(samples).toFixed(1)} ${unit} median, ${p95(samples).toFixed(1)} ${unit} p95`;
}
