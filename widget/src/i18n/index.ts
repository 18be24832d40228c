// The texts of the page's language. English comes with the panes and stands in where another cannot be had; every
// other language is one file of the same type, fetched when the page is in it.
import type { Peer } from '@ringtag/server/protocol';
import type { CallView, NamedPeer, PhoneErrorCode } from '../call/phone.ts';
import { en } from './en.ts';
import type { enSheets } from './en-sheets.ts';
import type { enVisits } from './en-visits.ts';
import { primaryOf } from './launcher.ts';

type Widen<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : Table<T>;
type Table<T> = { readonly [K in keyof T]: Widen<T[K]> };

/** Texts of what is opened only sometimes; `sheets.ts` gives them out. */
export type SheetTexts = Table<typeof enSheets>;

/** Texts about visitors of public pages; `visits.ts` gives them out. */
export type VisitTexts = Table<typeof enVisits>;

/** Every text of the phone itself. English has its sheets and visits in files of their own. */
export type Texts = Table<typeof en> & { readonly sheets?: SheetTexts; readonly visits?: VisitTexts };

/** Every text of the interface: what another language than English has to have. */
export type FullTexts = Texts & { readonly sheets: SheetTexts; readonly visits: VisitTexts };

async function fetchTexts(language: string): Promise<Texts | undefined> {
  switch (language) {
    case 'pt':
      return (await import('./pt.ts')).pt;
    case 'es':
      return (await import('./es.ts')).es;
    case 'fr':
      return (await import('./fr.ts')).fr;
    default:
      return undefined;
  }
}

let current: Texts = en;
let currentTag = 'en';

/**
 * Chooses by BCP 47 tag, `pt-BR` as `pt`; English where we have no better, or it cannot be fetched. Never rejects.
 * Await it before anything is shown: what is on the page already keeps its language until it renders again.
 */
export async function useLanguage(tag: string): Promise<void> {
  const primary = primaryOf(tag);
  const found = await fetchTexts(primary).catch(() => undefined);
  current = found ?? en;
  currentTag = found || primary === 'en' ? tag : 'en';
}

export function texts(): Texts {
  return current;
}

/** Tag of the language in use, for `lang` attributes: a page in another language than ours is read right. */
export function language(): string {
  return primaryOf(currentTag);
}

/** As `language`, with the region where the page names one, as the page wrote it: for numbers and dates (format.ts). */
export function locale(): string {
  return currentTag;
}

/** Extension that plays back what it hears. */
export const ECHO = '600';

/** The other side as people read it: what answers by itself has a name in their language. */
export function named(peer: Peer): NamedPeer {
  // The exchange's name for visitors of public pages, who have no number; theirs is the name of what they called.
  if (peer.number === 'visitor') return { name: current.visitor(peer.name), isVisitor: true };
  return peer.number === ECHO ? { ...peer, name: current.echoTest } : peer;
}

/** The sentence for a code. */
export function errorText(code: PhoneErrorCode): string {
  return current.errors[code];
}

/** How a call ended: two words, and a sentence where there is more to say. */
export function endedTexts(call: CallView): { readonly title: string; readonly sentence: string } {
  const { ended, peer, direction } = call;
  if (ended === undefined) return { title: current.endedTitle.hangup, sentence: '' };
  const sentences = direction === 'in' ? current.endedIn : current.endedOut;
  const sentence = ended.code === undefined ? sentences[ended.reason](peer.name) : errorText(ended.code);
  return {
    title: current.endedTitle[ended.reason],
    sentence: ended.message ? current.withMessage(sentence, ended.message) : sentence,
  };
}
