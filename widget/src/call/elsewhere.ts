// Calls that another tab carries, as this tab last heard of them: which of them the lead must stay with, and how they
// are shown once that tab is gone. Pure.
import type { CallView } from './phone.ts';

/** Whether taking the lead would cut one of these: a call at work, or one that rings on that tab's own line. */
export function wouldSuffer(calls: readonly CallView[]): boolean {
  return calls.some((call) => isAtWork(call) || (call.phase === 'ringing' && call.via === 'pbx'));
}

/** The tab that carried them is gone and this one has its place: what was at work has ended, and says so. */
export function withoutTheirTab(calls: readonly CallView[]): readonly CallView[] {
  return calls.map((call) =>
    isAtWork(call) ? { ...call, phase: 'ended', offerDeskPhone: false, ended: { reason: 'lost' } } : call,
  );
}

/** What stays in sight once the hub has spoken: it knows what rings, not what was lost. */
export function lostOf(calls: readonly CallView[]): readonly CallView[] {
  return calls.filter((call) => call.ended?.reason === 'lost');
}

/** Not what another window of the browser carries: no lead has a hold on that. */
function isAtWork({ phase, elsewhere }: CallView): boolean {
  return !elsewhere && phase !== 'ringing' && phase !== 'ended';
}
