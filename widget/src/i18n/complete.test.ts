// Types see a missing text; this sees one that was copied and never translated, one left empty, and one that forgot
// whom it is about.
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { enSheets } from './en-sheets.ts';
import { enVisits } from './en-visits.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { pt } from './pt.ts';

type Leaves = ReadonlyMap<string, (...args: never[]) => string>;

/** Texts that are rightly the same as in English. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  pt: ['product', 'online', 'offline'],
  es: ['product'],
  fr: ['product', 'direct'],
};
/** Made of quotation marks and their arguments alone. */
const WORDLESS = ['withMessage', 'keyName'];
/** Letters of no language, so that they are found again in a sentence. */
const NAMES = ['Ωα', 'Ωβ', 'Ωγ'];

function leavesOf(table: object, path = ''): Leaves {
  return new Map(
    Object.entries(table).flatMap(([key, value]) => {
      const name = path === '' ? key : `${path}.${key}`;
      if (typeof value === 'object') return [...leavesOf(value, name)];
      return [[name, typeof value === 'function' ? value : () => value] as const];
    }),
  );
}

/** A sentence about three people, or about a number where it cannot be about people. */
function said(sentence: ((...args: never[]) => string) | undefined): string {
  try {
    return String(sentence?.(...(NAMES as never[])));
  } catch {
    return String(sentence?.(...([7, 7, 7] as never[])));
  }
}

const english = leavesOf({ ...en, sheets: enSheets, visits: enVisits });

describe.each(Object.entries({ pt, es, fr }))('%s', (language, table) => {
  const leaves = leavesOf(table);
  const keys = [...english.keys()];

  it('has the texts that English has, and no other', () => {
    expect([...leaves.keys()].sort()).toEqual(keys.sort());
  });

  it('is silent only where English is', () => {
    expect(keys.filter((key) => (said(leaves.get(key)) === '') !== (said(english.get(key)) === ''))).toEqual(
      [],
    );
  });

  it('is translated', () => {
    const copied = keys.filter(
      (key) => said(leaves.get(key)) !== '' && said(leaves.get(key)) === said(english.get(key)),
    );
    expect(copied.filter((key) => !WORDLESS.includes(key)).sort()).toEqual(
      [...(SAME[language] ?? [])].sort(),
    );
  });

  it('names whom English names', () => {
    for (const key of keys) {
      const named = (leaf: string) => NAMES.filter((name) => leaf.includes(name));
      expect.soft(named(said(leaves.get(key))), key).toEqual(named(said(english.get(key))));
    }
  });

  it('is one line without blanks at its ends or doubled', () => {
    expect(keys.filter((key) => /^\s|\s$|\s\s|\n/.test(said(leaves.get(key))))).toEqual([]);
  });
});
