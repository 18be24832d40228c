// `<ringtag-keypad>`: the twelve keys, by pointer or by keyboard, and what was sent.
import { css, html, type TemplateResult } from 'lit';
import { texts } from '../../i18n/index.ts';
import { looks } from '../looks.ts';
import { PhoneView } from '../phone-state.ts';

const rows: readonly (readonly [key: string, letters: string])[] = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
];

/** A key that can be sent during a call; "," waits two seconds. */
export const DIGIT = /^[0-9*#,]$/;

export class RingtagKeypad extends PhoneView {
  static override styles = [
    looks,
    css`
      :host { display: block; }
      output {
        display: block; block-size: 24px; text-align: center; font-size: 18px; line-height: 24px; overflow: hidden;
        font-variant-numeric: tabular-nums; white-space: nowrap; direction: ltr; margin-block-end: 4px;
      }
      .keys { display: grid; grid-template-columns: repeat(3, 64px); gap: 6px 16px; justify-content: center; direction: ltr; }
      .key {
        block-size: 40px; border-radius: 20px; background: var(--_raised); font-size: 18px; line-height: 20px;
        font-weight: 500; transition: background-color var(--_ease);
      }
      .key:hover { background: var(--_hover); }
      .key:active { opacity: 0.7; }
      .letters { display: block; font-size: 9px; line-height: 10px; letter-spacing: 0.1em; color: var(--_muted); font-weight: 600; }
      @media (forced-colors: active) { .key { border: 1px solid ButtonText; } }
    `,
  ];
  static override properties = {
    ...PhoneView.properties,
    callId: { attribute: false },
    sent: { state: true },
  };
  declare callId: string;
  declare private sent: string;

  constructor() {
    super();
    this.callId = '';
    this.sent = '';
  }

  /** Sends one key to the other side. */
  press(key: string): void {
    this.sent = (this.sent + key).slice(-16);
    this.phone?.sendDigits(this.callId, key);
  }

  protected override render(): TemplateResult {
    const t = texts();
    return html`<output aria-label=${t.digits}>${this.sent}</output>
      <div class="keys">
        ${rows.map(
          ([key, letters]) =>
            html`<button class="key" aria-label=${t.keyName(key)} @click=${() => this.press(key)}>
              ${key}${letters ? html`<span class="letters">${letters}</span>` : ''}
            </button>`,
        )}
      </div>`;
  }
}
