// How a visit goes: a pure table of what each event makes of each stage. Nothing here waits, tells or stores.
//
//   open ⇄ ended, open|ended → waiting → ready → ringing → talking → ended; every live stage → ended
//
// `ready` lapses to `ended` where the visitor's browser makes no call in time.
import type { VisitEnd } from '@ringtag/server/protocol';

export type VisitStage =
  /** A visit without a call (yet): a chat, or something to be left. */
  | { readonly state: 'open' }
  /** In the queue, in the order of `sinceMs`. */
  | { readonly state: 'waiting'; readonly sinceMs: number }
  /** Its turn: the browser may call until then. */
  | { readonly state: 'ready'; readonly sinceMs: number; readonly untilMs: number }
  | { readonly state: 'ringing'; readonly untilMs: number }
  | { readonly state: 'talking'; readonly sinceMs: number; readonly untilMs: number }
  /** `talkedMs`: of the call, where it was answered. */
  | { readonly state: 'ended'; readonly end: VisitEnd; readonly atMs: number; readonly talkedMs?: number };

export type VisitStageEvent =
  /** The visitor asks for a call. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'turn'; readonly untilMs: number }
  /** The exchange rings the people; `untilMs`: by then it must have come to something. */
  | { readonly kind: 'ringing'; readonly untilMs: number }
  | { readonly kind: 'answered'; readonly untilMs: number }
  /** Somebody else has it now; `pausedMs`: how long its time stood still while they were rung. */
  | { readonly kind: 'passed'; readonly pausedMs: number }
  /** The call went on at another destination: it waits there. */
  | { readonly kind: 'forwarded' }
  /** After a restart of the hub: whose turn it was waits where it did. */
  | { readonly kind: 'resumed' }
  | { readonly kind: 'over'; readonly end: VisitEnd }
  /** The visitor writes in a visit that had ended. */
  | { readonly kind: 'wrote' };

/** The stage that follows; undefined where the event means nothing in this one. */
export function nextStage(stage: VisitStage, event: VisitStageEvent, nowMs: number): VisitStage | undefined {
  switch (event.kind) {
    case 'asked':
      return stage.state === 'open' || stage.state === 'ended'
        ? { state: 'waiting', sinceMs: nowMs }
        : undefined;
    case 'turn':
      return stage.state === 'waiting'
        ? { state: 'ready', sinceMs: stage.sinceMs, untilMs: event.untilMs }
        : undefined;
    case 'ringing':
      return stage.state === 'ready' ? { state: 'ringing', untilMs: event.untilMs } : undefined;
    case 'answered':
      return stage.state === 'ready' || stage.state === 'ringing'
        ? { state: 'talking', sinceMs: nowMs, untilMs: event.untilMs }
        : undefined;
    case 'passed':
      return stage.state === 'talking' ? { ...stage, untilMs: stage.untilMs + event.pausedMs } : undefined;
    case 'forwarded':
      return isBefore(stage) ? { state: 'waiting', sinceMs: nowMs } : undefined;
    case 'resumed':
      return stage.state === 'ready' ? { state: 'waiting', sinceMs: stage.sinceMs } : undefined;
    case 'over':
      return stage.state === 'ended' ? undefined : ended(stage, event.end, nowMs);
    case 'wrote':
      return stage.state === 'ended' ? { state: 'open' } : undefined;
  }
}

/** Nobody has answered yet, and a call is wanted. */
function isBefore({ state }: VisitStage): boolean {
  return state === 'waiting' || state === 'ready' || state === 'ringing';
}

function ended(stage: VisitStage, end: VisitEnd, atMs: number): VisitStage {
  const talked = stage.state === 'talking' ? { talkedMs: Math.max(0, atMs - stage.sinceMs) } : {};
  return { state: 'ended', end, atMs, ...talked };
}

/** Why a call is over, by the exchange's word (ITU-T Q.850 §2.2.7) and by how far it had come. */
export function endOf(stage: VisitStage, { cause, tooLong }: { cause: number; tooLong: boolean }): VisitEnd {
  if (tooLong) return 'too-long';
  // One that was passed on to somebody who did not take it ends as it would have at first.
  if (stage.state === 'talking' && HANGUPS.has(cause)) return 'hangup';
  return CAUSES.get(cause) ?? 'failed';
}

/** 0: unknown to the exchange; 16, 31: normal; 41: it ended while nobody looked, most likely as calls do. */
const HANGUPS: ReadonlySet<number> = new Set([0, 16, 31, 41]);

const CAUSES: ReadonlyMap<number, VisitEnd> = new Map([
  // Before anybody answered only the visitor clears a call normally.
  [16, 'hangup'],
  [31, 'hangup'],
  [17, 'busy'],
  [34, 'busy'],
  [21, 'declined'],
  [18, 'no-answer'],
  [19, 'no-answer'],
  // Nobody there: unallocated, no route, absent, out of order.
  [1, 'no-answer'],
  [3, 'no-answer'],
  [20, 'no-answer'],
  [27, 'no-answer'],
]);
