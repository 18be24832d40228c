// Being noticed when the page is not looked at: the document's title and, where the person has allowed them,
// notifications. Leaves the host's title as the host last wrote it.

export interface Attention {
  /** Calls for attention with this sentence ("Alice Almeida is calling"), or stops. */
  call(sentence: string | null): void;
}

const TURN_MS = 1_500;

export function createAttention(page: Window & typeof globalThis = window): Attention {
  let ours: string | undefined;
  let theirs = '';
  let timer: number | undefined;
  let notification: Notification | undefined;

  /** Shows the host's title and ours in slow turns; what the host writes meanwhile becomes what is restored. */
  function turn(): void {
    if (page.document.title === ours) page.document.title = theirs;
    else {
      theirs = page.document.title;
      if (ours !== undefined) page.document.title = ours;
    }
  }

  function notify(sentence: string): void {
    if (!('Notification' in page) || page.Notification.permission !== 'granted') return;
    if (page.document.visibilityState === 'visible' && page.document.hasFocus()) return;
    try {
      notification = new page.Notification(sentence, { tag: 'ringtag-call', requireInteraction: true });
      notification.onclick = () => {
        page.focus();
        notification?.close();
      };
    } catch {
      // Chrome on Android has notifications of service workers only.
    }
  }

  function stop(): void {
    page.clearInterval(timer);
    if (ours !== undefined && page.document.title === ours) page.document.title = theirs;
    ours = undefined;
    notification?.close();
    notification = undefined;
  }

  return {
    call(sentence) {
      const title = sentence === null ? undefined : `☎ ${sentence}`;
      if (title === ours) return;
      stop();
      if (sentence === null) return;
      ours = title;
      turn();
      timer = page.setInterval(turn, TURN_MS);
      notify(sentence);
    },
  };
}
