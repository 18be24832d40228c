// `<ringtag-call-card>`: the call that the person is in, is making, or has just ended. One row of round buttons in a
// fixed order, and Hang up apart, always at the same place.
import { html, nothing, type TemplateResult } from 'lit';
import type { CallView } from '../../call/phone.ts';
import { KEYS, type KeyListener } from '../../host/keyboard-guard.ts';
import { endedTexts, texts } from '../../i18n/index.ts';
import { elapsed, SecondsController } from '../clock.ts';
import { icons } from '../icons.ts';
import { DIGIT, type RingtagKeypad } from '../keypad/keypad.ts';
import { codeDetails, face, looks } from '../looks.ts';
import { endedCall, liveCall, PhoneView } from '../phone-state.ts';
import { callCardCss } from './call-card-css.ts';
import { callStatus } from './status.ts';
import { videoView } from './video.ts';

interface Control {
  readonly label: string;
  readonly name: string;
  readonly icon: TemplateResult;
  readonly on: boolean;
  readonly enabled: boolean;
  readonly press: () => void;
  readonly expanded?: boolean;
}

export class RingtagCallCard extends PhoneView implements KeyListener {
  static override styles = [looks, callCardCss];
  static override properties = { ...PhoneView.properties, keypadOpen: { state: true } };
  declare private keypadOpen: boolean;

  constructor() {
    super();
    this.keypadOpen = false;
    new SecondsController(this, () => liveCall(this.state)?.activeSinceMs !== undefined);
  }

  /** Digits go to the keypad while it is open; Escape closes it. */
  [KEYS](event: KeyboardEvent): boolean {
    if (!this.keypadOpen || event.ctrlKey || event.metaKey || event.altKey) return false;
    const keypad = this.renderRoot.querySelector<RingtagKeypad>('ringtag-keypad');
    if (keypad === null) return false;
    if (DIGIT.test(event.key)) keypad.press(event.key);
    else if (event.key === 'Escape') this.keypadOpen = false;
    else return false;
    return true;
  }

  protected override stateChanged(): void {
    if (this.keypadOpen && !canTalk(liveCall(this.state))) this.keypadOpen = false;
  }

  protected override render(): TemplateResult | typeof nothing {
    const call = liveCall(this.state) ?? endedCall(this.state);
    if (call === undefined) return nothing;
    return html`<div class="card" part="call-card" role="group" tabindex="-1" aria-label=${texts().callWith(call.peer.name)}>
      <div class="top">${this.#top(call)}</div>
      <div class="controls" ?inert=${call.phase === 'ended'}>${this.#controls(call).map(controlButton)}</div>
      <div class="offer">${call.offerDeskPhone ? this.#deskPhone(call) : nothing}</div>
      <div class="bottom">${call.phase === 'ended' ? this.#endedActions(call) : this.#hangUp(call)}</div>
    </div>`;
  }

  #top(call: CallView): TemplateResult {
    if (this.keypadOpen) {
      return html`${this.#line(call)}
        <ringtag-keypad .phone=${this.phone} .callId=${call.callId}></ringtag-keypad>`;
    }
    const { peer } = call;
    const video = this.phone !== null && call.phase !== 'ended' ? videoView(call, this.phone) : nothing;
    if (video !== nothing) return html`${video}${this.#line(call)}`;
    return html`<span class="who">${face(peer)}</span>
      <h2 title=${peer.name}>${peer.name}</h2>
      <div class="meta clip">${about(call)}</div>
      ${call.phase === 'ended' ? endedLines(call) : this.#liveLines(call)}`;
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
    const t = texts();
    const status = callStatus(call);
    return html`<div class="status ${isWarning(call) ? 'warn' : ''} ${status === null ? 'time' : ''}">
        ${status ?? elapsed(call)}
      </div>
      ${viaBadge(call)}
      ${call.peerMuted && status === null ? html`<div class="meta">${t.peerMuted(call.peer.name)}</div>` : nothing}
      ${this.state?.leads === false ? html`<div class="meta">${t.otherTab}</div>` : nothing}`;
  }

  #controls(call: CallView): readonly Control[] {
    const t = texts();
    const talk = canTalk(call);
    const { callId, muted, held, videoOn } = call;
    return [
      {
        label: muted ? t.unmute : t.mute,
        name: muted ? t.unmute : t.mute,
        icon: muted ? icons.micOff : icons.mic,
        on: muted,
        enabled: talk,
        press: () => this.phone?.setMuted(callId, !muted),
      },
      {
        label: held ? t.resume : t.hold,
        name: held ? t.resume : t.hold,
        icon: held ? icons.play : icons.pause,
        on: held,
        enabled: talk,
        press: () => this.phone?.setHeld(callId, !held),
      },
      {
        label: t.keypad,
        name: t.keypad,
        icon: icons.grid3x3,
        on: this.keypadOpen,
        enabled: talk,
        expanded: this.keypadOpen,
        press: () => {
          this.keypadOpen = !this.keypadOpen;
        },
      },
      {
        label: t.video,
        name: videoOn ? t.stopVideo : t.startVideo,
        icon: videoOn ? icons.videoOff : icons.video,
        on: videoOn,
        enabled: talk,
        press: () => this.phone?.setVideo(callId, !videoOn),
      },
    ];
  }

  #deskPhone(call: CallView): TemplateResult {
    return html`<button class="button quiet" @click=${() => this.phone?.ringDeskPhone(call.callId)}>
      ${icons.phoneForwarded}${texts().ringDeskPhone}
    </button>`;
  }

  #hangUp(call: CallView): TemplateResult {
    return html`<button
      class="button stop"
      part="hang-up"
      @click=${() => this.phone?.hangUp(call.callId)}
    >
      ${icons.phoneOff}${texts().hangUp}
    </button>`;
  }

  #endedActions(call: CallView): TemplateResult {
    const t = texts();
    return html`<button class="button" @click=${() => this.phone?.dismiss(call.callId)}>${t.dismiss}</button>
      <button class="button" @click=${() => this.#callAgain(call)}>${icons.phone}${t.callAgain}</button>`;
  }

  #callAgain(call: CallView): void {
    const { personId, number } = call.peer;
    this.phone?.dismiss(call.callId);
    if (personId !== undefined) this.phone?.call({ personId }, call.media);
    else if (number !== undefined) this.phone?.call({ number });
  }
}

function canTalk(call: CallView | undefined): boolean {
  return call?.phase === 'active' || call?.phase === 'held';
}

function isWarning(call: CallView): boolean {
  return call.phase === 'held' || call.phase === 'reconnecting' || call.peerHeld;
}

/** Unit or number, whichever says more than the name. */
function about({ peer }: CallView): string {
  return peer.unit ?? (peer.number === undefined || peer.number === peer.name ? '' : peer.number);
}

function viaBadge(call: CallView): TemplateResult {
  const t = texts();
  const direct = call.via === 'room';
  return html`<div class="meta via" part="via" title=${direct ? t.directHint : t.byTelephoneHint}>
    ${direct ? icons.user : icons.phone}${direct ? t.direct : t.byTelephone}
  </div>`;
}

function endedLines(call: CallView): TemplateResult {
  const { title, sentence } = endedTexts(call);
  const bad =
    call.ended?.reason === 'error' || call.ended?.reason === 'failed' || call.ended?.reason === 'lost';
  const code = call.ended?.code;
  return html`<div class="status ${bad ? 'bad' : ''}">${title}</div>
    ${sentence ? html`<div class="sentence">${sentence}</div>` : nothing}
    ${code === undefined ? nothing : codeDetails(code)}`;
}

/** Never `disabled`: that would take the focus from whoever has it on the button while the network hiccups. */
function controlButton(control: Control): TemplateResult {
  return html`<button
    class="control ${control.on ? 'on' : ''}"
    aria-label=${control.name}
    aria-expanded=${control.expanded ?? nothing}
    aria-disabled=${!control.enabled}
    @click=${control.enabled ? control.press : nothing}
  >
    <span class="disc">${control.icon}</span><span aria-hidden="true">${control.label}</span>
  </button>`;
}
