// `<ringtag-leave>`: leaving a message, written or spoken, or a wish to be called back.
import { VOICE_MS } from '@ringtag/server/protocol/limits';
import { css, html, LitElement, nothing, type TemplateResult, unsafeCSS } from 'lit';
import { browserClock } from '../../call/clock.ts';
import { createLocalMedia } from '../../call/media.ts';
import type { VisitorRefusal } from '../../visitor/answer.ts';
import type { VisitorDesk } from '../../visitor/desk.ts';
import type { VisitorTexts } from '../../visitor/i18n/index.ts';
import { refusalText } from '../../visitor/i18n/index.ts';
import { isTelephoneNumber } from '../../visitor/telephone-number.ts';
import type { VisitView } from '../../visitor/visit-view.ts';
import { canRecord, type Recorder, type Recording, startRecording } from '../../visitor/voice-recorder.ts';
import { formatElapsed } from '../clock.ts';
import { coreTokens } from '../core-tokens.ts';
import { tokens } from '../tokens.ts';
import { leaveIcons } from './leave-icons.ts';
import { visitCss } from './visit-css.ts';
import { visitorIcons } from './visitor-icons.ts';

const leaveCss = css`
  label.field { display: grid; gap: 4px; }
  input.text, textarea {
    font: inherit; color: inherit; background: var(--_surface); border: 1px solid var(--_field-line); inline-size: 100%;
    border-radius: calc(var(--_radius) * 0.8); padding: 8px 10px; min-block-size: 44px; min-inline-size: 0;
  }
  textarea { resize: vertical; field-sizing: content; min-block-size: 84px; max-block-size: 160px; }
  audio { inline-size: 100%; }
  .odd { color: var(--_red-text); font-size: 13px; line-height: 18px; }
`;

class RingtagLeave extends LitElement {
  static override readonly styles = [unsafeCSS(coreTokens + tokens), visitCss, leaveCss];
  static override readonly properties = {
    view: { attribute: false },
    recorder: { state: true },
    recorded: { state: true },
    refused: { state: true },
    odd: { state: true },
    isSending: { state: true },
  };
  declare view: VisitView | null;
  declare recorder: Recorder | null;
  declare recorded: (Recording & { readonly url: string }) | null;
  declare refused: VisitorRefusal | null;
  /** The sentence about what is missing or odd. */
  declare odd: string;
  declare isSending: boolean;
  desk: VisitorDesk | null = null;
  texts: VisitorTexts | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.view = null;
    this.recorder = null;
    this.recorded = null;
    this.refused = null;
    this.odd = '';
    this.isSending = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.recorder?.stop();
    this.#discard();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { texts: t, view, desk } = this;
    if (!t || !view || !desk) return nothing;
    const isCallback = view.leaves === 'callback';
    const refused = this.refused ?? view.refused;
    return html`<form novalidate @submit=${(event: SubmitEvent) => void this.#send(event)}>
      ${refused ? html`<p class="notice bad" role="alert">${refusalText(t, this.lang, refused)}</p>` : nothing}
      ${isCallback ? this.#phone(t) : nothing}
      ${view.offers.message || isCallback ? this.#text(isCallback ? t.about : t.yourMessage) : nothing}
      ${!isCallback && view.offers.voice && canRecord() ? this.#voice(t) : nothing}
      <label class="field"><span>${t.name}</span><input class="text" name="name" maxlength="100" autocomplete="name" /></label>
      ${
        isCallback
          ? nothing
          : html`<label class="field"><span>${t.reach}</span><input class="text" name="reach" maxlength="254" /></label>`
      }
      ${this.odd && !isCallback ? html`<p class="odd" role="alert">${this.odd}</p>` : nothing}
      <div class="row">
        <button class="button primary" part="primary" type="submit" ?disabled=${this.isSending || this.recorder !== null}>
          ${leaveIcons.send}${t.send}</button>
        <button class="button" type="button" @click=${() => desk.back()}>${t.back}</button>
      </div>
    </form>`;
  }

  #phone(t: VisitorTexts): TemplateResult {
    return html`<label class="field"><span>${t.phone}</span>
      <input
        class="text" name="reach" type="tel" autocomplete="tel" required maxlength="40"
        aria-invalid=${this.odd !== ''} aria-describedby="hint"
      />
      <span class=${this.odd ? 'odd' : 'meta'} id="hint" aria-live="polite">${this.odd || t.phoneHint}</span></label>`;
  }

  #text(label: string): TemplateResult {
    return html`<label class="field"><span>${label}</span><textarea name="text" rows="3" maxlength="2000"></textarea></label>`;
  }

  #voice(t: VisitorTexts): TemplateResult {
    const { recorder, recorded } = this;
    if (recorder) {
      const time = formatElapsed(performance.now() - recorder.startedAtMs);
      return html`<div class="row"><button class="button stop" type="button" @click=${() => recorder.stop()}>
        ${leaveIcons.square}${t.stop}</button><span class="time">${t.recording(time, formatElapsed(VOICE_MS))}</span></div>`;
    }
    const record = () => void this.#record();
    if (!recorded) {
      return html`<div class="row"><button class="button" type="button" @click=${record}>${visitorIcons.mic}${t.record}</button></div>`;
    }
    return html`<audio controls src=${recorded.url} aria-label=${t.listen}></audio>
      <div class="row"><button class="button" type="button" @click=${record}>${visitorIcons.mic}${t.recordAgain}</button>
      <button class="button" type="button" @click=${() => this.#discard()}>${t.discard}</button></div>`;
  }

  async #record(): Promise<void> {
    this.refused = null;
    this.odd = '';
    const started = await startRecording(createLocalMedia(), browserClock);
    if (!started.ok) {
      this.refused = started;
      return;
    }
    this.recorder = started.value;
    this.#timer = setInterval(() => this.requestUpdate(), 1_000);
    const recording = await started.value.recorded;
    clearInterval(this.#timer);
    this.recorder = null;
    this.#discard();
    if (recording) this.recorded = { ...recording, url: URL.createObjectURL(recording.recording) };
  }

  #discard(): void {
    if (this.recorded) URL.revokeObjectURL(this.recorded.url);
    this.recorded = null;
  }

  async #send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { texts: t, view, desk } = this;
    // There may be no room for a voice any more.
    const recorded = view?.offers.voice ? this.recorded : null;
    if (!t || !view || !desk || this.isSending) return;
    const data = new FormData(event.target as HTMLFormElement);
    const field = (name: string) => String(data.get(name) ?? '').trim();
    const [name, reach, text] = [field('name'), field('reach'), field('text')];
    const isCallback = view.leaves === 'callback';
    this.odd = '';
    if (isCallback && !isTelephoneNumber(reach)) this.odd = t.phoneOdd;
    else if (!isCallback && !text && !recorded) this.odd = t.empty;
    if (this.odd) {
      this.renderRoot.querySelector<HTMLElement>(isCallback ? '[name=reach]' : 'textarea')?.focus();
      return;
    }
    this.isSending = true;
    const kind = isCallback ? 'callback' : recorded ? 'voice' : 'message';
    await desk.leave({ kind, name, reach, text }, isCallback ? undefined : (recorded ?? undefined));
    this.isSending = false;
  }
}

export function defineLeave(): void {
  if (customElements.get('ringtag-leave') === undefined) customElements.define('ringtag-leave', RingtagLeave);
}
