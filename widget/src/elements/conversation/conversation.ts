// `<ringtag-conversation>`: what two sides have written, and a field to write in; the same for visitors and for those who
// answer them. Text only, never markup. Whose words they are, and what failed, is said by whoever shows it.
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit';
import { KEYS, type KeyListener } from '../../host/keyboard-guard.ts';
import { coreTokens } from '../core-tokens.ts';
import { tokens } from '../tokens.ts';
import { conversationIcons } from './conversation-icons.ts';
import { type Piece, piecesOf } from './linked.ts';

/** Longest message (`limits.VISIT_MESSAGE_CHARS`). */
const MESSAGE_CHARS = 1_000;

export interface Line {
  readonly text: string;
  /** Of the person who looks at it. */
  readonly own: boolean;
  /** Whose, and when, above the words. */
  readonly by?: string;
  /** Whose, for those who do not see on which side it stands. */
  readonly unseenBy?: string;
  /** It has not arrived (yet): what is said beneath, and what tries it again. */
  readonly unsent?: { readonly why?: string; readonly again?: () => void };
}

/** In the language of whoever shows it. */
export interface ConversationTexts {
  readonly title: string;
  /** Name of the field. */
  readonly field: string;
  readonly placeholder: string;
  readonly send: string;
  readonly again: string;
}

/** A slotted note stands between the words and the field. */
export class RingtagConversation extends LitElement implements KeyListener {
  static override readonly styles = [
    unsafeCSS(coreTokens + tokens),
    css`
      :host { display: flex; flex-direction: column; gap: 8px; min-block-size: 0; text-align: start; }
      .log { flex: 0 1 auto; min-block-size: 0; max-block-size: var(--log, 260px); overflow: hidden auto; overscroll-behavior: contain; border-radius: var(--_radius); outline-offset: -2px; }
      ol { list-style: none; margin: 0; padding: 2px; display: flex; flex-direction: column; gap: 8px; }
      li { display: flex; flex-direction: column; align-items: flex-start; gap: 2px; max-inline-size: 88%; }
      .own { align-self: flex-end; align-items: flex-end; }
      .by { font-size: 12px; line-height: 16px; color: var(--_muted); }
      .text { padding: 6px 12px; border-radius: var(--_radius); background: var(--_raised); white-space: pre-wrap; overflow-wrap: anywhere; max-inline-size: 100%; }
      .text a { color: inherit; }
      .own .text { background: var(--_accent-soft); }
      .coming .text { opacity: 0.7; }
      .bad { color: var(--_red-text); }
      .again { color: var(--_accent-text); text-decoration: underline; font-weight: 600; padding: 4px; }
      form { display: flex; gap: 4px; align-items: flex-end; flex: none; margin-block-start: auto; }
      textarea {
        all: unset; box-sizing: border-box; flex: 1; min-inline-size: 0; min-block-size: 44px; max-block-size: 120px; padding: 11px 12px;
        border-radius: var(--_radius); box-shadow: inset 0 0 0 1px var(--_field-line); font: inherit; color: var(--_text);
        overflow: hidden auto; overflow-wrap: anywhere; white-space: pre-wrap; cursor: text; field-sizing: content;
      }
      textarea::placeholder { color: var(--_muted); opacity: 1; }
      textarea:focus-visible { outline: none; box-shadow: inset 0 0 0 2px var(--_accent-text); }
      .send { display: grid; place-items: center; flex: none; inline-size: 44px; block-size: 44px; border-radius: 50%; color: var(--_accent-text); }
      .send:hover { background: var(--_hover); }
      .send:dir(rtl) svg { transform: scaleX(-1); }
      @media (forced-colors: active) {
        textarea, .send { border: 1px solid ButtonText; }
        textarea:focus-visible { outline: 2px solid Highlight; }
        .text { border: 1px solid CanvasText; }
      }
    `,
  ];
  static override readonly properties = {
    lines: { attribute: false },
    texts: { attribute: false },
    say: { attribute: false },
  };
  /** Oldest first. */
  declare lines: readonly Line[];
  declare texts: ConversationTexts | null;
  /** Takes what is written; null: only read. */
  declare say: ((text: string) => void) | null;
  #shown = 0;
  /** The newest stays in sight where it was, however high the log is. */
  readonly #resized = new ResizeObserver(([entry]) => {
    if (this.#isAtEnd && entry) entry.target.scrollTop = entry.target.scrollHeight;
  });
  #isAtEnd = true;

  constructor() {
    super();
    this.lines = [];
    this.texts = null;
    this.say = null;
  }

  /** Puts the focus where one writes; false where one may not. */
  async focusField(): Promise<boolean> {
    await this.updateComplete;
    const field = this.renderRoot.querySelector('textarea');
    field?.focus();
    return field !== null;
  }

  /** Enter sends, Shift+Enter is a line. */
  [KEYS](event: KeyboardEvent): boolean {
    const field = event.composedPath()[0];
    if (!(field instanceof HTMLTextAreaElement) || event.key !== 'Enter' || event.shiftKey) return false;
    if (event.isComposing) return false;
    field.form?.requestSubmit();
    return true;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { texts: t, lines, say } = this;
    if (!t) return nothing;
    return html`
      ${
        lines.length === 0
          ? nothing
          : // What is new is said by whoever shows it, once.
            html`<div class="log" part="messages" role="log" aria-live="off" aria-label=${t.title} tabindex="0" @scroll=${this.#scrolled}><ol>${lines.map((line) => shown(line, t))}</ol></div>`
      }
      <slot></slot>
      ${
        say
          ? html`<form @submit=${(event: SubmitEvent) => submit(event, say)}>
              <textarea
                name="text" rows="1" required maxlength=${MESSAGE_CHARS} enterkeyhint="send"
                aria-label=${t.field} placeholder=${t.placeholder}
              ></textarea>
              <button class="send" type="submit" aria-label=${t.send} title=${t.send}>${conversationIcons.send}</button>
            </form>`
          : nothing
      }
    `;
  }

  #scrolled({ target }: Event): void {
    const { scrollHeight, scrollTop, clientHeight } = target as HTMLElement;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < 4;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const log = this.renderRoot.querySelector('.log');
    if (log) this.#resized.observe(log);
    // A line also grows: with the name and time of what has arrived, or why it has not.
    if (log && (this.#isAtEnd || this.lines.length !== this.#shown)) {
      log.scrollTop = log.scrollHeight;
      this.#isAtEnd = true;
    }
    this.#shown = this.lines.length;
  }
}

function shown({ text, own, by, unseenBy, unsent }: Line, t: ConversationTexts): TemplateResult {
  const { why, again } = unsent ?? {};
  return html`<li class="${own ? 'own' : ''} ${unsent && !why ? 'coming' : ''}">
    ${by ? html`<span class="by">${by}</span>` : nothing}
    ${unseenBy ? html`<span class="unseen">${unseenBy}</span>` : nothing}
    <span class="text" dir="auto">${piecesOf(text).map(linked)}</span>
    ${
      why
        ? html`<span class="by bad" role="alert">${why}${
            again ? html` <button class="again" type="button" @click=${again}>${t.again}</button>` : nothing
          }</span>`
        : nothing
    }
  </li>`;
}

function linked({ text, href }: Piece): TemplateResult | string {
  if (!href) return text;
  return html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${text}</a>`;
}

function submit(event: SubmitEvent, say: (text: string) => void): void {
  event.preventDefault();
  const field = (event.target as HTMLFormElement).elements.namedItem('text') as HTMLTextAreaElement;
  const text = field.value.trim();
  field.value = '';
  field.focus();
  if (text) say(text);
}

/** Once for each page. */
export function defineConversation(): void {
  if (!customElements.get('ringtag-conversation'))
    customElements.define('ringtag-conversation', RingtagConversation);
}
