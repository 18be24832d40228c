// `<ringtag-visit>`: what a call button unfolds into. One card through all steps of a visit; shows the desk's view and
// hands what is pressed to it.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit';
import { KEYS, type KeyListener } from '../../host/keyboard-guard.ts';
import type { VisitorDesk } from '../../visitor/desk.ts';
import type { VisitorTexts } from '../../visitor/i18n/index.ts';
import { hasCall, type VisitView } from '../../visitor/visit-view.ts';
import type { RingtagConversation } from '../conversation/conversation.ts';
import { coreTokens } from '../core-tokens.ts';
import { tokens } from '../tokens.ts';
import { chat } from './chat.ts';
import { asking, call, chatControls, ended, offer, type StepOptions, statusText } from './steps.ts';
import { visitCss } from './visit-css.ts';
import { visitorIcons } from './visitor-icons.ts';

const SECOND_MS = 1_000;

/** What not every visitor needs, by its element. */
const LATER = {
  'ringtag-conversation': async () => (await import('../conversation/conversation.ts')).defineConversation(),
  'ringtag-leave': async () => (await import('./leave.ts')).defineLeave(),
  'ringtag-rating': async () => (await import('./rating.ts')).defineRating(),
};
type Later = keyof typeof LATER;

export class RingtagVisit extends LitElement implements KeyListener {
  static override readonly styles = [unsafeCSS(coreTokens + tokens), visitCss];
  static override readonly properties = { isChatShown: { state: true }, missing: { state: true } };
  declare isChatShown: boolean;
  /** What could not be fetched. */
  declare missing: Later | null;
  /** Set before it is connected. */
  desk: VisitorDesk | null = null;
  texts: VisitorTexts | null = null;
  fold: () => void = () => {};
  /** It was taken out of the page, for good. */
  gone: () => void = () => {};
  now: () => number = () => performance.now();
  #unsubscribe = () => {};
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Where the focus was put last, and what was said. */
  #place = '';
  #said = '';
  /** The focus goes to the chat as soon as it is there. */
  #wantsChat = false;

  constructor() {
    super();
    this.isChatShown = false;
    this.missing = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.desk?.view.subscribe(() => this.requestUpdate()) ?? (() => {});
    this.#timer = setInterval(
      () => this.#view?.talkingSinceMs !== undefined && this.requestUpdate(),
      SECOND_MS,
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe();
    clearInterval(this.#timer);
    // Not where it only changes its place.
    setTimeout(() => this.isConnected || this.gone());
  }

  [KEYS](event: KeyboardEvent): boolean {
    const view = this.#view;
    if (event.key !== 'Escape' || !view || hasCall(view) || view.step === 'asking') return false;
    this.fold();
    return true;
  }

  get #view(): VisitView | undefined {
    return this.desk?.view.value;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { desk, texts: t } = this;
    if (!desk || !t) return nothing;
    const view = desk.view.value;
    const options = { view, texts: t, lang: this.lang, desk, nowMs: this.now() };
    return html`<section class="card" part="card" aria-labelledby="title">
      <header>
        <h2 id="title" tabindex="-1">${this.#title(options)}</h2>
        ${
          hasCall(view)
            ? nothing
            : html`<button class="icon" type="button" aria-label=${t.close} @click=${() => this.fold()}>${visitorIcons.x}</button>`
        }
      </header>
      <div class="unseen" role="status" aria-live="polite"></div>
      ${this.#body(options)}
    </section>`;
  }

  #title({ view, texts: t }: StepOptions): string {
    if (view.step === 'leave' || view.step === 'left')
      return view.intent === 'callback' ? t.callback : t.message;
    return view.card.label;
  }

  #body(options: StepOptions): TemplateResult {
    const { view, texts: t, desk } = options;
    switch (view.step) {
      case 'offer':
        return offer(options);
      case 'asking':
        if (view.intent === 'chat' && !this.missing) this.#fetch('ringtag-conversation');
        return asking(options);
      case 'leave':
        return this.#leave(options);
      case 'left':
        return html`<p role="status">${view.intent === 'callback' ? t.callbackLeft : t.messageLeft}</p>`;
      case 'visit':
        break;
      default:
        return view.step satisfies never;
    }
    const say = (text: string, id?: string) => void desk.say(text, id);
    const talk = () => this.#later('ringtag-conversation', t, () => chat({ view, texts: t, say }));
    if (view.state === 'ended') {
      const hasMessages = view.messages.length + view.unsent.length > 0;
      return html`<p>${statusText(options)}</p>${hasMessages ? talk() : nothing}${ended(options, () => this.#rating(options))}`;
    }
    if (view.intent !== 'call' || view.state === 'open') return html`${talk()}${chatControls(options)}`;
    return html`${call(options, this.#chatToggle(options))}${this.isChatShown ? talk() : nothing}`;
  }

  #chatToggle({ view, texts: t }: StepOptions): TemplateResult {
    if (!view.offers.chat && view.messages.length === 0) return html``;
    const toggle = () => {
      this.isChatShown = !this.isChatShown;
      this.#wantsChat = this.isChatShown;
    };
    return html`<button class="button" type="button" aria-expanded=${this.isChatShown} @click=${toggle}>
      ${visitorIcons.messageSquare}${t.chat}</button>`;
  }

  #rating({ texts, desk }: StepOptions): TemplateResult {
    const rate = (stars: number) => void desk.rate(stars);
    const shown = () =>
      html`<ringtag-rating exportparts="primary" .texts=${texts} .rate=${rate}></ringtag-rating>`;
    return this.#later('ringtag-rating', texts, shown);
  }

  #leave({ view, texts, desk, lang }: StepOptions): TemplateResult {
    return this.#later(
      'ringtag-leave',
      texts,
      () => html`<ringtag-leave .desk=${desk} .view=${view} .texts=${texts} lang=${lang}></ringtag-leave>`,
    );
  }

  /** `shown` once its element is there. */
  #later(name: Later, t: VisitorTexts, shown: () => TemplateResult): TemplateResult {
    if (customElements.get(name)) return shown();
    if (this.missing === name) {
      return html`<div class="notice bad row" role="alert"><span>${t.refusals.HUB_UNREACHABLE}</span><button
        class="button" type="button" @click=${() => this.#fetch(name)}>${t.tryAgain}</button></div>`;
    }
    this.#fetch(name);
    return html`<p class="meta">${t.oneMoment}</p>`;
  }

  /** With it, what keeps the page from reading along. */
  #fetch(name: Later): void {
    this.missing = null;
    const root = this.getRootNode() as ShadowRoot;
    Promise.all([import('../typing.ts'), LATER[name]()]).then(
      ([{ keepTyping }]) => {
        keepTyping(root.host as HTMLElement, root);
        this.requestUpdate();
      },
      () => {
        this.missing = name;
      },
    );
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { texts: t } = this;
    const view = this.#view;
    if (!t || !view) return;
    this.#follow(view);
    this.#announce(view, t);
    const conversation = this.#wantsChat ? this.renderRoot.querySelector('ringtag-conversation') : null;
    if (!conversation) return;
    this.#wantsChat = false;
    void (conversation as RingtagConversation).focusField();
  }

  /** The focus goes to each new step, once; within one it stays where the person has put it. */
  #follow(view: VisitView): void {
    const isOver = view.step === 'visit' && view.state === 'ended';
    const place = isOver ? 'ended' : view.step;
    if (place === this.#place) return;
    this.#place = place;
    if (place === 'visit' && view.intent === 'chat') this.#wantsChat = true;
    else this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  #announce(view: VisitView, t: VisitorTexts): void {
    const theirs = view.messages.filter(({ from }) => from === 'agent');
    const last = theirs.at(-1);
    // What is said must be seen.
    if (theirs.length > 0 && view.state !== 'ended' && !this.isChatShown && view.intent === 'call')
      this.isChatShown = true;
    const parts = [statusText({ view, texts: t, lang: this.lang })];
    if (last) parts.push(t.says(last.name ?? view.agent ?? t.team, last.text));
    const status = this.renderRoot.querySelector('[role=status]');
    for (const [index, part] of parts.entries()) {
      const key = `${index}:${index === 1 ? theirs.length : ''}${part}`;
      if (!part || this.#said.includes(`\n${key}\n`) || !status) continue;
      status.textContent = part;
      this.#said = index === 0 ? `\n${key}\n` : `${this.#said}\n${key}\n`;
    }
  }
}

export function defineVisit(): void {
  if (customElements.get('ringtag-visit') === undefined) customElements.define('ringtag-visit', RingtagVisit);
}
