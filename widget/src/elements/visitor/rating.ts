// `<ringtag-rating>`: how it was, in stars; asked after a talk. Says nothing once it was told.
import { html, LitElement, nothing, type TemplateResult, unsafeCSS } from 'lit';
import type { VisitorTexts } from '../../visitor/i18n/index.ts';
import { coreTokens } from '../core-tokens.ts';
import { tokens } from '../tokens.ts';
import { visitCss } from './visit-css.ts';
import { visitorIcons } from './visitor-icons.ts';

const STARS = [1, 2, 3, 4, 5];

class RingtagRating extends LitElement {
  static override readonly styles = [unsafeCSS(coreTokens + tokens), visitCss];
  static override readonly properties = { texts: { attribute: false }, chosen: { state: true } };
  declare texts: VisitorTexts | null;
  declare chosen: number;
  rate: (stars: number) => void = () => {};

  constructor() {
    super();
    this.texts = null;
    this.chosen = 0;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { texts: t, chosen } = this;
    if (!t) return nothing;
    const star = (stars: number) => html`<label class=${stars <= chosen ? 'on' : ''}><input
      type="radio" name="stars" value=${stars} aria-label=${t.stars(stars)} @change=${() => {
        this.chosen = stars;
      }} />${visitorIcons.star}</label>`;
    return html`<fieldset><legend>${t.howWas}</legend>
      <div class="stars">${STARS.map(star)}</div>
      <div class="row"><button
        class="button primary" part="primary" type="button" @click=${() => chosen > 0 && this.rate(chosen)}
      >${t.send}</button></div></fieldset>`;
  }
}

export function defineRating(): void {
  if (!customElements.get('ringtag-rating')) customElements.define('ringtag-rating', RingtagRating);
}
