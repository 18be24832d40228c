// The chat with a visitor, as a conversation for who answers: what was written on both sides, when, and a field to write in
// where this person may.
import { html, nothing, type TemplateResult } from 'lit';
import { formatTime } from '../../i18n/time.ts';
import { visitTexts } from '../../i18n/visits.ts';
import type { Visits } from '../../visits/book.ts';
import { plain } from '../../visits/shown-context.ts';
import { isOpenFor, type KnownVisit } from '../../visits/visits-state.ts';
import { defineConversation, type Line } from '../conversation/conversation.ts';

export interface ChatLogOptions {
  readonly visit: KnownVisit;
  readonly visits: Visits;
  readonly me: string | undefined;
}

export function chatLog({ visit, visits, me }: ChatLogOptions): TemplateResult {
  defineConversation();
  const t = visitTexts();
  const say = (text: string, id?: string) => void visits.say(visit.id, text, id);
  const lines = linesOf(visit, visits, say);
  const note = noteOn(visit, me, lines.length === 0);
  const words = { title: t.chat, field: t.write, placeholder: t.write, send: t.send, again: t.send };
  return html`<ringtag-conversation
    class="chat ${lines.length > 0 ? 'begun' : ''}" role="group" aria-label=${t.chat}
    .lines=${lines} .texts=${words} .say=${isOpenFor(visit, me) ? say : null}
  >${note ? html`<p class="meta note">${note}</p>` : nothing}</ringtag-conversation>`;
}

function linesOf(
  { id, messages, heardAtMs }: KnownVisit,
  visits: Visits,
  say: (text: string, id?: string) => void,
): Line[] {
  const t = visitTexts();
  return [
    ...messages.map(({ from, name, text, agoMs }) => ({
      text: plain(text),
      own: from === 'agent',
      by: `${from === 'visitor' ? t.visitor : (name ?? t.you)} · ${formatTime(heardAtMs - agoMs)}`,
    })),
    ...(visits.state.unsent[id] ?? []).map((unsent) => ({
      text: unsent.text,
      own: true,
      unsent: unsent.failed
        ? {
            why: t.failed[unsent.failed],
            ...(unsent.failed === 'unreachable' ? { again: () => say(unsent.text, unsent.id) } : {}),
          }
        : {},
    })),
  ];
}

function noteOn(visit: KnownVisit, me: string | undefined, isEmpty: boolean): string {
  const t = visitTexts();
  // There was none.
  if (visit.state === 'ended' && isEmpty) return '';
  if (visit.state === 'ended') return visit.end === 'idle' ? t.chatIsIdle : t.chatIsOver;
  if (!isOpenFor(visit, me)) return t.chatIsTaken(visit.agent?.name ?? '');
  return isEmpty ? t.chatBegins : '';
}
