// `<ringtag-left>`: one thing that a visitor has left: words, a voice, or the wish to be called back; and what can be
// done about it. The sound is fetched when somebody wants to hear it, and let go with the element.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Phone } from '../../call/phone.ts';
import { formatCallLength, formatWhen } from '../../i18n/format.ts';
import { visitTexts } from '../../i18n/visits.ts';
import type { Visits } from '../../visits/book.ts';
import { plain, reachOf } from '../../visits/shown-context.ts';
import { beganAtMs, type KnownLeft } from '../../visits/visits-state.ts';
import { icons } from '../icons.ts';
import { looks } from '../looks.ts';
import { contextList } from './context.ts';
import { visitIcons } from './visit-icons.ts';
import { visitsCss } from './visits-css.ts';

export class RingtagLeft extends LitElement {
  static override styles = [
    looks,
    visitsCss,
    css`
      :host { display: block; }
      .left { padding: 10px 12px; border-radius: var(--_radius); background: var(--_raised); display: grid; gap: 6px; }
      .head { display: flex; gap: 8px; align-items: baseline; flex-wrap: wrap; }
      .words { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; text-align: match-parent; }
      .actions { display: flex; flex-wrap: wrap; gap: 8px; }
      .button { min-block-size: 36px; padding: 4px 12px; background: var(--_surface); }
      .button.primary { background: var(--_accent); }
      .button svg { inline-size: 16px; block-size: 16px; }
      audio { inline-size: 100%; block-size: 40px; }
      summary { cursor: pointer; padding-block: 4px; border-radius: 4px; inline-size: fit-content; }
      .problem { color: var(--_red-text); margin: 0; }
      @media (forced-colors: active) { .left { border: 1px solid CanvasText; } }
    `,
  ];
  static override properties = {
    phone: { attribute: false },
    visits: { attribute: false },
    left: { attribute: false },
    telephone: { attribute: false },
    sound: { state: true },
    copied: { state: true },
    problem: { state: true },
  };
  declare phone: Phone | null;
  declare visits: Visits | null;
  declare left: KnownLeft | null;
  /** Telephone calls can be made now. */
  declare telephone: boolean;
  /** Object URL of the sound, while it is here. */
  declare private sound: string | undefined;
  declare private copied: boolean;
  declare private problem: string;

  constructor() {
    super();
    this.phone = null;
    this.visits = null;
    this.left = null;
    this.telephone = false;
    this.sound = undefined;
    this.copied = false;
    this.problem = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.sound) URL.revokeObjectURL(this.sound);
    this.sound = undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { left } = this;
    if (!left) return nothing;
    const t = visitTexts();
    const { kind, name, text, destination, done, context } = left;
    return html`<div class="left">
      <div class="head">
        <strong dir="auto">${plain(name) || t.visitor}</strong>
        <span class="meta">${t.kinds[kind]} · ${plain(destination.name)} · ${formatWhen(beganAtMs(left), Date.now())}</span>
      </div>
      ${text ? html`<p class="words" dir="auto">${plain(text)}</p>` : nothing}
      ${this.#voice(left)} ${this.#reach(left)} ${calledBack(left)}
      <details class="meta"><summary>${t.about}</summary>${contextList(context)}</details>
      <div class="actions">
        ${this.#callBack(left)}
        <button class="button" @click=${() => void this.#setDone(!done)}>
          ${done ? nothing : visitIcons.check}${done ? t.notDone : t.done}
        </button>
      </div>
      ${this.problem ? html`<p class="meta problem" role="alert">${this.problem}</p>` : nothing}
    </div>`;
  }

  #voice({ voice }: KnownLeft): TemplateResult | typeof nothing {
    if (!voice) return nothing;
    // A page's policy may keep sound of this origin out (`media-src blob:`).
    const refused = () => {
      this.problem = visitTexts().voiceFailed;
    };
    if (this.sound) return html`<audio controls autoplay src=${this.sound} @error=${refused}></audio>`;
    return html`<div class="head">
      <button class="button" @click=${() => void this.#play()}>${icons.play}${visitTexts().play}</button>
      <span class="meta">${formatCallLength(voice.lengthMs)}</span>
    </div>`;
  }

  /** For a telephone or a mail program of their own, where the exchange does not reach. */
  #reach({ reach }: KnownLeft): TemplateResult | typeof nothing {
    if (!reach) return nothing;
    const way = reachOf(reach);
    const t = visitTexts();
    if (!way) return html`<div dir="auto">${plain(reach)}</div>`;
    const href = way.kind === 'number' ? `tel:${way.to}` : `mailto:${encodeURIComponent(way.to)}`;
    return html`<div class="head">
      <a href=${href} dir="ltr">${plain(reach)}</a>
      <button class="link" @click=${() => void this.#copy(way.to)}>${this.copied ? t.copied : t.copy}</button>
    </div>`;
  }

  #callBack({ id, reach, kind, called }: KnownLeft): TemplateResult | typeof nothing {
    const way = reachOf(reach);
    if (way?.kind !== 'number' || !this.telephone) return nothing;
    const t = visitTexts();
    return html`<button
      class="button ${kind === 'callback' && !called ? 'primary' : ''}"
      aria-label=${t.callBackTo(way.to)}
      @click=${() => {
        this.phone?.call({ number: way.to });
        void this.visits?.setCalled(id);
      }}
    >
      ${icons.phone}${t.callBack}
    </button>`;
  }

  async #play(): Promise<void> {
    const { left, visits } = this;
    if (!left || !visits) return;
    this.problem = '';
    const sound = await visits.voice(left.id);
    if (!this.isConnected) return;
    if (sound) this.sound = URL.createObjectURL(sound);
    else this.problem = visitTexts().voiceFailed;
  }

  async #copy(words: string): Promise<void> {
    // Refused on a page that may not: the link can be copied by hand.
    this.copied = await navigator.clipboard.writeText(words).then(
      () => true,
      () => false,
    );
  }

  async #setDone(done: boolean): Promise<void> {
    const { left, visits } = this;
    if (!left || !visits) return;
    this.problem = '';
    if (!(await visits.setDone(left.id, done))) this.problem = visitTexts().notChanged;
  }
}

/** Nobody need do it a second time. */
function calledBack({ called, heardAtMs }: KnownLeft): TemplateResult | typeof nothing {
  if (!called) return nothing;
  const when = formatWhen(heardAtMs - called.agoMs, Date.now());
  return html`<div class="meta">${visitTexts().calledBack(plain(called.name), when)}</div>`;
}
