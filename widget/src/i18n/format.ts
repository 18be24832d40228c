// Numbers, lengths and times of day as the page's language and region write them. Not in the core phone: only what
// is fetched on demand (the list of calls, settings) says such things.
import { language } from './index.ts';
import { formatTime, place } from './time.ts';

const DAY_MS = 24 * 3_600_000;
/** Named by its weekday only while that can mean one day. */
const WEEKDAY_DAYS = 6;

/** `1,234.5`; of fractions as many digits as asked for, none by default. */
export function formatNumber(value: number, fractionDigits = 0): string {
  return new Intl.NumberFormat(place(), {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  }).format(value);
}

/** A share of 1 in whole per cent: 0.25 as `25%`. */
export function formatPercent(share: number): string {
  return new Intl.NumberFormat(place(), { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** How long a call was: `12 sec`, `3 min 12 sec`, `1 hr 5 min`. */
export function formatCallLength(lengthMs: number): string {
  const seconds = Math.max(0, Math.floor(lengthMs / 1_000));
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h > 0) return joined([h, 'hour'], [m, 'minute']);
  return m > 0 ? joined([m, 'minute'], [s, 'second']) : inUnit(s, 'second');
}

/** `Today 14:03`, `Yesterday 14:03`, `Monday 14:03`; a week ago and more `12 Mar`, with its year unless it is this one. */
export function formatWhen(dateMs: number, nowMs: number): string {
  const date = new Date(dateMs);
  const days = calendarDaysBetween(date, new Date(nowMs));
  const words = dayInWords(date, days);
  if (words === undefined) {
    const sameYear = date.getFullYear() === new Date(nowMs).getFullYear();
    return dateIn({ day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) }, date);
  }
  return `${capitalised(words)} ${formatTime(dateMs)}`;
}

function dayInWords(date: Date, days: number): string | undefined {
  if (days === 0 || days === 1)
    return new Intl.RelativeTimeFormat(place(), { numeric: 'auto' }).format(-days, 'day');
  return days > 1 && days <= WEEKDAY_DAYS ? dateIn({ weekday: 'long' }, date) : undefined;
}

/** By midnights here, so that a day of 23 or 25 hours counts as one. */
function calendarDaysBetween(from: Date, to: Date): number {
  const midnightMs = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnightMs(to) - midnightMs(from)) / DAY_MS);
}

function dateIn(options: Intl.DateTimeFormatOptions, date: Date): string {
  return new Intl.DateTimeFormat(place(), options).format(date);
}

type Amount = readonly [amount: number, unit: 'hour' | 'minute' | 'second'];

/** The smaller unit only where there is something of it. */
function joined(larger: Amount, smaller: Amount): string {
  const first = inUnit(...larger);
  return smaller[0] === 0 ? first : `${first} ${inUnit(...smaller)}`;
}

function inUnit(amount: number, unit: Amount[1]): string {
  return new Intl.NumberFormat(place(), { style: 'unit', unit, unitDisplay: 'short' }).format(amount);
}

function capitalised(words: string): string {
  return words.charAt(0).toLocaleUpperCase(language()) + words.slice(1);
}
