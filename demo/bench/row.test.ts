// What the figures of the table are made of.
import { describe, expect, it } from 'vitest';
import { median, p95, quantile, TARGETS } from './row.ts';

describe('the figures of the benchmarks', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => 20 - index);

  it('a quantile is always a sample that was measured, whatever their order', () => {
    expect([median(twenty), p95(twenty), quantile(twenty, 1)]).toEqual([10, 19, 20]);
  });

  it('one sample is its own median and p95', () => {
    expect([median([7]), p95([7])]).toEqual([7, 7]);
  });

  it('no samples are an error, not a zero', () => {
    expect(() => median([])).toThrow('No samples');
  });

  it('a rate must reach its target, a time must stay under it', () => {
    expect([TARGETS['relay-ratio']?.met(0.9), TARGETS['relay-ratio']?.met(0.89)]).toEqual([true, false]);
    expect([TARGETS['room-ring-p50-ms']?.met(60), TARGETS['room-ring-p50-ms']?.met(61)]).toEqual([
      true,
      false,
    ]);
  });
});
