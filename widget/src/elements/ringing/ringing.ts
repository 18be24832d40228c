// `<ringtag-ringing>`: says who is calling, in an alertdialog at the top end of the page. It never takes the focus:
// whoever is typing goes on typing, and Enter cannot answer by accident. Alt+Shift+A and D act from anywhere.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { CallView, PhoneState } from '../../call/phone.ts';
import { onGlobalKey } from '../../host/keyboard-guard.ts';
import { endedTexts, language, texts } from '../../i18n/index.ts';
import { visitAbout } from '../call-card/visit-about.ts';
import { icons } from '../icons.ts';
import { face, looks } from '../looks.ts';
import { onDemand } from '../on-demand.ts';
import { liveCall, onlyRang, PhoneView, ringingCalls } from '../phone-state.ts';
import { ringingCss } from './ringing-css.ts';

/** Internal: an answer was pressed in here, so the focus has nowhere to be. */
export const ANSWERED_HERE = 'answered-here';

export class RingtagRinging extends PhoneView {
  static override styles = [looks, ringingCss];
  static override properties = { ...PhoneView.properties, declining: { state: true } };
  /** The call for which a message is being chosen. */
  declare private declining: string | null;
  #stopKeys: (() => void) | null = null;

  constructor() {
    super();
    this.declining = null;
  }

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
    const { peer, callId, transferredBy } = call;
    const live = this.#talking();
    const meta = [
      peer.unit ?? peer.number,
      call.media === 'video' ? t.videoCall : undefined,
      transferredBy && t.passedOnBy(transferredBy.name),
      live && t.youTalkWith(live.peer.name),
    ];
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
      ${visitAbout(this, this.phone, call)} ${this.#actions(call, live)}
      ${
        this.declining === callId
          ? this.#messages(callId)
          : this.state?.soundBlocked
            ? html`<div class="meta muted" role="alert">
                ${t.soundBlocked}
                <button class="button" @click=${() => this.phone?.unblockSound()}>${icons.volumeX}${t.unblockSound}</button>
              </div>`
            : html`<div class="meta hint" aria-hidden="true">${t.ringingHint}</div>`
      }
    </div>`;
  }

  /** Decline and answer keep their places when the call before ends meanwhile; only the second row goes. */
  #actions({ callId, media, via }: CallView, live: CallView | undefined): TemplateResult {
    const t = texts();
    const open = this.declining === callId;
    const toggle = () => {
      this.declining = open ? null : callId;
    };
    return html`<div class="actions">
        <span class="split">
          <button class="button stop" aria-keyshortcuts="Alt+Shift+D" @click=${() => this.phone?.decline(callId)}>
            ${icons.phoneOff}${t.decline}
          </button>
          ${
            // No telephone shows a message with a refusal.
            via === 'pbx'
              ? nothing
              : html`<button
                  class="button stop more"
                  aria-label=${t.declineWith}
                  title=${t.declineWith}
                  aria-expanded=${open}
                  @click=${toggle}
                >
                  ${icons.chevronDown}
                </button>`
          }
        </span>
        ${
          media === 'video' && !live
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
          ${icons.phone}${live ? t.holdAndAnswer : t.answer}
        </button>
      </div>
      ${
        live
          ? html`<div class="actions second">
              <button class="button" @click=${() => this.#endAndAnswer(live.callId, callId)}>${t.endAndAnswer}</button>
            </div>`
          : nothing
      }`;
  }

  #messages(callId: string): TemplateResult {
    return html`<div class="messages" role="group" aria-label=${texts().declineWith}>
      ${onDemand(
        this,
        'ringtag-decline',
        html`<ringtag-decline
          .phone=${this.phone}
          .callId=${callId}
          .done=${() => {
            this.declining = null;
            this.renderRoot.querySelector<HTMLElement>('.more[aria-expanded=true]')?.focus();
          }}
        ></ringtag-decline>`,
        html``,
      )}
    </div>`;
  }

  /** What became of a call that rang here: "Answered on another device.", of a visitor's "Answered by Bruno Barros." */
  #note(call: CallView): TemplateResult {
    const { title, sentence } = endedTexts(call);
    return html`<div class="dialog note" part="ringing">
      ${face(call.peer)}
      <div class="names">
        <div class="clip" title=${call.peer.name}><strong>${call.peer.name}</strong></div>
        <div class="meta">${visitAbout(this, this.phone, { ...call, said: sentence || title })}</div>
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

  #endAndAnswer(liveId: string, callId: string): void {
    this.phone?.hangUp(liveId);
    this.#answer(callId, 'audio');
  }

  /** The call that would have to wait or end; one in another window is that window's. */
  #talking(): CallView | undefined {
    const live = liveCall(this.state);
    return live?.elsewhere ? undefined : live;
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
