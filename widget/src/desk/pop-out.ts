// The window on the hub's origin that keeps calls while the page navigates: opens it inside the gesture, and knows
// whether this very page is it. How the two come to trust each other is a chunk of its own, `pop-out/`.
import type { PhoneState } from '../call/phone.ts';
import { randomToken } from '../hub/base64url.ts';
import type { PhoneDeskOptions } from './options.ts';

/** A second click brings the same window to the front. */
const NAME = 'ringtag-phone';
const FEATURES = 'popup,width=400,height=640';
const PATH = '/phone';

export interface PopOutOptions extends Pick<PhoneDeskOptions, 'hub' | 'lang' | 'clock' | 'send' | 'session'> {
  readonly page: Window;
  readonly changed: () => void;
  readonly blocked: () => void;
  /** It is there, as this device. */
  readonly opened: (deviceId: string) => void;
  /** Settles when this page is connected, with the device it is. */
  readonly online: () => Promise<string | undefined>;
}

export class PopOut {
  /** This page is the pop-out. */
  readonly isHere: boolean;
  readonly #options: PopOutOptions;
  #opening = false;

  constructor(options: PopOutOptions) {
    this.#options = options;
    const { origin, pathname } = options.page.location;
    this.isHere = origin === options.hub && pathname === PATH;
  }

  state(device: string | null): PhoneState['popOut'] {
    if (device !== null || this.isHere) return 'open';
    return this.#opening ? 'opening' : 'closed';
  }

  /** Inside a gesture. `device`: the pop-out that is open already. */
  open(device: string | null): void {
    const { page, hub, lang, blocked, opened } = this.#options;
    if (this.isHere) return;
    const nonce = randomToken();
    const url = new URL(PATH, hub);
    if (lang) url.searchParams.set('lang', lang);
    url.hash = String(new URLSearchParams({ nonce, opener: page.location.origin }));
    const popup = page.open(device === null ? url.href : '', NAME, FEATURES);
    if (!popup) blocked();
    else if (device === null) void this.#welcome(popup, nonce);
    else {
      show(popup);
      opened(device);
    }
  }

  /** Brings it to the front, as far as this page can. */
  show(): void {
    const popup = this.#options.page.open('', NAME, FEATURES);
    if (popup) show(popup);
  }

  /** In the pop-out: becomes a device through the page that opened it. False: it is on its own. */
  async join(): Promise<boolean> {
    if (!this.isHere) return false;
    const { page, clock, session, online } = this.#options;
    // Opened again by its name, only the fragment changes.
    page.addEventListener('hashchange', () => page.location.reload());
    const { joinOpener } = await import('../pop-out/pop-out.ts');
    return joinOpener({
      page,
      clock,
      online,
      exchange: (code, verifier) => session.exchange(code, verifier),
    });
  }

  async #welcome(popup: Window, nonce: string): Promise<void> {
    const { page, hub, clock, send, changed, opened } = this.#options;
    this.#opening = true;
    changed();
    try {
      const { welcome } = await import('../pop-out/pop-out.ts');
      const device = await welcome({ page, popup, nonce, hub, clock, send });
      this.#opening = false;
      if (device !== undefined) opened(device);
    } finally {
      this.#opening = false;
      changed();
    }
  }
}

/** A window of that name that this page does not know is another, empty one: not that. */
function show(popup: Window): void {
  try {
    if (popup.location.href === 'about:blank') popup.close();
  } catch {
    // On another origin, as it should be.
    popup.focus();
  }
}
