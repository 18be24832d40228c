// `<ringtag-alerts-offer>`: offers, once in this browser, to show calls on the screen while the page is not looked at.
// A chunk of its own; it comes after the first call that somebody answered or missed here.
import { css, html, nothing, type TemplateResult } from 'lit';
import { sheetTexts } from '../../i18n/sheets.ts';
import { looks } from '../looks.ts';
import { PhoneView } from '../phone-state.ts';

/** Of localStorage: it was offered. */
const OFFERED_KEY = 'ringtag alerts offered';

export class RingtagAlertsOffer extends PhoneView {
  static override styles = [
    looks,
    css`
      .offer { margin: 0 12px 8px; padding: 10px 12px; border-radius: var(--_radius); background: var(--_raised); }
      .actions { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 8px; }
      .button { min-block-size: 32px; padding: 4px 12px; background: var(--_surface); }
      .button.primary { background: var(--_accent); }
      @media (forced-colors: active) { .offer { border: 1px solid CanvasText; } }
    `,
  ];
  static override properties = { ...PhoneView.properties, open: { state: true } };
  declare private open: boolean;

  constructor() {
    super();
    this.open = !wasOffered();
  }

  protected override updated(): void {
    // What stands in a closed pane was not offered yet.
    if (this.open && this.checkVisibility()) rememberOffer();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.open) return nothing;
    const t = sheetTexts();
    return html`<div class="offer" role="group" aria-label=${t.offerAlerts}>
      ${t.offerAlerts}
      <div class="actions">
        <button class="button primary" @click=${() => this.#allow()}>${t.allowAlerts}</button>
        <button class="button" @click=${() => this.#close()}>${t.notNow}</button>
      </div>
    </div>`;
  }

  /** The browser's own question, inside the gesture; whatever is answered, it was the last time. */
  #allow(): void {
    void this.phone?.devices().then(
      (devices) => devices.askNotifications(),
      () => {},
    );
    this.#close();
  }

  #close(): void {
    rememberOffer();
    this.open = false;
  }
}

function wasOffered(): boolean {
  try {
    return localStorage.getItem(OFFERED_KEY) !== null;
  } catch {
    // A browser that keeps nothing would be asked after every call.
    return true;
  }
}

function rememberOffer(): void {
  try {
    localStorage.setItem(OFFERED_KEY, 'yes');
  } catch {
    // Then it is not offered at all.
  }
}
