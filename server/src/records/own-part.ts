// What of a telephone call that was passed on is a person's own: how long they talked themselves, and which calls were
// only the way by which it was passed on. The record stays whole; this is how people see it.
import type { CallEntry } from './record.ts';

/** Whoever asks a colleague first says more than this takes; a device that passes on at once joins the calls sooner. */
const JOINED_AT_ONCE_MS = 5_000;

/**
 * Whether all it did was to bring somebody into another call: its caller's device joined the two as soon as it was
 * answered. That other call says to whom it was passed on.
 */
export function onlyPassesOn({ key, transferredTo = '', answerMs, endMs }: CallEntry): boolean {
  const isJoined = key.startsWith('pbx:') && transferredTo.startsWith('pbx:');
  return isJoined && answerMs !== undefined && endMs - answerMs < JOINED_AT_ONCE_MS;
}

/** How long this person talked; undefined where nobody answered. */
export function talkedMs(entry: CallEntry, personId: string): number | undefined {
  const { answerMs, endMs, legs = [], transferredToParty } = entry;
  if (answerMs === undefined) return undefined;
  const own = legs.flatMap((leg) =>
    leg.personId === personId && leg.answerMs !== undefined
      ? { fromMs: leg.answerMs, toMs: Math.min(leg.endMs ?? endMs, endMs) }
      : [],
  );
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
