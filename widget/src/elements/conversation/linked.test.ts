import { describe, expect, test } from 'vitest';
import { piecesOf } from './linked.ts';

const links = (text: string) => piecesOf(text).flatMap(({ href }) => href ?? []);

describe('addresses in what somebody has written', () => {
  test('are found between words, without what ends the sentence', () => {
    expect(piecesOf('See https://shop.example/a?b=1#c, please.')).toEqual([
      { text: 'See ' },
      { text: 'https://shop.example/a?b=1#c', href: 'https://shop.example/a?b=1#c' },
      { text: ', please.' },
    ]);
    expect(links('(http://a.example/x) and HTTPS://B.example!')).toEqual([
      'http://a.example/x',
      'https://b.example/',
    ]);
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x file:///etc/passwd ftp://a.example/ mailto:a@a.example',
    'https://bank.example@evil.example/',
    'https://a:b@evil.example/',
    'https:// http://. https://[',
    'xhttps://a.example/',
    '',
  ])('%s is text and leads nowhere', (text) => {
    expect(links(text)).toEqual([]);
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  test.each([
    'https://a.example/"onclick="x',
    'https://a.example/<b>x</b>',
    'https://a.example/ javascript:x',
  ])('%s leads no further than its address, and every word stays', (text) => {
    expect(links(text)).toEqual(['https://a.example/']);
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  test('a thousand characters that nearly are one are read at once', () => {
    const text = 'https://'.repeat(125);
    expect(piecesOf(text).length).toBeGreaterThan(0);
    expect(links(`https://a.example/${'.'.repeat(900)}`)).toEqual(['https://a.example/']);
  });
});
