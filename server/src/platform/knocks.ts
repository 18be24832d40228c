// Counts requests of whoever is not known, by network, before a framework sees them. In memory and without timers: what
// a flood meets first must cost next to nothing.

/** What is counted in all for itself, so that who floods one keeps nobody from the others. */
export type Errand = 'file' | 'entry' | 'other';

export interface Knocks {
  /** Counts one; the time to wait in milliseconds where it was one too many, else undefined. */
  take(network: string, errand?: Errand): number | undefined;
  /** It was somebody who is signed in: not counted after all, and from now on the network is known. */
  forgive(network: string, errand?: Errand): void;
  /** Somebody there is signed in: strangers of other networks, however many, keep it from nothing. */
  know(network: string): void;
}

export interface KnockBounds {
  /** So many a minute of one network, and of all together for each errand. */
  readonly network: number;
  readonly hub: number;
}

const WINDOW_MS = 60_000;
/** Whoever knocks as seldom as that has as much again for them alone: a page with all of its files, a few times. */
const SELDOM = 100;
/** Of known networks those are kept that were seen last. */
const KNOWN = 10_000;

export function createKnocks({ network: perNetwork, hub }: KnockBounds, now: () => number): Knocks {
  let counts = new Map<string, number>();
  let inAll = noneYet();
  let endsAtMs = 0;
  /** In the order in which they were seen. */
  const known = new Set<string>();

  function turn(nowMs: number): void {
    if (nowMs < endsAtMs) return;
    counts = new Map();
    inAll = noneYet();
    endsAtMs = nowMs + WINDOW_MS;
  }

  function know(network: string): void {
    known.delete(network);
    known.add(network);
    const [oldest] = known;
    if (known.size > KNOWN && oldest !== undefined) known.delete(oldest);
  }

  return {
    take(network, errand = 'other') {
      const nowMs = now();
      turn(nowMs);
      const count = counts.get(network) ?? 0;
      const isKnown = known.has(network);
      const most = count < SELDOM ? 2 * hub : hub;
      if (count >= perNetwork || (!isKnown && inAll[errand] >= most)) return endsAtMs - nowMs;
      counts.set(network, count + 1);
      if (!isKnown) inAll[errand] += 1;
      return undefined;
    },
    forgive(network, errand = 'other') {
      const count = counts.get(network) ?? 0;
      if (count > 0) counts.set(network, count - 1);
      if (count > 0 && !known.has(network)) inAll[errand] -= 1;
      know(network);
    },
    know,
  };
}

const noneYet = (): Record<Errand, number> => ({ file: 0, entry: 0, other: 0 });
