// The calls of this tab: at most one live, any that ring, and the last ended one for a while. Turns commands of the
// person into calls, and calls into what is shown and heard. Knows neither rooms nor SIP.
import type { MediaKind, Peer } from '@ringtag/server/protocol';
import { OFFER_DESK_PHONE_MS } from '@ringtag/server/protocol/limits';
import type { IncomingCall } from './call.ts';
import type { Clock } from './clock.ts';
import type { Result } from './errors.ts';
import type { CallEnd } from './machine.ts';
import type { LocalMedia } from './media.ts';
import type { CallView, PhoneErrorCode, PhoneTarget } from './phone.ts';
import { CallRunner, type Dialed } from './runner.ts';

/** An ended call stays on the screen this long; one that ended in an error, until it is taken off. */
export const ENDED_SHOWN_MS = 6_000;

export interface DialOrder {
  readonly to: PhoneTarget;
  readonly media: MediaKind;
  readonly way: 'auto' | 'desk';
  /** The hub's name of a ringing call of ours that this one takes the place of. */
  readonly replaces?: string;
}

export interface BoardOptions {
  readonly clock: Clock;
  readonly localMedia: LocalMedia;
  readonly dial: (order: DialOrder) => Promise<Result<Dialed>>;
  readonly peerOf: (target: PhoneTarget) => Peer;
  /** Whether a telephone of theirs could ring now. */
  readonly hasTelephone: (personId: string) => Promise<boolean>;
  /** Settles when the hub has heard of every end so far, or soon. */
  readonly toldEnds: () => Promise<void>;
  /** After every change of any call. */
  readonly changed: () => void;
  /** A refusal that belongs on no call. */
  readonly refused: (code: PhoneErrorCode) => void;
}

interface Entry {
  readonly runner: CallRunner;
  /** Outgoing calls: whom, to try again another way. */
  readonly target?: PhoneTarget;
  readonly media: MediaKind;
  /** Not shown while the call that takes its place is being placed. */
  hidden: boolean;
  cancelTimer: () => void;
}

export class CallBoard {
  readonly #options: BoardOptions;
  #entries: Entry[] = [];
  #placed = 0;

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  get views(): readonly CallView[] {
    return this.#entries.filter((entry) => !entry.hidden).map((entry) => entry.runner.view());
  }

  /** The call this device is in or is making. */
  get live(): CallRunner | undefined {
    return this.#entries.find((entry) => inCall(entry.runner))?.runner;
  }

  /** The incoming call that rings and may be heard: none while the person talks. */
  get ringing(): CallRunner | undefined {
    return this.live ? undefined : this.#entries.find((entry) => entry.runner.phase === 'ringing')?.runner;
  }

  find(callId: string): CallRunner | undefined {
    return this.#entry(callId)?.runner;
  }

  call(target: PhoneTarget, media: MediaKind): void {
    if (this.live) this.#options.refused('ALREADY_IN_CALL');
    else this.#place({ to: target, media, way: 'auto' });
  }

  incoming(call: IncomingCall): CallRunner {
    const { callId, peer, media, leg } = call;
    const runner = this.#add({ callId, direction: 'in', peer, media, leg }, { media });
    runner.ring();
    return runner;
  }

  async answer(callId: string, media: MediaKind | undefined): Promise<void> {
    const entry = this.#entry(callId);
    if (!entry) return;
    const live = this.live;
    if (live && live !== entry.runner) {
      // The hub lets a device be in one call: the old one must be over there before the new one is taken.
      live.hangUp();
      await this.#options.toldEnds();
    }
    entry.runner.answer(media ?? entry.media);
  }

  hangUp(callId: string): void {
    const runner = this.find(callId);
    if (runner?.phase === 'ringing') runner.decline();
    else runner?.hangUp();
  }

  dismiss(callId: string): void {
    if (this.find(callId)?.phase === 'ended') this.#remove(callId);
  }

  /** Places the call again to the desk phone, in the place of the one that rings or rang. */
  ringDeskPhone(callId: string): void {
    const entry = this.#entry(callId);
    if (!entry?.target || !entry.runner.view().offerDeskPhone) return;
    const { runner, target, media } = entry;
    // Answered in the very moment of the click: they talk already.
    if (this.live && (this.live !== runner || runner.phase !== 'dialing')) return;
    const replaces = runner.phase === 'dialing' ? runner.hubCallId : undefined;
    entry.hidden = true;
    const next = this.#place({ to: target, media, way: 'desk', ...(replaces ? { replaces } : {}) });
    next.onEnd = () => {
      // Refused, and the old call still rings: back to it.
      if (!runner.live || next.hubCallId) return;
      entry.hidden = false;
      this.#options.refused(next.end?.code ?? 'PBX_UNAVAILABLE');
      this.#remove(next.callId);
    };
  }

  /** Ends every call with one reason and forgets those that nobody was in. */
  endAll(end: CallEnd): void {
    for (const { runner } of [...this.#entries]) {
      const wasRinging = runner.phase === 'ringing';
      runner.hangUp(end);
      if (wasRinging) this.#remove(runner.callId);
    }
  }

  clear(): void {
    this.endAll({ reason: 'left' });
    for (const { runner } of [...this.#entries]) this.#remove(runner.callId);
  }

  #place(order: DialOrder): CallRunner {
    const { dial, peerOf } = this.#options;
    const { to: target, media } = order;
    // A name of this tab: the hub's is not known yet, and a call's name must not change while it is shown.
    const callId = `call-${++this.#placed}-${Math.random().toString(36).slice(2, 10)}`;
    const runner = this.#add(
      { callId, direction: 'out', peer: peerOf(target), media, dial: () => dial(order) },
      { target, media },
    );
    runner.place();
    return runner;
  }

  #add(
    options: Omit<ConstructorParameters<typeof CallRunner>[0], 'localMedia' | 'clock' | 'changed'>,
    rest: Pick<Entry, 'target' | 'media'>,
  ): CallRunner {
    const { clock, localMedia } = this.#options;
    const runner = new CallRunner({
      ...options,
      clock,
      localMedia,
      changed: (changed) => this.#follow(changed),
    });
    // One ended call is kept in sight, and only until the next one.
    if (options.direction === 'out') {
      for (const { runner: old } of [...this.#entries]) if (old.phase === 'ended') this.#remove(old.callId);
    }
    this.#entries.push({ ...rest, runner, hidden: false, cancelTimer: () => {} });
    return runner;
  }

  #follow(runner: CallRunner): void {
    const entry = this.#entries.find((candidate) => candidate.runner === runner);
    if (entry && runner.enteredPhase()) this.#entered(entry);
    this.#options.changed();
  }

  #entered(entry: Entry): void {
    const { runner } = entry;
    entry.cancelTimer();
    if (runner.phase === 'dialing') {
      entry.cancelTimer = this.#options.clock.after(
        OFFER_DESK_PHONE_MS,
        () => void this.#offerDeskPhone(entry),
      );
    } else if (runner.phase === 'ended') this.#ended(entry);
  }

  #ended(entry: Entry): void {
    const { runner } = entry;
    const reason = runner.end?.reason;
    runner.onEnd();
    if (reason === 'replaced' || entry.hidden) {
      this.#remove(runner.callId);
      return;
    }
    if (reason === 'unreachable' || reason === 'no-answer') void this.#offerDeskPhone(entry);
    if (reason !== 'error')
      entry.cancelTimer = this.#options.clock.after(ENDED_SHOWN_MS, () => this.#remove(runner.callId));
  }

  async #offerDeskPhone(entry: Entry): Promise<void> {
    const { runner, target } = entry;
    if (!target || !('personId' in target) || runner.direction === 'in' || runner.via === 'pbx') return;
    const { phase } = runner;
    if (!(await this.#options.hasTelephone(target.personId)) || runner.phase !== phase) return;
    runner.offerDeskPhone();
    // A call that is over and still offers something waits for the person.
    entry.cancelTimer();
  }

  #entry(callId: string): Entry | undefined {
    return this.#entries.find((entry) => entry.runner.callId === callId);
  }

  #remove(callId: string): void {
    this.#entry(callId)?.cancelTimer();
    this.#entries = this.#entries.filter((entry) => entry.runner.callId !== callId);
    this.#options.changed();
  }
}

/** Occupies this device: neither only ringing here nor over. */
function inCall(runner: CallRunner): boolean {
  return runner.live && runner.phase !== 'ringing';
}
