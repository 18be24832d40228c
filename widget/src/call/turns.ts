// Who is talked to and who waits, of the two calls of a device. A call that was put on hold for another one's sake is
// talked to again only if nothing came of that one; whatever the person has set by hand stays as it is.
import type { Entry } from './call-list.ts';
import type { CallRunner } from './runner.ts';

export class Turns {
  readonly #lives: () => readonly Entry[];
  /** On hold for another call's sake only. */
  readonly #waiting = new Set<CallRunner>();

  constructor(lives: () => readonly Entry[]) {
    this.#lives = lives;
  }

  /**
   * `first`, if there is one, waits while the person turns to `second`. It is back as it was when `second` ends
   * without having been talked to, or however it ends where it is only a `question` asked on the way.
   */
  giveWay(second: Entry, first: Entry | undefined, question = false): void {
    if (!first?.runner.answered) return;
    const { runner } = first;
    if (!runner.held) {
      runner.setHeld(true);
      this.#waiting.add(runner);
    }
    let talked = false;
    second.watchers.add(() => {
      const { phase, end } = second.runner;
      talked ||= phase === 'active';
      if (phase !== 'ended' || (talked && !question)) return;
      if (second.joining || end?.reason === 'transferred') return;
      if (this.#others(first).length === 0 && this.#waiting.delete(runner)) runner.setHeld(false);
    });
  }

  hold({ runner }: Entry): void {
    this.#waiting.clear();
    runner.setHeld(true);
  }

  /** Turns to this call; the other one waits, or is called off where nobody has answered it. */
  talkTo(entry: Entry): void {
    const [other] = this.#others(entry);
    const { runner } = entry;
    if (!runner.answered) return;
    this.#waiting.clear();
    if (other && !other.runner.answered) other.runner.hangUp();
    else if (other && !other.runner.held) {
      this.#exchange(entry, other.runner);
      return;
    }
    runner.setHeld(false);
  }

  #exchange(entry: Entry, left: CallRunner): void {
    const { runner: wanted, watchers } = entry;
    left.setHeld(true);
    this.#waiting.add(left);
    wanted.setHeld(false);
    const watch = () => {
      if (!this.#waiting.has(left)) watchers.delete(watch);
      // It could not be resumed: back to the one that was left for it.
      else if (wanted.held && this.#waiting.delete(left)) left.setHeld(false);
    };
    watchers.add(watch);
    watch();
  }

  #others(entry: Entry): readonly Entry[] {
    return this.#lives().filter((other) => other !== entry && !other.hidden);
  }
}
