import { expect, test } from 'vitest';
import { createKnocks } from './knocks.ts';

function knocking(bounds: { network: number; hub: number }) {
  let nowMs = 1_000;
  const knocks = createKnocks(bounds, () => nowMs);
  const many = (network: string, count: number) =>
    Array.from({ length: count }, () => knocks.take(network)).filter((waitMs) => waitMs === undefined).length;
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { knocks, many, pass };
}

test('P10 a network knocks so often a minute, and hears how long to wait', () => {
  const { knocks, many, pass } = knocking({ network: 3, hub: 100 });
  expect(many('a', 5)).toBe(3);
  pass(20_000);
  expect(knocks.take('a')).toBe(40_000);
  expect(many('b', 5)).toBe(3);
  pass(40_000);
  expect(many('a', 5)).toBe(3);
});

test('P10 who turns out to be signed in is not counted', () => {
  const { knocks, many } = knocking({ network: 3, hub: 3 });
  for (let index = 0; index < 10; index += 1) {
    expect(knocks.take('a')).toBeUndefined();
    knocks.forgive('a');
  }
  // Nobody gets more by what was never counted.
  knocks.forgive('a');
  expect(many('a', 5)).toBe(3);
});

test('P10 while all together knock too often, those who do so seldom are heard, up to as much again', () => {
  const { many } = knocking({ network: 10_000, hub: 1_000 });
  expect(many('loud', 2_000)).toBe(1_000);
  expect(many('quiet', 50)).toBe(50);
  expect(many('louder', 2_000)).toBe(100);
  for (let index = 0; index < 17; index += 1) expect(many(`one of many ${index}`, 50)).toBe(50);
  expect(many('the last', 50)).toBe(0);
});
