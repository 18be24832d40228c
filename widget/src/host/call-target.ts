// Reads from one element of the host page whom it stands for. Pure but for the DOM it is given; decides nothing
// about buttons. What a mail's sender can write (inside `data-untrusted`) is read for its links only.
import type { ResolveItem } from '@ringtag/server/protocol';
import { NAME_CHARS } from '@ringtag/server/protocol/limits';

/** Whom an element names: the item to resolve, a stable key for it, and what the button goes next to. */
export interface FoundTarget {
  readonly item: ResolveItem;
  readonly key: string;
  readonly anchor: Element;
}

/** Elements worth a look. */
export const CANDIDATES =
  'a[href^="mailto:" i],a[href^="tel:" i],a[href^="sip:" i],a[href^="sips:" i],[data-ringtag-call],.h-card';

/** The target of a candidate; `null` for editors, for the inside of an h-card (the card speaks), and for nonsense. */
export function targetOf(element: Element): FoundTarget | null {
  if (element instanceof HTMLElement && element.isContentEditable) return null;
  const trusted = element.closest('[data-untrusted]') === null;
  const item = trusted ? (markedItem(element) ?? cardItem(element)) : null;
  if (item !== null) return found(item, element.classList.contains('h-card') ? nameIn(element) : element);
  if (!(element instanceof HTMLAnchorElement)) return null;
  if (trusted && insideSpeakingCard(element)) return null;
  const linked = linkItem(element.getAttribute('href') ?? '');
  return linked === null ? null : found(linked, element);
}

function found(item: ResolveItem, anchor: Element): FoundTarget {
  return { item, anchor, key: JSON.stringify(item) };
}

function markedItem(element: Element): ResolveItem | null {
  const value = element.getAttribute('data-ringtag-call')?.trim();
  if (!value) return null;
  return emailItem(value) ?? numberItem(value) ?? (/^[\w.-]{1,64}$/.test(value) ? { personId: value } : null);
}

/** `mailto:` (RFC 6068), `tel:` (RFC 3966), `sip:` (RFC 3261 §19.1): only whom, never the rest. */
function linkItem(href: string): ResolveItem | null {
  const colon = href.indexOf(':');
  const scheme = href.slice(0, colon).toLowerCase();
  const rest = decode(href.slice(colon + 1).split(/[?;]/, 1)[0] ?? '');
  if (scheme === 'tel') return numberItem(rest);
  if (scheme === 'mailto') return emailItem(rest.split(',', 1)[0] ?? '');
  return sipItem(rest);
}

/** A user part that reads as a number is one, whatever host follows (RFC 3261 §19.1.1); else it is an address. */
function sipItem(rest: string): ResolveItem | null {
  const user = rest.split('@', 1)[0] ?? '';
  return (
    (/^(?:\d{2,8}|\+[\d().-]+)$/.test(user) ? numberItem(user) : null) ?? emailItem(rest) ?? numberItem(rest)
  );
}

/** h-card (microformats.org/wiki/h-card): its address, else its number, else its name. */
function cardItem(card: Element): ResolveItem | null {
  if (!card.classList.contains('h-card')) return null;
  const email = card.querySelector('.u-email');
  const phone = card.querySelector('.p-tel,.u-tel');
  const name = card.querySelector('.p-name')?.textContent?.trim() ?? '';
  return (
    (email && emailItem(writtenIn(email, 'mailto:'))) ??
    (phone && numberItem(writtenIn(phone, 'tel:'))) ??
    (name !== '' && name.length <= NAME_CHARS ? { name } : null)
  );
}

function writtenIn(element: Element, scheme: string): string {
  const href = element.getAttribute('href') ?? '';
  if (href.toLowerCase().startsWith(scheme))
    return decode(href.slice(scheme.length).split(/[?;]/, 1)[0] ?? '');
  return element.textContent?.trim() ?? '';
}

function nameIn(card: Element): Element {
  return card.querySelector('.p-name') ?? card;
}

function insideSpeakingCard(link: Element): boolean {
  const card = link.closest('.h-card');
  return card !== null && cardItem(card) !== null;
}

function emailItem(text: string): ResolveItem | null {
  const email = text.trim().toLowerCase();
  return /^[^\s@<>"]{1,64}@[^\s@<>"]{1,189}$/.test(email) ? { email } : null;
}

function numberItem(text: string): ResolveItem | null {
  const number = text.replace(/[\s().\-/]/g, '');
  return /^\+?[0-9*#]{2,24}$/.test(number) ? { number } : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
