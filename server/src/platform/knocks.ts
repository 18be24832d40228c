// Counts requests of whoever is not known, by network, before a framework sees them. In memory and without timers: what
// a flood meets first must cost next to nothing.

export interface Knocks {
  /** Counts one; the time to wait in milliseconds where it was one too many, else undefined. */
  take(network: string): number | undefined;
  /** It was somebody who is signed in: not counted after all. */
  forgive(network: string): void;
}

export interface KnockBounds {
  /** So many a minute of one network, and of all together. */
  readonly network: number;
  readonly hub: number;
}

const WINDOW_MS = 60_000;
/** Whoever knocks as seldom as that has as much again for them alone: a page with all of its files, a few times. */
const SELDOM = 100;

export function createKnocks({ network: perNetwork, hub }: KnockBounds, now: () => number): Knocks {
  let counts = new Map<string, number>();
  let inAll = 0;
  let endsAtMs = 0;

  function turn(nowMs: number): void {
    if (nowMs < endsAtMs) return;
    counts = new Map();
    inAll = 0;
    endsAtMs = nowMs + WINDOW_MS;
  }

  return {
    take(network) {
      const nowMs = now();
      turn(nowMs);
      const count = counts.get(network) ?? 0;
      const most = count < SELDOM ? 2 * hub : hub;
      if (count >= perNetwork || inAll >= most) return endsAtMs - nowMs;
      counts.set(network, count + 1);
      inAll += 1;
      return undefined;
    },
    forgive(network) {
      const count = counts.get(network) ?? 0;
      if (count === 0) return;
      counts.set(network, count - 1);
      inAll -= 1;
    },
  };
}
