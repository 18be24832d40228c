// Being noticed when the page is not looked at: the document's title and, for calls and where the person has allowed
// them, notifications. Leaves the host's title as the host last wrote it.

export interface Attention {
  /** Calls for attention with this sentence ("Alice Almeida is calling"), or stops. */
  call(sentence: string | null): void;
  /** The same by the title alone, for as long as nothing calls ("A visitor writes"). */
  news(sentence: string | null): void;
}

const TURN_MS = 1_500;

export function createAttention(page: Window & typeof globalThis = window): Attention {
  let ours: string | null = null;
  let calling: string | null = null;
  let told: string | null = null;
  let theirs = '';
  let timer: number | undefined;
  let notification: Notification | undefined;

  /** Shows the host's title and ours in slow turns; what the host writes meanwhile becomes what is restored. */
  function turn(): void {
    if (page.document.title === ours) page.document.title = theirs;
    else {
      theirs = page.document.title;
      if (ours !== null) page.document.title = ours;
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
    if (ours !== null && page.document.title === ours) page.document.title = theirs;
    ours = null;
    notification?.close();
    notification = undefined;
  }

  function show(): void {
    const title = calling ? `☎ ${calling}` : told;
    if (title === ours) return;
    stop();
    if (title === null) return;
    ours = title;
    turn();
    timer = page.setInterval(turn, TURN_MS);
    if (calling) notify(calling);
  }

  return {
    call(sentence) {
      calling = sentence;
      show();
    },
    news(sentence) {
      told = sentence;
      show();
    },
  };
}
