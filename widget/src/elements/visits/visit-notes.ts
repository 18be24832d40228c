// `<ringtag-visit-notes>`: says at the top end of the page that a visitor writes, until the chat is read, dismissed, over,
// or a colleague's. Never takes the focus; while a call rings, the call has the place.
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { chime } from '../../host/chime.ts';
import { pageState } from '../../host/tag.ts';
import { language, texts } from '../../i18n/index.ts';
import { visitTexts } from '../../i18n/visits.ts';
import { newsOf } from '../../visits/news.ts';
import { subjectOf } from '../../visits/shown-context.ts';
import { type KnownVisit, toTell, writtenBy } from '../../visits/visits-state.ts';
import { icons } from '../icons.ts';
import { LAUNCHER_TOGGLED, RingtagLauncher } from '../launcher/launcher.ts';
import { face, looks } from '../looks.ts';
import type { RingtagPane } from '../pane/pane.ts';
import { ringingCalls } from '../phone-state.ts';
import { PRIMARY_CHANGED } from '../surface.ts';
import { VisitsView } from './visits-view.ts';

/** As many at once as leave the page usable; the number on the launcher counts them all. */
const SHOWN = 3;
/** A chat that is looked at is read by then. */
const BEFORE_CHIME_MS = 300;

export class RingtagVisitNotes extends VisitsView {
  static override styles = [
    looks,
    css`
      :host { display: contents; }
      .notes {
        position: fixed; inset: auto; inset-block-start: 16px; inset-inline-end: 16px; margin: 0; padding: 0; border: 0;
        inline-size: min(380px, calc(100vw - 32px)); background: none; color: inherit; overflow: visible;
        flex-direction: column; gap: 8px; z-index: 2147483001;
      }
      .notes:popover-open { display: flex; }
      /* As what rings: beside an open pane where the page is this low. */
      @media (min-width: 820px) and (max-height: 860px) {
        .beside { inset-inline-end: calc(var(--ringtag-launcher-inset, 20px) + 376px); }
      }
      .note {
        display: flex; align-items: center; gap: 12px; padding: 12px; background: var(--_surface); color: var(--_text);
        border-radius: calc(var(--_radius) + 4px); box-shadow: var(--_shadow);
      }
      .names { flex: 1; min-inline-size: 0; }
      .button { min-block-size: 40px; padding: 0 12px; flex: none; }
      @media (forced-colors: active) { .note { border: 1px solid CanvasText; } }
    `,
  ];
  /** How much was written in each chat when it last sounded. */
  readonly #sounded = new Map<string, number>();
  #stop = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#launcher?.addEventListener(LAUNCHER_TOGGLED, () => this.requestUpdate(), { signal });
    for (const type of ['focusin', 'click'])
      document.addEventListener(type, () => this.#riseAbove(), { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  protected override opened(): void {
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const beside = this.#launcher?.open ? 'beside' : '';
    return html`<div class="notes ${beside}" popover="manual" lang=${language()}>
      ${repeat(
        this.#told,
        ({ id }) => id,
        (visit) => this.#note(visit),
      )}
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const notes = this.renderRoot.querySelector<HTMLElement>('.notes');
    const wanted = this.#told.length > 0;
    if (notes && wanted !== notes.matches(':popover-open')) notes.togglePopover(wanted);
    this.toggleAttribute('told', wanted);
    this.#riseAbove();
    for (const visit of toTell(this.known)) this.#sound(visit);
  }

  /** Into a modal dialog of the page, which makes everything outside it inert; and out of it. */
  #riseAbove(): void {
    const { phone } = this;
    const surface = pageState().surfaces.find(({ root }) => root === this.getRootNode());
    const isConcerned = this.hasAttribute('told') || surface?.localName === 'ringtag-above';
    // Within a component of the page may be one that no selector of the document finds.
    const mayBeModal = document.querySelector('dialog:modal') ?? document.activeElement?.shadowRoot;
    if (!phone || !surface || !isConcerned || !mayBeModal) return;
    import('../above/above.ts').then(
      ({ riseAbove }) => riseAbove(surface, phone),
      () => {},
    );
  }

  #note(visit: KnownVisit): TemplateResult {
    const { id, context } = visit;
    const subject = subjectOf(context);
    return html`<div class="note" part="ringing" role="group" aria-label=${newsOf(visit) ?? ''}>
      ${face({ name: '', isVisitor: true })}
      <div class="names">
        <strong>${newsOf(visit)}</strong>
        ${subject ? html`<div class="meta clip" dir="auto">${subject}</div>` : nothing}
      </div>
      <button class="button primary" @click=${() => this.#open(id)}>${visitTexts().open}</button>
      <button class="icon" aria-label=${texts().dismiss} title=${texts().dismiss} @click=${() => this.visits?.dismiss(id)}>
        ${icons.x}
      </button>
    </div>`;
  }

  get #told(): readonly KnownVisit[] {
    const { state } = this;
    return !state || ringingCalls(state).length > 0 ? [] : toTell(this.known).slice(0, SHOWN);
  }

  get #launcher(): RingtagLauncher | undefined {
    const root = this.getRootNode();
    return root instanceof ShadowRoot && root.host instanceof RingtagLauncher ? root.host : undefined;
  }

  #open(id: string): void {
    const root = this.getRootNode() as ShadowRoot;
    this.visits?.want(id);
    this.visits?.dismiss(id);
    this.#launcher?.openQuietly();
    root.querySelector<RingtagPane>('ringtag-pane')?.showVisitors();
  }

  /** One tab of the browser sounds, and none where the person wants no calls. */
  #sound(visit: KnownVisit): void {
    const written = writtenBy(visit, 'visitor');
    if ((this.#sounded.get(visit.id) ?? 0) >= written) return;
    this.#sounded.set(visit.id, written);
    setTimeout(() => {
      const { state } = this;
      const unread = toTell(this.known).some(({ id }) => id === visit.id);
      if (unread && state?.leads && !state.doNotDisturb) chime();
    }, BEFORE_CHIME_MS);
  }
}

/** Once for each page, in whichever element shows its calls. */
export function mountNotes(): void {
  customElements.define('ringtag-visit-notes', RingtagVisitNotes);
  const notes = document.createElement('ringtag-visit-notes') as RingtagVisitNotes;
  notes.setAttribute('exportparts', 'ringing');
  const place = () => {
    const [surface] = pageState().surfaces;
    if (!surface?.phone) return;
    notes.phone = surface.phone;
    surface.root.append(notes);
  };
  place();
  window.addEventListener(PRIMARY_CHANGED, place);
}
