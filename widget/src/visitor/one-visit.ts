// One visit at a time in a page: which of its cards has it. The others say so and lead there.
import { createObservable, type Observable } from '../call/state.ts';

/** The card with the visit. */
export interface Occupant {
  /** The operator's words for where it goes. */
  readonly label: string;
  readonly isCall: boolean;
  /** Brings it into sight, and the focus to it. */
  readonly show: () => void;
}

/** Null where no card of the page has a visit. */
export type PageVisit = Observable<Occupant | null>;

export const pageVisit: PageVisit = createObservable<Occupant | null>(null);
