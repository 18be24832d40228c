// Which turns are over before their time (P13): whoever calls does so within moments, and where turn after turn is let
// pass on purpose, others wait for the rest of it.
import { type Destination, limits } from '@ringtag/server/protocol';
import type { LiveVisit, LiveVisits } from './visit-live.ts';

/** Those of the destination that are to end now: none while nobody waits there, or while most who have a turn call. */
export function lateTurnsAt(
  destination: Destination,
  { live, nowMs }: { readonly live: LiveVisits; readonly nowMs: number },
): readonly LiveVisit[] {
  if (live.waitingAt(destination.id).length === 0) return [];
  const late = live.activeAt(destination.id).filter((visit) => isLate(visit, nowMs));
  return live.missedTurns.areUsualAt(destination, late.length) ? late : [];
}

function isLate({ record: { stage } }: LiveVisit, nowMs: number): boolean {
  const sinceMs = stage.state === 'ready' ? stage.untilMs - limits.VISIT_TURN_MS : nowMs;
  return nowMs - sinceMs >= limits.VISIT_SHORT_TURN_MS;
}
