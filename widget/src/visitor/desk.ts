// One visitor at one destination: turns what they press into the hub's routes, and what the hub says into a view. Owns
// the visit and its stream of events; the elements only show its view.
import type {
  DestinationCard,
  Intent,
  LeaveRequest,
  Place,
  VisitEvent,
  VisitGrant,
} from '@ringtag/server/protocol';
import type { Clock } from '../call/clock.ts';
import { createObservable, type Observable } from '../call/state.ts';
import { refusal, type VisitorCode } from './answer.ts';
import { followEvents } from './event-stream.ts';
import type { Occupant, PageVisit } from './one-visit.ts';
import type { Outbox, Writing } from './outbox.ts';
import type { Tickets } from './tickets.ts';
import type { OneVisit, VisitApi } from './visit-api.ts';
import { accountIn, afterEvent, firstView, hasCall, hasChat, type VisitView } from './visit-view.ts';
import { VisitorCall, type VisitorCallOptions } from './visitor-call.ts';
import type { Recording } from './voice-recorder.ts';

/** Work that takes longer than this is worth a word. */
const SLOW_MS = 300;
/** The call's end here and the hub's word of it arrive by different ways. */
const END_MS = 3_000;
/** What is said of a visit whose time is over, that another hub has, or that a call costs work in now: another one is needed. */
const STALE: ReadonlySet<string> = new Set([
  'SIGNED_OUT',
  'NOT_FOUND',
  'VISIT_ELSEWHERE',
  'CHALLENGE_REQUIRED',
]);

export interface DeskOptions
  extends Pick<VisitorCallOptions, 'media' | 'sound' | 'startLeg' | 'clock' | 'tabs'> {
  readonly api: VisitApi;
  readonly tickets: Tickets;
  /** Where the visitor is, if they say so in time. */
  readonly locate: (signal: AbortSignal) => Promise<Place | undefined>;
  /** A call begins or ends: what the next page has to know. */
  readonly remember: (isRunning: boolean) => void;
  /** A chat that goes on in the next page. */
  readonly keep: (grant: VisitGrant) => void;
  /** A call ended because its page was left or loaded anew. */
  readonly cutShort: boolean;
  /** What all cards of the page share. */
  readonly page: PageVisit;
  /** Brings the card into sight. */
  readonly show: () => void;
  readonly outbox: (writing: Writing) => Promise<Outbox>;
}

export class VisitorDesk {
  readonly view: Observable<VisitView>;
  readonly #options: DeskOptions;
  readonly #clock: Clock;
  readonly #call: VisitorCall;
  #visit: OneVisit | null = null;
  /** What opens it. */
  #grant: VisitGrant | null = null;
  /** There since something was written. */
  #outbox: Promise<Outbox> | undefined;
  #isClosed = false;
  /** What is being asked for, until it is given up. */
  #wish = new AbortController();
  #events = new AbortController();
  /** What goes with a recording was left already. */
  #leftFor: OneVisit | null = null;
  /** This card, while it has the page's visit. */
  #occupant: Occupant | null = null;
  readonly #unsubscribe: () => void;

  constructor(card: DestinationCard, options: DeskOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.view = createObservable({ ...firstView(card), cutShort: options.cutShort });
    this.#call = new VisitorCall({
      ...options,
      changed: (change) => this.#change(change),
      over: (fault) => this.#callOver(fault),
      sounded: (report) => void this.#visit?.sounded(report),
    });
    this.#unsubscribe = options.page.subscribe((other) =>
      this.#change({ other: other === this.#occupant ? null : other }),
    );
  }

  get visitId(): string | undefined {
    return this.#visit?.visitId;
  }

  /** A chat that nobody has ended. */
  get isChatting(): boolean {
    return this.#visit !== null && hasChat(this.view.value);
  }

  /** Goes on with a chat of the page before. */
  resume(grant: VisitGrant): void {
    this.#take(grant);
    this.#change({ step: 'visit', state: 'open', intent: 'chat' });
    if (this.#visit) this.#follow(this.#visit);
  }

  /** The browser has lost its network, or has it back. */
  setNetwork(isThere: boolean): void {
    const { step, state } = this.view.value;
    if (!this.#visit || step !== 'visit' || state === 'ended') return;
    if (isThere) this.#follow(this.#visit);
    else this.#change({ online: false });
  }

  /** How it stands there now; what is under way goes on as it is. */
  renew(card: DestinationCard): void {
    const { step, refused } = this.view.value;
    if (step === 'offer')
      this.#change({ card, offers: card.offers, refused: refused?.offers ? null : refused });
  }

  /** Gets ready for what is likely to be asked for. */
  prepare(): void {
    const { card, other } = this.view.value;
    if (card.call && !other) this.#options.tickets.prepare('call');
  }

  /** Who waits keeps their place until it is sent. */
  showLeave(leaves: 'message' | 'callback'): void {
    this.#change({ step: 'leave', leaves, refused: null, missed: undefined });
  }

  /** Back from that: to the visit, where one goes on. */
  back(): void {
    const { value } = this.view;
    if (hasCall(value) || hasChat(value)) this.#change({ step: 'visit' });
    else this.backToOffer();
  }

  /** Back to what can be had; what runs is ended. */
  backToOffer(): void {
    this.#endVisit();
    const { card, offers, other, missed } = this.view.value;
    this.#set({ ...firstView(card), offers, other, missed });
  }

  /** A visit with a call, once the microphone is there; in a visit that has none (any more), a call in that. */
  async call({ withPlace = false }: { readonly withPlace?: boolean } = {}): Promise<void> {
    if (this.view.value.other) return;
    const { signal } = this.#wish;
    const place = withPlace ? this.#options.locate(signal) : undefined;
    const visit = this.#visit;
    if (!visit) this.#change({ step: 'asking', intent: 'call' });
    this.#change({ refused: null, asks: 'microphone', cutShort: false, missed: undefined });
    const opened = await this.#call.openMicrophone();
    if (signal.aborted) return this.#call.end();
    this.#change({ asks: place && opened.ok ? 'place' : null });
    if (!opened.ok) return this.#change({ refused: opened, step: visit ? 'visit' : 'offer' });
    if (visit && (await this.#callIn(visit))) return;
    if (!(await this.#begin('call', place))) this.#call.end();
  }

  async chat({ withPlace = false }: { readonly withPlace?: boolean } = {}): Promise<void> {
    if (this.view.value.other) return;
    const asks = withPlace ? 'place' : null;
    this.#change({ step: 'asking', intent: 'chat', refused: null, asks, cutShort: false, missed: undefined });
    const { signal } = this.#wish;
    await this.#begin('chat', withPlace ? this.#options.locate(signal) : undefined);
  }

  /** `id` of a message that did not get through. */
  async say(text: string, id?: string): Promise<void> {
    this.#outbox ??= this.#options.outbox({
      view: this.view,
      visit: () => this.#visit,
      change: (change) => this.#change(change),
    });
    await (await this.#outbox).say(text, id);
  }

  /** Ends a call or a chat. */
  hangUp(): void {
    this.#call.end();
    this.#change({ state: 'ended', end: 'hangup' });
    this.#conclude();
    void this.#visit?.end('hangup');
  }

  setMuted(muted: boolean): void {
    this.#call.setMuted(muted);
  }

  unblockSound(): void {
    this.#call.unblock();
  }

  /** Leaves a message or a wish to be called back; a voice goes with it. */
  async leave(request: LeaveRequest, voice?: Recording): Promise<void> {
    this.#change({ refused: null });
    const intent = request.kind === 'callback' ? 'callback' : 'message';
    const visit = this.#visit ?? (await this.#begin(intent));
    if (!visit) return;
    const left = this.#leftFor === visit ? ({ ok: true } as const) : await visit.leave(request);
    if (left.ok && voice) this.#leftFor = visit;
    const sent = left.ok && voice ? await visit.voice(voice.recording, voice.lengthMs) : left;
    if (sent.ok) {
      this.#endVisit();
      return this.#change({ step: 'left' });
    }
    if (STALE.has(sent.code)) this.#endVisit();
    const { offers = this.view.value.offers } = sent;
    const isLeft = offers.message || offers.voice || offers.callback;
    this.#change({ refused: sent, offers, ...(isLeft ? {} : { step: 'offer' }) });
  }

  async rate(stars: number): Promise<void> {
    this.#change({ refused: null });
    const rated = await this.#visit?.rate({ stars });
    if (rated) this.#change(rated.ok ? { stars } : { refused: rated });
  }

  /** The page goes, or the card is closed. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const wasCalling = hasCall(this.view.value);
    const chat = this.isChatting ? this.#grant : null;
    if (chat) {
      this.#conclude();
      this.#visit = null;
    }
    this.#endVisit();
    this.#options.tickets.close();
    this.#call.close();
    this.#unsubscribe();
    const { step } = this.view.value;
    this.#change({ step: step === 'asking' ? 'offer' : step, state: 'ended', end: 'left' });
    if (wasCalling) this.#options.remember(true);
    if (chat) this.#options.keep(chat);
  }

  #take(grant: VisitGrant): void {
    this.#grant = grant;
    this.#visit = this.#options.api.of(grant);
  }

  /** False where the visit's time is over: it takes another one. */
  async #callIn(visit: OneVisit): Promise<boolean> {
    const { signal } = this.#wish;
    const asked = await this.#options.tickets.paid((proof) => visit.call(proof), signal);
    // Given up meanwhile, and ended as that.
    if (signal.aborted) return true;
    if (!asked.ok) {
      if (STALE.has(asked.code)) {
        void visit.end('left');
        this.#visit = null;
        return false;
      }
      this.#call.end();
      this.#change({ refused: asked });
      return true;
    }
    this.#change({ intent: 'call', state: 'waiting', end: undefined, talkingSinceMs: undefined, stars: 0 });
    this.#follow(visit);
    return true;
  }

  /** A ticket and a visit; events only where somebody is waited for. */
  async #begin(intent: Intent, placed?: Promise<Place | undefined>): Promise<OneVisit | null> {
    const { tickets, api } = this.#options;
    const { signal } = this.#wish;
    const place = await placed;
    if (signal.aborted) return null;
    this.#change({ asks: null });
    const cancelSlow = this.#clock.after(SLOW_MS, () => this.#change({ slow: true }));
    const use = (ticket: string) => api.visit({ ticket, ...(place ? { place } : {}) });
    const granted = await tickets.spend(intent, use, signal);
    cancelSlow();
    if (signal.aborted) {
      // Given up meanwhile: nobody shall wait for somebody who has gone.
      if (granted.ok) void api.of(granted.value).end('left');
      return null;
    }
    const isTalk = intent === 'call' || intent === 'chat';
    this.#change({ slow: false });
    if (!granted.ok) {
      const { offers = this.view.value.offers } = granted;
      this.#change({ refused: granted, offers, ...(isTalk ? { step: 'offer' } : {}) });
      return null;
    }
    this.#take(granted.value);
    const visit = this.#visit;
    if (isTalk && visit) {
      this.#change({ step: 'visit', intent, state: intent === 'call' ? 'waiting' : 'open' });
      this.#follow(visit);
    }
    return visit;
  }

  #follow(visit: OneVisit): void {
    this.#events.abort();
    this.#events = new AbortController();
    followEvents({
      open: (line) => visit.events(line),
      heard: (data) => this.#hear(JSON.parse(data) as VisitEvent),
      online: (online) => {
        this.#change({ online });
        if (online) void this.#outbox?.then((outbox) => outbox.sendAgain());
      },
      gone: () => this.#fail('failed'),
      clock: this.#clock,
      signal: this.#events.signal,
    });
  }

  #hear(event: VisitEvent): void {
    this.#set(afterEvent(this.view.value, event, this.#clock.now()));
    const { state } = this.view.value;
    // Their turn has come.
    if (state === 'talking' && this.view.value.step === 'leave') this.#change({ step: 'visit' });
    const account = accountIn(event);
    if (account && state === 'ready' && !this.#call.isRunning) {
      this.#call.start(account);
      this.#options.remember(true);
    }
    this.#call.ring(state === 'ringing');
    if (state !== 'ended') return;
    const { step, intent, end } = this.view.value;
    if (step === 'leave' && intent === 'call') this.#change({ missed: end });
    this.#call.end();
    this.#conclude();
  }

  /** The hub knows why, and says so in a moment; if it does not, it has not heard. */
  #callOver(fault?: VisitorCode): void {
    const visit = this.#visit;
    this.#clock.after(fault ? 0 : END_MS, () => {
      if (visit === this.#visit && hasCall(this.view.value) && !this.#call.isRunning)
        this.#fail('failed', fault);
    });
  }

  #fail(end: 'failed', fault?: VisitorCode): void {
    if (this.view.value.state === 'ended') return;
    this.#call.end();
    this.#change({ state: 'ended', end, ...(fault ? { refused: refusal(fault) } : {}) });
    this.#conclude();
    void this.#visit?.end(end);
  }

  /** Nothing more is to be heard of it. */
  #conclude(): void {
    this.#events.abort();
    this.#options.remember(false);
    this.#change({ isEnding: false, online: true });
  }

  #endVisit(): void {
    const visit = this.#visit;
    const { state } = this.view.value;
    this.#wish.abort();
    this.#wish = new AbortController();
    this.#call.end();
    if (visit) this.#conclude();
    this.#visit = null;
    if (visit && state !== 'ended') void visit.end('left');
  }

  #change(change: Partial<VisitView>): void {
    this.#set({ ...this.view.value, ...change });
  }

  #set(view: VisitView): void {
    this.view.set(view);
    this.#occupy(view);
  }

  /** Takes the page's one visit, and gives it back. */
  #occupy(view: VisitView): void {
    const { step, state, intent, card } = view;
    const { page, show } = this.#options;
    const isCall = intent === 'call';
    const isLive = step === 'asking' || hasCall(view) || (step === 'visit' && state !== 'ended');
    if (isLive === (this.#occupant !== null) && (!isLive || this.#occupant?.isCall === isCall)) return;
    this.#occupant = isLive ? { label: card.label, isCall, show } : null;
    page.set(this.#occupant);
  }
}
