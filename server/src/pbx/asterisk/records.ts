// Follows the files in which Asterisk keeps its call records, from where it was left, whatever happened meanwhile: to
// the hub, to Asterisk, or to the files. Calls that are over are handed on with the place to go on from, so that both
// are kept in one commit; what could not be kept is handed on again.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { TailPosition } from '../../records/record.ts';
import type { ExchangeTail, KeepCalls } from '../exchange-call.ts';
import { endpointOf } from './live-state.ts';
import { readLines } from './record-file.ts';
import { type Gathered, Gatherer } from './record-gather.ts';
import { type Row, readDetail, readEvent } from './record-rows.ts';

export interface RecordTailOptions {
  /** Asterisk's log directory: `cel-custom/Master.csv` and `cdr-custom/Master.csv` are in it. */
  readonly dir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether Asterisk has this channel; undefined where it does not answer. */
  readonly hasChannel: (uniqueId: string) => boolean | undefined;
  /** From where reading goes on. */
  readonly from: () => Promise<TailPosition | undefined>;
  /** Keeps calls and place together; what rejects comes again. */
  readonly keep: KeepCalls;
}

/** How often the files are looked at; a glance costs two reads. */
const POLL_MS = 1_000;
/** Without a row and without its channels for this long, a call is gone: Asterisk was killed. */
const GONE_MS = 10_000;

const FILES = [
  { name: 'cel', path: join('cel-custom', 'Master.csv'), read: readEvent },
  { name: 'cdr', path: join('cdr-custom', 'Master.csv'), read: readDetail },
] as const;

export function createRecordTail(options: RecordTailOptions): ExchangeTail {
  const { clock, logger } = options;
  const gatherer = new Gatherer();
  const lastUpMs = new Map<string, number>();
  let readTo: TailPosition | undefined;
  let isCurrent = false;
  let cancelTimer = () => {};
  let polling: Promise<void> | undefined;
  let isStopped = false;

  async function readAll(): Promise<void> {
    readTo ??= (await options.from()) ?? {};
    for (let isAll = false; !isAll && !isStopped; ) {
      isAll = true;
      for (const file of FILES) isAll = (await readSome(file)) && isAll;
      await handOn();
    }
    noteGone();
    await handOn();
    isCurrent = !isStopped;
  }

  /** False where there is more. */
  async function readSome({ name, path, read }: (typeof FILES)[number]): Promise<boolean> {
    const { lines, end, isAll } = await readLines(join(options.dir, path), readTo?.[name]);
    for (const { text, at } of lines) {
      const row: Row | undefined = read(text);
      if (row && isCall(row)) gatherer.add(name, at, row, clock.now());
      else if (!row)
        logger.warn({ file: name, offset: at.offset }, 'a line of the call records could not be read');
    }
    if (end) readTo = { ...readTo, [name]: end };
    return isAll;
  }

  async function handOn(): Promise<void> {
    const calls = gatherer.over(clock.now());
    if (calls.length === 0) return;
    const ids = new Set(calls.map(({ linkedId }) => linkedId));
    await options.keep(calls, gatherer.positionWithout(ids, readTo ?? {}));
    gatherer.done(ids);
    for (const id of ids) lastUpMs.delete(id);
  }

  /** What a killed Asterisk was in the middle of has no end in the files. */
  function noteGone(): void {
    const nowMs = clock.now();
    for (const call of gatherer.pending()) {
      const channels = channelsOf(call).map((id) => options.hasChannel(id));
      if (channels.length === 0 || channels.includes(undefined)) continue;
      if (channels.includes(true)) lastUpMs.set(call.linkedId, nowMs);
      else if (nowMs - call.readAtMs >= GONE_MS) {
        const lastRowMs = Math.max(...call.events.map(({ atMs }) => atMs));
        call.goneAtMs = Math.max(lastRowMs, lastUpMs.get(call.linkedId) ?? 0);
      }
    }
  }

  function poll(): Promise<void> {
    polling ??= readAll()
      .catch((err: unknown) => {
        isCurrent = false;
        logger.warn({ err }, 'call records of the telephone exchange could not be kept; they will be');
      })
      .finally(() => {
        polling = undefined;
      });
    return polling;
  }

  function again(): void {
    cancelTimer = clock.after(POLL_MS, () => {
      void poll().then(() => isStopped || again());
    });
  }

  return {
    start() {
      access(options.dir).catch((err: unknown) => {
        logger.warn(
          { err },
          'the call records of the telephone exchange are not there: see ASTERISK_RECORDS_DIR',
        );
      });
      void poll().then(() => isStopped || again());
    },
    poll,
    get isCurrent() {
      return isCurrent;
    },
    hasLeg: (endpoint, sipCallId) =>
      gatherer
        .pending()
        .some(({ events }) =>
          events.some(
            ({ event, channel, extra }) =>
              event === 'LEG' && endpointOf(channel) === endpoint && extra.extra?.split(' ')[0] === sipCallId,
          ),
        ),
    isCalling: (endpoint) =>
      gatherer.pending().some(({ events: [first] }) => endpointOf(first?.channel ?? '') === endpoint),
    async stop() {
      isStopped = true;
      cancelTimer();
      await polling;
    },
  };
}

/** Those of endpoints: what else Asterisk makes for itself is not told of. */
function channelsOf({ events }: Gathered): string[] {
  const own = events.filter(({ channel }) => endpointOf(channel) !== undefined);
  return [...new Set(own.map(({ uniqueId }) => uniqueId))];
}

/** A voice that the hub lends to one side of a call (`whisper.ts`) is no call of anybody's. */
function isCall({ channel }: Row): boolean {
  return !channel.startsWith('Snoop/');
}
