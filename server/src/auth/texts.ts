// Every sentence on the hub's own pages, by language. English is complete and stands in for what is missing.
import type { ErrorCode } from '@ringtag/server/protocol';

export interface PageTexts {
  readonly lang: string;
  readonly consentTitle: (site: string, name: string) => string;
  readonly consentText: (site: string) => string;
  readonly proceed: string;
  readonly cancel: string;
  readonly handOffTitle: string;
  readonly handOffText: string;
  readonly numbersTitle: string;
  readonly numbersText: (site: string) => string;
  readonly noneOfThese: string;
  readonly doneTitle: string;
  readonly doneText: string;
  readonly refusedTitle: string;
  /** Why; `refusedOther` for every code that has no sentence of its own. */
  readonly refused: Readonly<Partial<Record<ErrorCode, string>>>;
  readonly refusedOther: string;
  readonly back: string;
  readonly close: string;
}

const en: PageTexts = {
  lang: 'en',
  consentTitle: (site, name) => `Continue to ${site} as ${name}?`,
  consentText: (site) => `Pages of ${site} will be able to call people, and take calls, in your name.`,
  proceed: 'Continue',
  cancel: 'Cancel',
  handOffTitle: 'Signing you in…',
  handOffText: 'This window closes by itself.',
  numbersTitle: 'Which number do you see?',
  numbersText: (site) =>
    `${site} is showing you a number. Pick the same one here. If it shows none, choose “None of these”.`,
  noneOfThese: 'None of these',
  doneTitle: 'You are signed in',
  doneText: 'You can close this window and go back to the page you came from.',
  refusedTitle: 'You are not signed in',
  refused: {
    NOT_ADMITTED:
      'Your account is fine, but this service is not open to it. Ask whoever runs it to let you in.',
    ORIGIN_NOT_ALLOWED: 'The page you came from is not allowed to use this service.',
    SIGN_IN_REFUSED: 'This sign-in was cancelled, took too long, or was used already. Go back and try again.',
    RATE_LIMITED: 'Too many people are signing in from your network. Wait a minute, then try again.',
    INTERNAL: 'The sign-in service does not answer. Wait a moment, then try again.',
  },
  refusedOther: 'Something went wrong. Go back and try again.',
  back: 'Go back',
  close: 'Close',
};

const TABLE: readonly PageTexts[] = [en];

/** The texts for an `Accept-Language` header: the first language that there is a table for, else English. */
export function textsFor(acceptLanguage: string | undefined): PageTexts {
  for (const range of (acceptLanguage ?? '').split(',')) {
    const primary = range.trim().split(/[-;]/)[0]?.toLowerCase();
    const found = TABLE.find(({ lang }) => lang === primary);
    if (found) return found;
  }
  return en;
}
