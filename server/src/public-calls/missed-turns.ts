// Which networks let turns pass, and where (P7): who waits in a queue and then makes no call takes a quarter of a minute
// from everybody behind, and whoever does that on purpose does it again. Kept in memory, for minutes.
import type { Destination } from '@ringtag/server/protocol';
import { neighbourhoodOf } from '../platform/client-address.ts';
import type { Clock } from '../platform/clock.ts';

/** As much of a destination as matters here. */
export type Squatted = Pick<Destination, 'id' | 'capacity'>;

export interface MissedTurns {
  /** A visitor of this network had their turn there and made no call. */
  note(turn: { readonly network: string; readonly destinationId: string }): void;
  /** So many pass there that each has to be short and nobody has a second one; `late`: those that seem about to. */
  areUsualAt(destination: Squatted, late?: number): boolean;
  /** The network has no place there in a queue where others need them. */
  keepOut(network: string, destination: Squatted): boolean;
}

/** One may be a browser without a microphone. */
const MANY = 2;
/** Where they are usual: of neighbours, whose addresses are rented together. */
const MANY_NEAR = 3;
const REMEMBERED_MS = 10 * 60_000;
/** As many as its calls at a time, which is a quarter of all turns that can pass in a minute; of a small one more. */
const USUAL_LEAST = 3;
const USUAL_WITHIN_MS = 60_000;

export function createMissedTurns({ now }: Pick<Clock, 'now'>): MissedTurns {
  const byNetwork = createTimes(now, { keptMs: REMEMBERED_MS, most: MANY });
  const byNeighbourhood = createTimes(now, { keptMs: REMEMBERED_MS, most: MANY_NEAR });
  const byDestination = createTimes(now, { keptMs: USUAL_WITHIN_MS, most: Number.POSITIVE_INFINITY });

  const areUsualAt = ({ id, capacity }: Squatted, late = 0): boolean =>
    byDestination.count(id) + late >= Math.max(USUAL_LEAST, capacity);

  return {
    note({ network, destinationId }) {
      byNetwork.add(network);
      byNeighbourhood.add(neighbourhoodOf(network));
      byDestination.add(destinationId);
    },
    areUsualAt,
    keepOut(network, destination) {
      const missed = byNetwork.count(network);
      if (missed >= MANY) return true;
      const near = byNeighbourhood.count(neighbourhoodOf(network));
      return (missed > 0 || near >= MANY_NEAR) && areUsualAt(destination);
    },
  };
}

/** When something happened, by key: the last `most` times, for so long. */
function createTimes(now: () => number, { keptMs, most }: { keptMs: number; most: number }) {
  /** Oldest first; keys in the order of their last one. */
  const byKey = new Map<string, readonly number[]>();
  const recent = (key: string) => (byKey.get(key) ?? []).filter((atMs) => now() - atMs < keptMs);

  function forgetOld(): void {
    for (const key of byKey.keys()) {
      if (recent(key).length > 0) return;
      byKey.delete(key);
    }
  }

  return {
    add(key: string): void {
      forgetOld();
      const times = [...recent(key), now()].slice(-most);
      byKey.delete(key);
      byKey.set(key, times);
    },
    count: (key: string): number => recent(key).length,
  };
}
