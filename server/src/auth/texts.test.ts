import { describe, expect, it } from 'vitest';
import { type PageTexts, textsFor } from './texts.ts';

const languages = ['pt', 'es', 'fr'];
const english = textsFor('en');

/** Each sentence by its name, about one site and one person. */
function sentencesOf(texts: PageTexts): ReadonlyMap<string, string> {
  const { refused, lang: _lang, ...others } = texts;
  return new Map(
    Object.entries({ ...others, ...refused }).map(([name, text]) => [
      name,
      typeof text === 'function' ? text('mail.example', 'Alice') : text,
    ]),
  );
}

it.each([
  ['pt-BR,pt;q=0.9,en;q=0.8', 'pt'],
  ['ES-mx', 'es'],
  ['ja, fr-CA;q=0.7', 'fr'],
  ['en-GB', 'en'],
  ['ja', 'en'],
  ['', 'en'],
  [undefined, 'en'],
])('a browser that asks for %s gets pages in %s', (accepted, lang) => {
  expect(textsFor(accepted).lang).toBe(lang);
});

describe.each(languages)('the pages in %s', (lang) => {
  const sentences = sentencesOf(textsFor(lang));

  it('say everything that they say in English, in other words', () => {
    for (const [name, text] of sentencesOf(english)) {
      expect.soft(sentences.get(name), name).toMatch(/\S/);
      expect.soft(sentences.get(name), name).not.toBe(text);
    }
    expect(sentences.size).toBe(sentencesOf(english).size);
  });

  it('name the site and the person where English does', () => {
    for (const [name, text] of sentencesOf(english)) {
      for (const named of ['mail.example', 'Alice']) {
        expect.soft(sentences.get(name)?.includes(named), name).toBe(text.includes(named));
      }
    }
  });

  it('quote the answer "none of these" as its button has it', () => {
    expect(sentences.get('numbersText')).toContain(sentences.get('noneOfThese'));
  });
});
