// `<ringtag-visit-about>`: who a visitor is, while their call rings and while it is talked; then with the chat beside it.
// Says at once what came with the call, and more once the hub has told it.
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CalledVisit } from '../../call/phone.ts';
import { visitTexts } from '../../i18n/visits.ts';
import type { Visits } from '../../visits/book.ts';
import { contextOf, plain } from '../../visits/shown-context.ts';
import type { KnownVisit } from '../../visits/visits-state.ts';
import { looks } from '../looks.ts';
import { chatLog } from './chat-log.ts';
import { contextList } from './context.ts';
import { visitsCss } from './visits-css.ts';
import { VisitsView } from './visits-view.ts';

export class RingtagVisitAbout extends VisitsView {
  static override styles = [
    looks,
    visitsCss,
    css`
      :host { display: block; text-align: start; }
      .about { overflow: hidden auto; overscroll-behavior: contain; max-block-size: var(--about, min(30vh, 200px)); border-radius: 4px; outline-offset: 2px;
        /* Where there is more, its end is in a shade: the first layer goes with the words and covers the second. */
        background:
          linear-gradient(transparent, var(--_surface) 70%) 0 100% / 100% 28px no-repeat local,
          linear-gradient(transparent, rgb(15 20 30 / 16%)) 0 100% / 100% 10px no-repeat scroll; }
      summary { cursor: pointer; padding-block: 4px; border-radius: 4px; inline-size: fit-content; }
      .beside { --log: none; display: flex; flex-direction: column; gap: 4px; block-size: 100%; }
      details { overflow: hidden auto; overscroll-behavior: contain; min-block-size: 28px; border-radius: 4px; }
      .chat { flex: 1 0 auto; max-block-size: 100%; }
      .chat.begun { flex: 1 1 0; min-block-size: 60%; }
    `,
  ];
  static override properties = {
    ...VisitsView.properties,
    visit: { attribute: false },
    withChat: { type: Boolean },
    said: { attribute: false },
  };
  declare visit: CalledVisit | null;
  /** The call is answered here: the visitor can be written to as well. */
  declare withChat: boolean;
  /** The call is over and only rang here; this is said unless it is known who answered. */
  declare said: string | undefined;
  #asked: string | undefined;
  readonly #inSight = new IntersectionObserver(() => this.#look());

  constructor() {
    super();
    this.visit = null;
    this.withChat = false;
    this.said = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#inSight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#inSight.disconnect();
  }

  protected override opened(_visits: Visits): void {
    this.#ask();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('visit')) this.#ask();
  }

  protected override updated(): void {
    this.#look();
  }

  /** What is in sight has been read. */
  #look(): void {
    const known = this.#known();
    if (!known || !this.withChat || !this.checkVisibility()) return;
    if (this.known.unread[known.id]) this.visits?.look(known.id);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.visit) return nothing;
    const known = this.#known();
    const t = visitTexts();
    if (this.said !== undefined) {
      const colleague = known?.agent?.personId === this.me ? undefined : known?.agent;
      return html`<span>${colleague ? t.answeredBy(plain(colleague.name)) : this.said}</span>`;
    }
    const list = contextList(known?.context ?? contextOf(this.visit), known, !this.withChat);
    if (!this.withChat || !known || !this.visits) {
      return html`<div class="about" role="region" aria-label=${t.about} tabindex="0">${list}</div>`;
    }
    return html`<div class="beside">
      <details ?open=${known.messages.length === 0}>
        <summary class="meta">${t.about}</summary>
        ${list}
      </details>
      ${chatLog({ visit: known, visits: this.visits, me: this.me })}
    </div>`;
  }

  #known(): KnownVisit | undefined {
    return this.known.visits?.find(({ id }) => id === this.visit?.visitId);
  }

  /** Once for each visit: later news come by themselves. */
  #ask(): void {
    const id = this.visit?.visitId;
    if (!id || !this.visits || this.#asked === id) return;
    this.#asked = id;
    void this.visits.open(id);
  }
}
