// Whether any tab of the site is in front of the person: the leading tab gathers it from all and tells the hub, which
// chooses by it what device of the browser rings aloud (SPEC D3).
import type { TabMessage } from '../call/mirror.ts';

export interface SightOptions {
  readonly page: Document;
  readonly post: (message: TabMessage) => void;
  /** The site came into sight or went out of it. */
  readonly changed: (visible: boolean) => void;
}

export class Sight {
  readonly #options: SightOptions;
  readonly #me = Math.random().toString(36).slice(2);
  readonly #tabs = new Set<string>();

  constructor(options: SightOptions) {
    this.#options = options;
  }

  get visible(): boolean {
    return this.#tabs.size > 0;
  }

  /** This tab came into sight or went out of it, or goes altogether. */
  look(gone = false): void {
    const visible = !gone && this.#options.page.visibilityState === 'visible';
    this.#options.post({ ringtag: 'visible', tab: this.#me, visible });
    this.hear({ tab: this.#me, visible });
  }

  /** This tab leads from now on: what it knows of the others may be old. */
  ask(): void {
    this.#tabs.clear();
    this.#options.post({ ringtag: 'look' });
    this.look();
  }

  hear({ tab, visible }: { readonly tab: string; readonly visible: boolean }): void {
    const before = this.visible;
    if (visible) this.#tabs.add(tab);
    else this.#tabs.delete(tab);
    if (before !== this.visible) this.#options.changed(this.visible);
  }
}
