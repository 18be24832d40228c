// What to dial where an INVITE takes the place of a dialog (RFC 3891): its number only has to exist.
import type { PersonRecord } from '../people/person.ts';
import type { PeopleStore } from '../storage/port.ts';

/** A service number of the exchange: which call it is, the header says. */
const ANY_DIAL = '600';

export interface FoundDial {
  readonly dial: string;
  /** The one person whose number it is. */
  readonly person?: PersonRecord;
}

/** The extension of the person with this number, or else a number that is always there. */
export async function findDial(
  people: Pick<PeopleStore, 'byNumbers'>,
  number: string | undefined,
): Promise<FoundDial> {
  const [person, another] = number === undefined ? [] : await people.byNumbers([number]);
  if (person?.extension === undefined || another) return { dial: ANY_DIAL };
  return { dial: person.extension, person };
}
