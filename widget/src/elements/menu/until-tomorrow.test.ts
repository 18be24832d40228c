import { expect, it } from 'vitest';
import { untilTomorrowMs } from './until-tomorrow.ts';

const HOUR_MS = 3_600_000;

it.each([
  ['in the evening', 18, 14],
  ['at noon', 12, 20],
  ['in the small hours, as long as the hub allows', 1, 24],
])('until tomorrow ends at eight in the morning: said %s', (_when, hour, hours) => {
  expect(untilTomorrowMs(new Date(2026, 5, 10, hour))).toBe(hours * HOUR_MS);
});
