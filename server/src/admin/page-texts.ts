// Every sentence of the admin pages, by language. All four are complete: a key that is missing in one fails the types.
import type { VisitState } from '@ringtag/server/protocol';
import { languageFor } from '../auth/texts.ts';
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

  readonly stale: string;
  readonly odd: string;
  readonly refusals: string;
  readonly refusalsText: (lastMinute: string, usual: string) => string;
  readonly refusalsNone: string;
  /** By code; others are shown by the code alone. */
  readonly refusedBecause: Readonly<Record<string, string>>;
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
}

const TABLE: Readonly<Record<string, AdminTexts>> = { en, pt, es, fr };

/** For a tag, or an `Accept-Language` header; English stands in for any other. */
export function adminTexts(locale: string | undefined): AdminTexts {
  return TABLE[languageFor(locale).texts.lang] ?? en;
}
