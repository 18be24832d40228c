// The two pictures of a video call. Streams exist only in the tab that carries the call.
import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { CallView, Phone } from '../../call/phone.ts';
import { texts } from '../../i18n/index.ts';

/** The other side large, oneself small in the corner; nothing while neither camera is on. */
export function videoView(call: CallView, phone: Phone): TemplateResult | typeof nothing {
  if (!call.videoOn && !call.peerVideoOn) return nothing;
  const { local, remote } = phone.streams(call.callId);
  const t = texts();
  return html`<div class="video" part="video">
    ${
      call.peerVideoOn
        ? html`<video class="peer" muted autoplay playsinline aria-label=${t.peerVideo(call.peer.name)} ${ref(plays(remote))}></video>`
        : nothing
    }
    ${
      call.videoOn
        ? html`<video class=${call.peerVideoOn ? 'self small' : 'self'} muted autoplay playsinline aria-label=${t.selfVideo} ${ref(plays(local))}></video>`
        : nothing
    }
  </div>`;
}

/** Sound is played elsewhere: these elements only show. */
function plays(stream: MediaStream | null): (element: Element | undefined) => void {
  return (element) => {
    if (!(element instanceof HTMLVideoElement) || element.srcObject === stream) return;
    element.muted = true;
    element.srcObject = stream;
  };
}
