// Tells screen readers about calls, once each, politely. The text goes away again, so that nobody reads it twice.
import type { CallView, PhoneState } from '../call/phone.ts';
import { endedTexts, language, texts } from '../i18n/index.ts';
import { announcement } from './call-card/status.ts';

const CLEAR_AFTER_MS = 1_500;

export class Announcer {
  readonly element: HTMLElement = document.createElement('div');
  readonly #said = new Map<string, string>();
  #missed = 0;
  #unread = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    // In the root of an element of the loader, whose style sheet has no bytes for it.
    this.element.style.cssText =
      'position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap';
    this.element.lang = language();
    this.element.setAttribute('role', 'status');
    this.element.setAttribute('aria-live', 'polite');
  }

  update(state: PhoneState): void {
    const news: string[] = [];
    for (const call of state.calls) {
      const text = spoken(call);
      if (text === null || this.#said.get(call.callId) === text) continue;
      this.#said.set(call.callId, text);
      news.push(text);
    }
    for (const callId of this.#said.keys()) {
      if (!state.calls.some((call) => call.callId === callId)) this.#said.delete(callId);
    }
    if (state.missed > this.#missed) news.push(texts().missedCalls(state.missed));
    this.#missed = state.missed;
    const unread = state.visitors?.unread ?? 0;
    if (unread > this.#unread) news.push(texts().fromVisitors(unread));
    this.#unread = unread;
    if (news.length > 0) this.#say(news.join('. '));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.element.remove();
  }

  #say(text: string): void {
    clearTimeout(this.#timer);
    this.element.textContent = text;
    this.#timer = setTimeout(() => {
      this.element.textContent = '';
    }, CLEAR_AFTER_MS);
  }
}

function spoken(call: CallView): string | null {
  if (call.phase !== 'ended') return announcement(call);
  const { title, sentence } = endedTexts(call);
  return sentence || title;
}
