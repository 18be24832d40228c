// Whom a destination rings: people by e-mail address, each by the one extension that rings all their devices. Whoever
// was seeded but never signed in gets an extension here; an address that nobody has rings nobody.
import type { Destination } from '@ringtag/server/protocol';
import type { PersonRecord } from '../people/person.ts';
import type { PeopleStore } from '../storage/port.ts';

export interface RingTurns {
  /** Extensions that ring: those of one turn together, turn after turn. Empty where nobody can be rung. */
  readonly turns: readonly (readonly string[])[];
  /** In the plan's order; empty where an extension is rung. */
  readonly people: readonly PersonRecord[];
  /** Addresses that nobody has. */
  readonly unknown: readonly string[];
}

export interface DestinationPeople {
  turnsOf(destination: Pick<Destination, 'ring'>): Promise<RingTurns>;
}

export interface DestinationPeopleOptions {
  readonly people: Pick<PeopleStore, 'byEmails' | 'ensureExtension'>;
  /** Where extensions begin. */
  readonly firstExtension: number;
}

export function createDestinationPeople(options: DestinationPeopleOptions): DestinationPeople {
  const { people, firstExtension } = options;
  return {
    async turnsOf({ ring }) {
      if ('extension' in ring) return { turns: [[ring.extension]], people: [], unknown: [] };
      const emails = [...new Set(ring.people.map((email) => email.toLowerCase()))];
      const records = await people.byEmails(emails);
      // Like everywhere: what fits two people fits nobody.
      const found = emails.map((email) => ({ email, who: records.filter((one) => one.email === email) }));
      const rung = found.flatMap(({ who }) => (who.length === 1 ? who : []));
      const extensions: string[] = [];
      for (const { id, extension } of rung) {
        extensions.push(extension ?? (await people.ensureExtension(id, firstExtension)));
      }
      const together = extensions.length > 0 ? [extensions] : [];
      return {
        turns: ring.order === 'in-turn' ? extensions.map((extension) => [extension]) : together,
        people: rung,
        unknown: found.flatMap(({ email, who }) => (who.length === 1 ? [] : [email])),
      };
    },
  };
}
