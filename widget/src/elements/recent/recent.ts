// `<ringtag-recent>`: the person's own calls, newest first, and one press to call back. A chunk of its own.
import type { HistoryEntry } from '@ringtag/server/protocol';
import { css, html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { isMissed } from '../../call/missed.ts';
import type { Phone, PhoneState } from '../../call/phone.ts';
import { KEYS, type KeyListener } from '../../host/keyboard-guard.ts';
import { formatCallLength, formatWhen } from '../../i18n/format.ts';
import { named, texts } from '../../i18n/index.ts';
import { sheetTexts } from '../../i18n/sheets.ts';
import type { Visits } from '../../visits/book.ts';
import { icons } from '../icons.ts';
import { face, looks } from '../looks.ts';
import { blank, skeleton } from '../people/people.ts';
import { peopleCss } from '../people/people-css.ts';
import { PhoneView } from '../phone-state.ts';
import { sheetIcons } from '../sheet-icons.ts';

/** A call of the list; `agoMs` counts from when its page was fetched. */
interface Shown extends HistoryEntry {
  readonly atMs: number;
}

export class RingtagRecent extends PhoneView implements KeyListener {
  static override styles = [
    looks,
    peopleCss,
    css`
      .what { display: flex; gap: 4px; }
      .what svg { inline-size: 14px; block-size: 14px; margin-block-start: 1px; }
      .what.missed { color: var(--_red-text); }
      .row .call::after { content: ''; position: absolute; inset: 0; border-radius: var(--_radius); }
      .plain { margin: 0; padding: 0; list-style: none; }
      .end, .over { display: flex; align-items: center; justify-content: center; padding: 8px; }
      .redial { padding: 0 12px 4px; }
      .redial .button { inline-size: 100%; }
    `,
  ];
  static override properties = { ...PhoneView.properties, calls: { state: true }, failed: { state: true } };
  /** Absent: not fetched yet. */
  declare private calls: readonly Shown[] | undefined;
  declare private failed: boolean;
  #next: string | undefined;
  /** Only where visitors have called: what tells them apart. */
  #visits: Visits | null = null;
  #stopVisits = () => {};
  #fetching = false;
  #callsBefore = 0;
  /** The end of the list comes into view: the next page is fetched before anybody asks. */
  readonly #seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && void this.#fetch());
  /** The list comes into view: whoever was missed has been seen. */
  readonly #looked = new IntersectionObserver(() => this.#look());

  constructor() {
    super();
    this.calls = undefined;
    this.failed = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#looked.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#seen.disconnect();
    this.#looked.disconnect();
    this.#stopVisits();
    this.#visits = null;
  }

  [KEYS](event: KeyboardEvent): boolean {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return false;
    const stops = [...this.renderRoot.querySelectorAll<HTMLElement>('button')];
    const at = stops.indexOf((this.renderRoot as ShadowRoot).activeElement as HTMLElement);
    stops[Math.min(stops.length - 1, Math.max(0, at + step))]?.focus();
    return true;
  }

  /** Fetched at first, and anew when a call is over. */
  protected override stateChanged({ calls }: PhoneState): void {
    const over = calls.length < this.#callsBefore;
    this.#callsBefore = calls.length;
    if (over || this.calls === undefined) void this.#fetch(true);
  }

  #look(): void {
    if (this.state?.missed && document.visibilityState === 'visible' && this.checkVisibility())
      this.phone?.lookAtRecent();
  }

  protected override updated(): void {
    this.#look();
    const end = this.renderRoot.querySelector('.end');
    this.#seen.disconnect();
    if (end !== null) this.#seen.observe(end);
  }

  protected override render(): TemplateResult {
    const t = sheetTexts();
    const { calls } = this;
    if (calls === undefined || calls.length === 0) {
      if (this.failed) return this.#failure();
      if (calls === undefined) return skeleton(t.recentLoading);
      return blank(icons.phone, t.recentEmptyTitle, t.recentEmptyBody);
    }
    return html`${this.state?.canRedial ? this.#redial() : nothing}
      <div class="list" part="people">
        <ul class="plain" aria-label=${t.recentCalls}>
          ${repeat(
            calls,
            ({ callId }) => callId,
            (call) => this.#row(call),
          )}
        </ul>
        ${this.#end()}
      </div>`;
  }

  #redial(): TemplateResult {
    return html`<div class="redial">
      <button class="button" @click=${() => this.phone?.redial()}>${sheetIcons.redo}${sheetTexts().redial}</button>
    </div>`;
  }

  #row(call: Shown): TemplateResult {
    const peer = named(call.visitId ? { ...call.peer, number: 'visitor' } : call.peer);
    const label = texts().callPerson(peer.name);
    const subject = call.visitId && this.#visits?.subject(call.visitId);
    return html`<li class="row" part="person">
      ${face(peer)}
      <div class="names">
        <div class="name clip" title=${peer.name}>${peer.name}</div>
        ${subject ? html`<div class="meta clip" dir="auto">${subject}</div>` : nothing} ${what(call)}
      </div>
      ${
        peer.personId === undefined && peer.number === undefined
          ? nothing
          : html`<button class="icon call" aria-label=${label} title=${label} @click=${() => this.#callBack(call)}>${icons.phone}</button>`
      }
    </li>`;
  }

  #end(): TemplateResult | typeof nothing {
    const t = sheetTexts();
    // Not observed, or it would be asked for again and again.
    if (this.failed)
      return html`<div class="over meta" role="alert">${t.recentError}${this.#more(texts().tryAgain)}</div>`;
    return this.#next === undefined ? nothing : html`<div class="end">${this.#more(t.recentMore)}</div>`;
  }

  #more(words: string): TemplateResult {
    return html`<button class="button quiet" @click=${() => void this.#fetch()}>${words}</button>`;
  }

  #failure(): TemplateResult {
    return html`<div class="blank" role="alert">
      ${icons.wifiOff}<strong>${sheetTexts().recentError}</strong>
      <button class="button" @click=${() => void this.#fetch(true)}>${texts().tryAgain}</button>
    </div>`;
  }

  #callBack({ peer, media }: Shown): void {
    if (peer.personId !== undefined) this.phone?.call({ personId: peer.personId }, media);
    else if (peer.number !== undefined) this.phone?.call({ number: peer.number });
  }

  async #fetch(anew = false): Promise<void> {
    if (this.#fetching || this.phone === null) return;
    this.#fetching = true;
    const page = await this.phone.history(anew ? undefined : this.#next);
    this.#fetching = false;
    this.failed = page === null;
    if (page === null) return;
    const nowMs = Date.now();
    const shown = page.calls.map((call) => ({ ...call, atMs: nowMs - call.agoMs }));
    this.#next = page.next;
    this.calls = anew ? shown : [...(this.calls ?? []), ...shown];
    if (shown.some(({ visitId }) => visitId)) void this.#followVisits(this.phone);
  }

  async #followVisits(phone: Phone): Promise<void> {
    if (this.#visits) return;
    const visits = await phone.visits().catch(() => null);
    if (!visits || this.#visits || !this.isConnected) return;
    this.#visits = visits;
    this.#stopVisits = visits.subscribe(() => this.requestUpdate());
    if (!visits.state.visits) void visits.refresh();
  }
}

/** "Missed · Today 14:03", "Outgoing · Yesterday 9:12 · 3 min 12 sec · passed on to Carla". */
function what(call: Shown): TemplateResult {
  const { direction, result, atMs, lengthMs, transferredTo, stars } = call;
  const t = sheetTexts();
  const incoming = direction === 'in';
  const missed = isMissed(call);
  const icon = missed
    ? sheetIcons.phoneMissed
    : incoming
      ? sheetIcons.phoneIncoming
      : sheetIcons.phoneOutgoing;
  const way = incoming ? t.incoming : t.outgoing;
  const words = [
    missed
      ? t.results.missed
      : result === 'answered'
        ? way
        : `${way}, ${t.results[result].toLocaleLowerCase()}`,
    whole(formatWhen(atMs, Date.now())),
    lengthMs === undefined ? '' : whole(formatCallLength(lengthMs)),
    transferredTo === undefined ? '' : t.passedOnTo(transferredTo.name),
    stars === undefined ? '' : t.rated(stars),
  ].filter(Boolean);
  return html`<div class="meta what ${missed ? 'missed' : ''}">${icon}<span>${words.join(' · ')}</span></div>`;
}

/** Not broken over two lines. */
function whole(words: string): string {
  return words.replaceAll(' ', '\u00a0');
}
