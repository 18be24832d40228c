// When a destination is open, by its hours and holidays, in its own civil time. Pure: intervals of civil days become
// instants, so that a change of the clocks moves an opening exactly as it moves the people who keep it.
import type { BusinessHours, OpensAt } from '@ringtag/server/protocol';
import { civilOf, type Day, dayAfter, instantOf, weekdayOf } from './hours-clock.ts';

export interface OpenState {
  readonly isOpen: boolean;
  /** While closed: the next opening, where there is one within `LOOK_AHEAD_DAYS`. */
  readonly opensAt?: OpensAt;
}

const LOOK_AHEAD_DAYS = 60;

interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What was found last for these hours; it holds until the next time that anything opens or closes. */
interface Known {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly isOpen: boolean;
  readonly opensAtMs?: number;
}

const known = new WeakMap<BusinessHours, Known>();

/** Without hours it is always open. */
export function openStateOf(hours: BusinessHours | undefined, nowMs: number): OpenState {
  if (!hours) return { isOpen: true };
  const before = known.get(hours);
  const isGood = before && before.sinceMs <= nowMs && nowMs < before.untilMs;
  const now = isGood ? before : look(hours, nowMs);
  known.set(hours, now);
  if (now.isOpen || now.opensAtMs === undefined) return { isOpen: now.isOpen };
  return { isOpen: false, opensAt: opensAt(hours.timeZone, now.opensAtMs, nowMs) };
}

function look(hours: BusinessHours, nowMs: number): Known {
  const { timeZone } = hours;
  // An interval of the day before may still run.
  let day = dayAfter(civilOf(timeZone, nowMs).day, -1);
  let isOpen = false;
  let untilMs = Number.POSITIVE_INFINITY;
  for (let index = -1; index <= LOOK_AHEAD_DAYS; index += 1) {
    const today = intervalsOf(hours, day);
    for (const { fromMs, toMs } of today) {
      if (fromMs <= nowMs && nowMs < toMs) isOpen = true;
      for (const edge of [fromMs, toMs]) if (edge > nowMs) untilMs = Math.min(untilMs, edge);
    }
    // Days after the first with an edge begin later than it; one more may begin before yesterday's night has ended.
    if (index > 0 && untilMs < Number.POSITIVE_INFINITY) break;
    day = dayAfter(day, 1);
  }
  const found = untilMs < Number.POSITIVE_INFINITY;
  // Where nothing is in sight: look again tomorrow.
  const knownUntilMs = found ? untilMs : nowMs + 86_400_000;
  return {
    sinceMs: nowMs,
    untilMs: knownUntilMs,
    isOpen,
    ...(!isOpen && found ? { opensAtMs: untilMs } : {}),
  };
}

/** Those that begin on that day. A holiday takes the place of the whole day's; a night belongs to the day it began on. */
function intervalsOf({ timeZone, weekly, holidays }: BusinessHours, day: Day): Interval[] {
  const date = dateText(day);
  const differing = holidays.filter((holiday) => holiday.date === date);
  const spans =
    differing.length > 0
      ? differing.flatMap(({ from, to }) =>
          from === undefined && to === undefined ? [] : [{ from: from ?? '00:00', to: to ?? '24:00' }],
        )
      : weekly.filter(({ days }) => days.includes(weekdayOf(day)));
  return spans.map(({ from, to }) => {
    const begins = minutesOf(from);
    const ends = minutesOf(to);
    const isNextDay = ends <= begins;
    const fromMs = instantOf(timeZone, day, begins);
    return { fromMs, toMs: instantOf(timeZone, isNextDay ? dayAfter(day, 1) : day, ends) };
  });
}

function opensAt(timeZone: string, atMs: number, nowMs: number): OpensAt {
  const { day, minutes } = civilOf(timeZone, atMs);
  const time = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return { date: dateText(day), time, timeZone, inMs: atMs - nowMs };
}

function minutesOf(clockTime: string): number {
  return Number(clockTime.slice(0, 2)) * 60 + Number(clockTime.slice(3));
}

function dateText({ year, month, date }: Day): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`;
}

const two = (number: number): string => String(number).padStart(2, '0');
