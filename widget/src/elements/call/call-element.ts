// `<ringtag-call>`: one button to one place that the operator defined, with its state beneath. Until somebody presses
// it, this file is all that the page pays for; the rest unfolds in its place.
import type { DestinationCard } from '@ringtag/server/protocol';
import { pageLanguage, pageState } from '../../host/tag.ts';
import { callTexts, stateText } from '../../i18n/call-texts.ts';
import { launcherTexts } from '../../i18n/launcher.ts';
import { phoneIcon } from '../phone-icon.ts';
import { Themed } from '../themed.ts';
import { callCss } from './call-css.ts';

/** Names of destinations; anything else in `to`, such as a person's address, is not for visitors. */
export const DESTINATION = /^[a-z0-9][a-z0-9-]{0,39}$/;

/**
 * A button that calls a destination of the operator's, for visitors without an account. What stands inside it, such as
 * a `tel:` link, is shown until the hub answers, and where it does not.
 *
 * @element ringtag-call
 * @attr {string} to - Name of the destination.
 * @attr {string} lang - Language of its texts; default: that of the tag or the page.
 * @attr {boolean} open - It is unfolded.
 * @fires {CustomEvent<VisitStateDetail>} ringtag-call-state - The visit came to another state. Bubbles, composed; `detail` is `{to, visitId, state, intent, end}`.
 * @fires {CustomEvent<ChallengeDetail>} ringtag-challenge - The hub wants the word of a service; a page with its widget calls `preventDefault()` and later `detail.answer(response)`. Bubbles, composed; `detail` is `{kind, siteKey, answer}`.
 * @slot - What to show where calls cannot be made from here.
 * @csspart button - The button.
 * @csspart state - The line beneath it.
 * @csspart card - What it unfolds into.
 * @csspart primary - The one obvious action of a step.
 * @csspart hang-up - The red button.
 * @csspart messages - The chat.
 * @cssprop [--ringtag-accent] - Colour of the button, of links and of what is selected.
 * @cssprop [--ringtag-font=inherit] - Font family.
 * @cssprop [--ringtag-radius=10px] - Radius of corners.
 * @cssprop [--ringtag-scheme] - `light` or `dark`; default: what the page states, else the system's.
 */
export class RingtagCall extends Themed {
  static readonly observedAttributes: readonly string[] = ['to'];
  readonly button: HTMLButtonElement = document.createElement('button');
  /** An element of the page whose press unfolded this one, and which stands for the button. */
  opener: HTMLElement = this.button;
  readonly #label = document.createElement('span');
  readonly #state = document.createElement('p');
  readonly #slot = document.createElement('slot');
  readonly #watch = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    this.#watch.disconnect();
    void this.refresh();
  });

  constructor() {
    super(callCss);
    this.button.append(phoneIcon(), this.#label);
    this.button.part = 'button';
    this.#state.part = 'state';
    this.button.onclick = () => void this.open();
    this.root.append(this.button, this.#state, this.#slot);
  }

  get to(): string {
    return this.getAttribute('to') ?? '';
  }

  /** BCP 47 tag of what is shown. */
  get language(): string {
    return this.lang || pageLanguage();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    [this.#state.lang, this.#label.textContent] = callTexts(this.language);
  }

  attributeChangedCallback(): void {
    const isOurs = DESTINATION.test(this.to);
    this.button.hidden = this.opener !== this.button || !isOurs;
    if (isOurs) this.#watch.observe(this);
  }

  /** Asks how it stands there now; where the hub does not say, the page's own words stay. */
  async refresh(): Promise<void> {
    const url = `${pageState().tag?.hubUrl}/api/public/destinations/${this.to}?lang=${this.language}`;
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) this.show(await answer.json());
    // There is none of that name: unfolding it says so to whom it concerns.
    if (answer?.status === 404) void this.open();
  }

  show(card: DestinationCard): void {
    // Who was at the page's own words, such as a link, is at the button now.
    if (this.matches(':focus-within')) this.button.focus();
    this.#slot.hidden = true;
    this.#label.textContent = card.label;
    this.#label.lang = card.lang;
    this.say(stateText(this.language, card));
  }

  say(text: string): void {
    this.#state.textContent = text;
  }

  /** Unfolds it. */
  async open(): Promise<void> {
    this.button.ariaBusy = 'true';
    try {
      const { press } = await import('../../visitor/kept.ts');
      await press(this);
    } catch {
      this.say(launcherTexts(this.language)[2]);
    }
    this.button.ariaBusy = null;
  }
}
