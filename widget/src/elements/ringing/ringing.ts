// `<ringtag-ringing>`: says who is calling, in an alertdialog at the top end of the page. It never takes the focus:
// whoever is typing goes on typing, and Enter cannot answer by accident. Alt+Shift+A and D act from anywhere.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { CallView, PhoneState } from '../../call/phone.ts';
import { onGlobalKey } from '../../host/keyboard-guard.ts';
import { endedTexts, language, texts } from '../../i18n/index.ts';
import { icons } from '../icons.ts';
import { face, looks } from '../looks.ts';
import { onlyRang, PhoneView, ringingCalls } from '../phone-state.ts';
import { ringingCss } from './ringing-css.ts';

/** Internal: an answer was pressed in here, so the focus has nowhere to be. */
export const ANSWERED_HERE = 'answered-here';

export class RingtagRinging extends PhoneView {
  static override styles = [looks, ringingCss];
  #stopKeys: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopKeys = onGlobalKey((event) => this.#shortcut(event));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopKeys?.();
  }

  protected override render(): TemplateResult {
    const calls = this.state === null ? [] : shown(this.state);
    return html`<div class="stack" popover="manual" lang=${language()}>
      ${repeat(
        calls,
        (call) => call.callId,
        (call) => (call.phase === 'ringing' ? this.#dialog(call) : this.#note(call)),
      )}
    </div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    const stack = this.renderRoot.querySelector<HTMLElement>('.stack');
    if (stack === null || typeof stack.showPopover !== 'function') return;
    const wanted = this.state !== null && shown(this.state).length > 0;
    if (wanted !== stack.matches(':popover-open')) stack.togglePopover(wanted);
  }

  #dialog(call: CallView): TemplateResult {
    const t = texts();
    const { peer, callId } = call;
    const meta = [peer.unit ?? peer.number, call.media === 'video' ? t.videoCall : undefined];
    return html`<div
      class="dialog"
      part="ringing"
      role="alertdialog"
      aria-labelledby="who-${callId}"
      aria-describedby="meta-${callId}"
    >
      <div class="who">
        <span class="pulse">${face(peer)}</span>
        <div class="names">
          <h2 id="who-${callId}">${t.isCalling(peer.name)}</h2>
          <div class="meta" id="meta-${callId}">${meta.filter(Boolean).join(' · ')}</div>
        </div>
      </div>
      <div class="actions">
        <button class="button stop" aria-keyshortcuts="Alt+Shift+D" @click=${() => this.phone?.decline(callId)}>
          ${icons.phoneOff}${t.decline}
        </button>
        ${
          call.media === 'video'
            ? html`<button
                class="button with-video"
                aria-label=${t.answerVideo}
                @click=${() => this.#answer(callId, 'video')}
              >
                ${icons.video}<span class="label">${t.answerVideoShort}</span>
              </button>`
            : nothing
        }
        <button
          class="button go"
          part="primary"
          aria-keyshortcuts="Alt+Shift+A"
          @click=${() => this.#answer(callId, 'audio')}
        >
          ${icons.phone}${t.answer}
        </button>
      </div>
      <div class="meta hint" aria-hidden="true">${t.ringingHint}</div>
    </div>`;
  }

  /** What became of a call that rang here: "Answered on another device." */
  #note(call: CallView): TemplateResult {
    const { title, sentence } = endedTexts(call);
    return html`<div class="dialog note" part="ringing">
      ${face(call.peer)}
      <div class="names">
        <div class="clip" title=${call.peer.name}><strong>${call.peer.name}</strong></div>
        <div class="meta">${sentence || title}</div>
      </div>
      <button class="icon" aria-label=${texts().dismiss} @click=${() => this.phone?.dismiss(call.callId)}>
        ${icons.x}
      </button>
    </div>`;
  }

  #answer(callId: string, media: 'audio' | 'video'): void {
    const hadFocus = this.renderRoot instanceof ShadowRoot && this.renderRoot.activeElement !== null;
    this.phone?.answer(callId, media);
    if (hadFocus) this.dispatchEvent(new Event(ANSWERED_HERE));
  }

  #shortcut(event: KeyboardEvent): boolean {
    if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey || event.repeat) return false;
    const call = this.state === null ? undefined : ringingCalls(this.state)[0];
    if (call === undefined) return false;
    // `code`, because Alt+Shift changes what `key` is on many layouts.
    if (event.code === 'KeyA') this.phone?.answer(call.callId, 'audio');
    else if (event.code === 'KeyD') this.phone?.decline(call.callId);
    else return false;
    return true;
  }
}

function shown(state: PhoneState): readonly CallView[] {
  return state.calls.filter(
    (call) =>
      (call.direction === 'in' && call.phase === 'ringing') ||
      (onlyRang(call) && call.ended?.reason !== 'declined'),
  );
}
