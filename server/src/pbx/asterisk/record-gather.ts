// Gathers the rows of each call until it is over, then makes one call of them. Pure: what is read where, and what
// becomes of it, is `records.ts`'s business. The position of a call that is not over stays its first row's, so a
// restart reads it again from there, and nothing of it has to be kept.
import type { TailPosition } from '../../records/record.ts';
import type { ExchangeCall } from '../exchange-call.ts';
import { callOf } from './record-call.ts';
import type { ChannelEvent, DetailRow, Row } from './record-rows.ts';

/** Rows still follow the event that ends a call: its detail records. */
const SETTLE_MS = 2_000;
/** Where only detail records come (channel events are not written), the last one is known by silence. */
const SILENCE_MS = 10_000;
/** How many merged calls are remembered. */
const MERGED_KEPT = 1_000;

/** The rows of one call so far. */
export interface Gathered {
  readonly linkedId: string;
  readonly events: ChannelEvent[];
  readonly details: DetailRow[];
  /** The place of its first row in each file. */
  readonly firsts: Map<string, { readonly order: number; readonly at: TailPosition[string] }>;
  /** By the clock of who reads. */
  readAtMs: number;
  /** Asterisk knows nothing of it any more, and it was last there then. */
  goneAtMs?: number;
}

export class Gatherer {
  readonly #calls = new Map<string, Gathered>();
  /** In which call each channel was heard of last. */
  readonly #callOf = new Map<string, string>();
  /** Calls of which a channel went on in another one. */
  readonly #joined = new Map<string, string>();
  /** Calls that were never more than a channel on its way into another one. */
  readonly #merged = new Map<string, string>();
  #order = 0;

  /** A row of that file, which begins at that place. */
  add(file: string, at: TailPosition[string], row: Row, nowMs: number): void {
    const linkedId = this.#merged.get(row.linkedId) ?? row.linkedId;
    if (linkedId !== row.linkedId && row.kind === 'event' && row.event === 'LINKEDID_END') return;
    const call = this.#open(linkedId, nowMs);
    if (!call.firsts.has(file)) call.firsts.set(file, { order: this.#order++, at });
    call.readAtMs = nowMs;
    if (row.kind === 'detail') call.details.push(row);
    else {
      call.events.push(row);
      this.#noteJoin(row.uniqueId, call);
    }
  }

  #open(linkedId: string, nowMs: number): Gathered {
    const known = this.#calls.get(linkedId);
    if (known) return known;
    const fresh: Gathered = { linkedId, events: [], details: [], firsts: new Map(), readAtMs: nowMs };
    this.#calls.set(linkedId, fresh);
    return fresh;
  }

  /** Calls that are not over, oldest first. */
  pending(): Gathered[] {
    return [...this.#calls.values()];
  }

  /** Calls that are over now; they stay until `done`. */
  over(nowMs: number): ExchangeCall[] {
    return this.pending()
      .filter((call) => isOver(call, nowMs))
      .flatMap((call) => callOf(call, this.#joined.get(call.linkedId)) ?? []);
  }

  /** These have been recorded. */
  done(linkedIds: Iterable<string>): void {
    for (const id of linkedIds) {
      for (const { uniqueId } of this.#calls.get(id)?.events ?? []) this.#callOf.delete(uniqueId);
      this.#calls.delete(id);
      this.#joined.delete(id);
    }
    // Detail records may still follow; after so many more calls they do not.
    for (const id of this.#merged.keys()) if (this.#merged.size > MERGED_KEPT) this.#merged.delete(id);
  }

  /** From where to read after a restart, once those are recorded: what is still gathered comes again. */
  positionWithout(linkedIds: ReadonlySet<string>, readTo: TailPosition): TailPosition {
    const left = this.pending().filter(({ linkedId }) => !linkedIds.has(linkedId));
    const entries = Object.entries(readTo).map(([file, end]) => {
      const firsts = left.flatMap(({ firsts }) => firsts.get(file) ?? []);
      const first = firsts.reduce<(typeof firsts)[number] | undefined>(
        (least, next) => (least && least.order < next.order ? least : next),
        undefined,
      );
      return [file, first?.at ?? end];
    });
    return Object.fromEntries(entries);
  }

  /** A channel that was in one call speaks in another. */
  #noteJoin(uniqueId: string, into: Gathered): void {
    const before = this.#calls.get(this.#callOf.get(uniqueId) ?? '');
    this.#callOf.set(uniqueId, into.linkedId);
    if (!before || before === into) return;
    if (before.events.some((event) => event.uniqueId !== uniqueId)) {
      this.#joined.set(before.linkedId, into.linkedId);
      return;
    }
    // It called nobody, but took a place in a call (RFC 3891): it is a leg of that one.
    into.events.push(...before.events);
    into.events.sort((a, b) => a.atMs - b.atMs);
    for (const [file, first] of before.firsts) {
      const own = into.firsts.get(file);
      if (!own || first.order < own.order) into.firsts.set(file, first);
    }
    this.#calls.delete(before.linkedId);
    this.#merged.set(before.linkedId, into.linkedId);
  }
}

function isOver({ events, readAtMs, goneAtMs, details }: Gathered, nowMs: number): boolean {
  if (goneAtMs !== undefined) return true;
  const silentMs = nowMs - readAtMs;
  if (events.length === 0) return silentMs >= SILENCE_MS;
  if (!events.some(({ event }) => event === 'LINKEDID_END')) return false;
  return silentMs >= SETTLE_MS || (details.length > 0 && silentMs > 0);
}
