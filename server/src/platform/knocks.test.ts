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

test('P10 strangers of many networks keep a network where somebody is signed in from nothing but its own bound', () => {
  const { knocks, many, pass } = knocking({ network: 30, hub: 100 });
  expect(knocks.take('office')).toBeUndefined();
  knocks.forgive('office');
  knocks.know('home');
  const flood = () => {
    for (let index = 0; index < 20; index += 1) many(`stranger ${index}`, 30);
  };
  flood();
  expect(many('one more', 1)).toBe(0);
  expect([many('office', 40), many('home', 40)]).toEqual([30, 30]);
  pass(60_000);
  flood();
  expect(many('office', 40)).toBe(30);
});

test('P10 of known networks the ten thousand seen last are kept', () => {
  const { knocks, many } = knocking({ network: 10, hub: 0 });
  knocks.know('first');
  knocks.know('second');
  for (let index = 0; index < 9_998; index += 1) knocks.know(`office ${index}`);
  knocks.know('first');
  knocks.know('the last');
  expect([many('first', 1), many('second', 1), many('the last', 1)]).toEqual([1, 0, 1]);
});

test('P10 who floods paths that are none keeps nobody from the files, nor from signing in', () => {
  const { knocks } = knocking({ network: 1_000, hub: 50 });
  for (let index = 0; index < 300; index += 1) knocks.take(`stranger ${index}`, 'other');
  const again = [
    knocks.take('shopper', 'other'),
    knocks.take('shopper', 'file'),
    knocks.take('shopper', 'entry'),
  ];
  expect(again).toEqual([60_000, undefined, undefined]);
  // And the other way round: each has a bound.
  for (let index = 0; index < 300; index += 1) knocks.take(`stranger ${index}`, 'file');
  expect([knocks.take('shopper', 'file'), knocks.take('shopper', 'entry')]).toEqual([60_000, undefined]);
});
