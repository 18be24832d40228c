import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundled } from '../bundled.ts';
import { slimJsSip } from '../slim-jssip.mjs';
import { CORPUS } from './corpus.ts';
import { START_RULES } from './grammar.mjs';

type Parse = (text: string, rule: string) => unknown;

const original = createRequire(import.meta.url)('jssip/lib/Grammar.js', slimJsSip) as { parse: Parse };
let parse: Parse;

beforeAll(async () => {
  ({ parse } = await bundled<{ parse: Parse }>('jssip/lib/Grammar.js', slimJsSip));
});

/** With the names of classes, and their private fields. */
function described(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, described(field)]);
  return { of: value.constructor.name, fields };
}

function outcome(read: Parse, text: string, rule: string): unknown {
  try {
    return described(read(text, rule));
  } catch (error) {
    return `throws ${(error as Error).name}`;
  }
}

/** Each text with a part taken out, doubled, or exchanged for what means something in SIP, always the same ones. */
function* spoiled(texts: readonly string[]): Generator<string> {
  const signs = [
    '"',
    '<',
    '>',
    ';',
    ',',
    '=',
    ':',
    '@',
    ' ',
    '\r\n ',
    '\\',
    '%41',
    '%',
    '[',
    '0',
    'z',
    '\u00e9',
    '\u0000',
  ];
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (const text of texts) {
    for (let round = 0; round < 40; round++) {
      const from = next(text.length + 1);
      const to = Math.min(text.length, from + next(3));
      const put = [signs[next(signs.length)], '', text.slice(from, to).repeat(2)][next(3)];
      yield text.slice(0, from) + put + text.slice(to);
    }
  }
}

test('every start rule has texts that it takes and texts that it refuses', () => {
  expect(Object.keys(CORPUS).sort()).toEqual([...START_RULES].sort());
  for (const [rule, texts] of Object.entries(CORPUS)) {
    const refused = texts.filter((text) => outcome(parse, text, rule) === -1).length;
    expect([rule, refused > 0, refused < texts.length]).toEqual([rule, true, true]);
  }
});

describe.each(Object.entries(CORPUS))('%s', (rule, texts) => {
  test('has the results of the original grammar', () => {
    for (const text of texts) {
      expect([text, outcome(parse, text, rule)]).toStrictEqual([
        text,
        outcome((...asked) => original.parse(...asked), text, rule),
      ]);
    }
  });

  test('has the results of the original grammar for spoiled texts as well', () => {
    for (const text of spoiled(texts)) {
      expect([text, outcome(parse, text, rule)]).toStrictEqual([
        text,
        outcome((...asked) => original.parse(...asked), text, rule),
      ]);
    }
  });
});
