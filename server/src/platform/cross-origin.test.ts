import { expect, test } from 'vitest';
import { foreignDetail, webOrigin } from './cross-origin.ts';

test.each([
  'https://shop.example',
  'http://shop.localhost:4003',
  'https://xn--bcher-kva.example',
  'https://[2001:db8::1]',
])('%s is an origin as browsers write it', (origin) => {
  expect(webOrigin(origin)).toBe(origin);
  expect(foreignDetail(origin)).toBe(`${origin} is not listed.`);
});

test.each([
  ['a path', 'https://shop.example/'],
  ['capitals', 'https://Shop.example'],
  ['the port that it has anyway', 'https://shop.example:443'],
  ['a name', 'https://me@shop.example'],
  ['letters that are none of a name', 'https://bücher.example'],
  ['more than a name can have', `https://${'x'.repeat(300)}.example`],
  ['another scheme', 'ftp://shop.example'],
  ['nothing', ''],
  ['markup', '<script>'],
])('what comes as an origin with %s is not repeated', (_, text) => {
  expect(webOrigin(text)).toBeUndefined();
  expect(foreignDetail(text)).toBe('What came as the origin is none.');
});

test('a page without an origin is told why it may have none', () => {
  expect(foreignDetail(undefined)).toBe('The request came without an origin.');
  expect(foreignDetail('null')).toContain('it is a file, or a frame');
});
