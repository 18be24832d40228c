// The lines at the top of the pane: a blocked sound, what happened by itself, and the last refusal. Each stays until
// it is dealt with.
import { html, nothing, type TemplateResult } from 'lit';
import type { Phone, PhoneErrorCode, PhoneNotice } from '../../call/phone.ts';
import { errorText, texts } from '../../i18n/index.ts';
import { icons } from '../icons.ts';
import { codeDetails } from '../looks.ts';
import { mendHint } from '../settings/mend-hint.ts';

/** `error` is the refusal that the person has not dismissed yet. */
export function notices(
  phone: Phone,
  error: PhoneErrorCode | null,
  dismissError: () => void,
): TemplateResult {
  const t = texts();
  const { soundBlocked, notice } = phone.state;
  return html`${
    soundBlocked
      ? html`<div class="notice mild" part="notice">
          ${icons.volumeX}<span class="words">${t.soundBlocked}</span>
          <button class="button" @click=${() => phone.unblockSound()}>${t.unblockSound}</button>
        </div>`
      : nothing
  }${
    notice === null
      ? nothing
      : line('mild', html`<span role="status">${noticeText(notice)}</span>`, () => phone.dismissNotice())
  }${
    error === null
      ? nothing
      : line(
          '',
          html`<span role="alert">${errorText(error)}</span>${mendHint(error)}${codeDetails(error)}`,
          dismissError,
        )
  }`;
}

function line(kind: string, words: TemplateResult, dismiss: () => void): TemplateResult {
  return html`<div class="notice ${kind}" part="notice">
    ${icons.circleAlert}
    <div class="words">${words}</div>
    <button class="icon" aria-label=${texts().dismiss} @click=${dismiss}>${icons.x}</button>
  </div>`;
}

function noticeText(notice: PhoneNotice): string {
  const t = texts().notices;
  switch (notice.kind) {
    case 'microphone-changed':
      return notice.device === undefined ? t['microphone-lost'] : t[notice.kind](notice.device);
    case 'camera-changed':
      return notice.device === undefined ? t['camera-lost'] : t[notice.kind](notice.device);
    case 'speaker-changed':
      return t[notice.kind](notice.device ?? '');
    default:
      return t[notice.kind];
  }
}
