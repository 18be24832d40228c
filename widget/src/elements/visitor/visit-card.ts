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
import { asking, call, missed, offer, type StepOptions, statusText } from './steps.ts';
import { visitCss } from './visit-css.ts';
import { visitorIcons } from './visitor-icons.ts';

const SECOND_MS = 1_000;

let chats: typeof import('./chat.ts') | undefined;

/** What not every visitor needs, by its element. */
const LATER = {
  'ringtag-conversation': async () => {
    chats = await import('./chat.ts');
    chats.defineConversation();
  },
  'ringtag-leave': async () => (await import('./leave.ts')).defineLeave(),
  'ringtag-ended': async () => (await import('./ended.ts')).defineEnded(),
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
  /** It came by itself: the focus stays where it is. */
  isQuiet = false;
  now: () => number = () => performance.now();
  #unsubscribe = () => {};
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Where the focus was put last. */
  #place = '';
  #stage = '';
  /** As high as it was last seen to be. */
  #height = 0;
  readonly #size = new ResizeObserver(() => this.#grown());
  /** What was fetched last. */
  #fetched: Later | undefined;
  /** Messages that were there before, by their ids. */
  #heard = new Set<string>();
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
    this.#size.observe(this);
    // In another place: it is that one now in which nobody reads along.
    if (this.#fetched) this.#fetch(this.#fetched);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe();
    clearInterval(this.#timer);
    this.#size.disconnect();
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
      <div class="unseen" role="status">${statusText(options)}</div>
      <div class="unseen said" aria-live="polite"></div>
      ${this.#body(options)}
    </section>`;
  }

  #title({ view, texts: t }: StepOptions): string {
    if (view.step === 'leave' || view.step === 'left')
      return view.leaves === 'callback' ? t.callback : t.message;
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
        return html`${hasCall(view) ? html`<p class="meta">${statusText(options)}</p>` : missed(options)}${this.#leave(options)}`;
      case 'left':
        return html`<p role="status">${view.leaves === 'callback' ? t.callbackLeft : t.messageLeft}</p>`;
      case 'visit':
        break;
      default:
        return view.step satisfies never;
    }
    const say = (text: string, id?: string) => void desk.say(text, id);
    const talk = () =>
      this.#later('ringtag-conversation', t, () => html`${chats?.chat({ view, texts: t, say })}`);
    if (view.state === 'ended') {
      const hasMessages = view.messages.length + view.unsent.length > 0;
      return html`<p>${statusText(options)}</p>${hasMessages ? talk() : nothing}${this.#later(
        'ringtag-ended',
        t,
        () => html`<ringtag-ended exportparts="primary" .options=${options}></ringtag-ended>`,
      )}`;
    }
    if (view.intent !== 'call' || view.state === 'open')
      return html`${talk()}${chats?.chatControls(options)}`;
    return call(options, this.#chatToggle(options), this.isChatShown ? talk() : nothing);
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

  #leave({ view, texts, desk, lang }: StepOptions): TemplateResult {
    return this.#later(
      'ringtag-leave',
      texts,
      () => html`<ringtag-leave .desk=${desk} .view=${view} .texts=${texts} lang=${lang}></ringtag-leave>`,
    );
  }

  /** `shown` once its element is there. */
  #later(name: Later, t: VisitorTexts, shown: () => TemplateResult): TemplateResult {
    // Its element may be there for those who answer.
    if (customElements.get(name) && (chats || name !== 'ringtag-conversation')) return shown();
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
    this.#fetched = name;
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

  /** What the page has below stays where it is while a visit goes on: from one state to the next the card gets no lower. */
  protected override willUpdate(): void {
    const card = this.renderRoot.querySelector<HTMLElement>('.card');
    const { step, state } = this.#view ?? {};
    const stage = `${step} ${state}`;
    if (!card || stage === this.#stage) return;
    this.#stage = stage;
    card.style.minBlockSize = step === 'asking' || step === 'visit' ? `${card.offsetHeight}px` : '';
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
    if (this.isQuiet) {
      this.isQuiet = false;
      return;
    }
    this.#wantsChat ||= place === 'visit' && view.intent === 'chat';
    if (this.#wantsChat) this.#showAll();
    else this.present();
  }

  /** The focus comes here, and the card into sight. */
  present(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
    this.#showAll();
  }

  /** With what can be pressed at its foot; no further than that, and at once, so that what comes later finds it there. */
  #showAll(): void {
    this.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  }

  /** Whose foot was in sight stays so; who reads on elsewhere stays there. */
  #grown(): void {
    const { top, height } = this.getBoundingClientRect();
    const foot = top + this.#height;
    this.#height = height;
    const wasSeen = foot > 0 && foot <= innerHeight && this.matches(':focus-within');
    if (wasSeen) this.#showAll();
  }

  #announce(view: VisitView, t: VisitorTexts): void {
    const theirs = view.messages.filter(({ from }) => from === 'agent');
    // What is said must be seen.
    if (theirs.length > 0 && view.state !== 'ended' && !this.isChatShown && view.intent === 'call')
      this.isChatShown = true;
    const last = theirs.at(-1);
    if (last && !this.#heard.has(last.id)) {
      const spoken = this.renderRoot.querySelector('.said');
      if (spoken) spoken.textContent = t.says(last.name ?? view.agent ?? t.team, last.text);
    }
    for (const { id } of theirs) this.#heard.add(id);
  }
}

export function defineVisit(): void {
  if (customElements.get('ringtag-visit') === undefined) customElements.define('ringtag-visit', RingtagVisit);
}
