// What of a telephone call that was passed on is a person's own: how long they talked themselves, and which calls were
// only the way by which it was passed on. The record stays whole; this is how people see it.
import type { CallEntry, Leg } from './record.ts';

/** Whoever asks a colleague first says more than this takes; a device that passes on at once joins the calls sooner. */
const JOINED_AT_ONCE_MS = 5_000;

/**
 * Whether all it did was to bring somebody into another call: its caller's device joined the two as soon as it was
 * answered. That other call says to whom it was passed on.
 */
export function onlyPassesOn(entry: CallEntry): boolean {
  const { key, answerMs, endMs, transferredTo = '' } = entry;
  const isShort = answerMs !== undefined && endMs - answerMs < JOINED_AT_ONCE_MS;
  return key.startsWith('pbx:') && isShort && (transferredTo.startsWith('pbx:') || isLeft(entry));
}

/** A leg talked, and the call ended without its hanging up: it went on in one that was not over yet. */
function isLeft({ legs = [], estimated }: CallEntry): boolean {
  const wentOn = legs.some(({ answerMs, cause }) => answerMs !== undefined && cause === undefined);
  return wentOn && legs.some(({ cause }) => cause !== undefined) && !estimated;
}

/** How long this person talked; undefined where nobody answered. */
export function talkedMs(entry: CallEntry, personId: string): number | undefined {
  const { answerMs, endMs, legs = [], transferredToParty } = entry;
  if (answerMs === undefined) return undefined;
  const own = legs
    .filter((leg) => leg.personId === personId && leg.answerMs !== undefined)
    .map((leg) => ({ fromMs: beganMs(leg, legs), toMs: Math.min(leg.endMs ?? endMs, endMs) }));
  if (!transferredToParty || own.length === 0) return endMs - answerMs;
  let talked = 0;
  // One who moved to another device was there with both for a moment.
  let countedToMs = answerMs;
  for (const { fromMs, toMs } of own.sort((a, b) => a.fromMs - b.fromMs)) {
    talked += Math.max(0, toMs - Math.max(fromMs, countedToMs));
    countedToMs = Math.max(countedToMs, toMs);
  }
  return talked;
}

/** Of one that came from another call the exchange may first tell as it ends: it was there once the one before had gone. */
function beganMs({ startMs, answerMs = startMs }: Leg, [, ...rung]: readonly Leg[]): number {
  if (startMs !== answerMs) return answerMs;
  const gone = rung.flatMap(({ answerMs: talked, endMs = Number.NaN }) =>
    talked !== undefined && endMs <= answerMs ? endMs : [],
  );
  return gone.length === 0 ? answerMs : Math.max(...gone);
}
