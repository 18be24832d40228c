// How long one more will wait (P7): from the lengths of this destination's last calls, or nothing where there were none.
import type { VisitStore } from './visit-store.ts';

/** Enough to be steady, few enough to follow the day. */
const CALLS = 20;

export interface Estimates {
  /** Reads what is known of a destination, once. */
  load(destinationId: string): Promise<void>;
  /** An answered call is over. */
  add(destinationId: string, talkedMs: number): void;
  /** For a place in the queue; `parallel`: how many talk at once. Undefined where nothing is known. */
  waitMs(
    destinationId: string,
    place: { readonly ahead: number; readonly parallel: number },
  ): number | undefined;
}

export function createEstimates({ visits }: { readonly visits: Pick<VisitStore, 'talkedMs'> }): Estimates {
  const lengths = new Map<string, number[]>();
  return {
    async load(destinationId) {
      if (lengths.has(destinationId)) return;
      const known = await visits.talkedMs(destinationId, CALLS);
      // Calls that ended while it was read are in it already.
      if (!lengths.has(destinationId)) lengths.set(destinationId, known);
    },
    add(destinationId, talkedMs) {
      const known = lengths.get(destinationId);
      if (known) lengths.set(destinationId, [talkedMs, ...known].slice(0, CALLS));
    },
    waitMs(destinationId, { ahead, parallel }) {
      const typicalMs = median(lengths.get(destinationId) ?? []);
      if (typicalMs === undefined || parallel < 1) return undefined;
      // One of them is over every so often; who is next waits for one end, who is third for three.
      return Math.round((typicalMs * (ahead + 1)) / parallel);
    },
  };
}

/** Of an even count the lower one of the middle. */
function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
