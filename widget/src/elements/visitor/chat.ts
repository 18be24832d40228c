// The chat of a visit: what was written on both sides, and a field to write in. Text only, never markup.
import { html, nothing, type TemplateResult } from 'lit';
import type { VisitorTexts } from '../../visitor/i18n/index.ts';
import type { VisitView } from '../../visitor/visit-view.ts';
import { visitorIcons } from './visitor-icons.ts';

/** Longest message (`limits.VISIT_MESSAGE_CHARS`). */
export const MESSAGE_CHARS = 1_000;

export interface ChatOptions {
  readonly view: VisitView;
  readonly texts: VisitorTexts;
  readonly say: (text: string, id?: string) => void;
}

export function chat({ view, texts: t, say }: ChatOptions): TemplateResult {
  const { messages, unsent, agent, state } = view;
  const isEmpty = messages.length + unsent.length === 0;
  return html`
    ${isEmpty ? nothing : log(view, t, say)}
    ${isEmpty && state !== 'ended' ? html`<p class="meta">${t.chatOpen}</p>` : nothing}
    ${
      state === 'ended'
        ? nothing
        : html`<form class="say" @submit=${(event: SubmitEvent) => submit(event, say)}>
          <textarea
            name="text" rows="1" required maxlength=${MESSAGE_CHARS} enterkeyhint="send"
            aria-label=${agent ? t.chatWith(agent) : t.write} placeholder=${t.write}
          ></textarea>
          <button class="button send" type="submit" aria-label=${t.send}>${visitorIcons.send}</button>
        </form>`
    }
  `;
}

function log(
  { messages, unsent, agent }: VisitView,
  t: VisitorTexts,
  say: ChatOptions['say'],
): TemplateResult {
  return html`<div class="log" part="messages" role="log" aria-live="off" aria-label=${t.chatTitle} tabindex="0"><ol>
    ${messages.map(({ from, name, text }) =>
      from === 'visitor'
        ? html`<li class="own"><span class="unseen">${t.you}</span><span class="text" dir="auto">${text}</span></li>`
        : html`<li><span class="who">${name ?? agent ?? t.team}</span><span class="text" dir="auto">${text}</span></li>`,
    )}
    ${unsent.map(
      ({ id, text, failed }) => html`<li class="own"><span class="unseen">${t.you}</span
        ><span class="text" dir="auto">${text}</span>${
          failed
            ? html` <span class="who">${t.notSent}</span
              ><button class="again" type="button" @click=${() => say(text, id)}>${t.tryAgain}</button>`
            : nothing
        }</li>`,
    )}
  </ol></div>`;
}

function submit(event: SubmitEvent, say: ChatOptions['say']): void {
  event.preventDefault();
  const field = (event.target as HTMLFormElement).elements.namedItem('text') as HTMLTextAreaElement;
  const text = field.value.trim();
  field.value = '';
  field.focus();
  if (text) say(text);
}
