// Which attempts of a flood there are, and which answers mean that one came through.
import { describe, expect, test } from 'vitest';
import { attemptOf, KINDS, type Loot, verdictOf } from './hostile.ts';
import { throughOverLimits } from './tally.ts';

const SHOP = 'http://shop.localhost:4003';

describe('what counts as through', () => {
  const loot: Loot = {
    ...{ origin: SHOP, destinations: ['sales'], tickets: ['t'] },
    visits: [
      { visitId: 'v-1', key: 'one' },
      { visitId: 'v-2', key: 'two' },
    ],
  };

  test('a hundred attempts have every kind among them, and no visit’s own key beside it', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => attemptOf(index, loot));
    expect(new Set(hundred.map(({ kind }) => kind))).toEqual(new Set(KINDS));
    for (const { kind, text } of hundred) {
      if (kind === 'stolen visit key') expect(text).not.toMatch(/v-1.*Bearer one|v-2.*Bearer two/s);
    }
  });

  test.each([
    ['ticket with a wrong proof', 201, 'through'],
    ['gate without a token', 101, 'through'],
    ['gate without a token', 401, 'refused'],
    ['used or invented ticket', 201, 'through'],
    ['ticket without proof', 201, 'early'],
    ['ticket without proof', 428, 'refused'],
    ['stream hoarded', 200, 'own'],
    ['stolen visit key', 200, 'through'],
    ['path that is none', 404, 'refused'],
    ['path that is none', 200, 'through'],
  ] as const)('%s, answered %i, is %s', (kind, status, verdict) => {
    expect(verdictOf(kind, status)).toBe(verdict);
  });

  test('tickets that are free while it is quiet are none, and one more is one', () => {
    const verdicts = { refused: 900, early: 100, own: 3, through: 0 };
    const tally = { ...EMPTY, verdicts };
    expect(throughOverLimits(tally, 100)).toBe(0);
    expect(throughOverLimits({ ...tally, verdicts: { ...verdicts, early: 101 } }, 100)).toBe(1);
    expect(throughOverLimits({ ...tally, verdicts: { ...verdicts, through: 2 } }, 100)).toBe(2);
  });
});

const EMPTY = {
  sent: 0,
  broken: 0,
  unanswered: 0,
  answers: {},
  through: {},
  byKind: {} as never,
  answerMs: [],
};
