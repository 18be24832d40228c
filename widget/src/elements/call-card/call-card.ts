// `<ringtag-call-card>`: the call that the person is in, is making, or has just ended. One row of round buttons in a
// fixed order, and Hang up apart, always at the same place; a second call stands above in a strip.
import { html, nothing, type TemplateResult } from 'lit';
import type { CallView } from '../../call/phone.ts';
import { KEYS, type KeyListener } from '../../host/keyboard-guard.ts';
import { endedTexts, texts } from '../../i18n/index.ts';
import { elapsed, SecondsController } from '../clock.ts';
import { icons } from '../icons.ts';
import { DIGIT, type RingtagKeypad } from '../keypad/keypad.ts';
import { codeDetails, face, looks } from '../looks.ts';
import { onDemand } from '../on-demand.ts';
import { endedCall, liveCall, PhoneView } from '../phone-state.ts';
import { mendHint } from '../settings/mend-hint.ts';
import { callCardCss } from './call-card-css.ts';
import { canTalk, controls } from './controls.ts';
import { barsCss, viaBadge, wordsToCheck } from './how.ts';
import { callNews, callStatus } from './status.ts';
import { strip } from './strip.ts';
import { videoView } from './video.ts';
import { visitAbout } from './visit-about.ts';

/** What takes the place of the card until it is closed. */
export type Sheet = 'transfer' | 'settings';

export class RingtagCallCard extends PhoneView implements KeyListener {
  static override styles = [looks, barsCss, callCardCss];
  static override properties = {
    ...PhoneView.properties,
    openSheet: { attribute: false },
    open: { state: true },
  };
  /** Asks the pane for a sheet. */
  declare openSheet: (sheet: Sheet) => void;
  declare private open: 'keypad' | 'more' | null;

  constructor() {
    super();
    this.openSheet = () => {};
    this.open = null;
    new SecondsController(this, () => liveCall(this.state)?.activeSinceMs);
  }

  /** Digits go to the keypad while it is open; Escape closes it. */
  [KEYS](event: KeyboardEvent): boolean {
    if (this.open !== 'keypad' || event.ctrlKey || event.metaKey || event.altKey) return false;
    const keypad = this.renderRoot.querySelector<RingtagKeypad>('ringtag-keypad');
    if (keypad === null) return false;
    if (DIGIT.test(event.key)) keypad.press(event.key);
    else if (event.key === 'Escape') this.open = null;
    else return false;
    return true;
  }

  protected override stateChanged(): void {
    const live = liveCall(this.state);
    if (live === undefined || (this.open === 'keypad' && !canTalk(live))) this.open = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { phone, state } = this;
    const live = liveCall(state);
    const call = live ?? endedCall(state);
    if (call === undefined || phone === null || state === null) return nothing;
    return html`<div class="card" part="call-card" role="group" tabindex="-1" aria-label=${texts().callWith(call.peer.name)}>
      ${live ? strip(phone, state, live) : nothing}
      <div class="top">${this.#top(call)}${this.#offer(call)}</div>
      ${this.#row(call)}
      <div class="bottom">${call.phase === 'ended' ? this.#endedActions(call) : this.#hangUp(call)}</div>
    </div>`;
  }

  #top(call: CallView): TemplateResult {
    if (this.open === 'keypad') {
      return html`${this.#line(call)}
        <ringtag-keypad .phone=${this.phone} .callId=${call.callId}></ringtag-keypad>`;
    }
    const { peer } = call;
    const video = this.phone !== null && call.phase !== 'ended' ? videoView(call, this.phone) : nothing;
    const visitor = visitAbout(this, this.phone, call);
    if (video !== nothing || (visitor !== nothing && call.phase !== 'ended'))
      return html`${video}${this.#line(call)}${this.#news(call)}${visitor}`;
    return html`<span class="who">${face(peer)}</span>
      <h2 title=${peer.name}>${peer.name}</h2>
      <div class="meta clip">${about(call)}</div>
      ${call.phase === 'ended' ? endedLines(call) : this.#liveLines(call)} ${visitor}`;
  }

  /** Who, how long and how in one line, where something else needs the room. */
  #line(call: CallView): TemplateResult {
    const status = callStatus(call);
    return html`<div class="line">
      <h2 title=${call.peer.name}>${call.peer.name}</h2>
      <span class="status ${isWarning(call) ? 'warn' : ''} clip">${status ?? elapsed(call)}</span>
      ${viaBadge(call)}
    </div>`;
  }

  #liveLines(call: CallView): TemplateResult {
    const status = callStatus(call);
    return html`<div class="status ${isWarning(call) ? 'warn' : ''} ${status === null ? 'time' : ''}">
        ${status ?? elapsed(call)}
      </div>
      ${viaBadge(call)} ${this.#news(call)}`;
  }

  #news(call: CallView): TemplateResult {
    return html`<div class="news" role="status">${callNews(call, this.state?.leads !== false)}</div>
      ${wordsToCheck(call)}`;
  }

  #row(call: CallView): TemplateResult {
    const toggle = (what: 'keypad' | 'more') => () => {
      this.open = this.open === what ? null : what;
    };
    const row = controls({
      phone: this.phone,
      call,
      keypadOpen: this.open === 'keypad',
      moreOpen: this.open === 'more',
      toggleKeypad: toggle('keypad'),
      toggleMore: toggle('more'),
      openTransfer: () => this.openSheet('transfer'),
    });
    return html`<div class="controls" ?inert=${call.phase === 'ended'}>${row}${this.open === 'more' ? this.#more() : nothing}</div>`;
  }

  #more(): TemplateResult {
    return onDemand(
      this,
      'ringtag-menu',
      html`<ringtag-menu
        kind="call"
        .phone=${this.phone}
        .openSheet=${this.openSheet}
        .done=${() => {
          this.open = null;
          this.renderRoot.querySelector<HTMLElement>('.control:last-of-type')?.focus();
        }}
      ></ringtag-menu>`,
      html``,
    );
  }

  #offer({ callId, offerDeskPhone, elsewhere }: CallView): TemplateResult | typeof nothing {
    if (elsewhere) {
      return html`<button class="button quiet offer" @click=${() => this.phone?.showCall(callId)}>
        ${icons.squareArrowOutUpRight}${texts().showWindow}
      </button>`;
    }
    if (!offerDeskPhone) return nothing;
    return html`<button class="button quiet offer" @click=${() => this.phone?.ringDeskPhone(callId)}>
      ${icons.phoneForwarded}${texts().ringDeskPhone}
    </button>`;
  }

  #hangUp(call: CallView): TemplateResult {
    return html`<button class="button stop" part="hang-up" @click=${() => this.phone?.hangUp(call.callId)}>
      ${icons.phoneOff}${texts().hangUp}
    </button>`;
  }

  #endedActions(call: CallView): TemplateResult {
    const t = texts();
    return html`<button class="button" @click=${() => this.phone?.dismiss(call.callId)}>${t.dismiss}</button>
      ${
        (call.peer.personId ?? call.peer.number)
          ? html`<button class="button" @click=${() => this.#callAgain(call)}>${icons.phone}${t.callAgain}</button>`
          : nothing
      }`;
  }

  #callAgain(call: CallView): void {
    const { personId, number } = call.peer;
    this.phone?.dismiss(call.callId);
    if (personId !== undefined) this.phone?.call({ personId }, call.media);
    else if (number !== undefined) this.phone?.call({ number });
  }
}

function isWarning(call: CallView): boolean {
  return call.phase === 'held' || call.phase === 'reconnecting' || call.peerHeld;
}

/** Unit or number, whichever says more than the name. */
function about({ peer }: CallView): string {
  return peer.unit ?? (peer.number === undefined || peer.number === peer.name ? '' : peer.number);
}

function endedLines(call: CallView): TemplateResult {
  const { title, sentence } = endedTexts(call);
  const { reason, code } = call.ended ?? {};
  // Nothing is broken where somebody wants no calls.
  const unwanted = code === 'DO_NOT_DISTURB';
  const bad = !unwanted && (reason === 'error' || reason === 'failed' || reason === 'lost');
  return html`<div class="status ${bad ? 'bad' : ''}">${unwanted ? texts().endedTitle.unreachable : title}</div>
    ${sentence ? html`<div class="sentence">${sentence}</div>` : nothing}
    ${code === undefined ? nothing : html`${mendHint(code)}${codeDetails(code)}`}`;
}
