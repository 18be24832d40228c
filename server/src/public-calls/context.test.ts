import { type ShownContext, VisitorContext } from '@ringtag/server/protocol';
import { describe, expect, test } from 'vitest';
import { assembleContext } from './context.ts';

const assemble = (said: object, keepQuery: readonly string[] = [], origin = 'https://shop.example') =>
  assembleContext(VisitorContext.parse(said), { keepQuery, origin });
const size = ({ url = '', title = '', referrer = '', language = '', data }: ShownContext): number =>
  [url, title, referrer, language, ...data.flatMap(({ key, value }) => [key, value])].join('').length;

test('P6 a whole context is kept as it was said', () => {
  const said = {
    url: 'https://shop.example/shoes?colour=red&utm_source=mail',
    title: 'Red shoes',
    referrer: 'https://shop.example/start',
    language: 'pt-BR',
    data: { basket: '3 pairs', step: 'payment' },
  };
  expect(assemble(said, ['colour'])).toEqual({
    ...{ url: said.url, title: said.title, referrer: said.referrer, language: 'pt-BR' },
    data: [
      { key: 'basket', value: '3 pairs' },
      { key: 'step', value: 'payment' },
      { key: 'utm_source', value: 'mail' },
    ],
  });
});

describe('addresses', () => {
  const urlOf = (url: string, keep: readonly string[] = []) => assemble({ url }, keep).url;

  test('P6 only listed query parameters and those of campaigns are kept', () => {
    const url = 'https://shop.example/a?token=secret&colour=red&utm_medium=cpc&utm_=x&email=a%40b.example';
    expect(urlOf(url, ['colour'])).toBe('https://shop.example/a?colour=red&utm_medium=cpc');
    expect(urlOf(url)).toBe('https://shop.example/a?utm_medium=cpc');
  });

  test.each([
    ['https://shop.example/a#access_token=secret', 'https://shop.example/a'],
    ['https://alice:secret@shop.example/a', 'https://shop.example/a'],
    ['https://SHOP.example:443/%0d%0aX-Evil:1', 'https://shop.example/%0d%0aX-Evil:1'],
    [
      'https://shop.example/"><script>alert(1)</script>',
      'https://shop.example/%22%3E%3Cscript%3Ealert(1)%3C/script%3E',
    ],
    ['https://shop.example/a?utm_source=a%0D%0AEvil%3A1', 'https://shop.example/a?utm_source=a+Evil%3A1'],
  ])('%s becomes %s', (said, kept) => {
    expect(urlOf(said)).toBe(kept);
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,<b>',
    'file:///etc/passwd',
    'blob:https://shop.example/1',
    'shop.example/a',
    'https://',
    'https://shop.example/a\r\nX-Evil: 1',
    'https://shop.example/\u0000',
    'https://shop.example/\u202Egpj.exe',
    '{"$ne": null}',
  ])('%j is none', (said) => {
    expect(urlOf(said)).toBeUndefined();
    expect(urlOf('https://shop.example/')).toBe('https://shop.example/');
  });

  test('P6 an address of another origin than the page\u2019s own is not where the visitor is', () => {
    for (const url of ['https://evil.example/', 'http://shop.example/', 'https://shop.example:8443/'])
      expect(assemble({ url, title: 'x' })).toEqual({ title: 'x', data: [] });
    const local = 'http://shop.localhost:4003';
    expect(assemble({ url: `${local}/a` }, [], local).url).toBe(`${local}/a`);
  });

  test('of another site only the site is kept, of this one the path, never the query', () => {
    const url = 'https://shop.example/a';
    const referrer = (from: string) => assemble({ url, referrer: from }).referrer;
    expect(referrer('https://search.example/find?q=my+illness')).toBe('https://search.example');
    expect(referrer('https://shop.example/b?session=1')).toBe('https://shop.example/b');
  });

  test('one that is too long loses its query, then its path, and is never cut in the middle', () => {
    const long = (chars: number) => `https://shop.example/${'p'.repeat(chars)}`;
    expect(urlOf(`${long(300)}?utm_source=${'x'.repeat(300)}`)).toBe(long(300));
    expect(urlOf(`${long(500)}?utm_source=x`)).toBe('https://shop.example');
  });
});

describe('text', () => {
  const titleOf = (title: string) => assemble({ title }).title;

  test.each([
    ['a\r\nVia: evil', 'a Via: evil'],
    ['a\u0000b\u0007c\u007Fd\u0085e', 'abcde'],
    ['\u202Eevil\u202C \u2066x\u2069', 'evil x'],
    ['z\u200Be\u200Cr\u200Do\uFEFF\u2060', 'zero'],
    ['  many \t\n  spaces\u00A0\u3000here ', 'many spaces here'],
    ['e\u0301', '\u00E9'],
    ['half \uD83D', 'half'],
    ['\u{1F45F} shoes', '\u{1F45F} shoes'],
    ['tag\u{E0041}\u{E007F}', 'tag'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ])('%j is kept as %j', (said, kept) => {
    expect(titleOf(said)).toBe(kept);
  });

  test('what is nothing but such characters is not there', () => {
    expect(assemble({ title: '\u200B\u202E \r\n', language: 'en\r\nX: 1' })).toEqual({ data: [] });
  });
});

describe('the page\u2019s own data', () => {
  test('names like those of objects are names, and change nothing', () => {
    const data = JSON.parse('{"__proto__": "x", "constructor": "y", "toString": "z"}');
    const kept = assemble({ data }).data;
    expect(kept).toContainEqual({ key: 'constructor', value: 'y' });
    expect(kept).toContainEqual({ key: 'toString', value: 'z' });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(Object.getPrototypeOf(kept[0])).toBe(Object.prototype);
  });

  test('a name is letters, digits, dots, dashes; empty pairs are left out; twenty are kept', () => {
    expect(assemble({ data: { 'a=b; c': 'x', '\r\n': 'y', empty: ' ' } }).data).toEqual([
      { key: 'a-b-c', value: 'x' },
    ]);
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v']));
    expect(assemble({ data: many }).data.map(({ key }) => key)).toEqual(
      Array.from({ length: 20 }, (_, index) => `k${index}`),
    );
  });
});

describe('the room', () => {
  const long = 'x'.repeat(1_000);
  const full = {
    url: `https://shop.example/${'p'.repeat(370)}?utm_campaign=${'c'.repeat(999)}`,
    title: long,
    referrer: `https://shop.example/${'r'.repeat(3_000)}`,
    language: 'en',
    data: { first: long, second: long, third: long },
  };

  test('P6 all of it together has at most 1,000 characters, the address and the first data before the rest', () => {
    const kept = assemble(full);
    expect(size(kept)).toBeLessThanOrEqual(1_000);
    expect(size(kept)).toBeGreaterThan(950);
    expect(kept.url).toBe(`https://shop.example/${'p'.repeat(370)}`);
    expect(kept.data[0]).toEqual({ key: 'first', value: 'x'.repeat(200) });
    expect(kept.data.map(({ key }) => key)).toEqual(['first', 'second', 'third']);
    expect(kept.title).toBeUndefined();
  });

  test('it is not cut through the middle of a character', () => {
    const { title = '' } = assemble({ title: `${'x'.repeat(199)}\u{1F45F}\u{1F45F}` });
    expect(title).toBe('x'.repeat(199));
  });
});
