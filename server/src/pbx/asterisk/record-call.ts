// From the rows of one call to the call: who called, whom it rang, who answered, how and by whom it ended.
import type { ExchangeCall, ExchangeLeg } from '../exchange-call.ts';
import { endpointOf } from './live-state.ts';
import type { Gathered } from './record-gather.ts';
import type { ChannelEvent, DetailRow } from './record-rows.ts';

/** `joinedTo`: the call in which one of its channels went on. Undefined where there is nothing of a call in it. */
export function callOf(gathered: Gathered, joinedTo?: string): ExchangeCall | undefined {
  const { linkedId, events, details, goneAtMs } = gathered;
  if (events.length === 0) return fromDetails(linkedId, details);
  const channels = channelsOf(events);
  const [first] = channels;
  if (!first) return undefined;
  const seenEndMs = events.findLast(({ event }) => event === 'LINKEDID_END')?.atMs;
  const lastMs = Math.max(...events.map(({ atMs }) => atMs), goneAtMs ?? 0);
  const endMs = seenEndMs ?? lastMs;
  const legs = channels.map((channel) => legOf(channel, endMs));
  const answered = answeredAt(legs);
  const hangUp = first.find(({ event }) => event === 'HANGUP');
  const told = toldBy(first);
  const visitId = first.find(({ event }) => event === 'VISIT')?.extra.extra;
  const begin = first.find(({ event }) => event === 'CHAN_START') ?? first[0];
  const endedBy = channels.findIndex(
    ([event]) => event !== undefined && event.channel === hangUp?.extra.hangupsource,
  );
  const ringMs = legs[1]?.startMs;
  const { hangupcause, dialstatus } = hangUp?.extra ?? {};
  const wasTakenBack = answered === undefined && (dialstatus === 'CANCEL' || endedBy === 0);
  return {
    ...{ linkedId, legs, startMs: legs[0]?.startMs ?? endMs, endMs },
    ...(begin?.number ? { callerNumber: begin.number } : {}),
    ...(begin?.name ? { callerName: begin.name } : {}),
    ...(told.address ? { callerAddress: told.address } : {}),
    ...(begin?.dialled ? { dialled: begin.dialled } : {}),
    ...(ringMs === undefined ? {} : { ringMs }),
    ...(answered === undefined ? {} : { answerMs: answered }),
    ...(hangupcause === undefined ? {} : { cause: hangupcause }),
    ...(wasTakenBack ? { isCancelled: true as const } : {}),
    ...(endedBy >= 0 ? { endedBy } : {}),
    ...(seenEndMs === undefined ? { estimated: true as const } : {}),
    ...(told.callId ? { claimedCallId: told.callId } : {}),
    ...(visitId ? { visitId } : {}),
    ...(joinedTo === undefined ? {} : { joinedTo }),
  };
}

/** The events of each channel, the caller's first. */
function channelsOf(events: readonly ChannelEvent[]): ChannelEvent[][] {
  const byId = new Map<string, ChannelEvent[]>();
  for (const event of events) byId.set(event.uniqueId, [...(byId.get(event.uniqueId) ?? []), event]);
  return [...byId.values()];
}

function legOf(events: readonly ChannelEvent[], endMs: number): ExchangeLeg {
  const [first] = events;
  const at = (wanted: string) => events.find(({ event }) => event === wanted);
  const endpoint = endpointOf(first?.channel ?? '');
  // One that did not begin here talked in another call and was joined to this one.
  const answerMs = (at('ANSWER') ?? (at('CHAN_START') ? undefined : first))?.atMs;
  const cause = at('HANGUP')?.extra.hangupcause;
  const { sipCallId } = toldBy(events);
  return {
    uniqueId: first?.uniqueId ?? '',
    startMs: first?.atMs ?? endMs,
    endMs: (at('CHAN_END') ?? at('HANGUP'))?.atMs ?? endMs,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(answerMs === undefined ? {} : { answerMs }),
    ...(cause === undefined ? {} : { cause }),
    ...(sipCallId ? { sipCallId } : {}),
  };
}

/** Where it rang somebody, it is answered when the first of them answers; else when Asterisk itself does. */
function answeredAt([caller, ...rung]: readonly ExchangeLeg[]): number | undefined {
  if (rung.length === 0) return caller?.answerMs;
  const answers = rung.flatMap(({ answerMs }) => answerMs ?? []);
  return answers.length > 0 ? Math.min(...answers) : undefined;
}

/** What `[told]` of the dialplan says of a channel. */
function toldBy(events: readonly ChannelEvent[]): { sipCallId?: string; address?: string; callId?: string } {
  const told = events.find(({ event }) => event === 'LEG')?.extra.extra?.split(' ') ?? [];
  const [sipCallId, address, callId] = told;
  return {
    ...(sipCallId ? { sipCallId } : {}),
    ...(address ? { address } : {}),
    ...(callId ? { callId } : {}),
  };
}

/** Where channel events are not written. */
function fromDetails(linkedId: string, details: readonly DetailRow[]): ExchangeCall | undefined {
  const [first] = details;
  if (!first) return undefined;
  const answers = details.flatMap(({ isAnswered, answerMs }) => (isAnswered && answerMs ? [answerMs] : []));
  const { number, dialled, uniqueId, startMs } = first;
  const endMs = Math.max(...details.map((row) => row.endMs));
  const leg = (channel: string, id: string, isAnswered: boolean): ExchangeLeg => {
    const endpoint = endpointOf(channel);
    const [answerMs] = isAnswered ? answers : [];
    return {
      ...{ uniqueId: id, startMs, endMs },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(answerMs === undefined ? {} : { answerMs }),
    };
  };
  const rung = details.filter(({ toChannel }) => toChannel !== '');
  const [answerMs] = answers;
  return {
    ...{ linkedId, startMs, endMs },
    legs: [
      leg(first.channel, uniqueId, answers.length > 0),
      ...rung.map((row, index) => leg(row.toChannel, `${row.uniqueId}/${index + 1}`, row.isAnswered)),
    ],
    ...(number ? { callerNumber: number } : {}),
    ...(dialled ? { dialled } : {}),
    ...(answerMs === undefined ? {} : { answerMs }),
  };
}
