// How visitors rated their visit, put to the record of its call: at once where that is written, else when it is. A visit
// keeps its rating for itself; of one without a call there is no record, and nothing is put anywhere.
import { limits, type VisitRating } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Entry } from './record.ts';
import type { Recorder } from './recorder.ts';

export interface VisitRatingsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly recorder: Pick<Recorder, 'inTurn' | 'append'>;
}

export interface VisitRatings {
  /** Never rejects. */
  rated(visitId: string, rating: VisitRating): void;
  /** Records are written: whose rating goes where. */
  noteWritten(entry: Entry): void;
}

interface Dated {
  readonly atMs: number;
}

/** Ratings that wait for a record; older ones go, whose visit had no call. */
const WAITING = 1_000;

export function createVisitRatings({ clock, logger, recorder }: VisitRatingsOptions): VisitRatings {
  /** The newest record of each visit of the last minutes. */
  const lately = new Map<string, Dated & { readonly sequence: number }>();
  const waiting = new Map<string, Dated & { readonly rating: VisitRating }>();

  function forgetOld(): void {
    const beforeMs = clock.now() - limits.RATING_MS;
    for (const all of [lately, waiting])
      for (const [id, { atMs }] of all) if (atMs < beforeMs) all.delete(id);
    for (const id of waiting.keys()) if (waiting.size > WAITING) waiting.delete(id);
  }

  function amend(amends: number, rating: VisitRating): void {
    const entry = { kind: 'amendment' as const, key: `rating:${amends}`, amends, rating };
    recorder
      .inTurn(() => recorder.append([entry]))
      .catch((err: unknown) => logger.warn({ err }, 'a rating could not be put to its record'));
  }

  return {
    rated(visitId, rating) {
      forgetOld();
      const written = lately.get(visitId);
      if (written) amend(written.sequence, rating);
      else waiting.set(visitId, { rating, atMs: clock.now() });
    },
    noteWritten(entry) {
      if (entry.kind !== 'call' || entry.visitId === undefined) return;
      forgetOld();
      const { visitId, sequence } = entry;
      lately.set(visitId, { sequence, atMs: clock.now() });
      const early = waiting.get(visitId);
      if (!waiting.delete(visitId) || !early) return;
      amend(sequence, early.rating);
    },
  };
}
