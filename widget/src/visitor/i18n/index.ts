// The texts that visitors see, in the language of their page, by what happened. A table of its own, so that a visitor's page
// carries nothing of the phone's.
import type { VisitorCode, VisitorRefusal } from '../answer.ts';
import type { en } from './en.ts';

type Widen<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : Table<T>;
type Table<T> = { readonly [K in keyof T]: Widen<T[K]> };
export type VisitorTexts = Table<typeof en>;

/** Codes whose causes differ, and what one can do about them does not. */
const SAME: Readonly<Partial<Record<VisitorCode, keyof VisitorTexts['refusals']>>> = {
  CHALLENGE_REQUIRED: 'CHALLENGE_REFUSED',
  TICKET_INVALID: 'TICKET_USED',
  TICKET_FOREIGN: 'TICKET_USED',
  VISIT_ELSEWHERE: 'STORAGE_UNAVAILABLE',
};

/** The sentence for a refusal. */
export function refusalText(t: VisitorTexts, lang: string, refused: VisitorRefusal): string {
  const { code, state, retryAfterMs } = refused;
  const limit =
    code === 'RATE_LIMITED' && state ? (state === 'address' ? t.limits.address : t.limits.busy) : undefined;
  const conflict = code === 'CONFLICT' ? t.conflicts[state === 'full' ? 'full' : 'other'] : undefined;
  const known: Readonly<Record<string, string>> = t.refusals;
  const sentence = limit ?? conflict ?? known[SAME[code] ?? code] ?? t.refusals.OTHER;
  return retryAfterMs === undefined ? sentence : t.inTime(sentence, lengthText(lang, retryAfterMs));
}

/** `30 seconds`, `2 minutes`. */
export function lengthText(lang: string, lengthMs: number): string {
  const seconds = Math.max(1, Math.ceil(lengthMs / 1_000));
  const inMinutes = seconds > 90;
  return new Intl.NumberFormat(lang, {
    style: 'unit',
    unit: inMinutes ? 'minute' : 'second',
    unitDisplay: 'long',
  }).format(inMinutes ? Math.ceil(seconds / 60) : seconds);
}
