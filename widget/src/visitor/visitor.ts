// What a press on a call button brings: composes the visitor's desk and unfolds its card in the button's place.
import type {
  DestinationCard,
  SiteChallenge,
  SiteProof,
  VisitEnd,
  VisitState,
} from '@ringtag/server/protocol';
import { browserClock } from '../call/clock.ts';
import { createLocalMedia } from '../call/media.ts';
import { defineVisit, type RingtagVisit } from '../elements/visitor/visit-card.ts';
import { createSound } from '../host/sound.ts';
import { pageState } from '../host/tag.ts';
import type { Answer } from './answer.ts';
import type { CallLeg, CallLegOptions } from './call-leg.ts';
import { contextOf, locate, rememberCall, visitorId, wasCutShort } from './context.ts';
import { VisitorDesk } from './desk.ts';
import { refusalText, visitorTexts } from './i18n/index.ts';
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

const unfolded = new WeakMap<CallElement, RingtagVisit>();
const opened = new CSSStyleSheet();
opened.replaceSync(`
  :host([open]) { display: block; max-inline-size: 400px; }
  :host([open]) p { display: none; }
`);

/** Shows the card, or says why there is none. */
export async function unfold(element: CallElement): Promise<void> {
  if (unfolded.has(element)) return focusOn(element);
  const hubUrl = pageState().tag?.hubUrl ?? '';
  const api = createVisitApi(hubUrl);
  const { language } = element;
  const [texts, card] = await Promise.all([visitorTexts(language), askCard(api, element)]);
  if (unfolded.has(element)) return;
  if (!card.ok) return element.say(refusalText(texts, language, card));
  element.show(card.value);
  defineVisit();
  const visit = document.createElement('ringtag-visit') as RingtagVisit;
  unfolded.set(element, visit);
  const desk = createDesk(element, api, card.value);
  const page = new AbortController();
  // What is left open would ring for nobody.
  window.addEventListener('pagehide', () => desk.close(), { signal: page.signal });
  const unsubscribe = desk.view.subscribe(reporter(element, desk));
  visit.desk = desk;
  visit.texts = texts;
  visit.lang = element.language;
  visit.setAttribute('exportparts', 'card, primary, hang-up, messages');
  visit.gone = () => {
    page.abort();
    unsubscribe();
    desk.close();
    visit.remove();
    unfolded.delete(element);
    element.removeAttribute('open');
    element.button.hidden = element.opener !== element.button;
  };
  visit.fold = () => {
    visit.gone();
    element.opener.focus();
    void element.refresh();
  };
  showOpen(element);
  element.button.after(visit);
  desk.prepare();
}

async function askCard(api: VisitApi, { to, language }: CallElement): Promise<Answer<DestinationCard>> {
  const card = await api.card(to, language);
  if (card.ok || card.code !== 'HUB_UNREACHABLE') return card;
  // What cannot be fetched either is away.
  const listed = await import('./listed.ts').catch(() => null);
  return listed ? listed.askAgain(api, pageState().tag?.hubUrl ?? '', { to, language }) : card;
}

function focusOn(element: CallElement): void {
  const heading = unfolded.get(element)?.renderRoot.querySelector('h2');
  heading?.focus();
  heading?.scrollIntoView({ block: 'nearest' });
}

/** The card takes the place of the button and of the line beneath. */
export function showOpen(element: CallElement): void {
  if (!element.root.adoptedStyleSheets.includes(opened)) element.root.adoptedStyleSheets.push(opened);
  element.setAttribute('open', '');
  element.button.hidden = true;
}

function createDesk(element: CallElement, api: VisitApi, card: DestinationCard): VisitorDesk {
  const tickets = new Tickets({
    api,
    to: element.to,
    context: () =>
      contextOf(element.opener === element.button ? [element] : [element.opener], element.language),
    visitor: visitorId(),
    prove: async (challenge, signal) =>
      challenge.kind === 'work'
        ? (await import('./proof.ts')).prove(challenge, signal)
        : askPage(element, challenge, signal),
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
    locate: () => locate(),
    clock: browserClock,
    remember: (isRunning) => rememberCall(isRunning),
    cutShort: wasCutShort(),
    page: pageVisit,
    show: () => focusOn(element),
    tabs: () => ('BroadcastChannel' in window ? new BroadcastChannel('ringtag-talk') : undefined),
  });
}

/** Detail of `ringtag-challenge`; `answer` takes the word of the service's widget. */
export interface ChallengeDetail extends SiteChallenge {
  readonly answer: (response: string) => void;
}

/** Shows the page a challenge of a service that it has the widget of; null where it does not say that it has. */
function askPage(
  element: CallElement,
  challenge: SiteChallenge,
  signal: AbortSignal,
): Promise<SiteProof | null> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(null));
    const detail: ChallengeDetail = { ...challenge, answer: (response) => resolve({ response }) };
    const options = { detail, bubbles: true, composed: true, cancelable: true };
    if (element.dispatchEvent(new CustomEvent('ringtag-challenge', options))) resolve(null);
  });
}

/** Tells the page of each new state. */
function reporter(element: CallElement, desk: VisitorDesk): (view: VisitView) => void {
  let told = '';
  return ({ step, state, intent, end }) => {
    if (step === 'offer' && told === '') return;
    const now = step === 'visit' ? state : step === 'asking' ? 'asking' : 'closed';
    if (now === told) return;
    told = now;
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
