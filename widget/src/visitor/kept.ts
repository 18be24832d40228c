// What a press on a call button brings first: it starts the rest, all at the same time. And what one page leaves of a visit
// to the next one of its tab: a chat that goes on, or a call that ended with it.
import type { VisitGrant } from '@ringtag/server/protocol';
import type { RingtagCall } from '../elements/call/call-element.ts';
import { pageState } from '../host/tag.ts';
import { visitorTexts } from './i18n/texts.ts';

/** The loader looks for it as well. */
const KEPT = 'ringtag-visit';

/** So long the page may take to bring a place again. */
const AGAIN_MS = 2_000;
const LOOK_MS = 50;
const CARD_MS = 10_000;

export type Kept = { readonly chat: VisitGrant } | { readonly chat: null };

/** Between two pages only: a duplicated tab must not find it. */
export function keepVisit(
  to: string,
  kept: Kept | null,
  storage: () => Storage = () => sessionStorage,
): void {
  try {
    if (!kept) storage().removeItem(KEPT);
    else storage().setItem(KEPT, `${to} ${kept.chat ? `${kept.chat.visitId} ${kept.chat.key}` : ''}`);
  } catch {
    // Then nothing can go on.
  }
}

/** What is left of a visit to `to`; told once. */
export function takeVisit(to: string, storage: () => Storage = () => sessionStorage): Kept | null {
  try {
    const [kept, visitId, key] = storage().getItem(KEPT)?.split(' ') ?? [];
    if (kept !== to) return null;
    storage().removeItem(KEPT);
    return { chat: visitId && key ? { visitId, key } : null };
  } catch {
    return null;
  }
}

/** Unfolds a button. On a slow line each answer takes long, so nothing waits for another's. */
export async function press(call: RingtagCall): Promise<void> {
  const { to, language, root } = call;
  // Where it is unfolded already nothing is asked for.
  const isFirst = root.querySelector('ringtag-visit') === null;
  const card = isFirst ? askForCard(pageState().tag?.hubUrl ?? '', to, language) : undefined;
  const [texts, { unfold }] = await Promise.all([visitorTexts(language), import('./visitor.ts')]);
  await unfold(call, { texts, card, keepVisit, takeVisit, placeAgain });
}

function askForCard(hubUrl: string, to: string, language: string): Promise<Response> {
  const path = `${hubUrl}/api/public/destinations/${to}?lang=${encodeURIComponent(language)}`;
  const asked = fetch(path, { credentials: 'omit', signal: AbortSignal.timeout(CARD_MS) });
  // Whoever waits for it is told as well.
  asked.catch(() => {});
  return asked;
}

/** Unfolds a button; for a marked element, one beside it. Default: at the first place for what the page before has left. */
export function open(place = keptPlace()): void {
  if (place) void callAt(place).open();
}

/**
 * Where a visit goes on whose place was taken out of the page, while `isLost`: pages rebuild what is around it. Null where
 * there is none in time.
 */
export async function placeAgain(to: string, isLost: () => boolean): Promise<RingtagCall | null> {
  const untilMs = performance.now() + AGAIN_MS;
  while (isLost()) {
    const place = placeOf(to);
    if (place) return callAt(place);
    if (performance.now() > untilMs) return null;
    await new Promise((next) => setTimeout(next, LOOK_MS));
  }
  return null;
}

function callAt(place: HTMLElement): RingtagCall {
  if (place.localName === 'ringtag-call') return place as RingtagCall;
  const beside = place.nextElementSibling as RingtagCall | null;
  if (beside?.localName === 'ringtag-call') return beside;
  const call = document.createElement('ringtag-call') as RingtagCall;
  call.opener = place;
  // Not in the same line: what it says is no part of the page's sentence.
  call.style.display = 'block';
  call.setAttribute('to', place.dataset.ringtagCall ?? '');
  place.after(call);
  return call;
}

function keptPlace(): HTMLElement | null {
  return placeOf(sessionStorage.getItem(KEPT)?.split(' ')[0] ?? '');
}

function placeOf(name: string): HTMLElement | null {
  const to = CSS.escape(name);
  return document.querySelector(`ringtag-call[to="${to}"]:not([open]), [data-ringtag-call="${to}"]`);
}
