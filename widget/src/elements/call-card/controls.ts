// The row of round buttons, in an order that never changes: Mute, Hold, Keypad, Video, Transfer, More. No Video by
// telephone, where nobody would see it.
import { html, nothing, type TemplateResult } from 'lit';
import type { CallView, Phone } from '../../call/phone.ts';
import { texts } from '../../i18n/index.ts';
import { icons } from '../icons.ts';

interface Control {
  readonly label: string;
  /** What it does, where the label does not say it. */
  readonly name?: string;
  readonly icon: TemplateResult;
  readonly on?: boolean;
  readonly enabled: boolean;
  readonly press: () => void;
  /** It shows and hides something. */
  readonly expanded?: boolean;
}

/** What the row needs beside the call: what is open, and how to open it. */
export interface ControlsOptions {
  readonly phone: Phone | null;
  readonly call: CallView;
  readonly keypadOpen: boolean;
  readonly moreOpen: boolean;
  readonly toggleKeypad: () => void;
  readonly toggleMore: () => void;
  readonly openTransfer: () => void;
}

export function canTalk(call: CallView | undefined): boolean {
  return call?.phase === 'active' || call?.phase === 'held';
}

export function controls(options: ControlsOptions): readonly TemplateResult[] {
  const { phone, call, keypadOpen, moreOpen, toggleKeypad, toggleMore, openTransfer } = options;
  const t = texts();
  const { callId, muted, held, videoOn } = call;
  const talk = canTalk(call);
  /** What another window does not do for this page. */
  const here = talk && !call.elsewhere;
  const row: readonly (Control | false)[] = [
    {
      label: muted ? t.unmute : t.mute,
      icon: muted ? icons.micOff : icons.mic,
      on: muted,
      enabled: talk,
      press: () => phone?.setMuted(callId, !muted),
    },
    {
      label: held ? t.resume : t.hold,
      icon: held ? icons.play : icons.pause,
      on: held,
      enabled: talk,
      press: () => phone?.setHeld(callId, !held),
    },
    {
      label: t.keypad,
      icon: icons.grid3x3,
      on: keypadOpen,
      enabled: here,
      expanded: keypadOpen,
      press: toggleKeypad,
    },
    call.via === 'room' && {
      label: t.video,
      name: videoOn ? t.stopVideo : t.startVideo,
      icon: videoOn ? icons.videoOff : icons.video,
      on: videoOn,
      enabled: here,
      press: () => phone?.setVideo(callId, !videoOn),
    },
    {
      label: t.transfer,
      icon: icons.phoneForwarded,
      enabled: here && !call.consultFor && !call.sentTo && (call.transfer?.state ?? 'failed') === 'failed',
      press: openTransfer,
    },
    {
      label: t.more,
      icon: icons.ellipsis,
      on: moreOpen,
      enabled: true,
      expanded: moreOpen,
      press: toggleMore,
    },
  ];
  return row.filter((control) => control !== false).map(button);
}

/** Never `disabled`: that would take the focus from whoever has it on the button while the network hiccups. */
function button({ label, name, icon, on, enabled, press, expanded }: Control): TemplateResult {
  return html`<button
    class="control ${on ? 'on' : ''}"
    aria-label=${name ?? label}
    title=${label}
    aria-expanded=${expanded ?? nothing}
    aria-disabled=${!enabled}
    @click=${enabled ? press : nothing}
  >
    <span class="disc">${icon}</span><span class="clip" aria-hidden="true">${label}</span>
  </button>`;
}
