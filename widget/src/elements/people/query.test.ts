import { describe, expect, it } from 'vitest';
import { dialable } from './query.ts';

describe('a number in the search box', () => {
  it.each([
    ['600', '600'],
    ['+351 21 000 00 00', '+351210000000'],
    ['(21) 000-0000', '210000000'],
    ['*98', '*98'],
  ])('%s is dialled as %s', (typed, number) => {
    expect(dialable(typed)).toBe(number);
  });

  it.each(['', '12', 'bruno', '12a', '+', 'room 600', '1'.repeat(30)])('%j is not a number', (typed) => {
    expect(dialable(typed)).toBeNull();
  });
});
