// `<ringtag-menu>`: what the person's own name and the call's More open. Arrows walk, Escape and a press anywhere else
// close it. A chunk of its own.

import { css, html, nothing, type TemplateResult } from 'lit';
import { KEYS, type KeyListener } from '../../host/keyboard-guard.ts';
import { texts } from '../../i18n/index.ts';
import { sheetTexts } from '../../i18n/sheets.ts';
import type { Sheet } from '../call-card/call-card.ts';
import { icons } from '../icons.ts';
import { looks } from '../looks.ts';
import { PhoneView } from '../phone-state.ts';
import { sheetIcons } from '../sheet-icons.ts';
import { untilTomorrowMs } from './until-tomorrow.ts';

const MINUTE_MS = 60_000;

interface Item {
  readonly icon: TemplateResult;
  readonly words: string;
  readonly press: () => void;
  /** One of a choice, and whether it is the chosen one. */
  readonly chosen?: boolean;
}

export class RingtagMenu extends PhoneView implements KeyListener {
  static override styles = [
    looks,
    css`
      :host {
        position: absolute; z-index: 2; inset-inline: 8px; inset-block-start: 100%; max-inline-size: 320px;
        background: var(--_surface); border-radius: var(--_radius); box-shadow: var(--_shadow); padding: 6px;
      }
      :host([kind='call']) { inset-block: auto 100%; inset-inline-start: auto; inline-size: min(280px, 100% - 16px); }
      .item {
        display: flex; align-items: center; gap: 12px; inline-size: 100%; min-block-size: 40px; padding: 4px 10px;
        border-radius: 6px; text-align: start; color: var(--_text);
      }
      .item:hover, .item:focus-visible { background: var(--_raised); }
      .item:focus-visible { outline-offset: -2px; }
      .item svg { color: var(--_muted); }
      .item[aria-checked='true'] { font-weight: 600; }
      .item[aria-checked='true'] svg { color: var(--_accent-text); }
      a.item { text-decoration: none; box-sizing: border-box; }
      hr { border: 0; border-block-start: 1px solid var(--_line); margin: 6px 0; }
      @media (forced-colors: active) { :host { border: 1px solid CanvasText; } }
    `,
  ];
  static override properties = {
    ...PhoneView.properties,
    kind: { type: String },
    openSheet: { attribute: false },
    done: { attribute: false },
  };
  /** Of the person, or of the call. */
  declare kind: 'status' | 'call';
  declare openSheet: (sheet: Sheet) => void;
  /** Closes the menu and gives the focus back. */
  declare done: () => void;
  readonly #outside = (event: Event) => {
    // The button that opened it closes it by itself.
    const opener = (this.getRootNode() as ShadowRoot).querySelector('[aria-expanded=true]');
    const path = event.composedPath();
    if (!path.includes(this) && !(opener && path.includes(opener))) this.done();
  };

  constructor() {
    super();
    this.kind = 'status';
    this.openSheet = () => {};
    this.done = () => {};
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('pointerdown', this.#outside, true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('pointerdown', this.#outside, true);
  }

  [KEYS](event: KeyboardEvent): boolean {
    const items = [...this.renderRoot.querySelectorAll<HTMLElement>('.item')];
    const at = items.indexOf((this.renderRoot as ShadowRoot).activeElement as HTMLElement);
    const stops: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    const stop = stops[event.key];
    if (stop !== undefined) items[stop]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') this.done();
    // Tab then goes on from the button that opened the menu.
    return event.key !== 'Tab' && (stop !== undefined || event.key === 'Escape');
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('.item')?.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.state === null) return nothing;
    return html`<div role="menu" aria-label=${this.kind === 'call' ? texts().more : (this.state.me?.name ?? '')}>
      ${this.kind === 'call' ? this.#call() : this.#status(this.state.doNotDisturb)}
    </div>`;
  }

  #status(doNotDisturb: boolean): TemplateResult {
    const t = sheetTexts();
    const disturb = (on: boolean, forMs?: number) => () => this.phone?.setDoNotDisturb(on, forMs);
    const quiet = (words: string, forMs: () => number) =>
      this.#item({ icon: sheetIcons.circleMinus, words, press: () => disturb(true, forMs())() });
    return html`
      ${this.#item({ icon: sheetIcons.circleDot, words: t.available, press: disturb(false), chosen: !doNotDisturb })}
      ${this.#item({ icon: sheetIcons.circleMinus, words: t.doNotDisturb, press: disturb(true), chosen: doNotDisturb })}
      ${quiet(t.doNotDisturbHalfHour, () => 30 * MINUTE_MS)}
      ${quiet(t.doNotDisturbHour, () => 60 * MINUTE_MS)}
      ${quiet(t.doNotDisturbUntilTomorrow, () => untilTomorrowMs(new Date()))}
      <hr />
      ${this.#settings()}
      <a
        class="item"
        role="menuitem"
        tabindex="-1"
        href=${this.phone?.devicesPageUrl ?? ''}
        target="_blank"
        rel="noopener"
        title=${t.inNewTab}
        @click=${() => this.done()}
      >
        ${sheetIcons.monitorSmartphone}${t.yourDevices}<span class="unseen"> (${t.inNewTab})</span>
      </a>
      ${this.#item({ icon: sheetIcons.logOut, words: sheetTexts().signOut, press: () => void this.phone?.signOut() })}`;
  }

  #call(): TemplateResult {
    return html`
      ${this.#item({ icon: icons.squareArrowOutUpRight, words: texts().popOut, press: () => this.phone?.popOut() })}
      ${this.#settings()}`;
  }

  #settings(): TemplateResult {
    return this.#item({
      icon: sheetIcons.settings,
      words: texts().settings,
      press: () => this.openSheet('settings'),
    });
  }

  /** Closed before it acts, so that what it opens knows where the focus was. */
  #item({ icon, words, press, chosen }: Item): TemplateResult {
    const act = () => {
      this.done();
      press();
    };
    return html`<button
      class="item"
      role=${chosen === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked=${chosen ?? nothing}
      tabindex="-1"
      @click=${act}
    >${icon}${words}</button>`;
  }
}
