// What became of the attempts of a flood, counted by kind and answer.
import { KINDS, type Kind, type Verdict, verdictOf } from './hostile.ts';

export interface Tally {
  /** Written to a socket. */
  sent: number;
  /** No socket could be had, or it broke before an answer. */
  broken: number;
  /** No answer within the patience, or none wanted (slow bodies that the hub let go of). */
  unanswered: number;
  readonly answers: Record<string, number>;
  readonly verdicts: Record<Verdict, number>;
  /** Kinds that were let in against the rules. */
  readonly through: Partial<Record<Kind, number>>;
  readonly byKind: Record<Kind, number>;
  /** Of every twentieth answer. */
  readonly answerMs: number[];
}

export function newTally(): Tally {
  const byKind = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  const verdicts = { refused: 0, early: 0, own: 0, card: 0, through: 0 };
  return { sent: 0, broken: 0, unanswered: 0, answers: {}, verdicts, through: {}, byKind, answerMs: [] };
}

export function countSent(tally: Tally, kind: Kind): void {
  tally.sent += 1;
  tally.byKind[kind] += 1;
}

export interface Answer {
  readonly status: number;
  /** Of the problem, where it is one. */
  readonly code: string;
  readonly tookMs: number;
}

const EACH = 20;

export function countAnswer(tally: Tally, kind: Kind, { status, code, tookMs }: Answer): void {
  const verdict = verdictOf(kind, status);
  tally.verdicts[verdict] += 1;
  if (verdict === 'through') tally.through[kind] = (tally.through[kind] ?? 0) + 1;
  const name = code === '' ? String(status) : `${status} ${code}`;
  tally.answers[name] = (tally.answers[name] ?? 0) + 1;
  if (tally.verdicts.refused % EACH === 0) tally.answerMs.push(tookMs);
}

/**
 * Let in although they were over a limit: all that no rule lets in, and tickets for nothing beyond the first ones that
 * are free while it is quiet (P11).
 */
export function throughOverLimits({ verdicts }: Tally, free: number): number {
  return verdicts.through + Math.max(0, verdicts.early - free);
}
