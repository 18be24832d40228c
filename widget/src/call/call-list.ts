// The calls of this tab in the order in which they began, from the first intent until they are off the screen. Knows
// how long each stays in sight and when a desk phone is offered; decides nothing about who is talked to.
import type { MediaKind } from '@ringtag/server/protocol';
import { OFFER_DESK_PHONE_MS } from '@ringtag/server/protocol/limits';
import type { Clock } from './clock.ts';
import type { LocalMedia } from './media.ts';
import type { CallView, PhoneTarget } from './phone.ts';
import { CallRunner } from './runner.ts';
import type { RunnerOptions } from './runner-options.ts';
import { shareMicrophone } from './shared-media.ts';

/** An ended call stays on the screen this long; one that ended in an error or with a message, until it is taken off. */
export const ENDED_SHOWN_MS = 6_000;

export interface CallListOptions {
  readonly clock: Clock;
  readonly localMedia: LocalMedia;
  /** Whether a telephone of theirs could ring now. */
  readonly hasTelephone: (personId: string) => Promise<boolean>;
  /** After every change of any call. */
  readonly changed: () => void;
}

export interface Entry {
  readonly runner: CallRunner;
  /** Outgoing calls: whom, to try again another way. */
  readonly target?: PhoneTarget;
  readonly media: MediaKind;
  /** Not shown: another call stands for it. */
  hidden: boolean;
  /** It is being joined to the other call of this device: if it ends now, that is how. */
  joining: boolean;
  /** It comes over from another device: whether it will wait here, too. */
  waits?: boolean | undefined;
  cancelTimer: () => void;
  /** Told of every change of this call. */
  readonly watchers: Set<() => void>;
}

export class CallList {
  readonly #options: CallListOptions;
  readonly #localMedia: LocalMedia;
  #entries: readonly Entry[] = [];

  constructor(options: CallListOptions) {
    this.#options = options;
    this.#localMedia = shareMicrophone(options.localMedia, () =>
      this.lives.map(({ runner: { local } }) => local),
    );
  }

  get views(): readonly CallView[] {
    return this.#entries.filter((entry) => !entry.hidden).map((entry) => entry.runner.view());
  }

  get all(): readonly Entry[] {
    return this.#entries;
  }

  /** Those that occupy this device: neither only ringing here nor over. */
  get lives(): readonly Entry[] {
    return this.#entries.filter(({ runner }) => runner.live && runner.phase !== 'ringing');
  }

  get ringing(): Entry | undefined {
    return this.#entries.find(({ runner, hidden }) => runner.phase === 'ringing' && !hidden);
  }

  /** By its name here or the hub's. */
  find(callId: string): Entry | undefined {
    return (
      this.#entries.find(({ runner }) => runner.callId === callId) ??
      this.#entries.find(({ runner }) => runner.hubCallId === callId)
    );
  }

  add(
    options: Omit<RunnerOptions, 'localMedia' | 'clock' | 'changed'>,
    rest: Pick<Entry, 'target' | 'media' | 'waits'> & { readonly hidden?: boolean },
  ): Entry {
    const runner = new CallRunner({
      ...options,
      clock: this.#options.clock,
      localMedia: this.#localMedia,
      changed: () => this.#follow(entry),
    });
    const entry: Entry = {
      ...{ hidden: false, joining: false, ...rest },
      ...{ runner, cancelTimer: () => {}, watchers: new Set() },
    };
    // One ended call is kept in sight, and only until the next one.
    if (options.direction === 'out') {
      for (const { runner: old } of this.#entries) if (old.phase === 'ended') this.remove(old.callId);
    }
    this.#entries = [...this.#entries, entry];
    return entry;
  }

  remove(callId: string): void {
    const gone = this.#entries.find((entry) => entry.runner.callId === callId);
    if (!gone) return;
    gone.cancelTimer();
    this.#entries = this.#entries.filter((entry) => entry !== gone);
    this.#options.changed();
  }

  #follow(entry: Entry): void {
    if (this.#entries.includes(entry)) {
      const entered = entry.runner.enteredPhase();
      for (const tell of [...entry.watchers]) tell();
      if (entered) this.#entered(entry);
    }
    this.#options.changed();
  }

  #entered(entry: Entry): void {
    entry.cancelTimer();
    if (entry.runner.phase === 'ended') this.#ended(entry);
    else if (entry.runner.phase === 'dialing') {
      entry.cancelTimer = this.#options.clock.after(
        OFFER_DESK_PHONE_MS,
        () => void this.#offerDeskPhone(entry),
      );
    }
  }

  #ended(entry: Entry): void {
    const { callId, end, moving } = entry.runner;
    const reason = moving && end?.reason === 'hangup' ? 'moved' : end?.reason;
    // What goes on elsewhere is shown as that.
    if (reason === 'replaced' || reason === 'moved' || entry.hidden) {
      this.remove(callId);
      return;
    }
    if (reason === 'unreachable' || reason === 'no-answer') void this.#offerDeskPhone(entry);
    // What the other side wrote waits to be read.
    if (reason !== 'error' && !end?.message)
      entry.cancelTimer = this.#options.clock.after(ENDED_SHOWN_MS, () => this.remove(callId));
  }

  async #offerDeskPhone(entry: Entry): Promise<void> {
    const { runner, target, hidden } = entry;
    if (!target || !('personId' in target) || hidden || runner.via === 'pbx') return;
    const { phase } = runner;
    if (!(await this.#options.hasTelephone(target.personId)) || runner.phase !== phase) return;
    runner.change({ offerDeskPhone: true });
    // A call that is over and still offers something waits for the person.
    entry.cancelTimer();
  }
}
