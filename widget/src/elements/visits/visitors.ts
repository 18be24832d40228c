// `<ringtag-visitors>`: the visitors that this person answers. Those who are there now, with their chats; those who have
// just gone; and what was left. One of them opened takes the whole place.
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { KEYS, type KeyListener } from '../../host/keyboard-guard.ts';
import { formatWhen } from '../../i18n/format.ts';
import { texts } from '../../i18n/index.ts';
import { visitTexts } from '../../i18n/visits.ts';
import type { Visits } from '../../visits/book.ts';
import { plain, subjectOf } from '../../visits/shown-context.ts';
import { beganAtMs, isOpenFor, type KnownVisit } from '../../visits/visits-state.ts';
import type { RingtagConversation } from '../conversation/conversation.ts';
import { icons } from '../icons.ts';
import { face, looks } from '../looks.ts';
import { blank, skeleton } from '../people/people.ts';
import { peopleCss } from '../people/people-css.ts';
import { isTextField } from '../typing.ts';
import { chatLog } from './chat-log.ts';
import { contextList } from './context.ts';
import { RingtagLeft } from './left-item.ts';
import { visitIcons } from './visit-icons.ts';
import { visitorsCss } from './visitors-css.ts';
import { visitsCss } from './visits-css.ts';
import { VisitsView } from './visits-view.ts';

export class RingtagVisitors extends VisitsView implements KeyListener {
  static override styles = [looks, peopleCss, visitsCss, visitorsCss];
  static override properties = {
    ...VisitsView.properties,
    openId: { state: true },
    problem: { state: true },
  };
  /** The visit that takes the whole place. */
  declare private openId: string | null;
  declare private problem: string;
  readonly #inSight = new IntersectionObserver(() => this.#look());

  constructor() {
    super();
    this.openId = null;
    this.problem = '';
    if (!customElements.get('ringtag-left')) customElements.define('ringtag-left', RingtagLeft);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#inSight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#inSight.disconnect();
  }

  /** Arrows walk the visitors, Escape goes back to them. */
  [KEYS](event: KeyboardEvent): boolean {
    if (event.key === 'Escape' && this.openId !== null) {
      this.#back();
      return true;
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || this.openId !== null || isTextField(event.composedPath()[0])) return false;
    const stops = [...this.renderRoot.querySelectorAll<HTMLElement>('.visit')];
    const at = stops.indexOf((this.renderRoot as ShadowRoot).activeElement as HTMLElement);
    stops[Math.min(stops.length - 1, Math.max(0, at + step))]?.focus();
    return stops.length > 0;
  }

  protected override opened(visits: Visits): void {
    if (visits.state.visits === undefined || visits.state.left === undefined) void visits.refresh();
  }

  protected override updated(): void {
    const { wanted } = this.known;
    if (wanted) {
      this.visits?.want(undefined);
      this.#show(wanted);
    }
    this.#look();
  }

  protected override render(): TemplateResult {
    const t = visitTexts();
    const { visits, left, failed } = this.known;
    if (!this.visits || visits === undefined || left === undefined) {
      return failed ? this.#failure() : skeleton(t.loading);
    }
    const open = this.#open();
    if (open) return this.#one(open, this.visits);
    const live = visits.filter(({ state }) => state !== 'ended');
    const over = visits.filter(
      ({ state, messages, rating }) => state === 'ended' && (messages.length > 0 || rating !== undefined),
    );
    if (live.length + over.length + left.length === 0)
      return blank(visitIcons.messageSquare, t.emptyTitle, t.emptyBody);
    const [waiting, done] = [left.filter((each) => !each.done), left.filter((each) => each.done)];
    return html`<div class="list" part="visitors" tabindex="-1">
      ${this.#visits(t.chats, live)} ${this.#left(t.leftForYou, waiting)} ${this.#visits(t.over, over)}
      ${this.#left(t.dealtWith, done)}
    </div>`;
  }

  #visits(title: string, visits: readonly KnownVisit[]): TemplateResult | typeof nothing {
    if (visits.length === 0) return nothing;
    return html`<h3>${title}</h3>
      <ul class="plain" aria-label=${title}>
        ${repeat(
          visits,
          ({ id }) => id,
          (visit) => html`<li>${this.#row(visit)}</li>`,
        )}
      </ul>`;
  }

  #row(visit: KnownVisit): TemplateResult {
    const t = visitTexts();
    const { id, destination, context, messages } = visit;
    const unread = this.known.unread[id] ?? 0;
    const last = messages.at(-1)?.text ?? '';
    return html`<button class="row visit" id="visit-${id}" @click=${() => this.#show(id)}>
      ${face({ name: '', isVisitor: true })}
      <span class="names">
        <span class="name clip">${plain(destination.name)}</span>
        <span class="clip last" dir="auto">${subjectOf(context)}</span>
        <span class="meta">${this.#how(visit)} · ${formatWhen(beganAtMs(visit), Date.now())}</span>
        <span class="meta clip last" dir="auto">${plain(last)}</span>
      </span>
      ${
        unread > 0
          ? html`<span class="count"><span aria-hidden="true">${unread}</span><span class="unseen">${t.unread(unread)}</span></span>`
          : nothing
      }
    </button>`;
  }

  /** "Writes · With Bruno", "Nobody answered", "Over · With you · Rated 4 of 5" */
  #how({ state, end, agent, rating }: KnownVisit): string {
    const t = visitTexts();
    const whose = agent && (agent.personId === this.me ? t.yours : t.takenBy(agent.name));
    return [end ? t.ends[end] : t.states[state], whose, rating && t.rated(rating.stars)]
      .filter(Boolean)
      .join(' · ');
  }

  #left(title: string, all: NonNullable<VisitsView['known']['left']>): TemplateResult | typeof nothing {
    if (all.length === 0) return nothing;
    return html`<h3>${title}</h3>
      <ul class="plain lefts" aria-label=${title}>
        ${repeat(
          all,
          ({ id }) => id,
          (left) =>
            html`<li><ringtag-left .phone=${this.phone} .telephone=${this.state?.telephone ?? false} .visits=${this.visits} .left=${left}></ringtag-left></li>`,
        )}
      </ul>`;
  }

  #one(visit: KnownVisit, visits: Visits): TemplateResult {
    const t = visitTexts();
    const mine = isOpenFor(visit, this.me) && visit.state === 'open' && visit.messages.length > 0;
    return html`<div class="one">
      <div class="head">
        <button class="icon back" aria-label=${texts().back} title=${texts().back} @click=${() => this.#back()}>${icons.chevronLeft}</button>
        <div class="names">
          <h3 class="name clip">${plain(visit.destination.name)}</h3>
          <div class="meta">${this.#how(visit)}</div>
        </div>
        ${mine ? html`<button class="button end" @click=${() => void this.#end(visit.id)}>${t.endChat}</button>` : nothing}
      </div>
      ${this.problem ? html`<p class="meta problem" role="alert">${this.problem}</p>` : nothing}
      ${visit.rating?.text ? html`<p class="meta rating" dir="auto">${plain(visit.rating.text)}</p>` : nothing}
      <details class="about" ?open=${visit.messages.length === 0}>
        <summary class="meta">${t.about}</summary>
        ${contextList(visit.context, visit)}
      </details>
      ${chatLog({ visit, visits, me: this.me })}
    </div>`;
  }

  #failure(): TemplateResult {
    return html`<div class="blank" role="alert">
      ${icons.wifiOff}<strong>${visitTexts().error}</strong>
      <button class="button" @click=${() => void this.visits?.refresh()}>${texts().tryAgain}</button>
    </div>`;
  }

  #open(): KnownVisit | undefined {
    return this.known.visits?.find(({ id }) => id === this.openId);
  }

  #show(id: string): void {
    this.openId = id;
    this.problem = '';
    void this.visits?.open(id);
    void this.updateComplete.then(async () => {
      const chat = this.renderRoot.querySelector<RingtagConversation>('ringtag-conversation');
      if (!(await chat?.focusField())) this.renderRoot.querySelector<HTMLElement>('.back')?.focus();
    });
  }

  #back(): void {
    const id = this.openId;
    this.openId = null;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(`#visit-${CSS.escape(id ?? '')}`)?.focus(),
    );
  }

  async #end(id: string): Promise<void> {
    this.problem = (await this.visits?.end(id)) === false ? visitTexts().notEnded : '';
  }

  /** What is in sight has been read: the open chat, or what was left in the list. */
  #look(): void {
    const { visits, known } = this;
    if (!visits || document.visibilityState !== 'visible' || !this.checkVisibility()) return;
    const ids = this.openId === null ? (known.left ?? []).map(({ id }) => id) : [this.openId];
    for (const id of ids) if (known.unread[id]) visits.look(id);
  }
}
