// Says on the screen that a visitor waits: on the page, by its title and, as for calls, where the person allows it and does
// not look, by a notification.
import { visitTexts } from '../i18n/visits.ts';
import { plain } from './shown-context.ts';

/** A visitor has written to this destination, or left something for it. */
export interface Arrival {
  readonly kind: 'chat' | 'left';
  readonly destination: string;
}

let isShown = false;

/** On the page, by an element that comes when there is something to tell; it goes on by itself. */
export function showNotes(): void {
  if (isShown) return;
  isShown = true;
  import('../elements/visits/visit-notes.ts').then(
    ({ mountNotes }) => mountNotes(),
    () => {
      isShown = false;
    },
  );
}

/** Names the destination and not what was written, which is not for everybody who sees the screen. */
export function notifyOf({ kind, destination }: Arrival, page: Window & typeof globalThis = window): void {
  if (!('Notification' in page) || page.Notification.permission !== 'granted') return;
  if (page.document.visibilityState === 'visible' && page.document.hasFocus()) return;
  const t = visitTexts();
  const sentence = (kind === 'chat' ? t.visitorWrites : t.visitorLeft)(plain(destination));
  try {
    const notification = new page.Notification(sentence, { tag: `ringtag-visitor-${kind}`, silent: true });
    notification.onclick = () => {
      page.focus();
      notification.close();
    };
  } catch {
    // Chrome on Android has notifications of service workers only.
  }
}
