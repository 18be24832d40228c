// Which networks let turns pass (P7): who waits in a queue and then makes no call takes a quarter of a minute from
// everybody behind, and whoever does that on purpose does it again. Kept in memory, for minutes.
import type { Clock } from '../platform/clock.ts';

export interface MissedTurns {
  /** A visitor of this network had their turn and made no call. */
  note(network: string): void;
  /** So often lately that they have no place in a queue where others need them. */
  areMany(network: string): boolean;
}

/** One may be a browser without a microphone. */
const MANY = 2;
const REMEMBERED_MS = 10 * 60_000;

export function createMissedTurns({ now }: Pick<Clock, 'now'>): MissedTurns {
  /** When, oldest first; networks in the order of their last one. */
  const byNetwork = new Map<string, readonly number[]>();

  const recent = (network: string): readonly number[] =>
    (byNetwork.get(network) ?? []).filter((atMs) => now() - atMs < REMEMBERED_MS);

  function forgetOld(): void {
    for (const network of byNetwork.keys()) {
      if (recent(network).length > 0) return;
      byNetwork.delete(network);
    }
  }

  return {
    note(network) {
      forgetOld();
      const turns = [...recent(network), now()].slice(-MANY);
      byNetwork.delete(network);
      byNetwork.set(network, turns);
    },
    areMany: (network) => recent(network).length >= MANY,
  };
}
