// The pictures of a video call. Streams exist only in the tab that carries the call.
import { html, nothing, type TemplateResult } from 'lit';
import type { CallView, Phone } from '../../call/phone.ts';
import { texts } from '../../i18n/index.ts';
import { icons } from '../icons.ts';
import { face } from '../looks.ts';

/**
 * The other side large, or their face while their camera is off; oneself small in the corner, always there. Sound is
 * played elsewhere: these elements only show.
 */
export function videoView(call: CallView, phone: Phone): TemplateResult | typeof nothing {
  if (!call.videoOn && !call.peerVideoOn) return nothing;
  const { local, remote } = phone.streams(call.callId);
  const t = texts();
  return html`<div class="video" part="video">
    ${
      call.peerVideoOn
        ? html`<video class="peer" muted autoplay playsinline aria-label=${t.peerVideo(call.peer.name)} .muted=${true} .srcObject=${remote}></video>
            ${
              document.pictureInPictureEnabled
                ? html`<button class="icon pip" aria-label=${t.pictureInPicture} title=${t.pictureInPicture} @click=${togglePip}>
                    ${icons.pictureInPicture2}
                  </button>`
                : nothing
            }`
        : html`<span class="who">${face(call.peer)}</span>`
    }
    ${
      call.videoOn
        ? html`<video class="self" muted autoplay playsinline aria-label=${t.selfVideo} .muted=${true} .srcObject=${local}></video>`
        : nothing
    }
  </div>`;
}

function togglePip({ currentTarget }: Event): void {
  const video = (currentTarget as Element).parentElement?.querySelector<HTMLVideoElement>('.peer');
  // Refused where there is no picture yet: it stays in the pane then.
  const turned = document.pictureInPictureElement
    ? document.exitPictureInPicture()
    : video?.requestPictureInPicture();
  turned?.catch(() => {});
}
