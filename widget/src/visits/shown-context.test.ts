// What a stranger's page said is shown as text, and leads only where it says.
import { describe, expect, it } from 'vitest';
import { contextOf, labelOf, mapUrl, pageLink, plain, reachOf, subjectOf } from './shown-context.ts';

describe('text of a visitor', () => {
  it('keeps markup as letters and lines as lines, and loses what steers or turns', () => {
    expect(plain('<b>x</b>\nolá 👩‍👩‍👧')).toBe('<b>x</b>\nolá 👩‍👩‍👧');
    expect(plain('a\u202Egpj.exe\u2069\u0000\u001b[31m\r\u0085')).toBe('agpj.exe[31m');
  });
});

describe('a link to a page', () => {
  it.each(['https://shop.example/a?b=c', 'http://shop.example/'])('is there for %s', (url) => {
    expect(pageLink(url)?.href).toBe(url);
  });

  it.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'blob:https://shop.example/1',
    'file:///etc/passwd',
    'shop.example',
    '//shop.example',
    '',
    undefined,
  ])('is not there for %j', (url) => {
    expect(pageLink(url)).toBeUndefined();
  });
});

describe('the way back to a visitor', () => {
  it.each([
    ['+351 910 (000)-000', { kind: 'number', to: '+351910000000' }],
    ['1002', { kind: 'number', to: '1002' }],
    ['rita@example.org', { kind: 'mail', to: 'rita@example.org' }],
    ['rita@example.org?bcc=all@example.org', undefined],
    ['+351;ext=1', undefined],
    ['call me', undefined],
  ])('%s', (reach, way) => {
    expect(reachOf(reach)).toEqual(way);
  });
});

describe('what telephones are told', () => {
  it('is read back as the hub wrote it', () => {
    const context = 'title=Boots%3B a %3D b%25; language=pt; cart=3; note=x=y; referrer=https://a.example/';
    expect(
      contextOf({ visitId: 'v', url: 'https://b.example/', context, place: '<geo:38.7,-9.1;u=30>' }),
    ).toEqual({
      url: 'https://b.example/',
      title: 'Boots; a = b%',
      language: 'pt',
      referrer: 'https://a.example/',
      place: { latitude: 38.7, longitude: -9.1, accuracy: 30 },
      data: [
        { key: 'cart', value: '3' },
        { key: 'note', value: 'x' },
      ],
    });
  });

  it.each(['<geo:91,0>', '<geo:x,y>', '<pidf:1>', '<geo:1e3,2>'])(
    'a place that is none is left out: %s',
    (place) => {
      expect(contextOf({ visitId: 'v', place })).toEqual({ data: [] });
    },
  );
});

it('the map is asked for the place, and nothing else', () => {
  expect(mapUrl({ latitude: 38.7, longitude: -9.1, accuracy: 1 })).toBe(
    'https://www.openstreetmap.org/?mlat=38.70000&mlon=-9.10000#map=15/38.70000/-9.10000',
  );
});

it('what a page adds is labelled in words', () => {
  expect(['product', 'cart_size', 'ordem-nº', '', '\u202edda'].map(labelOf)).toEqual([
    'Product',
    'Cart size',
    'Ordem nº',
    '',
    'Dda',
  ]);
});

it('a visitor is told apart by the product, else by the page', () => {
  const data = [{ key: 'Product', value: 'Aneroid barometer' }];
  expect(subjectOf({ title: 'Shop', data })).toBe('Aneroid barometer');
  expect(subjectOf({ title: 'Shop', data: [] })).toBe('Shop');
  expect(subjectOf({ data: [] })).toBe('');
});
