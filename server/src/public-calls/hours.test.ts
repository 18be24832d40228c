import { BusinessHours } from '@ringtag/server/protocol';
import { describe, expect, test } from 'vitest';
import { openStateOf } from './hours.ts';

const at = (iso: string): number => Date.parse(iso);
const hours = (input: object): BusinessHours =>
  BusinessHours.parse({ timeZone: 'Europe/Lisbon', weekly: [], ...input });
const WORKDAYS = { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' };
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** "open", or the civil time of the next opening, or "closed" where there is none. */
function said(of: BusinessHours, iso: string): string {
  const { isOpen, opensAt } = openStateOf(of, at(iso));
  if (isOpen) return 'open';
  return opensAt ? `${opensAt.date} ${opensAt.time}` : 'closed';
}

test('without hours it is always open', () => {
  expect(openStateOf(undefined, at('2026-11-21T03:00:00Z'))).toEqual({ isOpen: true });
});

describe('a week', () => {
  const week = hours({ weekly: [WORKDAYS] });
  test.each([
    ['2026-11-20T08:59:59Z', '2026-11-20 09:00'],
    ['2026-11-20T09:00:00Z', 'open'],
    ['2026-11-20T17:59:59Z', 'open'],
    // Friday evening, Saturday, Sunday: Monday.
    ['2026-11-20T18:00:00Z', '2026-11-23 09:00'],
    ['2026-11-21T12:00:00Z', '2026-11-23 09:00'],
    // In summer the same nine o'clock is an hour earlier.
    ['2026-07-01T07:59:59Z', '2026-07-01 09:00'],
    ['2026-07-01T08:00:00Z', 'open'],
  ])('%s: %s', (iso, expected) => {
    expect(said(week, iso)).toBe(expected);
  });

  test('the time until it opens is a duration, which no wrong clock of a browser can bend', () => {
    const { opensAt } = openStateOf(week, at('2026-11-23T08:30:00Z'));
    expect(opensAt).toEqual({
      ...{ date: '2026-11-23', time: '09:00', timeZone: 'Europe/Lisbon', inMs: 30 * 60_000 },
    });
  });
});

describe('past midnight', () => {
  const nights = hours({ weekly: [{ days: [5], from: '22:00', to: '02:00' }] });
  test.each([
    ['2026-11-20T21:59:00Z', '2026-11-20 22:00'],
    ['2026-11-20T23:59:00Z', 'open'],
    ['2026-11-21T01:59:00Z', 'open'],
    ['2026-11-21T02:00:00Z', '2026-11-27 22:00'],
  ])('%s: %s', (iso, expected) => {
    expect(said(nights, iso)).toBe(expected);
  });

  test('from and to the same is a whole day, and 24:00 is the end of one', () => {
    const whole = hours({ weekly: [{ days: [6], from: '00:00', to: '00:00' }] });
    expect(said(whole, '2026-11-21T23:59:00Z')).toBe('open');
    expect(said(whole, '2026-11-22T00:00:00Z')).toBe('2026-11-28 00:00');
    const late = hours({ weekly: [{ days: [6], from: '20:00', to: '24:00' }] });
    expect(said(late, '2026-11-21T23:59:59Z')).toBe('open');
    expect(said(late, '2026-11-22T00:00:00Z')).toBe('2026-11-28 20:00');
  });
});

describe('holidays', () => {
  const december = hours({
    weekly: [WORKDAYS, { days: [4], from: '20:00', to: '02:00' }],
    holidays: [
      { date: '2026-12-24', from: '09:00', to: '13:00', name: 'Christmas Eve' },
      { date: '2026-12-25', name: 'Christmas' },
      { date: '2026-12-26', from: '10:00' },
    ],
  });
  test.each([
    ['2026-12-24T12:59:00Z', 'open'],
    // Neither the afternoon nor the evening of other Thursdays.
    ['2026-12-24T13:00:00Z', '2026-12-26 10:00'],
    ['2026-12-24T21:00:00Z', '2026-12-26 10:00'],
    ['2026-12-25T12:00:00Z', '2026-12-26 10:00'],
    // A Saturday that is otherwise closed.
    ['2026-12-26T23:59:00Z', 'open'],
    ['2026-12-27T00:00:00Z', '2026-12-28 09:00'],
  ])('%s: %s', (iso, expected) => {
    expect(said(december, iso)).toBe(expected);
  });

  test('a night that began the day before goes on into a holiday', () => {
    const nights = hours({
      weekly: [{ days: [4], from: '20:00', to: '02:00' }],
      holidays: [{ date: '2026-12-18' }],
    });
    expect(said(nights, '2026-12-18T01:59:00Z')).toBe('open');
  });
});

describe('the days on which the clocks change', () => {
  const early = { weekly: [{ days: EVERY_DAY, from: '00:30', to: '03:30' }] };
  test.each([
    // Lisbon, 29 March 2026: 01:00 becomes 02:00 at 01:00Z. The morning is an hour shorter.
    ['Europe/Lisbon', '2026-03-29T00:29:59Z', '2026-03-29 00:30'],
    ['Europe/Lisbon', '2026-03-29T00:30:00Z', 'open'],
    ['Europe/Lisbon', '2026-03-29T02:29:59Z', 'open'],
    ['Europe/Lisbon', '2026-03-29T02:30:00Z', '2026-03-30 00:30'],
    // 25 October 2026: 02:00 becomes 01:00 at 01:00Z. An hour longer.
    ['Europe/Lisbon', '2026-10-24T23:29:59Z', '2026-10-25 00:30'],
    ['Europe/Lisbon', '2026-10-24T23:30:00Z', 'open'],
    ['Europe/Lisbon', '2026-10-25T03:29:59Z', 'open'],
    ['Europe/Lisbon', '2026-10-25T03:30:00Z', '2026-10-26 00:30'],
    // New York, 8 March 2026: 02:00 becomes 03:00 at 07:00Z.
    ['America/New_York', '2026-03-08T05:29:59Z', '2026-03-08 00:30'],
    ['America/New_York', '2026-03-08T05:30:00Z', 'open'],
    ['America/New_York', '2026-03-08T07:29:59Z', 'open'],
    ['America/New_York', '2026-03-08T07:30:00Z', '2026-03-09 00:30'],
    // 1 November 2026: 02:00 becomes 01:00 at 06:00Z.
    ['America/New_York', '2026-11-01T04:30:00Z', 'open'],
    ['America/New_York', '2026-11-01T08:29:59Z', 'open'],
    ['America/New_York', '2026-11-01T08:30:00Z', '2026-11-02 00:30'],
  ])('%s at %s: %s', (timeZone, iso, expected) => {
    expect(said(hours({ timeZone, ...early }), iso)).toBe(expected);
  });

  test('a time that comes twice opens at its first coming, one that is left out after the change', () => {
    const halfPast = { weekly: [{ days: EVERY_DAY, from: '01:30', to: '05:00' }] };
    const lisbon = hours(halfPast);
    expect(said(lisbon, '2026-10-25T00:29:59Z')).toBe('2026-10-25 01:30');
    expect(said(lisbon, '2026-10-25T00:30:00Z')).toBe('open');
    expect(said(lisbon, '2026-03-29T01:29:59Z')).toBe('2026-03-29 02:30');
    expect(said(lisbon, '2026-03-29T01:30:00Z')).toBe('open');
  });

  test('across the change the time until it opens counts the hours that really pass', () => {
    const nine = hours({ weekly: [{ days: EVERY_DAY, from: '09:00', to: '18:00' }] });
    const from = (iso: string) => openStateOf(nine, at(iso)).opensAt?.inMs;
    expect(from('2026-03-28T18:00:00Z')).toBe(14 * 3_600_000);
    expect(from('2026-10-24T17:00:00Z')).toBe(16 * 3_600_000);
  });
});

describe('far ahead', () => {
  const seasonal = (date: string) => hours({ holidays: [{ date, from: '10:00', to: '11:00' }] });

  test('an opening within 60 days is told, a later one is not', () => {
    expect(said(seasonal('2027-01-20'), '2026-11-21T12:00:00Z')).toBe('2027-01-20 10:00');
    expect(said(seasonal('2027-01-21'), '2026-11-21T12:00:00Z')).toBe('closed');
  });

  test('hours that never open say nothing', () => {
    expect(said(hours({}), '2026-11-21T12:00:00Z')).toBe('closed');
  });
});

test('what was found is good again and again, also where the clock goes back', () => {
  const week = hours({ weekly: [WORKDAYS] });
  const answers = [
    '2026-11-20T12:00:00Z',
    '2026-11-20T19:00:00Z',
    '2026-11-20T12:00:00Z',
    '2026-11-19T19:00:00Z',
  ];
  expect(answers.map((iso) => said(week, iso))).toEqual([
    'open',
    '2026-11-23 09:00',
    'open',
    '2026-11-20 09:00',
  ]);
});
