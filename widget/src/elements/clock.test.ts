import { expect, it } from 'vitest';
import { formatElapsed, untilNextSecondMs } from './clock.ts';

it.each([
  [-5_000, '00:00'],
  [0, '00:00'],
  [59_999, '00:59'],
  [192_000, '03:12'],
  [3_599_999, '59:59'],
  [3_600_000, '1:00:00'],
  [7_392_000, '2:03:12'],
])('%d ms of a call show as %s', (elapsedMs, shown) => {
  expect(formatElapsed(elapsedMs)).toBe(shown);
});

it.each([
  [1_000, 1_000, 1_000],
  [1_000, 1_001, 999],
  [250, 61_240, 10],
])('a call since %d shows its next second, seen at %d, in %d ms', (sinceMs, nowMs, inMs) => {
  expect(untilNextSecondMs(sinceMs, nowMs)).toBe(inMs);
});
