// What one page leaves of a visit to the next one of its tab: a chat that goes on, or a call that ended with it.
import type { VisitGrant } from '@ringtag/server/protocol';
import type { RingtagCall } from '../elements/call/call-element.ts';

/** The loader looks for it as well. */
const KEPT = 'ringtag-visit';

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

/** Unfolds a button; for a marked element, one beside it. Default: at the first place for what the page before has left. */
export function open(place = keptPlace()): void {
  if (!place) return;
  if (place.localName === 'ringtag-call') return void (place as RingtagCall).open();
  let call = place.nextElementSibling as RingtagCall | null;
  if (call?.localName !== 'ringtag-call') {
    call = document.createElement('ringtag-call') as RingtagCall;
    call.opener = place;
    call.setAttribute('to', place.dataset.ringtagCall ?? '');
    place.after(call);
  }
  void call.open();
}

function keptPlace(): HTMLElement | null {
  const to = CSS.escape(sessionStorage.getItem(KEPT)?.split(' ')[0] ?? '');
  return document.querySelector(`ringtag-call[to="${to}"], [data-ringtag-call="${to}"]`);
}
