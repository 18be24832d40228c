import { expect, test } from 'vitest';
import { isCrowdedBy } from './admission-crowd.ts';

const many = (count: number, network: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => network(index));
const near = (count: number) => many(count, (index) => `192.0.2.${index}`);
const far = (count: number) => many(count, (index) => `198.51.${index}.7`);

test('P10 until a queue is half full neighbours wait in it as others do', () => {
  expect(isCrowdedBy('192.0.2.99', { waiting: near(4), places: 10 })).toBe(false);
  expect(isCrowdedBy('192.0.2.99', { waiting: near(5), places: 10 })).toBe(true);
  expect(isCrowdedBy('203.0.113.1', { waiting: near(9), places: 10 })).toBe(false);
});

test('P10 a neighbourhood has a third of a queue that is half full, and two places at least', () => {
  const third = (neighbours: number) => ({ waiting: [...near(neighbours), ...far(6)], places: 12 });
  expect([isCrowdedBy('192.0.2.99', third(3)), isCrowdedBy('192.0.2.99', third(4))]).toEqual([false, true]);
  const small = (neighbours: number) => ({ waiting: [...near(neighbours), ...far(1)], places: 3 });
  expect([isCrowdedBy('192.0.2.99', small(1)), isCrowdedBy('192.0.2.99', small(2))]).toEqual([false, true]);
});

test('P10 neighbours are those of an IPv4 /24 and of an IPv6 /48', () => {
  const six = many(6, (index) => `2001:db8:1:${index}::/64`);
  expect(isCrowdedBy('2001:db8:1:ff::/64', { waiting: six, places: 10 })).toBe(true);
  expect(isCrowdedBy('2001:db8:2:0::/64', { waiting: six, places: 10 })).toBe(false);
  expect(isCrowdedBy('192.0.3.1', { waiting: near(9), places: 10 })).toBe(false);
});
