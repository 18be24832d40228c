import { PUBLIC_ERROR_STATUS } from '@ringtag/server/protocol/errors';
import { describe, expect, it } from 'vitest';
import { refusal, type VisitorCode } from '../answer.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { lengthText, refusalText } from './index.ts';
import { pt } from './pt.ts';

/** Sentences about people and lengths, by names of no language. */
function said(table: object, path = ''): [string, string][] {
  return Object.entries(table).flatMap(([key, value]): [string, string][] => {
    if (typeof value === 'object') return said(value, `${path}${key}.`);
    return [[path + key, typeof value === 'function' ? value('Ωα', 'Ωβ') : value]];
  });
}
const english = new Map(said(en));
/** Made of their arguments, or the same word. */
const SAME = ['says', 'chat', 'stars'];

describe.each(Object.entries({ pt, es, fr }))('what visitors read in %s', (_language, table) => {
  const texts = said(table);

  it('is translated, one line each, without blanks at the ends', () => {
    for (const [key, text] of texts) {
      expect.soft(text, key).toMatch(/^\S(.*\S)?$/);
      expect.soft(text, key).not.toMatch(/ {2}/);
      if (!SAME.includes(key)) expect.soft(text, key).not.toBe(english.get(key));
    }
  });

  it('names whom English names', () => {
    for (const [key, text] of texts) {
      for (const name of ['Ωα', 'Ωβ']) {
        expect.soft(text.includes(name), key).toBe(english.get(key)?.includes(name));
      }
    }
  });
});

describe('the sentence for a refusal', () => {
  it('P10 says whose limit it was, and when to try again', () => {
    const limited = { ...refusal('RATE_LIMITED'), retryAfterMs: 30_000 };
    expect(refusalText(en, 'en', { ...limited, state: 'address' })).toBe(
      'There were many calls from here in a short time. Please try again in 30 seconds.',
    );
    expect(refusalText(fr, 'fr', { ...limited, state: 'hub', retryAfterMs: 120_000 })).toBe(
      'Beaucoup de personnes appellent en ce moment. Réessayez dans 2 minutes.',
    );
  });

  it.each(Object.entries({ en, pt, es, fr }))(
    'is there for each code of the public routes in %s',
    (lang, table) => {
      for (const code of Object.keys(PUBLIC_ERROR_STATUS) as VisitorCode[]) {
        expect.soft(refusalText(table, lang, refusal(code)), code).not.toBe(table.refusals.OTHER);
      }
    },
  );

  it('tells what is full from what is over', () => {
    const conflict = refusal('CONFLICT');
    expect(refusalText(en, 'en', { ...conflict, state: 'full' })).toMatch(/no room/);
    expect(refusalText(en, 'en', { ...conflict, state: 'no-chat' })).toMatch(/no longer possible/);
  });

  it('is there for codes that nobody expects', () => {
    expect(refusalText(en, 'en', refusal('INTERNAL'))).toBe('Something went wrong. Please try again.');
  });

  it('rounds up: nobody is sent to a closed door', () => {
    expect(lengthText('en', 91_000)).toBe('2 minutes');
    expect(lengthText('en', 1_200)).toBe('2 seconds');
  });
});
