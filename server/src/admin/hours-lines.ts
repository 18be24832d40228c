// Business hours as an administrator types them, a line each: `Mon-Fri 09:00-12:30, 14:00-18:00`, and holidays as
// `2026-12-25 Christmas` or `2026-12-24 09:00-13:00`. Pure. Days are understood in every language of the pages.
import type { BusinessHours } from '@ringtag/server/protocol';

type Weekly = BusinessHours['weekly'];
type Holidays = BusinessHours['holidays'];

/** What was typed, or each line that says nothing; lines count from 1. */
export type Lines<T> =
  | { readonly ok: true; readonly value: T[] }
  | { readonly ok: false; readonly lines: readonly number[] };

/** First three letters without accents, Monday first: English, Portuguese, Spanish, French. */
const DAYS: readonly (readonly string[])[] = [
  ['mon', 'seg', 'lun'],
  ['tue', 'ter', 'mar'],
  ['wed', 'qua', 'mie', 'mer'],
  ['thu', 'qui', 'jue', 'jeu'],
  ['fri', 'sex', 'vie', 'ven'],
  ['sat', 'sab', 'sam'],
  ['sun', 'dom', 'dim'],
];

const TIMES = /^(\d{1,2})[:.h](\d{2})\s*[-–—]\s*(\d{1,2})[:.h](\d{2})$/;

export function readWeekly(text: string): Lines<Weekly[number]> {
  return eachLine(text, readOpenings);
}

/** Of one line; undefined where it says nothing. */
function readOpenings(content: string): Weekly[number][] | undefined {
  const times = content.search(/\d/);
  const days = readDays(content.slice(0, Math.max(times, 0)));
  const parts = content.slice(times).split(/[,;]/);
  const spans = parts.flatMap((part) => readSpan(part.trim()) ?? []);
  if (!days || spans.length < parts.length) return undefined;
  return spans.map((span) => ({ days, ...span }));
}

/** `dayNames`: short, Monday first. */
export function writeWeekly(weekly: Weekly, dayNames: readonly string[]): string {
  return weekly.map(({ days, from, to }) => `${writeDays(days, dayNames)} ${from}-${to}`).join('\n');
}

export function readHolidays(text: string): Lines<Holidays[number]> {
  return eachLine(text, readHoliday);
}

function readHoliday(content: string): Holidays | undefined {
  const [, date = '', rest = ''] = /^(\d{4}-\d{2}-\d{2})(?:\s+(.*))?$/.exec(content) ?? [];
  const [, timeText, name = ''] =
    /^(\d{1,2}[:.h]\d{2}\s*[-–—]\s*\d{1,2}[:.h]\d{2})?\s*(.*)$/.exec(rest) ?? [];
  const span = timeText === undefined ? {} : readSpan(timeText);
  if (!isDate(date) || !span || name.length > 100) return undefined;
  return [{ date, ...(name === '' ? {} : { name }), ...span }];
}

/** All that the lines say, or all that say nothing. */
function eachLine<T>(text: string, read: (content: string) => readonly T[] | undefined): Lines<T> {
  const all = linesOf(text).map(({ line, content }) => ({ line, value: read(content) }));
  const lines = all.flatMap(({ line, value }) => (value === undefined ? line : []));
  return lines.length > 0
    ? { ok: false, lines }
    : { ok: true, value: all.flatMap(({ value = [] }) => value) };
}

export function writeHolidays(holidays: Holidays): string {
  return holidays
    .map(({ date, from, to, name }) =>
      [date, from === undefined ? undefined : `${from}-${to}`, name].filter(Boolean).join(' '),
    )
    .join('\n');
}

/** Those that say something, with the number that a person counts. */
export function linesOf(text: string): { readonly line: number; readonly content: string }[] {
  return text
    .split(/\r?\n/)
    .map((content, index) => ({ line: index + 1, content: content.trim() }))
    .filter(({ content }) => content !== '');
}

function readDays(text: string): number[] | undefined {
  const days = new Set<number>();
  const parts = text.replace(/\s?[-–—]\s?/g, '-').split(/[,;+&\s]+/);
  for (const part of parts.filter((each) => each !== '')) {
    const [first, last = first, more] = part.split('-').map(dayOf);
    if (!first || !last || more !== undefined) return undefined;
    // Saturday to Monday goes over the end of the week.
    for (let day = first; ; day = (day % 7) + 1) {
      days.add(day);
      if (day === last) break;
    }
  }
  return days.size === 0 ? undefined : [...days].sort();
}

/** 1 Monday … 7 Sunday; 0: none. */
function dayOf(text: string): number {
  const short = text
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .slice(0, 3)
    .toLowerCase();
  return DAYS.findIndex((names) => names.includes(short)) + 1;
}

function writeDays(days: readonly number[], names: readonly string[]): string {
  const sorted = [...new Set(days)].sort();
  const runs: number[][] = [];
  for (const day of sorted) {
    const run = runs.at(-1);
    if (run?.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  const name = (day: number | undefined) => names[(day ?? 1) - 1] ?? '';
  return runs
    .map((run) => (run.length > 2 ? `${name(run[0])}-${name(run.at(-1))}` : run.map(name).join(', ')))
    .join(', ');
}

function readSpan(text: string): { from: string; to: string } | undefined {
  const [, fromHour = '', fromMinute = '', toHour = '', toMinute = ''] = TIMES.exec(text) ?? [];
  const from = clockTime(fromHour, fromMinute);
  const to = clockTime(toHour, toMinute);
  return from === undefined || to === undefined ? undefined : { from, to };
}

function clockTime(hour: string, minute: string): string | undefined {
  const text = `${hour.padStart(2, '0')}:${minute}`;
  return /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text) ? text : undefined;
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
