// Every sentence of the admin pages, by language. All four are complete: a key that is missing in one fails the types.
import type { VisitState } from '@ringtag/server/protocol';
import { languageFor } from '../auth/texts.ts';
import type { NeedId } from './csp-policy.ts';
import type { OTHERWISE, TEXT_KEYS } from './destination-form.ts';
import type { ListedPage } from './listed-page.ts';
import type { Section } from './page-shell.ts';
import { en } from './page-texts-en.ts';
import { es } from './page-texts-es.ts';
import { fr } from './page-texts-fr.ts';
import { pt } from './page-texts-pt.ts';

export interface AdminTexts {
  readonly administration: string;
  readonly sections: Readonly<Record<Section, string>>;
  readonly notForYou: string;
  readonly notForYouText: string;
  readonly over: string;
  readonly overText: string;
  readonly overAgain: string;
  readonly signedInAs: (who: string) => string;
  readonly signOut: string;
  readonly signedOut: string;
  readonly signedOutText: string;

  readonly stale: string;
  readonly odd: string;
  /** The same as a badge, a word. */
  readonly oddShort: string;
  readonly refusals: string;
  readonly refusalsText: (lastMinute: string, usual: string) => string;
  /** The last ten minutes, the last hour: short, above their figures. */
  readonly refusalSpans: readonly [string, string];
  readonly refusalsNone: string;
  /** By code; others are shown by the code alone. */
  readonly refusedBecause: Readonly<Record<string, string>>;
  /** Pages that asked for a destination which does not list them. */
  readonly unlisted: {
    readonly title: string;
    readonly text: string;
    /** Which destination, and how often. */
    readonly asked: (name: string, times: string, count: number) => string;
    readonly others: (requests: string, count: number) => string;
    readonly insecure: string;
    readonly allow: string;
    readonly allowed: string;
    readonly notAllowed: string;
  };
  readonly visits: (count: number) => string;
  readonly visitsNone: string;
  readonly visitStates: Readonly<Record<VisitState, string>>;
  readonly answeredBy: string;
  readonly address: string;
  readonly page: string;
  readonly pageTitle: string;
  readonly end: string;
  readonly blockThis: string;
  readonly ended: string;
  readonly endedBefore: string;

  readonly blocksText: string;
  readonly blockNew: string;
  readonly network: string;
  readonly networkHint: string;
  readonly networkWrong: string;
  readonly networkWide: string;
  readonly reason: string;
  readonly duration: string;
  /** By the form's value. */
  readonly durations: Readonly<Record<string, string>>;
  readonly block: string;
  readonly blocked: string;
  readonly blocksInForce: string;
  readonly blocksNone: string;
  readonly blockedBy: string;
  readonly since: string;
  readonly ends: string;
  readonly endsNever: string;
  readonly lift: string;
  readonly lifted: string;
  readonly liftedBefore: string;

  /** BCP 47. */
  readonly lang: string;
  /** Short, Monday first, as the lines of hours have them. */
  readonly dayNames: readonly string[];
  readonly destinationsNone: string;
  /** By what has just happened. */
  readonly destinationNotices: Readonly<Record<string, string>>;
  readonly isOpen: string;
  readonly isClosed: string;
  readonly ringsNobody: string;
  readonly nobodyHas: (addresses: string) => string;
  readonly byHand: string;
  readonly opensAt: (when: string, timeZone: string) => string;
  readonly openings: Readonly<Record<'by-hours' | 'open' | 'closed', string>>;
  readonly talkingNow: string;
  readonly waitingNow: string;
  readonly rated: string;
  /** Of the last 30 days: stars of 5, and how many said so. */
  readonly ratedText: (mean: string, count: string) => string;
  readonly ofFile: string;
  readonly change: string;
  readonly testCall: string;
  readonly testCallOf: (name: string) => string;
  readonly testCallText: string;
  readonly testCallAway: string;
  readonly snippet: string;
  readonly snippetText: (origins: string) => string;
  readonly copy: string;
  readonly copied: string;

  readonly newDestination: string;
  readonly changeDestination: (id: string) => string;
  readonly save: string;
  readonly cancel: string;
  readonly notSaved: string;
  readonly lateText: string;
  readonly lateAgain: string;
  readonly showTyped: string;
  readonly id: string;
  readonly idHint: string;
  readonly name: string;
  readonly nameHint: string;
  readonly wordsTitle: string;
  readonly wordsHint: string;
  readonly words: Readonly<Record<(typeof TEXT_KEYS)[number], string>>;
  readonly labelHint: string;
  readonly ringTitle: string;
  readonly ring: string;
  readonly rings: Readonly<Record<'people' | 'extension', string>>;
  readonly people: string;
  readonly peopleHint: string;
  readonly order: string;
  readonly orders: Readonly<Record<'all' | 'in-turn', string>>;
  readonly extension: string;
  readonly extensionHint: string;
  readonly ringSeconds: string;
  readonly hoursTitle: string;
  readonly openWhen: string;
  readonly openWhens: Readonly<Record<'always' | 'hours', string>>;
  readonly timeZone: string;
  readonly timeZoneHint: string;
  /** In its place, once the zone is known: an IANA name, and the time there. */
  readonly timeZoneNamed: (zone: string, time: string) => string;
  readonly weekly: string;
  readonly weeklyHint: string;
  readonly holidays: string;
  readonly holidaysHint: string;
  readonly roomTitle: string;
  readonly capacity: string;
  readonly queue: string;
  readonly maxMinutes: string;
  readonly chat: string;
  readonly otherwiseTitle: string;
  readonly otherwise: Readonly<Record<(typeof OTHERWISE)[number], string>>;
  readonly offerMessage: string;
  readonly offerCallback: string;
  readonly sendOn: string;
  readonly nobodyElse: string;
  readonly pagesTitle: string;
  readonly origins: string;
  readonly originsHint: string;
  readonly keepQuery: string;
  readonly keepQueryHint: string;
  readonly removeTitle: string;
  readonly removeText: string;
  readonly remove: string;
  /** What a field wants, by its name. */
  readonly wrong: Readonly<Record<string, string>>;
  readonly somethingWrong: string;
  /** `lines`: their numbers as a list, of so many. */
  readonly inLines: (lines: string, count: number, sentence: string) => string;

  readonly checkText: string;
  readonly checkAddress: string;
  readonly checkHint: string;
  readonly check: string;
  readonly checkWhy: Readonly<Record<(ListedPage & { ok: false })['why'], string>>;
  readonly checkFine: string;
  readonly checkBad: string;
  readonly checkNone: string;
  readonly checkStatus: (status: number) => string;
  readonly needs: Readonly<Record<NeedId | 'microphone', string>>;
  readonly isAllowed: string;
  readonly isBlocked: string;
  readonly isBlockedOptional: string;
  readonly needsNonce: string;
  readonly sendInstead: string;
}

const TABLE: Readonly<Record<string, AdminTexts>> = { en, pt, es, fr };

/** Languages of the pages, and those that the form of a destination asks for. */
export const PAGE_LANGUAGES: readonly string[] = Object.keys(TABLE);

/** For a tag, or an `Accept-Language` header; English stands in for any other. */
export function adminTexts(locale: string | undefined): AdminTexts {
  return TABLE[languageFor(locale).texts.lang] ?? en;
}
