// Who has connected and not yet shown a token: so many at a time from one network and in all, the oldest go first, since
// honest ones are through in a moment; and how often a network may be refused in a minute.

export interface StrangerQuotas {
  /** Connections of one network that wait at the door; default 100. */
  readonly pendingPerNetwork: number;
  /** Of all networks; default 2000. */
  readonly pending: number;
  /** Refusals that one network is told of in a minute; default 120. */
  readonly refusalsPerNetwork: number;
}

export const DEFAULT_STRANGER_QUOTAS: StrangerQuotas = {
  pendingPerNetwork: 100,
  pending: 2_000,
  refusalsPerNetwork: 120,
};

interface Stranger {
  readonly network: string;
  readonly drop: () => void;
}

const MINUTE_MS = 60_000;

export class Strangers {
  /** In the order of their coming. */
  readonly #waiting = new Map<string, Stranger>();
  readonly #byNetwork = new Map<string, Set<string>>();
  readonly #refusals = new Map<string, number>();
  #minute = 0;
  readonly #quotas: StrangerQuotas;

  constructor(quotas: StrangerQuotas) {
    this.#quotas = quotas;
  }

  /** `key` is unique among those that wait. Drops who has waited longest where it gets too crowded. */
  arrive(key: string, stranger: Stranger): void {
    const own = this.#byNetwork.get(stranger.network) ?? new Set();
    this.#byNetwork.set(stranger.network, own.add(key));
    this.#waiting.set(key, stranger);
    if (own.size > this.#quotas.pendingPerNetwork) this.#dropFirst(own.keys());
    else if (this.#waiting.size > this.#quotas.pending) this.#dropFirst(this.#waiting.keys());
  }

  /** Gone, or no stranger any more. */
  leave(key: string): void {
    const network = this.#waiting.get(key)?.network ?? '';
    const own = this.#byNetwork.get(network);
    this.#waiting.delete(key);
    own?.delete(key);
    if (own?.size === 0) this.#byNetwork.delete(network);
  }

  /** Counts a refusal; whether the network has had so many that it is not even told why. */
  isTiresome(network: string, nowMs: number): boolean {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#refusals.clear();
    }
    const refusals = (this.#refusals.get(network) ?? 0) + 1;
    this.#refusals.set(network, refusals);
    return refusals > this.#quotas.refusalsPerNetwork;
  }

  get count(): number {
    return this.#waiting.size;
  }

  #dropFirst(keys: Iterator<string>): void {
    const key = keys.next().value as string;
    const stranger = this.#waiting.get(key);
    this.leave(key);
    stranger?.drop();
  }
}
