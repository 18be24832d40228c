// The calls that this tab carries, at most two of them at work: one talked to, the other on hold. Turns commands of
// the person into calls, and calls into what is shown and heard. Knows neither rooms nor SIP.
import type {
  MediaKind,
  Peer,
  TransferOrder,
  TransferProgress,
  TransferRequest,
} from '@ringtag/server/protocol';
import { CALLS_PER_DEVICE } from '@ringtag/server/protocol/limits';
import type { DialOrder, IncomingCall } from './call.ts';
import { CallList, type CallListOptions, type Entry } from './call-list.ts';
import type { Result } from './errors.ts';
import type { CallEnd } from './machine.ts';
import type { CalledVisit, CallView, PhoneErrorCode, PhoneTarget } from './phone.ts';
import type { CallRunner } from './runner.ts';
import type { Dialed } from './runner-options.ts';
import { SentOn } from './sent-on.ts';
import { Transfers } from './transfers.ts';
import { Turns } from './turns.ts';

export interface BoardOptions extends CallListOptions {
  readonly dial: (order: DialOrder) => Promise<Result<Dialed>>;
  readonly peerOf: (target: PhoneTarget) => Peer;
  /** Asks the hub to transfer the other party of this call. */
  readonly transfer: (hubCallId: string, request: TransferRequest) => Promise<Result<unknown>>;
  /** Settles when the hub has heard of every end so far, or soon. */
  readonly toldEnds: () => Promise<void>;
  /** A refusal that belongs on no call. */
  readonly refused: (code: PhoneErrorCode) => void;
}

/** A call that runs on another device of this browser and may come here. */
export interface Takeover {
  /** Of the move, until the hub's is known. */
  readonly callId: string;
  readonly peer: Peer;
  readonly media: MediaKind;
  readonly muted: boolean;
  readonly held: boolean;
  readonly visit?: CalledVisit | undefined;
  readonly take: () => Promise<Result<Dialed>>;
}

export class CallBoard {
  readonly #options: BoardOptions;
  readonly #list: CallList;
  readonly #turns = new Turns(() => this.#list.lives);
  readonly #transfers: Transfers;
  readonly #sentOn: SentOn;
  #placed = 0;
  #lastTarget: PhoneTarget | undefined;

  constructor(options: BoardOptions) {
    this.#options = options;
    this.#list = new CallList(options);
    const place = (order: DialOrder, hidden?: boolean) => this.#place(order, hidden);
    this.#transfers = new Transfers({ ...options, list: this.#list, turns: this.#turns, place });
    this.#sentOn = new SentOn({ list: this.#list, clock: options.clock, place });
  }

  get views(): readonly CallView[] {
    return this.#list.views;
  }

  /** The calls that this device is in or is making. */
  get lives(): readonly CallRunner[] {
    return this.#list.lives.map(({ runner }) => runner);
  }

  /** The one of them that is heard. */
  get live(): CallRunner | undefined {
    const { lives } = this.#list;
    const heard = lives.filter(({ runner }) => !runner.held);
    return (heard.find(({ runner, hidden }) => runner.answered && !hidden) ?? heard[0] ?? lives[0])?.runner;
  }

  /** No further call can be taken or made. */
  get full(): boolean {
    return this.#list.lives.length >= CALLS_PER_DEVICE;
  }

  /** The incoming call that rings here. */
  get ringing(): CallRunner | undefined {
    return this.#list.ringing?.runner;
  }

  /** Somebody whom this device calls can be heard being rung. */
  get ringsThere(): boolean {
    return this.lives.some(({ phase, peerRings }) => phase === 'dialing' && peerRings);
  }

  /** Whom this tab called last. */
  get lastTarget(): PhoneTarget | undefined {
    return this.#lastTarget;
  }

  find(callId: string): CallRunner | undefined {
    return this.#list.find(callId)?.runner;
  }

  call(target: PhoneTarget, media: MediaKind): void {
    const [first] = this.#list.lives;
    // One that nobody has answered cannot be put on hold.
    const code =
      first && !first.runner.answered ? 'ALREADY_IN_CALL' : this.full ? 'TOO_MANY_CALLS' : undefined;
    if (code) this.#options.refused(code);
    else {
      this.#lastTarget = target;
      this.#turns.giveWay(this.#place({ to: target, media, way: 'auto' }), first);
    }
  }

  incoming(call: IncomingCall): CallRunner {
    const { callId, peer, media, leg, transferredBy, visit, aloud, joins } = call;
    const replaced = joins === undefined ? undefined : this.#list.find(joins);
    const entry = this.#list.add(
      { callId, direction: 'in', peer, media, leg, transferredBy, visit, aloud },
      { media, hidden: replaced?.runner.answered === true },
    );
    entry.runner.ring();
    if (replaced?.runner.answered) this.#sentOn.join(replaced, entry);
    return entry.runner;
  }

  async answer(callId: string, media?: MediaKind): Promise<void> {
    const entry = this.#list.find(callId);
    if (entry?.runner.phase !== 'ringing') return;
    if (this.full) return this.#options.refused('TOO_MANY_CALLS');
    const [first] = this.#list.lives;
    if (first && !first.runner.answered) {
      first.runner.hangUp();
      await this.#options.toldEnds();
    }
    this.#turns.giveWay(entry, first);
    entry.runner.answer(media ?? entry.media);
  }

  hangUp(callId: string): void {
    const entry = this.#list.find(callId);
    if (!entry) return;
    if (entry.runner.phase === 'ringing') entry.runner.decline();
    else {
      this.#sentOn.giveUp(entry);
      entry.runner.hangUp();
    }
  }

  dismiss(callId: string): void {
    if (this.find(callId)?.phase === 'ended') this.#list.remove(callId);
  }

  /** Whoever is put on hold or talked to by hand stays that way. */
  setHeld(callId: string, held: boolean): void {
    const entry = this.#list.find(callId);
    if (entry?.waits !== undefined) entry.waits = held;
    else if (entry && held) this.#turns.hold(entry);
    else if (entry) this.swap(callId);
  }

  /** Talks to this call and puts the other one on hold. */
  swap(callId: string): void {
    const entry = this.#list.find(callId);
    if (!entry) return;
    this.#transfers.callOff(entry);
    this.#turns.talkTo(entry);
  }

  transfer(callId: string, target: PhoneTarget): void {
    const entry = this.#list.find(callId);
    if (entry) this.#transfers.send(entry, target);
  }

  /** Puts this call on hold and calls `target`, to join the two afterwards. */
  consult(callId: string, target: PhoneTarget): void {
    const entry = this.#list.find(callId);
    if (!entry?.runner.answered) return;
    if (this.full) this.#options.refused('TOO_MANY_CALLS');
    else this.#transfers.consult(entry, target);
  }

  completeTransfer(callId: string): void {
    const entry = this.#list.find(callId);
    if (entry) this.#transfers.complete(entry);
  }

  /** The hub on a transfer that this device asked for. */
  transferGoesOn(progress: TransferProgress): void {
    this.#transfers.hear(progress);
  }

  /** The hub, when the connection is back: the calls whose transfer is under way. */
  transfersUnderWay(callIds: readonly string[]): void {
    this.#transfers.keep(callIds);
  }

  /** The hub: this device's person is being sent on. */
  transferOrdered(order: TransferOrder): void {
    this.#sentOn.follow(order);
  }

  /** Brings a call here that runs on another device; refused, it goes on there. */
  take(call: Takeover): void {
    const { callId, peer, media, visit } = call;
    const take = async () => {
      const taken = await call.take();
      // It goes on where it was.
      if (!taken.ok) entry.hidden = true;
      return taken;
    };
    const entry = this.#list.add(
      { callId, direction: 'out', peer, media, visit, dial: take, taking: true },
      { media, waits: call.held },
    );
    const { runner } = entry;
    runner.place();
    if (call.muted) runner.setMuted(true);
    const settle = () => {
      if (!runner.answered) return;
      entry.watchers.delete(settle);
      const { waits } = entry;
      entry.waits = undefined;
      if (waits) runner.setHeld(true);
      else this.#turns.talkTo(entry);
    };
    entry.watchers.add(settle);
  }

  /** Tells of every change of this call, until it is off the board. */
  watch(callId: string, changed: () => void): void {
    this.#list.find(callId)?.watchers.add(changed);
  }

  /** Places the call again to the desk phone, in the place of the one that rings or rang. */
  ringDeskPhone(callId: string): void {
    const entry = this.#list.find(callId);
    if (!entry?.target || !entry.runner.view().offerDeskPhone) return;
    const { runner, target, media } = entry;
    // Answered in the very moment of the click: they talk already.
    if (runner.live && runner.phase !== 'dialing') return;
    const first = this.#list.lives.find((other) => other !== entry);
    if (first && (!first.runner.answered || (!runner.live && this.full))) return;
    const replaces = runner.live ? runner.hubCallId : undefined;
    entry.hidden = true;
    const next = this.#place({ to: target, media, way: 'desk', ...(replaces ? { replaces } : {}) });
    next.watchers.add(() => {
      // Refused, and the old call still rings: back to it.
      if (next.runner.phase !== 'ended' || !runner.live || next.runner.hubCallId) return;
      entry.hidden = false;
      this.#options.refused(next.runner.end?.code ?? 'PBX_UNAVAILABLE');
      next.hidden = true;
    });
    this.#turns.giveWay(next, first);
  }

  /** Ends every call with one reason and forgets those that nobody was in. */
  endAll(end: CallEnd): void {
    for (const { runner } of this.#list.all) {
      const wasRinging = runner.phase === 'ringing';
      runner.hangUp(end);
      if (wasRinging) this.#list.remove(runner.callId);
    }
  }

  clear(): void {
    this.endAll({ reason: 'left' });
    for (const { runner } of this.#list.all) this.#list.remove(runner.callId);
  }

  #place(order: DialOrder, hidden = false): Entry {
    const { dial, peerOf } = this.#options;
    const { to: target, media } = order;
    const entry = this.#list.add(
      { callId: this.#nextId(), direction: 'out', peer: peerOf(target), media, dial: () => dial(order) },
      { target, media, hidden },
    );
    entry.runner.place();
    return entry;
  }

  /** A name of this tab: the hub's is not known yet, and a call's name must not change while it is shown. */
  #nextId(): string {
    return `call-${++this.#placed}-${Math.random().toString(36).slice(2, 10)}`;
  }
}
