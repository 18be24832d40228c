// How often a network may be told no in a minute: who goes on asking is not even told why.

const MINUTE_MS = 60_000;

export class Refusals {
  readonly #most: number;
  readonly #byNetwork = new Map<string, number>();
  #minute = 0;

  constructor(mostPerMinute: number) {
    this.#most = mostPerMinute;
  }

  /** Counts one more; whether it is one too many. */
  isTooMany(network: string, nowMs: number): boolean {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#byNetwork.clear();
    }
    const refusals = (this.#byNetwork.get(network) ?? 0) + 1;
    this.#byNetwork.set(network, refusals);
    return refusals > this.#most;
  }
}
