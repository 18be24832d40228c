// What the page says about the visitor's visit: where they are on the site, what the integrator marked, and, if they
// allow it, where they are. The hub filters and cuts it (SPEC P6); here it only has to fit.
import type { VisitorContext } from '@ringtag/server/protocol';
import { randomToken } from '../hub/base64url.ts';

const VISITOR = 'ringtag-visitor';
const DATA = /^context(?=[A-Z])/;

/** `data-context-*` of the element, and of the link whose place it takes. */
export function contextOf(elements: readonly HTMLElement[], language: string): VisitorContext {
  const data: Record<string, string> = {};
  for (const element of elements) {
    for (const [name, value] of Object.entries(element.dataset)) {
      if (!DATA.test(name) || value === undefined) continue;
      const key = name.replace(DATA, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      data[key.slice(1, 65)] = value.slice(0, 1_000);
    }
  }
  return {
    url: location.href.slice(0, 4_000),
    title: document.title.slice(0, 1_000),
    referrer: document.referrer.slice(0, 4_000),
    language: language.slice(0, 35),
    data,
  };
}

/** Joins the visits of one browsing session; undefined where the page may keep nothing. */
export function visitorId(storage: () => Storage = () => sessionStorage): string | undefined {
  try {
    const known = storage().getItem(VISITOR);
    if (known && /^[\w-]{16,}$/.test(known)) return known;
    const made = randomToken();
    storage().setItem(VISITOR, made);
    return made;
  } catch {
    return undefined;
  }
}
