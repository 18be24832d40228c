import { expect, test } from 'vitest';
import { Refusals } from './refusals.ts';

const NOW = 1_800_000_000_000;

test('P10 a network is told no so often in a minute, and again in the next; others are not its concern', () => {
  const refusals = new Refusals(2);
  const refuse = (network: string, nowMs = NOW) => refusals.isTooMany(network, nowMs);
  expect([refuse('a'), refuse('a'), refuse('a'), refuse('b')]).toEqual([false, false, true, false]);
  expect(refuse('a', NOW + 60_000)).toBe(false);
});
