// To whom a visit is shown: the people whom its destinations ring, and who has it otherwise, because a colleague passed
// it on to them (P9). Whoever gives it up is shown that once, so that nobody's list keeps it as theirs.
import type { PersonRecord } from '../people/person.ts';
import type { PeopleStore } from '../storage/port.ts';
import type { Answerers } from './answerers.ts';
import { destinationsOf, isLive, type VisitRecord } from './visit.ts';

export interface AudienceOptions {
  readonly answerers: Pick<Answerers, 'of'>;
  readonly people: Pick<PeopleStore, 'byIds'>;
}

export interface Audience {
  /** To be asked each time that the visit is shown. */
  of(record: VisitRecord): Promise<PersonRecord[]>;
}

export function createAudience({ answerers, people }: AudienceOptions): Audience {
  /** Who had each live visit when it was shown last. */
  const had = new Map<string, string>();
  return {
    async of(record) {
      const rung = await answerers.of(destinationsOf(record));
      const [before, now] = [had.get(record.id), record.agent?.personId];
      if (now === undefined || !isLive(record)) had.delete(record.id);
      else had.set(record.id, now);
      const others = new Set([before, now].filter((id) => id !== undefined));
      for (const { id } of rung) others.delete(id);
      return others.size === 0 ? rung : [...rung, ...(await people.byIds([...others]))];
    },
  };
}
