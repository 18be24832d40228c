// Civil time of an IANA time zone and back, by what the platform knows of zones (ECMA-402). Instants are milliseconds
// since the epoch.

/** A civil day; `month` and `date` count from 1. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly date: number;
}

export interface Civil {
  readonly day: Day;
  /** Of the civil clock since its 00:00. */
  readonly minutes: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What calendar and clock on the wall say there at this instant. */
export function civilOf(timeZone: string, atMs: number): Civil {
  const wall = new Date(atMs + offsetMs(timeZone, atMs));
  const day = { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, date: wall.getUTCDate() };
  return { day, minutes: wall.getUTCHours() * 60 + wall.getUTCMinutes() };
}

/**
 * The instant at which the clock on the wall shows these minutes of that day. A time that comes twice is its first
 * coming; one that is left out is as long after the change as it would have been without it (RFC 5545 §3.3.5).
 */
export function instantOf(timeZone: string, { year, month, date }: Day, minutes: number): number {
  const wallMs = Date.UTC(year, month - 1, date) + minutes * MINUTE_MS;
  const before = offsetMs(timeZone, wallMs - DAY_MS);
  const after = offsetMs(timeZone, wallMs + DAY_MS);
  const first = wallMs - before;
  if (before === after || offsetMs(timeZone, first) === before) return first;
  const second = wallMs - after;
  return offsetMs(timeZone, second) === after ? second : first;
}

export function dayAfter({ year, month, date }: Day, days: number): Day {
  const moved = new Date(Date.UTC(year, month - 1, date + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, date: moved.getUTCDate() };
}

/** 1 Monday … 7 Sunday (ISO 8601). */
export function weekdayOf({ year, month, date }: Day): number {
  return new Date(Date.UTC(year, month - 1, date)).getUTCDay() || 7;
}

/** How far the wall is before UTC at this instant. */
function offsetMs(timeZone: string, atMs: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(atMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const wholeSecondMs = Math.floor(atMs / 1_000) * 1_000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecondMs;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const made = formats.get(timeZone);
  if (made) return made;
  const numeric = 'numeric';
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    ...{ timeZone, hourCycle: 'h23', year: numeric, month: numeric, day: numeric },
    ...{ hour: numeric, minute: numeric, second: numeric },
  });
  formats.set(timeZone, format);
  return format;
}
