// Calls, and who writes, while the page has a modal dialog open. Whatever is outside the topmost one is inert, also what
// is painted over it; so a second launcher stands inside it as long as there are any, and the page's own is hidden. It
// takes no focus that it is not given, so that what is being written in the dialog goes on.
import type { Phone } from '../../call/phone.ts';
import { pageState } from '../../host/tag.ts';
import { LAUNCHER_TOGGLED, RingtagLauncher } from '../launcher/launcher.ts';
import { PRIMARY_CHANGED, type Surface } from '../surface.ts';
import { isTextField } from '../typing.ts';

const NAME = 'ringtag-above';
/** What a page may have set on the launcher alone. */
const SETTINGS = ['accent', 'font', 'radius', 'scheme', 'launcher-inset'].map((name) => `--ringtag-${name}`);
/** Nothing that is pressed in here is pressed on the dialog, which may close where it is pressed beside its form. */
const PRESSES = ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'touchstart', 'touchend'];

/** A press on these asks for the pane. */
const ASKING = /^ringtag-(call-bar|visit-notes)$/;

let above: RingtagAbove | undefined;
/** Seen last with the focus in it; it may stand within a shadow root. */
let entered: HTMLDialogElement | undefined;

/** Shows the calls of `phone`, and who writes, in the topmost modal dialog, for as long as there are both. */
export function riseAbove(surface: Surface, phone: Phone): void {
  if (above || !topmost() || !isWanted(phone)) {
    above?.settle();
    return;
  }
  if (!customElements.get(NAME)) customElements.define(NAME, RingtagAbove);
  above = document.createElement(NAME) as RingtagAbove;
  above.standInFor(surface, phone);
}

class RingtagAbove extends RingtagLauncher {
  #surface: Surface | null = null;
  readonly #abort = new AbortController();
  /** What had the focus before something in here. */
  #before: HTMLElement | null = null;
  /** The bar, or the note that somebody writes, is being pressed. */
  #isAskedFor = false;
  /** The pane was opened for a chat; without a call it is what this stands here for. */
  #isReading = false;

  constructor() {
    super();
    this.#keepPresses();
    this.addEventListener('focusin', ({ relatedTarget }) => {
      if (relatedTarget instanceof HTMLElement && relatedTarget !== this) this.#before = relatedTarget;
    });
    // In the top layer: a dialog that clips or moves what it contains is no frame for this.
    this.dock.popover = 'manual';
    this.dock.style.cssText =
      'inset-block-start:auto;inset-inline-start:auto;margin:0;border:0;background:none;overflow:visible';
  }

  standInFor(surface: Surface, phone: Phone): void {
    this.#surface = surface;
    this.phone = phone;
    const looks = getComputedStyle(surface);
    for (const name of SETTINGS) this.style.setProperty(name, looks.getPropertyValue(name));
    const { signal } = this.#abort;
    const settle = () => this.settle();
    for (const type of ['close', 'focusin'])
      document.addEventListener(type, settle, { capture: true, signal });
    this.addEventListener(LAUNCHER_TOGGLED, settle, { signal });
    signal.addEventListener('abort', phone.subscribe(settle));
  }

  /** Goes where the page can be used now, or away. */
  settle(): void {
    const isOfUse = this.phone && (isWanted(this.phone) || (this.open && this.#isReading));
    const dialog = this.#surface?.isConnected && isOfUse ? topmost() : undefined;
    if (dialog && dialog !== this.parentElement) {
      dialog.append(this);
      // Which no listener of the page's document hears from within a shadow root.
      dialog.addEventListener('close', () => this.settle(), { signal: this.#abort.signal });
    }
    if (!dialog && !this.#abort.signal.aborted) this.#leave();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { surfaces } = pageState();
    surfaces.unshift(...surfaces.splice(surfaces.indexOf(this), 1));
    this.dock.showPopover();
    if (this.#surface instanceof RingtagLauncher) this.#surface.style.display = 'none';
    window.dispatchEvent(new Event(PRIMARY_CHANGED));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#surface?.style.removeProperty('display');
    // The dialog may have left the page with this in it.
    queueMicrotask(() => this.settle());
  }

  /** The bar is enough, beside what is being done; the pane is for who asks for it or has the focus in here. */
  override openQuietly(): void {
    if (!this.#isAskedFor && !this.#hasFocus) return;
    this.#isReading = this.phone?.state.calls.length === 0;
    super.openQuietly();
  }

  /** The page listens to the element that it knows. */
  override dispatchEvent(event: Event): boolean {
    const hears = event.type === 'ringtag-call-state' && this.#surface;
    return hears ? hears.dispatchEvent(event) : super.dispatchEvent(event);
  }

  get #hasFocus(): boolean {
    return (this.getRootNode() as Document | ShadowRoot).activeElement === this;
  }

  #leave(): void {
    const hadFocus = this.#hasFocus;
    this.#abort.abort();
    above = undefined;
    this.remove();
    if (hadFocus) this.#before?.focus({ preventScroll: true });
  }

  /** A button that is pressed with a pointer leaves the focus where it is: in what is being written. */
  #keepPresses(): void {
    const press = (event: Event) => {
      const path = event.composedPath();
      this.#isAskedFor = path.some((at) => at instanceof Element && ASKING.test(at.localName));
      if (event.type === 'mousedown' && !isTextField(path[0])) event.preventDefault();
    };
    const done = (event: Event) => {
      this.#isAskedFor = false;
      event.stopPropagation();
    };
    for (const type of PRESSES) {
      this.addEventListener(type, press, { capture: true });
      this.addEventListener(type, done);
    }
  }
}

/** There is a call, or news of somebody who writes. */
function isWanted({ state }: Phone): boolean {
  const { surfaces } = pageState();
  return (
    state.calls.length > 0 || surfaces.some(({ root }) => root.querySelector('ringtag-visit-notes[told]'))
  );
}

/** Of several, the one with the focus: everything outside the topmost is inert. */
function topmost(): HTMLDialogElement | undefined {
  const current = modalWithFocus();
  entered = current ?? entered;
  const dialogs = [...document.querySelectorAll<HTMLDialogElement>('dialog:modal')];
  return current ?? dialogs.at(-1) ?? (entered?.matches(':modal') ? entered : undefined);
}

/** The innermost one around what has the focus; undefined where there is none, or only within a closed shadow root. */
function modalWithFocus(): HTMLDialogElement | undefined {
  let found: HTMLDialogElement | undefined;
  for (let at = document.activeElement; at; at = at.shadowRoot?.activeElement ?? null)
    found = at.closest<HTMLDialogElement>('dialog:modal') ?? found;
  return found;
}
