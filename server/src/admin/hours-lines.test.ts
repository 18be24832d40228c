import { describe, expect, test } from 'vitest';
import { readHolidays, readWeekly, writeHolidays, writeWeekly } from './hours-lines.ts';

const NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

describe('hours of the week', () => {
  const workdays = [1, 2, 3, 4, 5];
  test.each([
    ['Mon-Fri 09:00-17:30', [{ days: workdays, from: '09:00', to: '17:30' }]],
    ['  segunda – sexta   9.00 – 17h30 ', [{ days: workdays, from: '09:00', to: '17:30' }]],
    ['lun., mié. 9:00-24:00', [{ days: [1, 3], from: '09:00', to: '24:00' }]],
    [
      'Mon-Fri 09:00-12:30, 14:00-18:00',
      [
        { days: workdays, from: '09:00', to: '12:30' },
        { days: workdays, from: '14:00', to: '18:00' },
      ],
    ],
    ['sam-lun 22:00-02:00', [{ days: [1, 6, 7], from: '22:00', to: '02:00' }]],
    ['\n\n', []],
  ])('"%s" is understood', (text, weekly) => {
    expect(readWeekly(text)).toEqual({ ok: true, value: weekly });
  });

  test.each([
    ['Mon-Fri 09:00-17:30\nwhenever we like', [2]],
    ['Mon 25:00-26:00', [1]],
    ['Mon', [1]],
    ['09:00-17:00', [1]],
    ['\n\nMon-Tue-Wed 09:00-10:00', [3]],
    ['Mon 09:00-10:00,', [1]],
    ['often\nMon 09:00-10:00\n\nrarely', [1, 4]],
  ])('"%s" is not, and each such line is told', (text, lines) => {
    expect(readWeekly(text)).toEqual({ ok: false, lines });
  });

  test('what is written can be read again', () => {
    const weekly = [
      { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:30' },
      { days: [6, 7], from: '22:00', to: '02:00' },
      { days: [1, 3, 5], from: '20:00', to: '24:00' },
    ];
    const text = writeWeekly(weekly, NAMES);
    expect(text).toBe('Mon-Fri 09:00-17:30\nSat, Sun 22:00-02:00\nMon, Wed, Fri 20:00-24:00');
    expect(readWeekly(text)).toEqual({ ok: true, value: weekly });
  });
});

describe('holidays', () => {
  test('whole days, shorter days and names, there and back', () => {
    const text = '2026-12-25 Christmas\n2026-12-24 09:00-13:00 Christmas Eve\n2027-01-01';
    const read = readHolidays(text);
    expect(read).toEqual({
      ok: true,
      value: [
        { date: '2026-12-25', name: 'Christmas' },
        { date: '2026-12-24', from: '09:00', to: '13:00', name: 'Christmas Eve' },
        { date: '2027-01-01' },
      ],
    });
    if (read.ok) expect(writeHolidays(read.value)).toBe(text);
  });

  test.each([
    ['2026-02-30', [1]],
    ['2026-12-25\n25.12.2026', [2]],
    ['2026-12-24 13:00-25:00', [1]],
    ['tomorrow\n2026-12-25\n2027-13-01', [1, 3]],
  ])('"%s" is told with its lines', (text, lines) => {
    expect(readHolidays(text)).toEqual({ ok: false, lines });
  });
});
