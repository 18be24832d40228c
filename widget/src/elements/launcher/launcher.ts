// `<ringtag-launcher>`: the round button and its pane. Until somebody means it, this file is all the page pays for.
import { pageLanguage } from '../../host/tag.ts';
import { launcherTexts } from '../../i18n/launcher.ts';
import { phoneIcon } from '../phone-icon.ts';
import { Surface } from '../surface.ts';
import { launcherCss } from './launcher-css.ts';

/** Internal: the pane was shown or hidden. Does not bubble. */
export const LAUNCHER_TOGGLED = 'launcher-toggled';

/** What the launcher's button shows beside the icon. */
export interface LauncherFace {
  readonly ringing: boolean;
  /** Running time of the live call, `03:12`. */
  readonly time: string | null;
}

/**
 * A floating button at the bottom end of the page that opens the pane with people and calls.
 *
 * @element ringtag-launcher
 * @attr {boolean} open - The pane is shown.
 * @prop {Phone | null} phone - The phone it shows; the script tag sets it.
 * @fires {CustomEvent<CallStateDetail>} ringtag-call-state - A call came to another state. Bubbles, composed; `detail` is `{callId, state, via, peer}`.
 * @csspart dock - The fixed box at the bottom end that holds the button.
 * @csspart launcher - The round button.
 * @csspart pane - The pane. The parts of its inside are those of `<ringtag-phone>`.
 * @csspart ringing - The dialog that says who is calling.
 * @csspart call-bar - The bar shown during a call while the pane is closed.
 * @cssprop [--ringtag-accent] - Colour of the button, of links and of what is selected.
 * @cssprop [--ringtag-font=inherit] - Font family.
 * @cssprop [--ringtag-radius=10px] - Radius of corners.
 * @cssprop [--ringtag-scheme] - `light` or `dark`; default: what the page states, else the system's.
 * @cssprop [--ringtag-launcher-inset=20px] - Distance from the edges.
 */
export class RingtagLauncher extends Surface {
  static readonly observedAttributes: readonly string[] = ['open'];
  readonly dock: HTMLElement = document.createElement('div');
  readonly #button: HTMLButtonElement = document.createElement('button');
  readonly #time: HTMLSpanElement = document.createElement('span');
  #quiet = false;

  constructor() {
    super(launcherCss);
    this.dock.className = 'dock';
    this.dock.part = 'dock';
    this.#button.className = 'launcher';
    this.#button.part = 'launcher';
    this.#button.setAttribute('aria-expanded', 'false');
    this.#time.className = 'time';
    this.#time.hidden = true;
    this.#button.append(phoneIcon(), this.#time);
    for (const type of ['pointerover', 'focus']) {
      this.#button.addEventListener(type, () => void this.warm().catch(() => {}));
    }
    this.#button.onclick = () => this.toggle();
    this.dock.append(this.#button);
    this.root.append(this.dock);
  }

  /** Whether the pane is shown. */
  get open(): boolean {
    return this.hasAttribute('open');
  }
  set open(open: boolean) {
    this.toggleAttribute('open', open);
  }

  toggle(): void {
    this.open = !this.open;
  }

  /** Shows the pane and leaves the focus where it is. */
  openQuietly(): void {
    this.#quiet = true;
    this.open = true;
    this.#quiet = false;
  }

  /** Hides the pane; the focus, if it was in there, goes back to the button. */
  close(): void {
    this.open = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const [lang, open] = launcherTexts(pageLanguage());
    this.dock.lang = lang;
    this.#button.setAttribute('aria-label', open);
  }

  attributeChangedCallback(): void {
    this.#button.setAttribute('aria-expanded', String(this.open));
    if (this.open) void this.#show(this.#quiet);
    else if (this.root.activeElement?.localName === 'ringtag-pane') this.#button.focus();
    this.dispatchEvent(new Event(LAUNCHER_TOGGLED));
  }

  /** What the button says; called by the panes on each change. */
  showFace(face: LauncherFace): void {
    this.#button.classList.toggle('ringing', face.ringing);
    this.#button.classList.toggle('live', face.time !== null);
    this.#time.hidden = face.time === null;
    this.#time.textContent = face.time ?? '';
  }

  protected override mountedPanes(): void {
    this.root.querySelector('.failed')?.remove();
  }

  async #show(quiet: boolean): Promise<void> {
    try {
      await this.warm();
      if (!quiet) this.#focusPane();
    } catch {
      this.#sayFailed();
    }
  }

  #focusPane(): void {
    const pane = this.root.querySelector<HTMLElement & { focusFirst(): void }>('ringtag-pane');
    if (this.open) pane?.focusFirst();
  }

  #sayFailed(): void {
    this.open = false;
    if (this.root.querySelector('.failed') !== null) return;
    const note = document.createElement('div');
    note.className = 'failed';
    note.setAttribute('role', 'alert');
    note.textContent = launcherTexts(pageLanguage())[2];
    this.dock.prepend(note);
  }
}
