// `<ringtag-pane>`: the whole pane inside both public elements. Chooses what its body shows; owns no call.
import { html, nothing, type TemplateResult } from 'lit';
import { rangInVain } from '../../call/missed.ts';
import type { CallView, PhoneErrorCode, PhoneState } from '../../call/phone.ts';
import { KEYS, type KeyListener } from '../../host/keyboard-guard.ts';
import { notificationState } from '../../host/notifications.ts';
import { language, texts } from '../../i18n/index.ts';
import type { Sheet } from '../call-card/call-card.ts';
import { looks } from '../looks.ts';
import { onDemand } from '../on-demand.ts';
import { type RingtagPeople, skeleton } from '../people/people.ts';
import { peopleCss } from '../people/people-css.ts';
import { endedCall, liveCall, PhoneView } from '../phone-state.ts';
import type { RingtagSignIn } from '../sign-in/sign-in.ts';
import { deepActiveElement, isTextField } from '../typing.ts';
import { header, sheetHeader } from './header.ts';
import { notices } from './notices.ts';
import { paneCss } from './pane-css.ts';

type Tab = 'people' | 'recent' | 'visitors';
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
  static override properties = {
    ...PhoneView.properties,
    closable: { type: Boolean },
    tab: { state: true },
    sheet: { state: true },
    menuOpen: { state: true },
    beside: { state: true },
  };
  /** Shows a close button and closes on Escape. */
  declare closable: boolean;
  declare private tab: Tab;
  /** What covers people and call until it is closed. */
  declare private sheet: Sheet | null;
  declare private menuOpen: boolean;
  /** In a call, the visitors are looked at. */
  declare private beside: boolean;
  #body: Body = 'starting';
  #focusWanted: Element | null = null;
  /** Where the focus was when the sheet was opened. */
  #opener: HTMLElement | null = null;
  /** The last refusal, until it is dismissed; the phone itself forgets it after a while. */
  #error: PhoneErrorCode | null = null;
  #toldError: PhoneErrorCode | null = null;
  /** Somebody has called since this page was opened: it is known what it is to be told of a call. */
  #wasCalled = false;

  constructor() {
    super();
    this.closable = false;
    this.tab = 'people';
    this.sheet = null;
    this.menuOpen = false;
    this.beside = false;
  }

  /** Puts the focus where one begins: the search, or "Sign in". */
  focusFirst(): void {
    // Nothing to focus yet: once it is known who is signed in and what to show, unless the person has moved on.
    const waits =
      this.#body === 'starting' ||
      (this.#body === 'sign-in' && customElements.get('ringtag-sign-in') === undefined);
    this.#focusWanted = waits ? document.activeElement : null;
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

  /** Shows those who have written or left something, whatever else is shown. */
  showVisitors(): void {
    this.sheet = null;
    this.#show('visitors');
  }

  /** Nothing is searched for: what belongs under the search box is in view. */
  get #notSearching(): boolean {
    return (this.#people()?.query ?? '') === '';
  }

  [KEYS](event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === '/' && !isTextField(event.composedPath()[0])) {
      this.#people()?.focusSearch();
      return this.#people() !== null;
    }
    const onTab =
      /^Arrow(Left|Right)$/.test(event.key) &&
      deepActiveElement(this.renderRoot as ShadowRoot)?.role === 'tab';
    if (onTab) {
      const at = this.#tabNames.indexOf(this.#tab) + (event.key === 'ArrowRight' ? 1 : -1);
      this.#show(this.#tabNames.at(at % this.#tabNames.length) ?? 'people');
      void this.updateComplete.then(() => this.#element('[aria-selected=true]')?.focus());
      return true;
    }
    if (event.key !== 'Escape' || !(this.sheet || this.closable)) return false;
    if (this.sheet) this.#closeSheet();
    else this.dispatchEvent(new Event(CLOSE_PANE));
    return true;
  }

  protected override stateChanged(state: PhoneState): void {
    if (state.error !== this.#toldError) {
      this.#toldError = state.error;
      this.#error = state.error ?? this.#error;
    }
    this.#wasCalled ||= state.calls.some(
      (call) => rangInVain(call) || (call.direction === 'in' && call.activeSinceMs !== undefined),
    );
    if (state.me === null) {
      // Nobody knows yet who is signed in: why not is worth showing.
      if (state.status !== 'starting') this.#error = null;
      this.tab = 'people';
      this.sheet = null;
      this.menuOpen = false;
    }
    if (this.sheet === 'transfer' && liveCall(state) === undefined) this.sheet = null;
    const before = this.#body;
    this.#body = bodyOf(state);
    if (before === this.#body) return;
    // What is looked at, and maybe written, stays when the call ends.
    if (this.beside && this.#body === 'ended call') return;
    const stays = this.beside && this.#body === 'people';
    this.beside = false;
    if (stays) {
      this.tab = 'visitors';
      return;
    }
    const waited = this.#focusWanted !== null && this.#focusWanted === document.activeElement;
    this.#focusWanted = null;
    if (!waited && !this.matches(':focus-within')) return;
    // What was pressed is about to go: the focus goes to what takes its place.
    if (this.#body === 'live call' || this.#body === 'ended call') this.focusCall();
    else this.focusFirst();
  }

  protected override updated(): void {
    const wanted = this.#focusWanted;
    if (wanted === null || !this.#element('ringtag-sign-in')) return;
    this.#focusWanted = null;
    // What had the focus may be gone with what was pressed.
    if (document.activeElement === wanted || document.activeElement === document.body) this.focusFirst();
  }

  protected override render(): TemplateResult {
    const { phone, state } = this;
    return html`<section class="pane" part="pane-body" lang=${language()} aria-label=${texts().pane}>
      ${this.#header(this.sheet)}
      ${phone === null ? nothing : notices(phone, this.#error, () => this.#dismissError())}
      ${this.#wasCalled && state?.me && !liveCall(state) ? this.#alertsOffer() : nothing}
      ${this.#main(state)}
    </section>`;
  }

  #main(state: PhoneState | null): TemplateResult {
    const body = state === null ? 'starting' : bodyOf(state);
    if (state === null || body === 'starting') return html`<div class="loading">${skeleton()}</div>`;
    if (body === 'sign-in') {
      return onDemand(
        this,
        'ringtag-sign-in',
        html`<ringtag-sign-in .phone=${this.phone} exportparts="primary"></ringtag-sign-in>`,
        html`<div class="loading">${skeleton(texts().signIn)}</div>`,
      );
    }
    const { sheet } = this;
    const live = liveCall(state);
    const call = live ?? endedCall(state);
    const under = sheet === null && this.#notSearching;
    const beside = call !== undefined && this.#tab === 'visitors';
    const place = under && (beside || call === undefined) ? this.#tab : 'people';
    return html`<ringtag-people
        .phone=${this.phone}
        ?hidden=${sheet !== null}
        ?compact=${place !== 'people' || (call !== undefined && this.#notSearching)}
        exportparts="search, people, person"
        @query-changed=${() => this.#searching()}
      ></ringtag-people>
      ${place === 'recent' ? this.#recent() : nothing}
      ${this.tab === 'visitors' || this.beside ? this.#visitors(place !== 'visitors') : nothing}
      ${sheet === null ? nothing : this.#sheet(sheet)}
      ${
        call === undefined
          ? nothing
          : html`<ringtag-call-card
              .phone=${this.phone}
              .openSheet=${(wanted: Sheet) => this.#openSheet(wanted)}
              ?hidden=${!under || beside}
              exportparts="call-card, hang-up, via, video"
            ></ringtag-call-card>`
      }
      ${
        live !== undefined && (beside || !under)
          ? html`<ringtag-call-bar
              .phone=${this.phone}
              exportparts="call-bar, hang-up"
              @show-call=${() => this.#showCard()}
            ></ringtag-call-bar>`
          : nothing
      }
      ${sheet === null && (call === undefined || state.visitors) ? this.#tabs() : nothing}`;
  }

  /** Asked once, by an element that knows whether it was. */
  #alertsOffer(): TemplateResult | typeof nothing {
    if (notificationState() !== 'default') return nothing;
    return onDemand(
      this,
      'ringtag-alerts-offer',
      html`<ringtag-alerts-offer .phone=${this.phone}></ringtag-alerts-offer>`,
      html``,
    );
  }

  #recent(): TemplateResult {
    return onDemand(
      this,
      'ringtag-recent',
      html`<ringtag-recent .phone=${this.phone} exportparts="people, person"></ringtag-recent>`,
      skeleton(texts().recent),
    );
  }

  /** Hidden rather than gone while something covers it: somebody may be writing there. */
  #visitors(hidden: boolean): TemplateResult {
    return onDemand(
      this,
      'ringtag-visitors',
      html`<ringtag-visitors .phone=${this.phone} ?hidden=${hidden} exportparts="visitors"></ringtag-visitors>`,
      hidden ? html`` : skeleton(texts().visitors),
    );
  }

  #sheet(sheet: Sheet): TemplateResult {
    const { phone } = this;
    return sheet === 'transfer'
      ? onDemand(
          this,
          'ringtag-transfer',
          html`<ringtag-transfer .phone=${phone} .done=${() => this.#closeSheet()}></ringtag-transfer>`,
          skeleton(),
        )
      : onDemand(
          this,
          'ringtag-settings',
          html`<ringtag-settings .phone=${phone} .done=${() => this.#closeSheet()}></ringtag-settings>`,
          skeleton(texts().settings),
        );
  }

  #tabs(): TemplateResult {
    const t = texts();
    const { missed = 0, visitors = null } = this.state ?? {};
    const labels: Record<Tab, readonly [label: string, count: number, words: (count: number) => string]> = {
      people: [this.#call ? t.call : t.people, 0, t.missedCalls],
      recent: [t.recent, missed, t.missedCalls],
      visitors: [t.visitors, visitors?.unread ?? 0, t.fromVisitors],
    };
    const tab = (name: Tab) => {
      const [label, count, words] = labels[name];
      return html`<button
      class="tab"
      role="tab"
      aria-label=${count > 0 ? `${label}, ${words(count)}` : nothing}
      aria-selected=${this.#tab === name}
      tabindex=${this.#tab === name ? 0 : -1}
      @click=${() => this.#show(name)}
    >${label}${count > 0 ? html`<span class="count">${count}</span>` : nothing}</button>`;
    };
    return html`<div class="tabs" role="tablist">${this.#tabNames.map(tab)}</div>`;
  }

  /** Visitors only where this person answers some; beside a call, which takes the place of people, nothing else. */
  get #tabNames(): readonly Tab[] {
    const names: readonly Tab[] = this.#call ? ['people'] : ['people', 'recent'];
    return this.state?.visitors ? [...names, 'visitors'] : names;
  }

  /** What has a card. */
  get #call(): CallView | undefined {
    return liveCall(this.state) ?? endedCall(this.state);
  }

  get #tab(): Tab {
    if (!this.#call) return this.tab;
    return this.beside && this.state?.visitors ? 'visitors' : 'people';
  }

  #header(sheet: Sheet | null): TemplateResult {
    const t = texts();
    if (sheet !== null) {
      const title = sheet === 'settings' ? t.settings : t.passOn(liveCall(this.state)?.peer.name ?? '');
      return sheetHeader(title, () => this.#closeSheet());
    }
    return header({
      host: this,
      phone: this.phone,
      menuOpen: this.menuOpen,
      toggleMenu: () => {
        this.menuOpen = !this.menuOpen;
      },
      closeMenu: () => {
        this.menuOpen = false;
        this.#element('.me')?.focus();
      },
      openSheet: (wanted) => this.#openSheet(wanted),
      close: this.closable ? () => this.dispatchEvent(new Event(CLOSE_PANE)) : undefined,
    });
  }

  #openSheet(sheet: Sheet): void {
    this.#opener = deepActiveElement(this.renderRoot as ShadowRoot) as HTMLElement | null;
    this.sheet = sheet;
    void this.updateComplete.then(() => this.#element('.back button')?.focus());
  }

  #closeSheet(): void {
    const opener = this.#opener;
    this.sheet = null;
    void this.updateComplete.then(() => {
      // The header, with the button in it, was made anew.
      if (opener?.isConnected) opener.focus();
      else if (liveCall(this.state)) this.focusCall();
      else this.#element('.me')?.focus();
    });
  }

  #show(tab: Tab): void {
    if (this.#call) this.beside = tab === 'visitors';
    else this.tab = tab;
    this.#people()?.clear();
  }

  #searching(): void {
    if (!this.#notSearching) {
      this.beside = false;
      if (!this.#call) this.tab = 'people';
    }
    this.requestUpdate();
  }

  #dismissError(): void {
    this.#error = null;
    this.requestUpdate();
    this.focusFirst();
  }

  #showCard(): void {
    this.sheet = null;
    this.beside = false;
    this.#people()?.clear();
    this.focusCall();
  }

  #element(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(selector);
  }

  #people(): RingtagPeople | null {
    return this.renderRoot?.querySelector<RingtagPeople>('ringtag-people') ?? null;
  }
}
