// What a press on a call button brings: composes the visitor's desk and unfolds its card in the button's place.
import type { DestinationCard, VisitEnd, VisitState } from '@ringtag/server/protocol';
import { browserClock } from '../call/clock.ts';
import { createLocalMedia } from '../call/media.ts';
import { defineVisit, type RingtagVisit } from '../elements/visitor/visit-card.ts';
import { createSound } from '../host/sound.ts';
import { pageState } from '../host/tag.ts';
import type { Answer } from './answer.ts';
import type { CallLeg, CallLegOptions } from './call-leg.ts';
import { contextOf, visitorId } from './context.ts';
import { VisitorDesk } from './desk.ts';
import { refusalText, type VisitorTexts } from './i18n/index.ts';
import type { Kept, keepVisit, placeAgain, takeVisit } from './kept.ts';
import { pageVisit } from './one-visit.ts';
import { Tickets } from './tickets.ts';
import { createVisitApi, type VisitApi } from './visit-api.ts';
import type { VisitView } from './visit-view.ts';

/** The public element, as far as it matters here. */
export interface CallElement extends HTMLElement {
  readonly to: string;
  readonly language: string;
  readonly root: ShadowRoot;
  readonly button: HTMLElement;
  /** What was pressed: the button, or an element of the page. */
  readonly opener: HTMLElement;
  refresh(): Promise<void>;
  open(): Promise<void>;
  show(card: DestinationCard): void;
  say(text: string): void;
}

/** Detail of `ringtag-call-state`. */
export interface VisitStateDetail {
  readonly to: string;
  /** Absent before the hub has taken the visit. */
  readonly visitId?: string | undefined;
  readonly state: VisitState | 'asking' | 'closed';
  readonly intent: string;
  readonly end?: VisitEnd | undefined;
}

/** So old what is shown of an offer may be. */
const FRESH_MS = 30_000;
const unfolded = new WeakMap<CallElement, RingtagVisit>();
const opened = new CSSStyleSheet();
opened.replaceSync(`
  :host([open]) { display: block; max-inline-size: 400px; }
  :host([open]) p { display: none; }
`);

/** What a press has fetched meanwhile. */
export interface Begun {
  readonly texts: VisitorTexts;
  /** The question for the card. */
  readonly card: Promise<Response> | undefined;
  readonly keepVisit: typeof keepVisit;
  readonly takeVisit: typeof takeVisit;
  readonly placeAgain: typeof placeAgain;
}

/** Shows the card, or says why there is none. */
export async function unfold(first: CallElement, begun: Begun): Promise<void> {
  const { texts } = begun;
  let element = first;
  if (unfolded.has(element)) return focusOn(element);
  const hubUrl = pageState().tag?.hubUrl ?? '';
  const api = createVisitApi(hubUrl);
  const { language } = element;
  const card = await askCard(api, element, begun.card);
  if (unfolded.has(element)) return;
  if (!card.ok) {
    const text = refusalText(texts, language, card);
    const away = await import('./listed.ts').catch(() => null);
    return away ? away.refuse(element, card, text) : element.say(text);
  }
  element.show(card.value);
  defineVisit();
  const visit = document.createElement('ringtag-visit') as RingtagVisit;
  const kept = begun.takeVisit(element.to);
  const desk = createDesk(() => element, { api, card: card.value, kept, keepVisit: begun.keepVisit });
  const page = new AbortController();
  const unsubscribe = desk.view.subscribe(reporter(() => element, desk));
  visit.desk = desk;
  visit.texts = texts;
  visit.lang = element.language;
  visit.setAttribute('exportparts', 'card, primary, hang-up, messages');
  const end = () => {
    page.abort();
    unsubscribe();
    desk.close();
    visit.remove();
    unfolded.delete(element);
    element.removeAttribute('open');
    element.button.hidden = element.opener !== element.button;
  };
  const moveIn = () => {
    unfolded.set(element, visit);
    element.button.after(visit);
    if (visit.hidden) visit.fold();
    else showOpen(element);
  };
  visit.gone = async () => {
    const isLost = () => !visit.isConnected && unfolded.get(element) === visit;
    const place = desk.view.value.step !== 'offer' && (await begun.placeAgain(element.to, isLost));
    if (!isLost()) return;
    if (!place) return end();
    unfolded.delete(element);
    element = place;
    moveIn();
  };
  keepFresh(page.signal, async () => {
    if (document.hidden || visit.hidden || desk.view.value.step !== 'offer') return;
    const now = await api.card(element.to, language);
    if (now.ok) desk.renew(now.value);
  });
  followPage(desk, page.signal, () => {
    end();
    void element.open();
  });
  visit.fold = () => {
    if (desk.isChatting) {
      // It is there since the chat is.
      return void import('../elements/visitor/chat.ts').then(({ foldChat }) =>
        foldChat(element, visit, { desk, texts }),
      );
    }
    end();
    element.opener.focus();
    if (element.opener === element.button) void element.refresh();
    else element.remove();
  };
  // Nobody has pressed for it: the focus stays where it is.
  visit.isQuiet = kept !== null;
  if (kept?.chat) desk.resume(kept.chat);
  moveIn();
  if (!kept) desk.prepare();
}

/** An offer that is looked at says how it stands now, not how it stood when it was unfolded. */
function keepFresh(signal: AbortSignal, ask: () => Promise<void>): void {
  const again = () => void ask();
  document.addEventListener('visibilitychange', again, { signal });
  const timer = setInterval(again, FRESH_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
}

/** What becomes of a visit with its page: `back` where the page comes back as it was left. */
function followPage(desk: VisitorDesk, signal: AbortSignal, back: () => void): void {
  // A call that is left open would ring for nobody.
  window.addEventListener('pagehide', () => desk.close(), { signal });
  window.addEventListener('pageshow', ({ persisted }) => persisted && back(), { signal });
  window.addEventListener('offline', () => desk.setNetwork(false), { signal });
  window.addEventListener('online', () => desk.setNetwork(true), { signal });
  const ask = (event: Event) => event.preventDefault();
  desk.view.subscribe(({ step, state }) => {
    if (step === 'visit' && state === 'talking') window.addEventListener('beforeunload', ask, { signal });
    else window.removeEventListener('beforeunload', ask);
  });
}

async function askCard(
  api: VisitApi,
  { to, language }: CallElement,
  asked?: Promise<Response>,
): Promise<Answer<DestinationCard>> {
  const card = await api.card(to, language, asked);
  if (card.ok || card.code !== 'HUB_UNREACHABLE') return card;
  // What cannot be fetched either is away.
  const listed = await import('./listed.ts').catch(() => null);
  return listed ? listed.askAgain(api, pageState().tag?.hubUrl ?? '', { to, language }) : card;
}

function focusOn(element: CallElement): void {
  const visit = unfolded.get(element);
  if (visit?.hidden) {
    visit.hidden = false;
    showOpen(element);
  }
  visit?.present();
}

/** The card takes the place of the button and of the line beneath. */
export function showOpen(element: CallElement): void {
  if (!element.root.adoptedStyleSheets.includes(opened)) element.root.adoptedStyleSheets.push(opened);
  element.setAttribute('open', '');
  element.button.hidden = true;
}

interface DeskBase {
  readonly api: VisitApi;
  readonly card: DestinationCard;
  readonly kept: Kept | null;
  readonly keepVisit: typeof keepVisit;
}

function createDesk(at: () => CallElement, { api, card, kept, keepVisit }: DeskBase): VisitorDesk {
  const { to } = at();
  const tickets = new Tickets({
    api,
    to,
    context: () => {
      const element = at();
      return contextOf(element.opener === element.button ? [element] : [element.opener], element.language);
    },
    visitor: visitorId(),
    prove: async (challenge, signal) =>
      challenge.kind === 'work'
        ? (await import('./proof.ts')).prove(challenge, signal)
        : (await import('./site-challenge.ts')).askPage(at(), challenge, signal),
    clock: browserClock,
  });
  return new VisitorDesk(card, {
    api,
    tickets,
    media: createLocalMedia(),
    sound: (blocked) => createSound({ blocked }),
    startLeg: async (options: CallLegOptions): Promise<CallLeg> => {
      const { startLeg } = await import('./call-leg.ts');
      return startLeg(options);
    },
    // Without what asks for it there is none.
    locate: (signal) =>
      import('./place.ts').then(
        ({ locate, placeInTime }) => placeInTime(locate, browserClock, signal),
        () => undefined,
      ),
    clock: browserClock,
    remember: (isRunning) => keepVisit(to, isRunning ? { chat: null } : null),
    keep: (chat) => keepVisit(to, { chat }),
    cutShort: kept !== null && !kept.chat,
    page: pageVisit,
    show: () => focusOn(at()),
    outbox: async (writing) => new (await import('../elements/visitor/chat.ts')).Outbox(writing),
    tabs: () => ('BroadcastChannel' in window ? new BroadcastChannel('ringtag-talk') : undefined),
  });
}

/** Tells the page of each new state. */
function reporter(at: () => CallElement, desk: VisitorDesk): (view: VisitView) => void {
  let told = '';
  return ({ step, state, intent, end }) => {
    if (step === 'offer' && told === '') return;
    const now = step === 'visit' ? state : step === 'asking' ? 'asking' : 'closed';
    if (now === told) return;
    told = now;
    const element = at();
    const detail: VisitStateDetail = {
      to: element.to,
      visitId: desk.visitId,
      state: now,
      intent,
      ...(now === 'ended' ? { end } : {}),
    };
    element.dispatchEvent(new CustomEvent('ringtag-call-state', { detail, bubbles: true, composed: true }));
  };
}
