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

  test('some knock from so few networks that each keeps to its own bound, and none of them is another\u2019s', () => {
    const knocks = Array.from({ length: 10_000 }, (_, index) =>
      attemptOf(index, loot, 'knocks of few networks'),
    );
    const sources = new Set(knocks.map(({ source = -1 }) => source));
    expect([sources.size, Math.min(...sources), Math.max(...sources)]).toEqual([250, 16, 265]);
  });

  test('what is sent in chunks is a whole request', () => {
    const [head = '', body = ''] = attemptOf(0, loot, 'wish in chunks').text.split('\r\n\r\n', 2);
    expect(head).not.toContain('Content-Length');
    const [size = '', wish = '', end] = body.split('\r\n');
    expect([Number.parseInt(size, 16), end]).toEqual([wish.length, '0']);
    expect(JSON.parse(wish)).toMatchObject({ to: 'sales', intent: 'call' });
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
    ['wish in chunks', 201, 'early'],
    ['card asked for', 200, 'card'],
    ['own visit asked about', 404, 'refused'],
    ['own visit asked about', 200, 'through'],
    ['knocks of few networks', 200, 'through'],
    ['path that is none', 404, 'refused'],
    ['path that is none', 200, 'through'],
  ] as const)('%s, answered %i, is %s', (kind, status, verdict) => {
    expect(verdictOf(kind, status)).toBe(verdict);
  });

  test('tickets that are free while it is quiet are none, and one more is one', () => {
    const verdicts = { refused: 900, early: 100, own: 3, card: 7, through: 0 };
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
