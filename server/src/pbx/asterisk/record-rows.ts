// One line of Asterisk's files for call records, as `asterisk/conf/{cel,cdr}_custom.conf` lay them out. What does not
// look like one is no row.
import { parse } from 'csv-parse/sync';

/** A channel event (CEL). */
export interface ChannelEvent {
  readonly kind: 'event';
  readonly event: string;
  readonly atMs: number;
  readonly uniqueId: string;
  readonly linkedId: string;
  readonly channel: string;
  readonly dialled: string;
  readonly number: string;
  readonly name: string;
  readonly extra: Extra;
}

export interface Extra {
  readonly hangupcause?: number;
  readonly hangupsource?: string;
  readonly dialstatus?: string;
  /** Of events of our own. */
  readonly extra?: string;
}

/** A call detail record (CDR): a leg that is over. */
export interface DetailRow {
  readonly kind: 'detail';
  readonly uniqueId: string;
  readonly linkedId: string;
  readonly startMs: number;
  readonly answerMs?: number;
  readonly endMs: number;
  readonly number: string;
  readonly dialled: string;
  readonly channel: string;
  readonly toChannel: string;
  readonly isAnswered: boolean;
}

export type Row = ChannelEvent | DetailRow;

export function readEvent(line: string): ChannelEvent | undefined {
  const [event, time, uniqueId, linkedId, channel, dialled, number, , extra, name] = fieldsOf(line);
  const atMs = toMs(time);
  if (!event || !atMs || !uniqueId || !linkedId) return undefined;
  return {
    ...{ kind: 'event', event, atMs, uniqueId, linkedId },
    ...{ channel: channel ?? '', dialled: dialled ?? '', number: number ?? '', name: name ?? '' },
    extra: toExtra(extra),
  };
}

export function readDetail(line: string): DetailRow | undefined {
  const [uniqueId, linkedId, start, answer, end, , number, dialled, channel, toChannel, disposition] =
    fieldsOf(line);
  const [startMs, endMs] = [toMs(start), toMs(end)];
  if (!uniqueId || !linkedId || !startMs || !endMs) return undefined;
  const answerMs = toMs(answer);
  return {
    ...{ kind: 'detail', uniqueId, linkedId, startMs, endMs },
    ...(answerMs ? { answerMs } : {}),
    ...{ number: number ?? '', dialled: dialled ?? '', channel: channel ?? '', toChannel: toChannel ?? '' },
    isAnswered: disposition === 'ANSWERED',
  };
}

function fieldsOf(line: string): string[] {
  try {
    return (parse(line, { relax_column_count: true }) as string[][])[0] ?? [];
  } catch {
    return [];
  }
}

/** Seconds since the epoch with a fraction; undefined where there is no time. */
function toMs(text: string | undefined): number | undefined {
  const seconds = /^\d+(\.\d+)?$/.test(text ?? '') ? Number(text) : 0;
  return seconds > 0 ? Math.floor(seconds * 1_000) : undefined;
}

function toExtra(text: string | undefined): Extra {
  if (!text) return {};
  try {
    const read = JSON.parse(text) as Record<string, unknown>;
    const { hangupcause, hangupsource, dialstatus, extra } = read;
    return {
      ...(typeof hangupcause === 'number' ? { hangupcause } : {}),
      ...(typeof hangupsource === 'string' ? { hangupsource } : {}),
      ...(typeof dialstatus === 'string' ? { dialstatus } : {}),
      ...(typeof extra === 'string' ? { extra } : {}),
    };
  } catch {
    return {};
  }
}
