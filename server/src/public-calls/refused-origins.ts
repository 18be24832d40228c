// Pages that asked for a destination which does not list them: for whoever administers it, who may have forgotten one.
// In memory, for a day, and few: strangers write this list, and must fill neither memory nor the page that shows it.
import type { Clock } from '../platform/clock.ts';
import { webOrigin } from '../platform/cross-origin.ts';
import type { Destinations } from './ports.ts';

/** Whoever asked, as far as is known. */
export interface ForeignAsk {
  readonly origin: string | undefined;
  readonly destinationId: string | undefined;
  readonly network: string | undefined;
}

export interface RefusedOrigin {
  /** As browsers write it. */
  readonly origin: string;
  readonly destinationId: string;
  /** Requests that were refused. */
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

export interface RefusedOriginList {
  /** Those whose destination does not list them meanwhile; who first came last is first. */
  readonly origins: readonly RefusedOrigin[];
  /** Requests of others, for which there was no room. */
  readonly others: number;
}

export interface RefusedOrigins {
  note(ask: ForeignAsk): void;
  list(): RefusedOriginList;
}

export interface RefusedOriginsOptions {
  readonly destinations: Pick<Destinations, 'byId'>;
  readonly clock: Clock;
}

/** Shown at most. */
const KEPT = 20;
/** Of one network: it takes several to push anybody's out. */
const OF_NETWORK = 5;
const KEPT_MS = 24 * 3_600_000;

interface Kept extends RefusedOrigin {
  readonly network: string;
}

export function createRefusedOrigins({ destinations, clock }: RefusedOriginsOptions): RefusedOrigins {
  const kept = new Map<string, Kept>();
  let others = 0;
  let othersSinceMs = clock.now();

  const isListed = ({ origin, destinationId }: Pick<RefusedOrigin, 'origin' | 'destinationId'>) =>
    destinations.byId(destinationId)?.origins.includes(origin) ?? true;

  function forgetOld(): void {
    const beforeMs = clock.now() - KEPT_MS;
    for (const [key, each] of kept) if (each.lastAtMs < beforeMs || isListed(each)) kept.delete(key);
    if (othersSinceMs >= beforeMs) return;
    others = 0;
    othersSinceMs = clock.now();
  }

  /** Room for one of the network; what came least often, and longest ago, goes. */
  function makeRoom(network: string): boolean {
    const all = [...kept];
    if (all.filter(([, each]) => each.network === network).length >= OF_NETWORK) return false;
    if (all.length < KEPT) return true;
    const [least] = all.sort(([, a], [, b]) => a.count - b.count || a.lastAtMs - b.lastAtMs);
    if (!least) return true;
    kept.delete(least[0]);
    others += least[1].count;
    return true;
  }

  return {
    note({ origin: sent, destinationId = '', network = '' }) {
      const origin = sent === undefined ? undefined : webOrigin(sent);
      if (origin === undefined || isListed({ origin, destinationId })) return;
      forgetOld();
      const key = `${destinationId} ${origin}`;
      const before = kept.get(key);
      const lastAtMs = clock.now();
      if (before) kept.set(key, { ...before, count: before.count + 1, lastAtMs });
      else if (makeRoom(network)) {
        kept.set(key, { origin, destinationId, network, count: 1, firstAtMs: lastAtMs, lastAtMs });
      } else others += 1;
    },
    list() {
      forgetOld();
      const origins = [...kept.values()].map(({ network: _, ...shown }) => shown);
      // By their first coming: a page that asks again and again does not move under a finger.
      return { origins: origins.sort((a, b) => b.firstAtMs - a.firstAtMs), others };
    },
  };
}
