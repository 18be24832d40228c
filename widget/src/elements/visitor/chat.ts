// The chat of a visit, as a conversation for the visitor. What it is shown with is fetched when somebody wants to chat.
import { html, nothing, type TemplateResult } from 'lit';
import type { VisitorTexts } from '../../visitor/i18n/index.ts';
import type { VisitView } from '../../visitor/visit-view.ts';
import type { Line } from '../conversation/conversation.ts';

export interface ChatOptions {
  readonly view: VisitView;
  readonly texts: VisitorTexts;
  readonly say: (text: string, id?: string) => void;
}

export function chat({ view, texts: t, say }: ChatOptions): TemplateResult {
  const { messages, unsent, agent, state } = view;
  const isOver = state === 'ended';
  const lines: Line[] = [
    ...messages.map(({ from, name, text }) =>
      from === 'visitor'
        ? { text, own: true, unseenBy: t.you }
        : { text, own: false, by: name ?? agent ?? t.team },
    ),
    ...unsent.map(({ id, text, failed }) => ({
      text,
      own: true,
      unseenBy: t.you,
      unsent: failed ? { why: t.notSent, again: () => say(text, id) } : {},
    })),
  ];
  const words = {
    title: t.chatTitle,
    field: agent ? t.chatWith(agent) : t.write,
    placeholder: t.write,
    send: t.send,
    again: t.tryAgain,
  };
  return html`<ringtag-conversation
    exportparts="messages" .lines=${lines} .texts=${words} .say=${isOver ? null : say}
  >${lines.length > 0 || isOver ? nothing : html`<p class="meta">${t.chatOpen}</p>`}</ringtag-conversation>`;
}
