// `<ringtag-ended>`: after a talk, how it was, in stars; after none, what else to do; and the same once more.
import { css, html, LitElement, nothing, type TemplateResult, unsafeCSS } from 'lit';
import type { VisitorTexts } from '../../visitor/i18n/index.ts';
import { coreTokens } from '../core-tokens.ts';
import { tokens } from '../tokens.ts';
import { endedIcons } from './ended-icons.ts';
import { already, instead, refusal, type StepOptions } from './steps.ts';
import { visitCss } from './visit-css.ts';
import { visitorIcons } from './visitor-icons.ts';

const STARS = [1, 2, 3, 4, 5];

const endedCss = css`
  fieldset { border: 0; margin: 0; padding: 0; min-inline-size: 0; }
  legend { padding: 0; margin-block-end: 4px; }
  fieldset .row { margin-block-start: 8px; }
  .stars { display: flex; }
  .stars label { position: relative; padding: 8px; cursor: pointer; color: var(--_field-line); }
  .stars input { position: absolute; inset: 0; opacity: 0; margin: 0; cursor: pointer; inline-size: 100%; block-size: 100%; }
  .stars .on { color: var(--_accent-text); }
  .stars .on svg { fill: currentColor; }
  .stars label:focus-within { outline: 2px solid var(--_accent-text); outline-offset: -2px; border-radius: 8px; }
  @media (forced-colors: active) { .stars .on { color: Highlight; } }
`;

class RingtagEnded extends LitElement {
  static override readonly styles = [unsafeCSS(coreTokens + tokens), visitCss, endedCss];
  static override readonly properties = { options: { attribute: false }, chosen: { state: true } };
  declare options: StepOptions | null;
  declare chosen: number;

  constructor() {
    super();
    this.options = null;
    this.chosen = 0;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { options } = this;
    if (!options) return nothing;
    const { view, texts: t, lang, desk } = options;
    const wasAnswered =
      (view.end === 'hangup' || view.end === 'idle') && view.messages.some(({ from }) => from === 'agent');
    const wasTalk = view.talkingSinceMs !== undefined || wasAnswered;
    return html`<div class="steps">
      ${refusal(view, t, lang)}
      ${wasTalk ? this.#rating(options) : nothing}
      ${
        view.other
          ? already(view.other, t)
          : html`${wasTalk ? nothing : html`<p class="meta">${t.elseDo}</p>`}${again(options, wasTalk)}${
              wasTalk ? nothing : instead(view, t, desk)
            }`
      }
    </div>`;
  }

  #rating({ view, texts: t, desk }: StepOptions): TemplateResult {
    if (view.stars > 0) return html`<p role="status">${t.thanks}</p>`;
    const { chosen } = this;
    return html`<fieldset><legend>${t.howWas}</legend>
      <div class="stars">${STARS.map((stars) => this.#star(stars, t))}</div>
      <div class="row"><button
        class="button primary" part="primary" type="button" ?disabled=${chosen === 0} @click=${() => void desk.rate(chosen)}
      >${t.send}</button></div></fieldset>`;
  }

  #star(stars: number, t: VisitorTexts): TemplateResult {
    return html`<label class=${stars <= this.chosen ? 'on' : ''}><input
      type="radio" name="stars" value=${stars} aria-label=${t.stars(stars)} @change=${() => {
        this.chosen = stars;
      }} />${endedIcons.star}</label>`;
  }
}

/** The same once more, unless the operator has ended it. */
function again({ view, texts: t, desk }: StepOptions, wasTalk: boolean): TemplateResult | typeof nothing {
  const { intent, card, offers, end } = view;
  const wasChat = intent === 'chat';
  if (end === 'ended-by-operator' || !(wasChat ? offers.chat : card.call)) return nothing;
  const press = () => void (wasChat ? desk.chat() : desk.call());
  const text = wasChat ? t.chatAgain : wasTalk ? t.callAgain : t.tryAgain;
  return html`<div class="row"><button
    class="button wide ${wasTalk ? '' : 'primary'}" part=${wasTalk ? nothing : 'primary'} type="button" @click=${press}
  >${wasChat ? visitorIcons.messageSquare : visitorIcons.phone}${text}</button></div>`;
}

export function defineEnded(): void {
  if (!customElements.get('ringtag-ended')) customElements.define('ringtag-ended', RingtagEnded);
}
