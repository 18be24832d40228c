import { expect, test } from 'vitest';
import { calledVisit } from './called.ts';

const of = (headers: Record<string, string>) => calledVisit((name) => headers[name]);

test('a call without the hub’s name of a visit is no visitor’s, whatever else it says', () => {
  expect(of({ 'X-Ringtag-Url': 'https://shop.example/' })).toBeUndefined();
  expect(of({ 'X-Ringtag-Visit': '../../x' })).toBeUndefined();
  expect(of({ 'X-Ringtag-Visit': 'x'.repeat(65) })).toBeUndefined();
});

test('a visitor’s call has what came with it', () => {
  const headers = {
    'X-Ringtag-Visit': 'v-1',
    'X-Ringtag-Url': 'https://shop.example/',
    'X-Ringtag-Context': 'title=Shop',
    Geolocation: '<geo:1,2>',
  };
  expect(of(headers)).toEqual({
    visitId: 'v-1',
    url: 'https://shop.example/',
    context: 'title=Shop',
    place: '<geo:1,2>',
  });
  expect(of({ 'X-Ringtag-Visit': 'v-1' })).toEqual({ visitId: 'v-1' });
});
