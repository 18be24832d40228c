// Sees how many strangers are refused, and tells when that jumps (D4): one line in the log, a metric, and a badge for
// administrators. Single refusals leave no line: a flood must not fill the log.
import type { AnyErrorCode } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';

export interface RefusalSummary {
  /** Of the last whole minute and the one that runs. */
  readonly lastMinute: number;
  /** A minute, over the ten before. */
  readonly usual: number;
  /** Refusals have jumped. */
  readonly isOdd: boolean;
  /** Of the last ten minutes, by code. */
  readonly byCode: Readonly<Record<string, number>>;
  /** Of the last hour, by code. */
  readonly byCodeOfHour: Readonly<Record<string, number>>;
}

export interface AdmissionWatch {
  /** One request of the public was answered; with its code where it was refused. */
  answered(code: AnyErrorCode | undefined): void;
  summary(): RefusalSummary;
}

export interface AdmissionWatchOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Counts one for `ringtag_public_refusals_total`. */
  readonly onRefused?: (code: AnyErrorCode) => void;
}

const MINUTE_MS = 60_000;
const MINUTES = 10;
/** Kept, each with a count for each code. */
const HOUR = 60;
/** More than so many a minute, and so many times the usual. */
const ODD_FROM = 50;
const ODD_TIMES = 10;

interface Minute {
  readonly index: number;
  answered: number;
  refused: number;
  readonly byCode: Map<string, number>;
}

export function createAdmissionWatch({ clock, logger, onRefused }: AdmissionWatchOptions): AdmissionWatch {
  let minutes: Minute[] = [];
  let wasOdd = false;

  function running(): Minute {
    const index = Math.floor(clock.now() / MINUTE_MS);
    const last = minutes.at(-1);
    if (last?.index === index) return last;
    if (last && last.answered > 0) {
      const { answered, refused } = last;
      logger.info({ answered, refused, byCode: Object.fromEntries(last.byCode) }, 'requests of the public');
    }
    const minute = { index, answered: 0, refused: 0, byCode: new Map<string, number>() };
    minutes = [...minutes.filter((each) => each.index >= index - HOUR), minute];
    return minute;
  }

  const since = (first: number): Minute[] => minutes.filter(({ index }) => index >= first);

  function measure(): Pick<RefusalSummary, 'lastMinute' | 'usual' | 'isOdd'> {
    const now = running();
    const past = since(now.index - MINUTES).filter((minute) => minute !== now);
    const previous = past.find(({ index }) => index === now.index - 1)?.refused ?? 0;
    // The minute that runs, filled up with its share of the last one.
    const share = 1 - (clock.now() % MINUTE_MS) / MINUTE_MS;
    const lastMinute = Math.round(now.refused + previous * share);
    const older = past.filter(({ index }) => index < now.index - 1);
    const usual = older.reduce((sum, { refused }) => sum + refused, 0) / MINUTES;
    const isOdd = lastMinute > ODD_FROM && lastMinute > ODD_TIMES * usual;
    return { lastMinute, usual: Math.round(usual * 10) / 10, isOdd };
  }

  return {
    answered(code) {
      const minute = running();
      minute.answered += 1;
      if (code === undefined) return;
      minute.refused += 1;
      minute.byCode.set(code, (minute.byCode.get(code) ?? 0) + 1);
      onRefused?.(code);
      // Asked now and then only: a flood comes by here.
      if (minute.refused % ODD_FROM !== 1) return;
      const { isOdd, ...figures } = measure();
      if (isOdd && !wasOdd) logger.warn(figures, 'far more of the public are refused than usual');
      wasOdd = isOdd;
    },
    summary() {
      const figures = measure();
      wasOdd &&= figures.isOdd;
      const { index } = running();
      return { ...figures, byCode: byCodeIn(since(index - MINUTES)), byCodeOfHour: byCodeIn(minutes) };
    },
  };
}

function byCodeIn(minutes: readonly Minute[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { byCode } of minutes) {
    for (const [code, count] of byCode) all[code] = (all[code] ?? 0) + count;
  }
  return all;
}
