// The texts of the page's language. English comes with the panes; another language is one more file of the same type.
import type { CallView, PhoneErrorCode } from '../call/phone.ts';
import { en } from './en.ts';

type Widen<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : Table<T>;
type Table<T> = { readonly [K in keyof T]: Widen<T[K]> };

/** Every text of the interface. */
export type Texts = Table<typeof en>;

const languages: Readonly<Record<string, Texts>> = { en };
let current: Texts = en;
let currentTag = 'en';

/** Chooses by BCP 47 tag; English where we have no better. */
export function useLanguage(tag: string): void {
  const language = tag.toLowerCase().split('-')[0] ?? 'en';
  currentTag = language in languages ? language : 'en';
  current = languages[currentTag] ?? en;
}

export function texts(): Texts {
  return current;
}

/** Tag of the language in use, for `lang` attributes: a page in another language than ours is read right. */
export function language(): string {
  return currentTag;
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
