// The chat of a visit, as a conversation for the visitor: fetched when somebody wants to chat.
import { html, nothing, type TemplateResult } from 'lit';
import type { VisitorDesk } from '../../visitor/desk.ts';
import type { VisitorTexts } from '../../visitor/i18n/index.ts';
import { Outbox } from '../../visitor/outbox.ts';
import type { VisitView } from '../../visitor/visit-view.ts';
import type { CallElement } from '../../visitor/visitor.ts';
import { defineConversation, type Line } from '../conversation/conversation.ts';
import { refusal, type StepOptions } from './steps.ts';
import type { RingtagVisit } from './visit-card.ts';
import { visitorIcons } from './visitor-icons.ts';

export { defineConversation, Outbox };

export interface ChatOptions {
  readonly view: VisitView;
  readonly texts: VisitorTexts;
  readonly say: (text: string, id?: string) => void;
}

export function chat({ view, texts: t, say }: ChatOptions): TemplateResult {
  const { messages, unsent, agent, state, unanswered } = view;
  const isOver = state === 'ended';
  const isAlone = !agent && !unanswered && !messages.some(({ from }) => from === 'agent');
  const first = state === 'talking' && agent ? t.reads(agent) : t.chatOpen;
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
      unsent: failed ? { why: t.notSent, ...(isOver ? {} : { again: () => say(text, id) }) } : {},
    })),
  ];
  const note = lines.length === 0 ? first : isAlone && unsent.length === 0 ? t.sent : '';
  const words = {
    title: t.chatTitle,
    field: agent ? t.chatWith(agent) : t.write,
    placeholder: t.write,
    send: t.send,
    again: t.tryAgain,
  };
  return html`<ringtag-conversation
    class=${isOver ? '' : 'live'} exportparts="messages" .lines=${lines} .texts=${words} .say=${isOver ? null : say}
  >${note && !isOver ? html`<p class="meta" role="status">${note}</p>` : nothing}</ringtag-conversation>`;
}

/** A chat without a call. */
export function chatControls({ view, texts: t, lang, desk }: StepOptions): TemplateResult {
  return html`
    ${refusal(view, t, lang)}
    ${view.asks ? html`<p class="meta">${t.allowMicrophone}</p>` : nothing}
    ${view.online ? nothing : html`<p class="notice">${t.offline}</p>`}
    ${view.unanswered ? html`<p class="notice" role="status">${t.unanswered}</p>` : nothing}
    <div class="row controls">
      ${
        view.unanswered && (view.offers.message || view.offers.voice)
          ? html`<button class="button" type="button" @click=${() => desk.showLeave('message')}>${visitorIcons.voicemail}${t.message}</button>`
          : nothing
      }
      ${
        view.card.call
          ? html`<button class="button" type="button" @click=${() => void desk.call()}>${visitorIcons.phone}${t.callThem}</button>`
          : nothing
      }
      <button class="button" type="button" @click=${() => desk.hangUp()}>${t.endChat}</button>
    </div>
  `;
}

/** The button again, with how the chat behind it stands. */
export function foldChat(
  element: CallElement,
  visit: RingtagVisit,
  { desk, texts: t }: { readonly desk: VisitorDesk; readonly texts: VisitorTexts },
): void {
  const theirs = ({ messages }: VisitView) => messages.filter(({ from }) => from === 'agent').length;
  const seen = theirs(desk.view.value);
  const wasShown = !visit.hidden;
  visit.hidden = true;
  element.removeAttribute('open');
  element.button.hidden = element.opener !== element.button;
  // Where it only came to another place, the focus stays where it is.
  if (wasShown) element.opener.focus();
  const tell = (view: VisitView) => {
    if (!visit.hidden) {
      Reflect.deleteProperty(element, 'show');
      return unsubscribe();
    }
    const unread = theirs(view) - seen;
    element.say(unread > 0 ? t.unread(unread) : view.state === 'ended' ? t.chatEnded : t.chatGoesOn);
  };
  // A place that has just come to the page asks how it stands there; that is not what matters now.
  element.show = (card) => {
    Object.getPrototypeOf(element).show.call(element, card);
    tell(desk.view.value);
  };
  const unsubscribe = desk.view.subscribe(tell);
  tell(desk.view.value);
  element.root.querySelector('[part=state]')?.setAttribute('aria-live', 'polite');
}
