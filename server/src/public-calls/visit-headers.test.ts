import { describe, expect, test } from 'vitest';
import { headersOf } from './visit-headers.ts';

describe('headers of a visitor’s call', () => {
  test('P6 say the context in one line, with what separates written as in URIs', () => {
    const { context } = headersOf({
      title: 'Boots; 50% off',
      language: 'pt',
      data: [
        { key: 'cart', value: 'a=b' },
        { key: 'utm_source', value: 'Ção "x", y' },
      ],
    });
    expect(context).toBe('title=Boots%3B 50%25 off; language=pt; cart=a%3Db; utm_source=Ção "x", y');
  });

  test('P6 carry no control character, whoever let it through', () => {
    const nasty = 'a\r\nX-Evil: 1\u0000';
    const headers = headersOf({ url: `https://shop.example/${nasty}`, data: [{ key: nasty, value: nasty }] });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(JSON.stringify(Object.values(headers))).not.toMatch(/[\u0000-\u001f]|\\r|\\n|\\u0/);
  });

  test('are left out rather than cut where they are too long', () => {
    const long = 'é'.repeat(900);
    const headers = headersOf({
      url: `https://shop.example/${'x'.repeat(3_000)}`,
      data: [
        { key: 'first', value: 'x' },
        { key: 'long', value: long },
        { key: 'longer', value: long },
      ],
    });
    expect(headers.url).toBeUndefined();
    expect(headers.context?.startsWith('first=x; long=é')).toBe(true);
    expect(Buffer.byteLength(headers.context ?? '')).toBeLessThan(2_000);
    expect(headers.context).not.toContain('longer');
  });

  test.each([
    [{ latitude: 38.7223, longitude: -9.1393, accuracy: 20 }, 'geo:38.7223,-9.1393;u=20'],
    [{ latitude: 1e-9, longitude: -1e-9, accuracy: 0 }, 'geo:0,0;u=0'],
    [{ latitude: -90, longitude: 180, accuracy: 1234.56 }, 'geo:-90,180;u=1234.6'],
  ])('write the place as a geo URI (RFC 5870): %o', (place, uri) => {
    expect(headersOf({ place, data: [] }).geolocation).toBe(uri);
  });

  test('are none where nothing is known', () => {
    expect(headersOf({ data: [] })).toEqual({});
  });
});
