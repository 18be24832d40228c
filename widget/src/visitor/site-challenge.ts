// The word of a service that tells people from programs, which only the page can get: it has the service's widget.
import type { SiteChallenge, SiteProof } from '@ringtag/server/protocol';

/** Detail of `ringtag-challenge`; `answer` takes the word of the service's widget. */
export interface ChallengeDetail extends SiteChallenge {
  readonly answer: (response: string) => void;
}

/** Shows the page a challenge of a service that it has the widget of; null where it does not say that it has. */
export function askPage(
  element: HTMLElement,
  challenge: SiteChallenge,
  signal: AbortSignal,
): Promise<SiteProof | null> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(null));
    const detail: ChallengeDetail = { ...challenge, answer: (response) => resolve({ response }) };
    const options = { detail, bubbles: true, composed: true, cancelable: true };
    if (element.dispatchEvent(new CustomEvent('ringtag-challenge', options))) resolve(null);
  });
}
