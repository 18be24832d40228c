// Keeps a destination's queue open for strangers from everywhere (P10): once it is half full, visitors of one
// neighbourhood hold a third of its places at most. Addresses are rented by the neighbourhood, so that a limit by
// network alone costs whoever fills a queue next to nothing; before it is half full nobody is kept out, since offices
// and telephone companies have many people behind few addresses.
import { neighbourhoodOf } from '../platform/client-address.ts';

export interface WaitingRoom {
  /** Networks of those who wait. */
  readonly waiting: readonly string[];
  readonly places: number;
}

const LEAST = 2;

/** Whether the neighbourhood of `network` has all that it may have. */
export function isCrowdedBy(network: string, { waiting, places }: WaitingRoom): boolean {
  if (waiting.length < places / 2) return false;
  const neighbourhood = neighbourhoodOf(network);
  const neighbours = waiting.filter((other) => neighbourhoodOf(other) === neighbourhood).length;
  return neighbours >= Math.max(LEAST, Math.floor(places / 3));
}
