// The steps of a visit, each as a template: what can be had, a call that waits, rings or talks, and its end.
import { html, nothing, type TemplateResult } from 'lit';
import { queueText, stateText } from '../../i18n/call-texts.ts';
import type { VisitorDesk } from '../../visitor/desk.ts';
import { lengthText, refusalText, type VisitorTexts } from '../../visitor/i18n/index.ts';
import { hasCall, type VisitView } from '../../visitor/visit-view.ts';
import { formatElapsed } from '../clock.ts';
import { visitorIcons } from './visitor-icons.ts';

export interface StepOptions {
  readonly view: VisitView;
  readonly texts: VisitorTexts;
  readonly lang: string;
  readonly desk: VisitorDesk;
  readonly nowMs: number;
}

/** What to do: a call first, and what can be had instead. */
export function offer(options: StepOptions): TemplateResult {
  const { view, texts: t, lang, desk } = options;
  const { card, cutShort, refused } = view;
  const isRefusedThere = refused?.offers !== undefined;
  const canCall = card.call && !isRefusedThere;
  const isDeaf = hasNoMicrophone(view);
  if (view.other) return already(view.other, t);
  return html`
    ${missed(options)}
    ${cutShort ? html`<p class="notice">${t.cutShort}</p>` : nothing}
    ${refusal(view, t, lang)}
    ${card.greeting ? html`<p>${card.greeting}</p>` : nothing}
    ${
      canCall && !isDeaf
        ? html`<p role="status">${queueOf(card, t, lang)}</p><p class="meta">${t.microphoneNote}</p>${askPlace(t)}
          <div class="row"><button
            class="button primary wide" part="primary" type="button"
            @click=${(event: Event) => void desk.call({ withPlace: isPlaceChecked(event) })}
          >${visitorIcons.phone}${t.call}</button></div>`
        : isRefusedThere || isDeaf
          ? nothing
          : html`<p>${stateText(lang, card)}</p>${view.offers.chat ? askPlace(t) : nothing}`
    }
    ${instead(view, t, desk)}
  `;
}

/** Before anybody calls: how long they would wait. */
function queueOf({ waiting, waitMs, taken }: VisitView['card'], t: VisitorTexts, lang: string): string {
  const queue = queueText(lang, waiting, waitMs);
  return waiting || !taken ? queue : t.taken(queue);
}

/** Somebody could be called, if they were heard. */
function hasNoMicrophone({ refused }: VisitView): boolean {
  return /^M|^INSECURE/.test(refused?.code ?? '');
}

/** Their turn came while they wrote. */
export function missed(options: StepOptions): TemplateResult | typeof nothing {
  return options.view.missed ? html`<p class="notice">${statusText(options)}</p>` : nothing;
}

/** Consent, before the browser's own question. */
function askPlace(t: VisitorTexts): TemplateResult | typeof nothing {
  return navigator.geolocation && isSecureContext
    ? html`<label><input type="checkbox" name="place" /><span>${t.sharePlace}</span></label>`
    : nothing;
}

function isPlaceChecked(event: Event): boolean {
  const root = (event.target as Element).getRootNode() as ShadowRoot;
  return root.querySelector<HTMLInputElement>('[name=place]')?.checked ?? false;
}

/** Another card of the page has a visit. */
export function already(
  { label, isCall, show }: NonNullable<VisitView['other']>,
  t: VisitorTexts,
): TemplateResult {
  return html`<p>${(isCall ? t.alreadyTalking : t.alreadyWriting)(label)}</p>
    <div class="row">${button(show, isCall ? visitorIcons.phone : visitorIcons.messageSquare, t.showOther)}</div>`;
}

/** What can be left, as buttons. */
function leaving({ offers }: VisitView, t: VisitorTexts, desk: VisitorDesk, isPrimary = false) {
  return [
    (offers.message || offers.voice) &&
      button(() => desk.showLeave('message'), visitorIcons.voicemail, t.message, isPrimary),
    offers.callback && button(() => desk.showLeave('callback'), visitorIcons.phoneIncoming, t.callback),
  ];
}

/** What is left beside a call; where nobody is there, a message first. */
export function instead(view: VisitView, t: VisitorTexts, desk: VisitorDesk): TemplateResult {
  const { offers, card, refused, intent, step } = view;
  const isOver = step === 'visit';
  const canCall = card.call && refused?.offers === undefined;
  const isAway = !canCall && card.state !== 'busy' && !isOver;
  const isDeaf = !isOver && hasNoMicrophone(view);
  const chat =
    offers.chat &&
    !(isOver && intent === 'chat') &&
    button(
      (event) => void desk.chat({ withPlace: isPlaceChecked(event) }),
      visitorIcons.messageSquare,
      canCall ? t.chatInstead : t.chat,
      isDeaf,
    );
  const left = leaving(view, t, desk, isAway);
  const callInstead =
    canCall &&
    (isDeaf ? refused?.code.startsWith('MIC') : isOver && intent === 'chat') &&
    button(() => void desk.call(), visitorIcons.phone, isDeaf ? t.tryAgain : t.callThem, isDeaf && !chat);
  const order = isAway
    ? [...left, chat]
    : isDeaf
      ? [chat, callInstead, ...left]
      : [callInstead, chat, ...left];
  const buttons = order.filter(Boolean);
  if (buttons.length > 0) return html`<div class="row">${buttons}</div>`;
  return canCall ? html`` : html`<p class="meta">${t.nothingOffered}</p>`;
}

function button(
  press: (event: Event) => void,
  icon: TemplateResult,
  text: string,
  isPrimary = false,
): TemplateResult {
  return html`<button class="button wide ${isPrimary ? 'primary' : ''}" part=${isPrimary ? 'primary' : nothing} type="button" @click=${press}>${icon}${text}</button>`;
}

export function refusal(
  { refused }: VisitView,
  t: VisitorTexts,
  lang: string,
): TemplateResult | typeof nothing {
  return refused ? html`<p class="notice bad" role="alert">${refusalText(t, lang, refused)}</p>` : nothing;
}

export function asking({ view, texts: t, desk }: StepOptions): TemplateResult {
  const { asks } = view;
  const text =
    asks === 'microphone'
      ? t.allowMicrophone
      : asks === 'place'
        ? t.allowPlace
        : view.slow
          ? t.oneMoment
          : '';
  return html`<p class="meta">${text}</p>
    <div class="row controls"><button class="button" type="button" @click=${() => desk.backToOffer()}>${t.cancel}</button></div>`;
}

/** In words, how the visit stands; also what screen readers are told. */
export function statusText({ view, texts: t, lang }: Pick<StepOptions, 'view' | 'texts' | 'lang'>): string {
  const { state, step, intent, ahead, waitMs, agent, end, sound, messages, talkingSinceMs } = view;
  if (view.missed) return t.ended[view.missed];
  if (step !== 'visit' && !hasCall(view)) return '';
  if (state === 'ended') {
    const isChat = intent === 'chat' && talkingSinceMs === undefined && end !== 'idle';
    if (isChat) return t.chatEnded;
    const isCancelled = end === 'hangup' && intent === 'call' && talkingSinceMs === undefined;
    if (isCancelled) return t.cancelled;
    return end === 'failed' && talkingSinceMs !== undefined ? t.cutOff : t.ended[end ?? 'hangup'];
  }
  if (sound === 'lost') return t.soundLost;
  switch (state) {
    case 'waiting':
      return ahead > 0
        ? queueText(lang, ahead, waitMs)
        : [t.next, queueText(lang, 0, waitMs)].filter(Boolean).join(', ');
    case 'ready':
      return t.connecting;
    case 'ringing':
      return t.ringing;
    case 'talking':
      if (view.held) return t.onHold;
      return agent ? t.talkingWith(agent) : t.talking;
    case 'open':
      return agent ? t.chatWith(agent) : messages.length > 0 ? t.chatTitle : t.chat;
    default:
      return state satisfies never;
  }
}

/** A call: how it stands, what is written in it, and what can be done to it. */
export function call(
  options: StepOptions,
  chatToggle: TemplateResult,
  chat: TemplateResult | typeof nothing,
): TemplateResult {
  const { view, texts: t, lang, desk, nowMs } = options;
  const { state, talkingSinceMs, endsAtMs, isEnding, soundBlocked, online, muted } = view;
  const isTalking = state === 'talking' && talkingSinceMs !== undefined;
  return html`
    ${refusal(view, t, lang)}
    <p>${statusText(options)}${
      isTalking ? html` <span class="time">${formatElapsed(nowMs - talkingSinceMs)}</span>` : nothing
    }</p>
    ${isEnding && endsAtMs !== undefined ? html`<p class="notice">${t.endsIn(lengthText(lang, endsAtMs - nowMs))}</p>` : nothing}
    ${view.forwardedTo && !isTalking ? html`<p class="meta">${t.forwardedTo(view.forwardedTo)}</p>` : nothing}
    ${online ? nothing : html`<p class="notice">${t.offline}</p>`}
    ${view.talksElsewhere ? html`<p class="notice" role="status">${t.talkingElsewhere}</p>` : nothing}
    ${
      soundBlocked
        ? html`<div class="notice row"><span>${t.soundBlocked}</span><button
            class="button" type="button" @click=${() => desk.unblockSound()}>${t.unblockSound}</button></div>`
        : nothing
    }
    ${chat}
    ${state === 'waiting' ? html`<div class="row">${leaving(view, t, desk).filter(Boolean)}</div>` : nothing}
    <div class="row controls">
      ${
        isTalking
          ? html`<button class="button ${muted ? 'on' : ''}" type="button" @click=${() => desk.setMuted(!muted)}>
            ${muted ? visitorIcons.micOff : visitorIcons.mic}${muted ? t.unmute : t.mute}</button>`
          : nothing
      }
      ${chatToggle}
      <button class="button stop" part="hang-up" type="button" @click=${() => desk.hangUp()}>
        ${visitorIcons.phoneOff}${isTalking ? t.hangUp : t.cancel}</button>
    </div>
  `;
}
