// The strip above the call: the other one of two calls, waiting on hold, and what to do with the pair; or what became
// of the second call.
import { html, nothing, type TemplateResult } from 'lit';
import type { CallView, Phone, PhoneState } from '../../call/phone.ts';
import { endedTexts, texts } from '../../i18n/index.ts';
import { icons } from '../icons.ts';
import { face } from '../looks.ts';
import { endedCall, otherCall } from '../phone-state.ts';
import { callStatus } from './status.ts';

/** Nothing where there is but one call. */
export function strip(phone: Phone, state: PhoneState, live: CallView): TemplateResult | typeof nothing {
  const other = otherCall(state);
  if (other !== undefined) {
    return live.consultFor === other.callId ? consulting(phone, live, other) : waiting(phone, other);
  }
  const over = endedCall(state);
  return over === undefined ? nothing : ended(phone, over);
}

function row({ peer }: CallView, words: string | null, actions: TemplateResult): TemplateResult {
  return html`<div class="strip" role="group" aria-label=${texts().callWith(peer.name)}>
    ${face(peer)}
    <div class="names">
      <div class="clip" title=${peer.name}><strong>${peer.name}</strong></div>
      <div class="meta">${words}</div>
    </div>
    ${actions}
  </div>`;
}

function waiting(phone: Phone, call: CallView): TemplateResult {
  const t = texts();
  const words = call.elsewhere ? t.otherWindow : callStatus(call);
  return row(
    call,
    words,
    call.elsewhere
      ? html`<button class="button" @click=${() => phone.showCall(call.callId)}>${t.showWindow}</button>`
      : html`<button class="button" @click=${() => phone.swap(call.callId)}>${icons.arrowLeftRight}${t.swap}</button>`,
  );
}

/** `live` is with whom one asks before `first` is passed on; completed before the answer, it is passed on unasked. */
function consulting(phone: Phone, live: CallView, first: CallView): TemplateResult {
  const t = texts();
  const can = live.phase !== 'preparing' && live.phase !== 'ending';
  return html`${row(first, t.waitsToBePassedOn, html``)}
    <div class="strip pair">
      <button class="button" @click=${() => phone.hangUp(live.callId)}>${t.backTo(first.peer.name)}</button>
      <button
        class="button primary"
        aria-disabled=${!can}
        @click=${can ? () => phone.completeTransfer(live.callId) : nothing}
      >
        ${icons.phoneForwarded}${t.complete}
      </button>
    </div>`;
}

function ended(phone: Phone, call: CallView): TemplateResult {
  const { title, sentence } = endedTexts(call);
  return row(
    call,
    sentence || title,
    html`<button class="icon" aria-label=${texts().dismiss} @click=${() => phone.dismiss(call.callId)}>${icons.x}</button>`,
  );
}
