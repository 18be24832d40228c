// Call records as the rest of the hub sees them: told of calls that end, asked for histories, started and stopped.

import type { ExchangeTail, KeepCalls } from '../pbx/exchange-call.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Storage } from '../storage/port.ts';
import { createHistory, type History } from './history.ts';
import { createRatings, type Ratings } from './quality.ts';
import type { Entry, TailPosition } from './record.ts';
import { ASTERISK, createRecorder, type Recorder, type RecorderOptions } from './recorder.ts';
import { createVisitRatings, type VisitRatings } from './visit-ratings.ts';

export interface RecordKeepingOptions extends Pick<RecorderOptions, 'telephoneOver' | 'onWritten'> {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly systemId: string;
  /** Opens what follows the telephone exchange's own records, where there is one. */
  readonly openTail?: (options: {
    readonly from: () => Promise<TailPosition | undefined>;
    readonly keep: KeepCalls;
  }) => ExchangeTail;
}

export interface RecordKeeping {
  readonly callEnded: Recorder['callEnded'];
  readonly history: History;
  readonly ratings: Ratings;
  readonly visitRatings: Pick<VisitRatings, 'rated'>;
  start(): void;
  stop(): Promise<void>;
}

export function createRecordKeeping(options: RecordKeepingOptions): RecordKeeping {
  const { storage } = options;
  let tail: ExchangeTail | undefined;
  const shared = { ...options, tail: () => tail };
  const recorder = createRecorder({
    ...shared,
    onWritten(entry: Entry) {
      ratings.noteWritten(entry);
      visitRatings.noteWritten(entry);
      options.onWritten?.(entry);
    },
  });
  const ratings = createRatings({ ...shared, recorder });
  const visitRatings = createVisitRatings({ ...options, recorder });
  tail = options.openTail?.({ from: () => storage.records.tail(ASTERISK), keep: recorder.keep });
  return {
    callEnded: recorder.callEnded,
    history: createHistory(options),
    ratings,
    visitRatings,
    start() {
      recorder.start();
      visitRatings.start();
      tail?.start();
    },
    async stop() {
      visitRatings.stop();
      await tail?.stop();
      await recorder.stop();
    },
  };
}
