// The table of the page's language: one chunk each, fetched when a card unfolds.
import { primaryOf } from '../../i18n/launcher.ts';
import type { VisitorTexts } from './index.ts';

/** By BCP 47 tag; English where we have no better. Rejects where it cannot be fetched. */
export async function visitorTexts(tag: string): Promise<VisitorTexts> {
  switch (primaryOf(tag)) {
    case 'pt':
      return (await import('./pt.ts')).pt;
    case 'es':
      return (await import('./es.ts')).es;
    case 'fr':
      return (await import('./fr.ts')).fr;
    default:
      return (await import('./en.ts')).en;
  }
}
