// Work in slices of 5 ms or less while the page is idle: a mail with ten thousand links does not freeze it.

const SLICE_MS = 5;

/** Runs the steps of a generator; each `yield` is a point where it may be put aside. */
export class SlicedWork {
  readonly #queue: Iterator<void>[] = [];
  readonly #idle: () => void;
  #scheduled = false;
  #stopped = false;

  /** `idle` is called each time everything queued is done. */
  constructor(idle: () => void) {
    this.#idle = idle;
  }

  add(steps: Iterator<void>): void {
    this.#queue.push(steps);
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.length = 0;
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    if ('requestIdleCallback' in window) requestIdleCallback(() => this.#run(), { timeout: 500 });
    else setTimeout(() => this.#run(), 16);
  }

  #run(): void {
    this.#scheduled = false;
    const until = performance.now() + SLICE_MS;
    while (this.#queue.length > 0) {
      if (this.#queue[0]?.next().done) this.#queue.shift();
      if (performance.now() >= until && this.#queue.length > 0) {
        this.#schedule();
        return;
      }
    }
    if (!this.#stopped) this.#idle();
  }
}
