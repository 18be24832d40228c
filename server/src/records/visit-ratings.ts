// How visitors rated their visit, put to the record of its call: at once where that is written, else when it is. Who asks
// finds both in storage, whichever came first and whatever was restarted in between. Of a visit without a call there is
// no record, and nothing is put anywhere.
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Storage } from '../storage/port.ts';
import type { Entry } from './record.ts';
import type { Recorder } from './recorder.ts';

export interface VisitRatingsOptions {
  readonly storage: Pick<Storage, 'records' | 'visits'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly recorder: Pick<Recorder, 'inTurn' | 'append'>;
}

export interface VisitRatings {
  /** The visit's rating is in storage. Never rejects: what could not be written now is written later. */
  rated(visitId: string): void;
  /** Records are written: whose rating goes where. */
  noteWritten(entry: Entry): void;
  /** Looks for what a hub that was killed left undone. */
  start(): void;
  stop(): void;
}

/** As far back a start looks for ratings that are in no record: a hub may have been away over a weekend and more. */
const SOUGHT_MS = 7 * 24 * 3_600_000;
const AGAIN_MS = 30_000;

export function createVisitRatings(options: VisitRatingsOptions): VisitRatings {
  const { clock, logger, recorder } = options;
  const { records, visits } = options.storage;
  /** Visits that are to be looked at. */
  const due = new Set<string>();
  let isSought = false;
  let isStopped = false;
  let cancel: (() => void) | undefined;

  /** Once for each visit, by its key: the same again changes nothing. */
  async function put(visitId: string): Promise<void> {
    const key = `rating:${visitId}`;
    const rating = (await visits.byId(visitId))?.rating;
    if (!rating || (await records.byKey(key))) return;
    const record = (await records.ofVisit(visitId)).at(-1);
    if (record) await recorder.append([{ kind: 'amendment', key, amends: record.sequence, rating }]);
  }

  async function putDue(): Promise<void> {
    if (!isSought) {
      for (const visitId of await visits.ratedSince(clock.now() - SOUGHT_MS)) due.add(visitId);
      isSought = true;
    }
    for (const visitId of [...due]) {
      // Before it is looked at: what becomes known meanwhile is looked at again.
      due.delete(visitId);
      try {
        await recorder.inTurn(() => put(visitId));
      } catch (err) {
        due.add(visitId);
        throw err;
      }
    }
  }

  function look(): void {
    putDue().catch((err: unknown) => {
      if (isStopped) return;
      logger.warn({ err }, 'a rating could not be put to its record; it will be');
      cancel ??= clock.after(AGAIN_MS, () => {
        cancel = undefined;
        look();
      });
    });
  }

  return {
    rated(visitId) {
      due.add(visitId);
      look();
    },
    noteWritten(entry) {
      if (entry.kind !== 'call' || entry.visitId === undefined) return;
      due.add(entry.visitId);
      look();
    },
    start: look,
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}
