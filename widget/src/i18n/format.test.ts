import { afterEach, describe, expect, it } from 'vitest';
import { formatCallLength, formatNumber, formatPercent, formatWhen } from './format.ts';
import { useLanguage } from './index.ts';

afterEach(() => useLanguage('en'));

/** What is read, whichever of the narrow and no-break blanks `Intl` puts in. */
const read = (text: string) => text.replace(/\s/g, ' ');
const at = (...[year, month, day, h, m]: [number, number, number, number, number]) =>
  new Date(year, month - 1, day, h, m).getTime();
/** A Friday. */
const now = at(2024, 3, 15, 15, 0);

describe.each([
  ['en', '12 sec', '3 min 12 sec', '3 min', '1 hr 5 min', '12,345', '4.3', '25%'],
  ['pt', '12 s', '3 min 12 s', '3 min', '1 h 5 min', '12.345', '4,3', '25%'],
  ['es', '12 s', '3 min 12 s', '3 min', '1 h 5 min', '12.345', '4,3', '25 %'],
  ['fr', '12 s', '3 min 12 s', '3 min', '1 h 5 min', '12 345', '4,3', '25 %'],
])('in %s', (tag, seconds, both, minutes, hours, thousands, fraction, share) => {
  it('lengths of calls are in the two units that matter', async () => {
    await useLanguage(tag);
    expect(read(formatCallLength(12_999))).toBe(seconds);
    expect(read(formatCallLength(192_000))).toBe(both);
    expect(read(formatCallLength(180_000))).toBe(minutes);
    expect(read(formatCallLength(3_945_000))).toBe(hours);
    expect(read(formatCallLength(-5))).toBe(read(formatCallLength(0)));
  });

  it('numbers and shares have its marks', async () => {
    await useLanguage(tag);
    expect(read(formatNumber(12_345.4))).toBe(thousands);
    expect(read(formatNumber(4.3, 1))).toBe(fraction);
    expect(read(formatPercent(0.2541))).toBe(share);
  });
});

describe.each([
  ['en-GB', 'Today 14:03', 'Yesterday 23:59', 'Saturday 09:30', '8 Mar', '31 Dec 2023'],
  ['en-US', 'Today 2:03 PM', 'Yesterday 11:59 PM', 'Saturday 9:30 AM', 'Mar 8', 'Dec 31, 2023'],
  ['pt-BR', 'Hoje 14:03', 'Ontem 23:59', 'Sábado 09:30', '8 de mar.', '31 de dez. de 2023'],
  ['es', 'Hoy 14:03', 'Ayer 23:59', 'Sábado 9:30', '8 mar', '31 dic 2023'],
  ['fr', 'Aujourd’hui 14:03', 'Hier 23:59', 'Samedi 09:30', '8 mars', '31 déc. 2023'],
])('when a call was, in %s', (tag, today, yesterday, saturday, lastWeek, lastYear) => {
  it.each([
    ['today', at(2024, 3, 15, 14, 3), today],
    ['yesterday, though less than a day ago', at(2024, 3, 14, 23, 59), yesterday],
    ['six days ago by its weekday', at(2024, 3, 9, 9, 30), saturday],
    ['a week ago by its date, as the weekday is also today', at(2024, 3, 8, 16, 0), lastWeek],
    ['last year with the year', at(2023, 12, 31, 8, 0), lastYear],
  ])('%s', async (_name, dateMs, shown) => {
    await useLanguage(tag);
    expect(read(formatWhen(dateMs, now))).toBe(shown);
  });
});

it('a clock that is ahead makes no "in one day"', async () => {
  await useLanguage('en-GB');
  expect(formatWhen(at(2024, 3, 16, 1, 0), now)).toBe('16 Mar');
});

it.each(['pt_BR', 'pt-br', 'pt-x'])('a page that says %s gets its numbers', async (tag) => {
  await useLanguage(tag);
  expect(formatNumber(4.3, 1)).toBe('4,3');
});
