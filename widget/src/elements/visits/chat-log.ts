// The chat with a visitor: what was written on both sides, and a field to write in where this person may. Text only.
import { html, nothing, type TemplateResult } from 'lit';
import { formatTime } from '../../i18n/time.ts';
import { visitTexts } from '../../i18n/visits.ts';
import type { Visits } from '../../visits/book.ts';
import { plain } from '../../visits/shown-context.ts';
import { isOpenFor, type KnownVisit, type Unsent } from '../../visits/visits-state.ts';
import { visitIcons } from './visit-icons.ts';

/** Longest message (`limits.VISIT_MESSAGE_CHARS`). */
const MESSAGE_CHARS = 1_000;

export interface ChatLogOptions {
  readonly visit: KnownVisit;
  readonly visits: Visits;
  readonly me: string | undefined;
}

export function chatLog({ visit, visits, me }: ChatLogOptions): TemplateResult {
  const t = visitTexts();
  const unsent = visits.state.unsent[visit.id] ?? [];
  const isEmpty = visit.messages.length + unsent.length === 0;
  const say = (text: string, id?: string) => void visits.say(visit.id, text, id);
  return html`<div class="chat" role="group" aria-label=${t.chat}>
    ${
      isEmpty
        ? nothing
        : html`<div class="log" role="log" aria-live="off" aria-label=${t.chat} tabindex="0"><ol class="plain">
          ${visit.messages.map((message) => said(message, visit.heardAtMs))}
          ${unsent.map((message) => unsaid(message, say))}
        </ol></div>`
    }
    ${foot(visit, isEmpty, me, say)}
  </div>`;
}

function said(
  { from, name, text, agoMs }: KnownVisit['messages'][number],
  heardAtMs: number,
): TemplateResult {
  const t = visitTexts();
  const time = formatTime(heardAtMs - agoMs);
  return html`<li class=${from === 'agent' ? 'own' : ''}>
    <span class="meta">${from === 'visitor' ? t.visitor : (name ?? t.you)} · ${time}</span>
    <span class="text" dir="auto">${plain(text)}</span>
  </li>`;
}

function unsaid({ id, text, failed }: Unsent, say: (text: string, id?: string) => void): TemplateResult {
  const t = visitTexts();
  return html`<li class="own ${failed ? 'failed' : 'coming'}">
    <span class="text" dir="auto">${text}</span>
    ${
      failed
        ? html`<span class="meta" role="alert">${t.failed[failed]}${
            failed === 'unreachable'
              ? html` <button class="link" @click=${() => say(text, id)}>${t.send}</button>`
              : nothing
          }</span>`
        : nothing
    }
  </li>`;
}

function foot(
  visit: KnownVisit,
  isEmpty: boolean,
  me: string | undefined,
  say: (text: string) => void,
): TemplateResult | typeof nothing {
  const t = visitTexts();
  if (visit.state === 'ended')
    return html`<p class="meta note">${visit.end === 'idle' ? t.chatIsIdle : t.chatIsOver}</p>`;
  if (!isOpenFor(visit, me)) {
    return html`<p class="meta note">${t.chatIsTaken(visit.agent?.name ?? '')}</p>`;
  }
  return html`${isEmpty ? html`<p class="meta note">${t.chatBegins}</p>` : nothing}
    <form class="say" @submit=${(event: SubmitEvent) => submit(event, say)}>
      <textarea
        name="text" rows="1" required maxlength=${MESSAGE_CHARS} enterkeyhint="send"
        aria-label=${t.write} placeholder=${t.write}
      ></textarea>
      <button class="icon send" type="submit" aria-label=${t.send} title=${t.send}>${visitIcons.send}</button>
    </form>`;
}

/** Enter sends, Shift+Enter is a line; called by the element that hears the keys. */
export function sendOnEnter(event: KeyboardEvent): boolean {
  const field = event.composedPath()[0];
  if (!(field instanceof HTMLTextAreaElement) || event.key !== 'Enter' || event.shiftKey) return false;
  if (event.isComposing || event.type !== 'keydown') return false;
  event.preventDefault();
  field.form?.requestSubmit();
  return true;
}

function submit(event: SubmitEvent, say: (text: string) => void): void {
  event.preventDefault();
  const field = (event.target as HTMLFormElement).elements.namedItem('text') as HTMLTextAreaElement;
  const text = field.value.trim();
  field.value = '';
  field.focus();
  if (text) say(text);
}
