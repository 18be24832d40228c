// What is kept of destinations: those that administrators made, and which one is open or closed by hand, wherever it
// was defined. Those of the operator's file are in the file.
import type { Destination, OpeningChange } from '@ringtag/server/protocol';

export type Opening = OpeningChange['opening'];

export interface DestinationStore {
  /** By id. */
  all(): Promise<Destination[]>;
  /** Makes it, or puts it in place of the one with its id. */
  put(destination: Destination): Promise<void>;
  /** False where there is none. What was set by hand is forgotten with it. */
  remove(id: string): Promise<boolean>;
  /** What was set by hand, by id; those that follow their hours are left out. */
  openings(): Promise<ReadonlyMap<string, Opening>>;
  setOpening(id: string, opening: Opening): Promise<void>;
}
