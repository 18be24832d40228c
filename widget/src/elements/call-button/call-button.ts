// `<ringtag-call-button>`: the quiet button that the scanner puts next to a known name. In somebody else's rows:
// what is pressed on it stays with it (see the keyboard guard), and it takes the colour of the text around it.
import { PRESS } from '../../host/keyboard-guard.ts';
import { language, texts } from '../../i18n/index.ts';
import { coreTokens } from '../core-tokens.ts';
import { phoneIcon } from '../phone-icon.ts';
import { tokens } from '../tokens.ts';

const css = /* css */ `
:host {
  display: inline-flex; position: relative; z-index: 1; vertical-align: middle; margin-inline: 2px 0; pointer-events: auto;
}
button {
  inline-size: 20px; block-size: 20px; border-radius: 50%; display: inline-flex; align-items: center;
  justify-content: center; color: var(--_accent-text); opacity: 0.75; transition: background-color var(--_ease), opacity var(--_ease);
}
button:hover, button:focus-visible { opacity: 1; background: var(--_accent); color: var(--_on-accent); }
button::before { content: ''; position: absolute; inset: -4px -2px; }
svg { inline-size: 14px; block-size: 14px; stroke-width: 2; }
@media print { :host { display: none; } }
`;

let sheet: CSSStyleSheet | undefined;

export class RingtagCallButton extends HTMLElement {
  readonly #button = document.createElement('button');
  /** Called when the person means it. */
  press: () => void = () => {};

  constructor() {
    super();
    if (sheet === undefined) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(coreTokens + tokens + css);
    }
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    this.#button.type = 'button';
    this.#button.setAttribute('part', 'button');
    this.#button.append(phoneIcon());
    root.append(this.#button);
  }

  /** Whom it calls, by the name the hub knows. */
  set name(name: string) {
    const label = texts().callPerson(name);
    this.#button.lang = language();
    this.#button.setAttribute('aria-label', label);
    this.#button.title = label;
  }

  [PRESS](): void {
    this.press();
  }
}
