// Writes the record of every call, once: room calls when they end, telephone calls when the exchange has told of them.
// What a killed hub left unwritten is found in storage at the next start; nothing here is only in memory.
import type { EndReason } from '@ringtag/server/protocol';
import type { CallRecord } from '../calls/call.ts';
import { deviceEndpoint } from '../pbx/credentials.ts';
import type { ExchangeCall, ExchangeTail } from '../pbx/exchange-call.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Storage } from '../storage/port.ts';
import { reasonOf } from './cause.ts';
import { entryOfExchange } from './exchange-entry.ts';
import { createLookup } from './lookup.ts';
import type { CallEntry, Entry, NewEntry, TailPosition } from './record.ts';
import { entryOfCall } from './room-entry.ts';
import { MAX_BATCH } from './store.ts';

export interface RecorderOptions {
  readonly storage: Pick<Storage, 'records' | 'calls' | 'people' | 'sessions' | 'pbx' | 'visits'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Goes into every record: which hub wrote it. */
  readonly systemId: string;
  /** Where the telephone exchange's own records are read; absent: nowhere. */
  readonly tail?: () => Pick<ExchangeTail, 'isCurrent' | 'isCalling'> | undefined;
  /** A telephone call that the hub placed is over. */
  readonly telephoneOver?: (
    callId: string,
    how: { reason: EndReason; atMs: number; estimated?: true },
  ) => Promise<void>;
  /** Hears of every entry, once it is written. */
  readonly onWritten?: (entry: Entry) => void;
}

export interface Recorder {
  /** Hears of every call that ends; never rejects, for what could not be written now is written later. */
  callEnded(call: CallRecord): Promise<void>;
  /** Writes these calls and the position together; rejects where storage cannot. */
  keep(calls: readonly ExchangeCall[], position: TailPosition): Promise<void>;
  /** Writes what was left unwritten. */
  sweep(): Promise<void>;
  /** Runs `task` between two writes. */
  inTurn<T>(task: () => Promise<T>): Promise<T>;
  /** Appends outside a batch of calls; to be called in turn. */
  append(entries: readonly NewEntry[]): Promise<Entry[]>;
  start(): void;
  stop(): Promise<void>;
}

export const ASTERISK = 'asterisk';
const SWEEP_MS = 30_000;
/** A telephone call that ended this long ago, and of which the exchange has told nothing, never got there. */
const NEVER_CAME_MS = 60_000;
/** Measures of calls that were never recorded go after a day. */
const QUALITY_KEPT_MS = 24 * 3_600_000;

export function createRecorder(options: RecorderOptions): Recorder {
  const { storage, clock, logger } = options;
  const { records } = storage;
  const lookup = createLookup(storage);
  let turn: Promise<unknown> = Promise.resolve();
  let cancelTimer = () => {};
  let isStopped = false;

  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const run = turn.then(task);
    turn = run.catch(() => {});
    return run;
  }

  async function append(entries: readonly NewEntry[], position?: TailPosition): Promise<Entry[]> {
    const written: Entry[] = [];
    for (let begin = 0; begin < entries.length; begin += MAX_BATCH) {
      const isLast = begin + MAX_BATCH >= entries.length;
      written.push(
        ...(await records.append({
          writer: options.systemId,
          atMs: clock.now(),
          entries: entries.slice(begin, begin + MAX_BATCH),
          ...(position && isLast ? { tail: { source: ASTERISK, position } } : {}),
        })),
      );
    }
    for (const entry of written) tell(entry);
    return written;
  }

  /** Nothing personal: who reads the log learns that a call was recorded, not whose. */
  function tell(entry: Entry): void {
    const { sequence, kind } = entry;
    const facts = entry.kind === 'call' ? { via: entry.via, result: entry.result, cause: entry.cause } : {};
    logger.info({ sequence, kind, ...facts }, 'call record written');
    options.onWritten?.(entry);
  }

  async function writeCalls(calls: readonly CallRecord[]): Promise<void> {
    if (calls.length === 0) return;
    const entries = await Promise.all(
      calls.map(async (call) => entryOfCall(call, await lookup.ofCall(call))),
    );
    await append(entries);
    await records.markRecorded(calls.map(({ id }) => id));
  }

  /** Room calls at once; telephone calls only when the exchange has certainly nothing to tell of them. */
  async function writeLeft(): Promise<void> {
    await writeCalls(await records.unrecorded('room', MAX_BATCH));
    const tail = options.tail?.();
    if (tail?.isCurrent === false) return;
    const telephone = await records.unrecorded('pbx', MAX_BATCH);
    const beforeMs = clock.now() - NEVER_CAME_MS;
    await writeCalls(
      telephone.filter(
        ({ endedAtMs = 0, lastSeenAtMs, callerSessionId }) =>
          Math.max(endedAtMs, lastSeenAtMs) < beforeMs && !tail?.isCalling(deviceEndpoint(callerSessionId)),
      ),
    );
    await records.forgetQualities(clock.now() - QUALITY_KEPT_MS);
  }

  async function entryOf(call: ExchangeCall, taken: Set<string>): Promise<NewEntry> {
    const knows = await lookup.ofExchange(call, taken);
    const entry = entryOfExchange(call, knows);
    const { callId } = entry;
    if (callId === undefined) return entry;
    taken.add(callId);
    const earlier = await records.byCallId(callId);
    if (!earlier || earlier.key === entry.key) return entry;
    // Written from what the hub knew, because the exchange's records could not be read for so long.
    return { kind: 'amendment', key: entry.key, amends: earlier.sequence, exchange: entry };
  }

  async function settle(written: readonly NewEntry[]): Promise<void> {
    const calls = written.flatMap((entry) => {
      const call: CallEntry | undefined = entry.kind === 'call' ? entry : entry.exchange;
      return call?.callId === undefined ? [] : [{ ...call, callId: call.callId }];
    });
    if (calls.length === 0) return;
    await records.markRecorded(calls.map(({ callId }) => callId));
    for (const { callId, result, endMs: atMs, estimated } of calls) {
      const reason = estimated && result === 'answered' ? 'lost' : reasonOf(result);
      await options.telephoneOver?.(callId, { reason, atMs, ...(estimated ? { estimated } : {}) });
    }
  }

  async function sweep(): Promise<void> {
    try {
      await inTurn(writeLeft);
    } catch (err) {
      logger.warn({ err }, 'call records could not be written; they will be');
    }
  }

  function again(): void {
    cancelTimer = clock.after(SWEEP_MS, () => {
      void sweep().then(() => isStopped || again());
    });
  }

  return {
    async callEnded(call) {
      // Of what was dialled the exchange tells.
      if (call.via !== 'room' && call.refused === undefined) return;
      try {
        await inTurn(() => writeCalls([call]));
      } catch (err) {
        logger.warn({ err, callId: call.id }, 'a call record could not be written; it will be');
      }
    },
    keep: (calls, position) =>
      inTurn(async () => {
        const taken = new Set<string>();
        const entries: NewEntry[] = [];
        for (const call of calls) entries.push(await entryOf(call, taken));
        await append(entries, position);
        await settle(entries);
      }),
    sweep,
    inTurn,
    append: (entries) => append(entries),
    start() {
      void sweep().then(() => isStopped || again());
    },
    async stop() {
      isStopped = true;
      cancelTimer();
      // What one write brings about, such as the rating of the call just written, is the next.
      for (let last: unknown; last !== turn; ) {
        last = turn;
        await turn;
      }
    },
  };
}
