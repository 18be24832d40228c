// `<ringtag-decline>`: declines a ringing call with a few words to the caller, ready-made or one's own. A chunk of its
// own.

import { DECLINE_MESSAGE_CHARS } from '@ringtag/server/protocol/limits';
import { css, html, type TemplateResult } from 'lit';
import { KEYS, type KeyListener } from '../../host/keyboard-guard.ts';
import { sheetTexts } from '../../i18n/sheets.ts';
import { looks } from '../looks.ts';
import { PhoneView } from '../phone-state.ts';

export class RingtagDecline extends PhoneView implements KeyListener {
  static override styles = [
    looks,
    css`
      :host { display: block; }
      .item { display: block; inline-size: 100%; min-block-size: 36px; padding: 4px 10px; border-radius: 6px; text-align: start; }
      .item:hover { background: var(--_raised); }
      form { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 8px; }
      input {
        all: unset; box-sizing: border-box; flex: 1 1 140px; min-inline-size: 0; min-block-size: 40px; padding-inline: 12px;
        border-radius: var(--_radius); box-shadow: inset 0 0 0 1px var(--_field-line); cursor: text;
      }
      input::placeholder { color: var(--_muted); opacity: 1; }
      input:focus-visible { box-shadow: inset 0 0 0 2px var(--_accent-text); }
      @media (forced-colors: active) { input { border: 1px solid ButtonText; } input:focus-visible { outline: 2px solid Highlight; } }
    `,
  ];
  static override properties = {
    ...PhoneView.properties,
    callId: { attribute: false },
    done: { attribute: false },
  };
  declare callId: string;
  /** Closes it and gives the focus back. */
  declare done: () => void;

  constructor() {
    super();
    this.callId = '';
    this.done = () => {};
  }

  [KEYS](event: KeyboardEvent): boolean {
    const stops = [...this.renderRoot.querySelectorAll<HTMLElement>('.item, input')];
    const at = stops.indexOf((this.renderRoot as ShadowRoot).activeElement as HTMLElement);
    if (event.key === 'Escape') this.done();
    else if (event.key === 'ArrowDown') stops[Math.min(at + 1, stops.length - 1)]?.focus();
    else if (event.key === 'ArrowUp') stops[Math.max(at - 1, 0)]?.focus();
    else return false;
    return true;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('.item')?.focus();
  }

  protected override render(): TemplateResult {
    const t = sheetTexts();
    return html`${t.declineMessages.map(
      (message) => html`<button class="item" @click=${() => this.#decline(message)}>${message}</button>`,
    )}
      <form @submit=${(event: SubmitEvent) => this.#own(event)}>
        <input
          type="text"
          autocomplete="off"
          enterkeyhint="send"
          maxlength=${DECLINE_MESSAGE_CHARS}
          aria-label=${t.ownWords}
          placeholder=${t.ownWords}
        />
        <button class="button">${t.declineAndSend}</button>
      </form>`;
  }

  #own(event: SubmitEvent): void {
    event.preventDefault();
    this.#decline(this.renderRoot.querySelector('input')?.value ?? '');
  }

  #decline(message: string): void {
    this.phone?.decline(this.callId, message.trim() || undefined);
  }
}
