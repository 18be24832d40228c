import { Destination } from '@ringtag/server/protocol';
import { describe, expect, test } from 'vitest';
import { emptyValues, languagesOf, readDestination, valuesOf } from './destination-form.ts';

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const languages = ['en', 'pt'];
const IDS = new Set(['sales', 'support']);

const FULL = Destination.parse({
  id: 'sales',
  name: 'Sales',
  texts: { de: { label: 'Verkauf', closed: 'Zu' }, en: { label: 'Talk to sales' } },
  ring: { people: ['a@example.org', 'b@example.org'], order: 'in-turn', ringSeconds: 20 },
  hours: {
    timeZone: 'Europe/Lisbon',
    weekly: [{ days: [1, 2, 3], from: '09:00', to: '17:30' }],
    holidays: [{ date: '2026-12-25', name: 'Christmas' }],
  },
  ...{ capacity: 3, queue: 0, maxMinutes: 9, chat: false },
  closed: { message: false, callback: true, to: 'support' },
  origins: ['https://shop.example', 'http://shop.localhost:4003'],
  keepQuery: ['article', 'ref'],
});

describe('a destination', () => {
  test.each([
    ['with everything', FULL],
    ['with an extension', Destination.parse({ ...FULL, ring: { extension: '700' }, name: undefined })],
    ['that is always open', Destination.parse({ ...FULL, hours: undefined, chat: true })],
  ])('%s is the same after its form', (_, destination) => {
    const values = valuesOf(destination, { languages, dayNames });
    expect(readDestination(values, IDS)).toEqual({ ok: true, destination });
  });

  test('keeps its own first language first, and has fields for the others', () => {
    expect(languagesOf(valuesOf(FULL, { languages, dayNames }))).toEqual(['de', 'en', 'pt']);
  });
});

describe('what is wrong is told with its field', () => {
  const good = valuesOf(FULL, { languages, dayNames });
  const problems = (over: Record<string, string>) => {
    const read = readDestination({ ...good, ...over }, IDS);
    return read.ok ? [] : read.problems;
  };

  test.each<[string, Record<string, string>, object[]]>([
    ['an id', { id: 'Sales & more' }, [{ field: 'id' }]],
    ['words without a label', { 'texts.pt.greeting': 'Olá' }, [{ field: 'texts.pt.label' }]],
    ['a long greeting', { 'texts.en.greeting': 'x'.repeat(301) }, [{ field: 'texts.en.greeting' }]],
    ['people, by line', { people: 'a@example.org\n\nnobody' }, [{ field: 'people', lines: [3] }]],
    ['nobody to ring', { people: '' }, [{ field: 'people' }]],
    ['an extension', { ring: 'extension', extension: 'x' }, [{ field: 'extension' }]],
    ['seconds', { ringSeconds: '4' }, [{ field: 'ringSeconds' }]],
    ['a time zone', { timeZone: 'Moon/Sea' }, [{ field: 'timeZone' }]],
    ['hours, by line', { weekly: 'Mon 09:00-10:00\nsometimes' }, [{ field: 'weekly', lines: [2] }]],
    ['holidays, by line', { holidays: '2026-02-30' }, [{ field: 'holidays', lines: [1] }]],
    ['hours that nothing uses', { opening: 'always' }, [{ field: 'opening', why: 'unused' }]],
    ['a day that nothing uses', { opening: 'always', weekly: ' ' }, [{ field: 'opening', why: 'unused' }]],
    [
      'hours that nothing uses, by line',
      { opening: 'always', weekly: 'sometimes', holidays: '', timeZone: 'Moon/Sea' },
      [{ field: 'opening', why: 'unused' }, { field: 'timeZone' }, { field: 'weekly', lines: [1] }],
    ],
    ['an empty number', { capacity: '' }, [{ field: 'capacity' }]],
    ['a number with a unit', { maxMinutes: '30 min' }, [{ field: 'maxMinutes' }]],
    ['itself as another', { 'busy.to': 'sales' }, [{ field: 'busy.to' }]],
    [
      'an origin, by line',
      { origins: 'https://a.example\nhttp://a.example' },
      [{ field: 'origins', lines: [2] }],
    ],
    ['no origin', { origins: ' \n ' }, [{ field: 'origins' }]],
    ['a parameter', { keepQuery: 'article, a=b' }, [{ field: 'keepQuery' }]],
  ])('%s', (_, over, expected) => {
    expect(problems(over)).toEqual(expected);
  });

  test('everything at once, once a field with all its lines, from the top of the form down', () => {
    const wrong = {
      ...{ keepQuery: 'a=b', 'busy.to': 'nowhere', queue: '-1', people: 'x\n\na@example.org\ny', id: '' },
      ...{ timeZone: 'Moon/Sea', weekly: 'often\nMon 9:00-10:00\nrarely', 'texts.pt.closed': 'Fechado' },
      origins: 'https://a.example/path\nhttps://a.example\nhttp://a.example\nshop',
    };
    expect(problems(wrong)).toEqual([
      { field: 'id' },
      { field: 'texts.pt.label' },
      { field: 'people', lines: [1, 4] },
      { field: 'timeZone' },
      { field: 'weekly', lines: [1, 3] },
      { field: 'queue' },
      { field: 'busy.to' },
      { field: 'origins', lines: [1, 3, 4] },
      { field: 'keepQuery' },
    ]);
  });

  test('a destination that is always open is so with a time zone and no hours', () => {
    const open = { ...good, opening: 'always', weekly: ' \n', holidays: '' };
    const read = readDestination(open, IDS);
    expect(read).toMatchObject({ ok: true });
    expect(read.ok && read.destination.hours).toBeUndefined();
  });

  test('an empty form wants words, people and pages, and nothing else but an id', () => {
    const read = readDestination(emptyValues(['en'], 'Europe/Lisbon'), IDS);
    const fields = read.ok ? [] : read.problems.map(({ field }) => field);
    expect(fields.toSorted()).toEqual(['id', 'origins', 'people', 'texts.en.label']);
  });
});
