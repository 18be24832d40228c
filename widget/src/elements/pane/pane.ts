// `<ringtag-pane>`: the whole pane inside both public elements. Chooses what its body shows; owns no call.
import { html, nothing, type TemplateResult } from 'lit';
import type { PhoneState } from '../../call/phone.ts';
import { isTextField, KEYS, type KeyListener } from '../../host/keyboard-guard.ts';
import { errorText, language, texts } from '../../i18n/index.ts';
import { icons } from '../icons.ts';
import { codeDetails, face, looks } from '../looks.ts';
import { type RingtagPeople, skeleton } from '../people/people.ts';
import { peopleCss } from '../people/people-css.ts';
import { endedCall, liveCall, PhoneView } from '../phone-state.ts';
import type { RingtagSignIn } from '../sign-in/sign-in.ts';
import { paneCss } from './pane-css.ts';

type Body = 'starting' | 'sign-in' | 'people' | 'live call' | 'ended call';

function bodyOf(state: PhoneState): Body {
  if (state.status === 'starting') return 'starting';
  if (state.status === 'signed-out' || state.status === 'signing-in') return 'sign-in';
  if (liveCall(state) !== undefined) return 'live call';
  return endedCall(state) === undefined ? 'people' : 'ended call';
}

/** Internal: the person wants the pane closed. */
export const CLOSE_PANE = 'close-pane';

export class RingtagPane extends PhoneView implements KeyListener {
  static override styles = [looks, peopleCss, paneCss];
  static override properties = { ...PhoneView.properties, closable: { type: Boolean } };
  /** Shows a close button and closes on Escape. */
  declare closable: boolean;
  #body: Body = 'starting';
  #focusWanted: Element | null = null;

  constructor() {
    super();
    this.closable = false;
  }

  /** Puts the focus where one begins: the search, or "Sign in". */
  focusFirst(): void {
    // Nothing to focus yet: once it is known who is signed in, unless the person has moved on.
    this.#focusWanted = this.#body === 'starting' ? document.activeElement : null;
    void this.updateComplete.then(() => {
      const signIn = this.renderRoot.querySelector<RingtagSignIn>('ringtag-sign-in');
      if (signIn !== null) void signIn.updateComplete.then(() => signIn.focusFirst());
      else this.#people()?.focusSearch();
    });
  }

  /** Puts the focus on the call, in front of its buttons, so that a key still held down presses none of them. */
  focusCall(): void {
    void this.updateComplete.then(async () => {
      const card = this.renderRoot.querySelector<PhoneView>('ringtag-call-card');
      await card?.updateComplete;
      card?.renderRoot.querySelector<HTMLElement>('.card')?.focus();
    });
  }

  /** The call has its card in view. */
  get showsCard(): boolean {
    return (this.#people()?.query ?? '') === '';
  }

  [KEYS](event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === '/' && !isTextField(event.composedPath()[0])) {
      this.#people()?.focusSearch();
      return this.#people() !== null;
    }
    if (event.key === 'Escape' && this.closable) {
      this.dispatchEvent(new Event(CLOSE_PANE));
      return true;
    }
    return false;
  }

  protected override stateChanged(state: PhoneState): void {
    const before = this.#body;
    this.#body = bodyOf(state);
    if (before === this.#body) return;
    const waited = this.#focusWanted !== null && this.#focusWanted === document.activeElement;
    this.#focusWanted = null;
    if (!waited && !this.matches(':focus-within')) return;
    // What was pressed is about to go: the focus goes to what takes its place.
    if (this.#body === 'live call' || this.#body === 'ended call') this.focusCall();
    else this.focusFirst();
  }

  protected override render(): TemplateResult {
    const { state } = this;
    return html`<section class="pane" part="pane-body" lang=${language()} aria-label=${texts().pane}>
      ${this.#header(state)} ${state === null ? nothing : this.#notices(state)} ${this.#main(state)}
    </section>`;
  }

  #main(state: PhoneState | null): TemplateResult {
    const body = state === null ? 'starting' : bodyOf(state);
    if (state === null || body === 'starting') return html`<div class="loading">${skeleton()}</div>`;
    if (body === 'sign-in') {
      return html`<ringtag-sign-in .phone=${this.phone} exportparts="primary"></ringtag-sign-in>`;
    }
    const live = liveCall(state);
    const call = live ?? endedCall(state);
    const card = call !== undefined && this.showsCard;
    return html`<ringtag-people
        .phone=${this.phone}
        ?compact=${card}
        exportparts="search, people, person"
        @query-changed=${() => this.requestUpdate()}
      ></ringtag-people>
      ${card ? html`<ringtag-call-card .phone=${this.phone} exportparts="call-card, hang-up, via, video"></ringtag-call-card>` : nothing}
      ${
        live !== undefined && !card
          ? html`<ringtag-call-bar
              .phone=${this.phone}
              exportparts="call-bar, hang-up"
              @show-call=${() => this.#showCard()}
            ></ringtag-call-bar>`
          : nothing
      }`;
  }

  #header(state: PhoneState | null): TemplateResult {
    const t = texts();
    const me = state?.me;
    const ready = state?.status === 'ready';
    return html`<header part="header">
      ${me ? face(me) : nothing}
      <div class="names">
        <div class="name clip" title=${me?.name ?? nothing}>${me?.name ?? t.product}</div>
        ${
          me
            ? html`<div class="meta presence ${ready ? 'online' : 'waiting'}">${ready ? t.online : t.connecting}</div>`
            : nothing
        }
      </div>
      ${
        me
          ? html`<button class="icon" aria-label=${t.signOut} title=${t.signOut} @click=${() => void this.phone?.signOut()}>
              ${icons.logOut}
            </button>`
          : nothing
      }
      ${
        this.closable
          ? html`<button class="icon" aria-label=${t.close} title=${t.close} @click=${() => this.dispatchEvent(new Event(CLOSE_PANE))}>
              ${icons.x}
            </button>`
          : nothing
      }
    </header>`;
  }

  #notices(state: PhoneState): TemplateResult {
    const t = texts();
    const error = state.me !== null ? state.error : null;
    return html`${
      state.soundBlocked
        ? html`<div class="notice mild" part="notice">
            ${icons.volumeX}<span>${t.soundBlocked}</span>
            <button class="button" @click=${() => this.phone?.unblockSound()}>${t.unblockSound}</button>
          </div>`
        : nothing
    }
    ${
      error === null
        ? nothing
        : html`<div class="notice" part="notice">
            ${icons.circleAlert}
            <div class="words"><span role="alert">${errorText(error)}</span>${codeDetails(error)}</div>
          </div>`
    }`;
  }

  #showCard(): void {
    this.#people()?.clear();
    this.focusCall();
  }

  #people(): RingtagPeople | null {
    return this.renderRoot?.querySelector<RingtagPeople>('ringtag-people') ?? null;
  }
}
