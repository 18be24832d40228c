// The other end of a transfer: this person is sent on to somebody, or somebody is joined to them in another's place.
// One call takes over from the other without a question, with the microphone that is open already.
import type { TransferOrder } from '@ringtag/server/protocol';
import type { DialOrder } from './call.ts';
import type { CallList, Entry } from './call-list.ts';
import type { Clock } from './clock.ts';

/** The hub ends the call that is left; where it cannot know, as of some telephone calls, this device does. */
const LEFT_MS = 3_000;

export interface SentOnOptions {
  readonly list: CallList;
  readonly clock: Clock;
  readonly place: (order: DialOrder, hidden?: boolean) => Entry;
}

export class SentOn {
  readonly #options: SentOnOptions;
  /** Calls placed by order, by the call that they shall take the place of. */
  readonly #placed = new Map<Entry, Entry>();

  constructor(options: SentOnOptions) {
    this.#options = options;
  }

  /** Calls whom the order names; the call in which it came is kept until they answer (SPEC T2, T3). */
  follow({ callId, transferId, target, by, to }: TransferOrder): void {
    const { list, place } = this.#options;
    const first = list.find(callId);
    if (!first?.runner.answered || this.#placed.get(first)?.runner.live) return;
    const order: DialOrder = { to: target, media: first.media, way: 'auto', transfer: transferId };
    const second = place(order, true);
    this.#placed.set(first, second);
    this.#handOver(first, second);
    first.runner.change({ sentTo: { by, to } });
  }

  /** `next` rings in the place of `old`: whoever talks in `old` goes on talking in it (SPEC T4). */
  join(old: Entry, next: Entry): void {
    this.#handOver(old, next);
    next.runner.answer('audio');
    if (old.runner.muted) next.runner.setMuted(true);
    if (old.runner.held) next.runner.setHeld(true);
  }

  /** The person hangs up: they do not want to be sent anywhere either. */
  giveUp(entry: Entry): void {
    const next = this.#placed.get(entry)?.runner;
    if (next && !next.answered) next.hangUp();
  }

  #handOver(old: Entry, next: Entry): void {
    const takesOver = () => {
      next.hidden = false;
      old.hidden = true;
    };
    next.watchers.add(() => {
      const { phase } = next.runner;
      if (phase === 'ended' && next.hidden && old.runner.live) old.runner.change({ sentTo: undefined });
      if (!next.hidden || (phase !== 'active' && phase !== 'held')) return;
      takesOver();
      old.runner.setMuted(true);
      this.#options.clock.after(LEFT_MS, () => old.runner.hangUp({ reason: 'transferred' }));
    });
    old.watchers.add(() => {
      if (old.runner.phase !== 'ended') return;
      this.#placed.delete(old);
      // The one who sent the person on may hang up at once: the other one still rings.
      if (next.hidden && next.runner.live) takesOver();
    });
  }
}
