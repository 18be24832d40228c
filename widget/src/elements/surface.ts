// The base of the two public elements. Light: it knows no Lit and fetches panes and phone at the first intent.
// Of several surfaces on a page the first connected one is primary: it alone shows the ringing dialog, speaks to
// screen readers and dispatches `ringtag-call-state`.
import type { Phone } from '../call/phone.ts';
import { type Loaded, loadTag, pageState, whenLoaded } from '../host/tag.ts';
import { Themed } from './themed.ts';

/** What the panes gave for a surface; undone when it leaves the page. */
export interface Mounted {
  unmount(): void;
}

/** Internal: fired on `window` when another surface becomes primary. */
export const PRIMARY_CHANGED = 'ringtag-primary-changed';

export abstract class Surface extends Themed {
  #phone: Phone | null = null;
  #mounted: Mounted | null = null;
  #stopWaiting: (() => void) | null = null;

  /** The phone this element shows. Set by the script tag; an application without the tag sets its own. */
  get phone(): Phone | null {
    return this.#phone;
  }
  set phone(phone: Phone | null) {
    this.#phone = phone;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    pageState().surfaces.push(this);
    this.#stopWaiting = whenLoaded((loaded) => this.#mount(loaded));
  }

  disconnectedCallback(): void {
    const { surfaces } = pageState();
    surfaces.splice(surfaces.indexOf(this), 1);
    this.#stopWaiting?.();
    this.#mounted?.unmount();
    this.#mounted = null;
    window.dispatchEvent(new Event(PRIMARY_CHANGED));
  }

  /** First sign of interest: fetches panes and phone. Safe to call at every pointer move. */
  protected async warm(): Promise<void> {
    if (this.#mounted === null) await loadTag();
  }

  #mount(loaded: Loaded): void {
    if (this.#mounted !== null || !this.isConnected) return;
    this.#phone ??= loaded.phone;
    this.#mounted = loaded.panes.mount(this, this.#phone);
    this.mountedPanes();
  }

  /** Told when the panes are there. */
  protected abstract mountedPanes(): void;
}

export function isPrimary(surface: Surface): boolean {
  return pageState().surfaces[0] === surface;
}
