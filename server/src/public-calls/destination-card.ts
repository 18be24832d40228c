// What stands on and beneath the button: the operator's words in the visitor's language, whether it is open, how long
// the queue is, and what is left where nobody can be called.
import type { Destination, DestinationCard, Offers } from '@ringtag/server/protocol';
import type { Destinations } from './ports.ts';

/** What visits know of a destination at this moment. */
export interface LiveFigures {
  readonly waiting: number;
  /** An estimate for one more; absent where there is nothing to estimate from. */
  readonly waitMs?: number;
  /** Nobody is free for one more at this moment. */
  readonly isTaken?: boolean;
  /** One more may wait or ring. */
  readonly hasRoom: boolean;
  /** The telephone part is there, and somebody who could answer. */
  readonly isAvailable: boolean;
  /** Who calls now is sent on to another destination, which can take the call (P14). */
  readonly goesOn?: boolean;
}

export interface CardRequest {
  readonly destination: Destination;
  readonly opening: ReturnType<Destinations['opening']>;
  readonly live: LiveFigures;
  /** BCP 47, as the page asks. */
  readonly lang?: string;
}

/** Pure: everything that it says comes from what it is given. */
export function cardOf({ destination, opening, live, lang }: CardRequest): DestinationCard {
  const chosen = languageOf(Object.keys(destination.texts), lang);
  const texts = destination.texts[chosen] ?? { label: destination.id };
  const state = stateOf(opening.isOpen, live);
  const notice = noticeOf(state, texts);
  return {
    ...{ id: destination.id, lang: chosen, label: texts.label },
    ...(texts.greeting === undefined ? {} : { greeting: texts.greeting }),
    ...(notice === undefined ? {} : { notice }),
    state,
    ...(opening.opensAt === undefined ? {} : { opensAt: opening.opensAt }),
    waiting: live.waiting,
    ...(live.waitMs === undefined ? {} : { waitMs: live.waitMs }),
    ...(state === 'open' && live.isTaken ? { taken: true as const } : {}),
    call: state === 'open' || live.goesOn === true,
    offers: offersOf(destination, state),
  };
}

/** What is left beside, or instead of, a call. */
export function offersOf(destination: Destination, state: DestinationCard['state'] | 'unanswered'): Offers {
  const otherwise = (() => {
    if (state === 'closed') return destination.closed;
    return state === 'open' || state === 'unanswered' ? destination.unanswered : destination.busy;
  })();
  const { message, callback } = otherwise;
  // A chat needs somebody to answer it; while it is closed nobody is promised.
  return { chat: destination.chat && state !== 'closed', message, voice: message, callback };
}

function stateOf(isOpen: boolean, { hasRoom, isAvailable }: LiveFigures): DestinationCard['state'] {
  if (!isOpen) return 'closed';
  if (!isAvailable) return 'unavailable';
  return hasRoom ? 'open' : 'busy';
}

type Texts = Destination['texts'][string];

function noticeOf(state: DestinationCard['state'], texts: Texts): string | undefined {
  if (state === 'closed') return texts.closed;
  return state === 'open' ? undefined : texts.busy;
}

/** The very language, then the same without its region, then another region of it, then the first (RFC 4647 §3.4). */
export function languageOf(languages: readonly string[], asked: string | undefined): string {
  const wanted = (asked ?? '').toLowerCase();
  const base = wanted.split('-')[0];
  const found =
    languages.find((language) => language.toLowerCase() === wanted) ??
    languages.find((language) => language.toLowerCase() === base) ??
    languages.find((language) => language.toLowerCase().split('-')[0] === base);
  return found ?? languages[0] ?? 'en';
}
