// Who counts as a neighbour of whom among the flood's addresses.
import { describe, expect, test } from 'vitest';
import { honestSource, hostileSource, type Source, squatterSource } from './addresses.ts';

const all = (count: number, sourceOf: (index: number) => Source) =>
  Array.from({ length: count }, (_, index) => sourceOf(index));
const neighbourhood = ({ address, family }: Source) =>
  address
    .split(family === 4 ? '.' : ':')
    .slice(0, 3)
    .join(' ');

describe('addresses of the flood', () => {
  test('honest visitors are nobody’s neighbours, not even of each other', () => {
    const honest = all(2_000, honestSource).map(neighbourhood);
    expect(new Set(honest).size).toBe(2_000);
    const others = [
      ...all(10_000, (index) => hostileSource(index, true)),
      ...all(250, (n) => squatterSource(n, true)),
    ];
    for (const each of new Set(others.map(neighbourhood))) expect(honest).not.toContain(each);
  });

  test('squatters have a network each, half of them in one /48 where there is IPv6', () => {
    const squatters = all(250, (index) => squatterSource(index, true));
    const [four, six] = [4, 6].map((family) => squatters.filter((each) => each.family === family));
    expect(new Set(six?.map(({ address }) => address)).size).toBe(125);
    expect(new Set(six?.map(neighbourhood))).toEqual(new Set(['2001 db8 f1ff']));
    expect(new Set(four?.map(neighbourhood)).size).toBe(125);
    expect(all(250, (index) => squatterSource(index, false)).every(({ family }) => family === 4)).toBe(true);
  });
});
