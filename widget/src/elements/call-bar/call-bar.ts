// `<ringtag-call-bar>`: the live call in one line, wherever its card is not shown.
import { css, html, nothing, type TemplateResult } from 'lit';
import { language, texts } from '../../i18n/index.ts';
import { barsCss, qualityBars } from '../call-card/how.ts';
import { callStatus } from '../call-card/status.ts';
import { elapsed, SecondsController } from '../clock.ts';
import { icons } from '../icons.ts';
import { looks } from '../looks.ts';
import { liveCall, PhoneView } from '../phone-state.ts';

/** Internal: show the call's card. */
export const SHOW_CALL = 'show-call';

export class RingtagCallBar extends PhoneView {
  static override styles = [
    looks,
    barsCss,
    css`
      :host { display: block; }
      .bar {
        display: flex; align-items: center; gap: 8px; block-size: 56px; padding-inline: 16px 10px;
        background: var(--_surface); border-radius: inherit;
      }
      .who { flex: 1; min-inline-size: 0; text-align: start; display: flex; align-items: center; gap: 10px; border-radius: 6px; }
      .dot { inline-size: 8px; block-size: 8px; border-radius: 50%; background: var(--_green-text); flex: none; }
      .names { min-inline-size: 0; flex: 1; }
      .name { font-weight: 600; }
      .time { font-variant-numeric: tabular-nums; }
      .icon.on { background: var(--_accent-soft); color: var(--_accent-text); }
      .hang-up { background: var(--_red); color: #fff; }
      .hang-up:hover { background: var(--_red-hover); color: #fff; }
    `,
  ];

  constructor() {
    super();
    new SecondsController(this, () => liveCall(this.state)?.activeSinceMs);
  }

  protected override render(): TemplateResult | typeof nothing {
    const call = liveCall(this.state);
    if (call === undefined) return nothing;
    const t = texts();
    const { callId, peer, muted } = call;
    const canMute = call.phase === 'active' || call.phase === 'held';
    return html`<div class="bar" part="call-bar" lang=${language()} role="group" aria-label=${t.callWith(peer.name)}>
      <button class="who" aria-label=${t.showCall(peer.name)} @click=${() => this.dispatchEvent(new Event(SHOW_CALL))}>
        <span class="dot"></span>
        <span class="names">
          <div class="name clip" title=${peer.name}>${peer.name}</div>
          <div class="meta time clip">${callStatus(call) ?? elapsed(call)}</div>
        </span>
        ${qualityBars(call)}
      </button>
      <button
        class="icon ${muted ? 'on' : ''}"
        aria-disabled=${!canMute}
        aria-label=${muted ? t.unmute : t.mute}
        @click=${canMute ? () => this.phone?.setMuted(callId, !muted) : nothing}
      >
        ${muted ? icons.micOff : icons.mic}
      </button>
      <button class="icon hang-up" part="hang-up" aria-label=${t.hangUp} @click=${() => this.phone?.hangUp(callId)}>
        ${icons.phoneOff}
      </button>
    </div>`;
  }
}
