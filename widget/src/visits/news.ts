// What is said of a chat that nobody has read, on the page and in its title. Names the destination and not what was
// written, which is not for everybody who sees the screen.
import { visitTexts } from '../i18n/visits.ts';
import { plain } from './shown-context.ts';
import type { KnownVisit } from './visits-state.ts';

/** "A visitor writes: Sales"; null where there is none. */
export function newsOf(chat: KnownVisit | undefined): string | null {
  return chat ? visitTexts().visitorWrites(plain(chat.destination.name)) : null;
}
