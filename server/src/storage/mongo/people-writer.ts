// Writes one person's document, and with it all that they are found by. A change compares the revision it read.
import type { Collection } from 'mongodb';
import type { PersonRecord } from '../../people/person.ts';
import type { Ids } from '../../platform/ids.ts';
import { indexPerson, type PersonSources } from '../person-sources.ts';
import type { PersonDoc } from './collections.ts';
import type { InTurn } from './in-turn.ts';

export interface PeopleWriterOptions {
  readonly ids: Ids;
  readonly inTurn: InTurn;
}

export interface PeopleWriter {
  /** Rejects with the driver's duplicate error where id, seed key or extension are taken. */
  insert(sources: PersonSources): Promise<PersonRecord>;
  /** Applies `edit` to what is stored; undefined where the person is not. */
  change(id: string, edit: (before: PersonSources) => PersonSources): Promise<PersonRecord | undefined>;
}

export function createPeopleWriter(
  people: Collection<PersonDoc>,
  { inTurn }: PeopleWriterOptions,
): PeopleWriter {
  return {
    async insert(sources) {
      const doc = toDoc(sources, 0);
      await people.insertOne(doc);
      return doc.record;
    },
    change: (id, edit) =>
      inTurn(`person ${id}`, async () => {
        for (;;) {
          const before = await people.findOne({ _id: id });
          if (!before) return undefined;
          const { revision } = before;
          const after = toDoc(edit(before.sources), revision + 1);
          // A sign-in that brings nothing new costs no write.
          if (JSON.stringify(after.sources) === JSON.stringify(before.sources)) return before.record;
          const { matchedCount } = await people.replaceOne({ _id: id, revision }, after);
          if (matchedCount === 1) return after.record;
        }
      }),
  };
}

function toDoc(sources: PersonSources, revision: number): PersonDoc {
  const { record, foldedName, nameWords, words, numbers } = indexPerson(sources);
  const { id, extension, email, deskPhone } = record;
  return {
    _id: id,
    revision,
    seedKey: sources.seed === undefined ? `id ${id}` : `seed ${sources.seed.key}`,
    extensionKey: extension === undefined ? `id ${id}` : `extension ${extension}`,
    isSeeded: sources.seed !== undefined,
    hasPhone: extension !== undefined || deskPhone !== undefined,
    email: email ?? null,
    foldedName,
    nameWords,
    words,
    numbers,
    sources,
    record,
  };
}
