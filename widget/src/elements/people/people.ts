// `<ringtag-people>`: the search box and whom it found. Arrows walk the rows, Enter calls.
import type { MediaKind, Person } from '@ringtag/server/protocol';
import { type CSSResultGroup, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { PhoneTarget } from '../../call/phone.ts';
import { KEYS, type KeyListener } from '../../host/keyboard-guard.ts';
import { texts } from '../../i18n/index.ts';
import { formatTime } from '../../i18n/time.ts';
import { icons } from '../icons.ts';
import { codeDetails, face, looks } from '../looks.ts';
import { PhoneView } from '../phone-state.ts';
import { peopleCss } from './people-css.ts';
import { dialable } from './query.ts';
import { type SearchResult, SearchTask } from './search-task.ts';

/** Internal: the query became empty or non-empty. */
export const QUERY_CHANGED = 'query-changed';

/** Who is there is asked for again this often while somebody looks. */
const REFRESH_MS = 10_000;

export class RingtagPeople extends PhoneView implements KeyListener {
  static override styles: CSSResultGroup = [looks, peopleCss];
  static override properties = {
    ...PhoneView.properties,
    compact: { type: Boolean },
    query: { state: true },
  };
  /** Only the search box: the rest of the pane belongs to a call. */
  declare compact: boolean;
  declare query: string;
  readonly #task = new SearchTask(() => this.requestUpdate());
  /** Presence grows old: people are asked for again when the list comes into view, and while it is. */
  readonly #seen = new IntersectionObserver(([entry]) => {
    this.#inView = entry?.isIntersecting ?? false;
    if (this.#inView) this.#refresh();
  });
  #inView = false;
  #refreshing: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.compact = false;
    this.query = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#seen.observe(this);
    this.#refreshing = setInterval(() => {
      if (this.#inView && !document.hidden && this.state?.status === 'ready') this.#refresh();
    }, REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#seen.disconnect();
    clearInterval(this.#refreshing);
    this.#task.stop();
  }

  focusSearch(): void {
    this.#input()?.focus();
  }

  /** Empties the search; false if it was empty. */
  clear(): boolean {
    if (this.query === '') return false;
    this.#setQuery('');
    return true;
  }

  [KEYS](event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const inSearch = event.composedPath()[0] === this.#input();
    switch (event.key) {
      case 'ArrowDown':
        return this.#walk(+1);
      case 'ArrowUp':
        return this.#walk(-1);
      case 'Enter':
        if (inSearch) void this.#callFirst();
        return inSearch;
      case 'Escape':
        if (!this.clear()) return false;
        this.focusSearch();
        return true;
      default:
        return false;
    }
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    // The call that took the place of the list is over.
    if (changed.get('compact') === true) this.#refresh();
  }

  protected override render(): TemplateResult {
    const t = texts();
    return html`<div class="search" part="search" role="search">
        ${icons.search}
        <input
          type="search"
          aria-label=${t.searchPeople}
          placeholder=${t.searchPeople}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          enterkeyhint="go"
          maxlength="100"
          .value=${this.query}
          @input=${(event: Event) => this.#setQuery((event.target as HTMLInputElement).value)}
        />
      </div>
      ${this.compact && this.query === '' ? nothing : this.#body(this.#task.result)}`;
  }

  #body(result: SearchResult): TemplateResult {
    const t = texts();
    const number = dialable(this.query);
    switch (result.state) {
      case 'loading':
        return number === null ? skeleton() : this.#list([], number);
      case 'failed':
        return this.#failed(number, result.code);
      case 'found':
        if (result.people.length > 0 || number !== null) return this.#list(result.people, number);
        return result.query === ''
          ? blank(icons.search, t.peopleEmptyTitle, t.peopleEmptyBody)
          : blank(icons.user, t.peopleNone(result.query), t.peopleNoneBody);
    }
  }

  #list(people: readonly Person[], number: string | null): TemplateResult {
    return html`<ul class="list" part="people" aria-label=${texts().people}>
      ${repeat(
        people,
        (person) => person.id,
        (person) => this.#row(person),
      )}
      ${number === null ? nothing : this.#numberRow(number)}
    </ul>`;
  }

  #row(person: Person): TemplateResult {
    const t = texts();
    const me = this.state?.me?.id;
    const second = person.unit ?? person.email ?? person.numbers[0]?.number;
    return html`<li class="row" part="person">
      ${face(person)}
      <div class="names">
        <div class="name clip" title=${person.name}>${person.name}</div>
        <div class="meta second">
          ${person.id === me ? nothing : presence(person)}<span class="clip" title=${second ?? nothing}>${second}</span>
        </div>
      </div>
      ${person.id === me ? html`<span class="meta you">${t.you}</span>` : this.buttons(person)}
    </li>`;
  }

  /** What can be done with a person; the last of the buttons is the obvious one. */
  protected buttons(person: Person): TemplateResult {
    const t = texts();
    const call = (media: MediaKind) => () => this.chosen({ personId: person.id }, person.name, media);
    const [video, audio] = [t.videoCallPerson(person.name), t.callPerson(person.name)];
    return html`<button class="icon more" tabindex="-1" aria-label=${video} title=${video} @click=${call('video')}>
        ${icons.video}
      </button>
      <button class="icon call" aria-label=${audio} title=${audio} @click=${call('audio')}>${icons.phone}</button>`;
  }

  #numberRow(number: string): TemplateResult {
    const t = texts();
    return html`<li class="row" part="person">
      <span class="face" aria-hidden="true">#</span>
      <div class="names">
        <div class="name clip" dir="ltr">${number}</div>
        <div class="meta">${t.dialNumber}</div>
      </div>
      ${this.numberButton(number)}
    </li>`;
  }

  protected numberButton(number: string): TemplateResult {
    return html`<button class="icon call" aria-label=${texts().callPerson(number)} @click=${() => this.chosen({ number }, number)}>
      ${icons.phone}
    </button>`;
  }

  #failed(number: string | null, code: string | undefined): TemplateResult {
    if (number !== null) return this.#list([], number);
    const t = texts();
    return html`<div class="blank">
      ${icons.wifiOff}<strong>${t.peopleError}</strong>
      ${code === undefined ? nothing : codeDetails(code)}
      <button class="button" @click=${() => this.#search(0)}>${t.tryAgain}</button>
    </div>`;
  }

  #setQuery(query: string): void {
    const wasEmpty = this.query === '';
    this.query = query;
    this.#search();
    if (wasEmpty !== (query === '')) this.dispatchEvent(new Event(QUERY_CHANGED));
  }

  #refresh(): void {
    if (!this.compact && this.query === '') this.#search();
  }

  #search(pauseMs?: number): void {
    const { phone } = this;
    if (phone !== null)
      this.#task.search(this.query, (query, signal) => phone.search(query, signal), pauseMs);
  }

  /** Enter means the first of what the whole query finds, so it waits for an answer that is on its way. */
  async #callFirst(): Promise<void> {
    const asked = this.query;
    if (asked.trim() === '') return;
    const result = await this.#task.settled();
    if (this.query !== asked) return;
    const number = dialable(asked);
    const first =
      result.state === 'found' ? result.people.find(({ id }) => id !== this.state?.me?.id) : undefined;
    if (first !== undefined) this.chosen({ personId: first.id }, first.name);
    else if (number !== null) this.chosen({ number }, number);
  }

  /** Somebody was chosen, by a button or by Enter. */
  protected chosen(target: PhoneTarget, _name: string, media: MediaKind = 'audio'): void {
    this.clear();
    this.phone?.call(target, media);
  }

  #walk(step: 1 | -1): boolean {
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>('.row .call')];
    const stops = [this.#input(), ...rows];
    const at = stops.indexOf((this.renderRoot as ShadowRoot).activeElement as HTMLElement | null);
    const from = at === -1 ? rows.findIndex((row) => row.closest('.row')?.matches(':focus-within')) + 1 : at;
    stops[Math.min(stops.length - 1, Math.max(0, from + step))]?.focus();
    return true;
  }

  #input(): HTMLInputElement | null {
    return this.renderRoot?.querySelector('input') ?? null;
  }
}

/** In words, beside the colour. */
export function presence(
  { online, doNotDisturb }: Pick<Person, 'online' | 'doNotDisturb'>,
  quietUntilMs: number | null = null,
): TemplateResult {
  const t = texts();
  if (doNotDisturb) {
    const words = quietUntilMs === null ? t.doNotDisturb : t.doNotDisturbUntil(formatTime(quietUntilMs));
    return html`<span class="meta presence dnd">${words}</span>`;
  }
  return html`<span class="meta presence ${online ? 'online' : ''}">${online ? t.online : t.offline}</span>`;
}

/** An empty list: what will be here, and how to begin. */
export function blank(icon: TemplateResult, title: string, body: string): TemplateResult {
  return html`<div class="blank">${icon}<strong>${title}</strong><span class="body">${body}</span></div>`;
}

/** Rows to come. */
export function skeleton(label: string = texts().peopleLoading): TemplateResult {
  const bones = [0, 1, 2].map(
    () =>
      html`<div class="row"><span class="bone round"></span><div class="names"><div class="bone line"></div><div class="bone line short"></div></div></div>`,
  );
  return html`<div class="list" role="status" aria-label=${label}>${bones}</div>`;
}
