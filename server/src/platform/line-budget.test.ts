// What a log keeps of many lines of one kind.
import { expect, test } from 'vitest';
import { createLineBudget } from './line-budget.ts';

test('P10 the log takes so many lines a minute, and tells in one how many it left out', () => {
  let nowMs = 1_000;
  const told: unknown[] = [];
  const budget = createLineBudget({
    ...{ lines: 3, message: 'more of the same', now: () => nowMs },
    logger: { info: (...said: unknown[]) => void told.push(said) },
  });
  const written = Array.from({ length: 10 }, () => budget.spend());
  expect(written.filter(Boolean)).toHaveLength(3);
  expect(told).toEqual([]);
  nowMs += 59_999;
  expect(budget.spend()).toBe(false);
  nowMs += 1;
  expect(budget.spend()).toBe(true);
  expect(told).toEqual([[{ leftOut: 8 }, 'more of the same']]);
  nowMs += 60_000;
  expect(budget.spend()).toBe(true);
  expect(told).toHaveLength(1);
});
