// The seed, and who has which extension: a unique key decides, here only the next candidate is looked for.
import type { SeedPerson } from '../../people/person.ts';
import { extensionTaken, type PersonSources } from '../person-sources.ts';
import type { PeopleStore } from '../port.ts';
import { type Collections, isDuplicate } from './collections.ts';
import type { PeopleWriter, PeopleWriterOptions } from './people-writer.ts';

/** Candidates looked up at once at first; each further look takes four times as many. */
const FIRST_LOOK = 50;

export function createExtensions(
  { people }: Pick<Collections, 'people'>,
  { ids, inTurn, writer }: PeopleWriterOptions & { readonly writer: PeopleWriter },
): Pick<PeopleStore, 'seed' | 'ensureExtension'> {
  async function seedOne(seed: SeedPerson): Promise<void> {
    for (;;) {
      const found = await people.findOne({ seedKey: `seed ${seed.key}` });
      try {
        if (found) await writer.change(found._id, (before) => seeded(before, seed));
        else await writer.insert(seeded({ id: ids.next('u') }, seed));
        return;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        // Another hub may be seeding the same file; then the person is there the next time round.
        await refuseTaken(seed, found?._id);
      }
    }
  }

  async function refuseTaken(seed: SeedPerson, id: string | undefined): Promise<void> {
    const { extension } = seed;
    const holder = extension && (await people.findOne({ extensionKey: `extension ${extension}` }));
    const isOther = holder && holder._id !== id && holder.sources.seed?.key !== seed.key;
    if (isOther) throw extensionTaken(extension, seed.name);
  }

  /** The lowest number from `from` up that nobody has, as any kind of number. */
  async function lowestFree(from: number): Promise<number> {
    let first = from;
    for (let count = FIRST_LOOK; ; count *= 4) {
      const candidates = Array.from({ length: count }, (_, index) => String(first + index));
      const docs = await people
        .find({ numbers: { $in: candidates } }, { projection: { numbers: 1 } })
        .toArray();
      const taken = new Set(docs.flatMap(({ numbers }) => numbers));
      const free = candidates.find((candidate) => !taken.has(candidate));
      if (free !== undefined) return Number(free);
      first += count;
    }
  }

  return {
    async seed(list) {
      for (const person of list) await seedOne(person);
    },
    ensureExtension: (personId, from) =>
      inTurn('extensions', async () => {
        for (;;) {
          const candidate = String(await lowestFree(from));
          try {
            const person = await writer.change(personId, (before) => ({
              ...before,
              extension: before.extension ?? candidate,
            }));
            if (!person) throw new Error('An extension was asked for a person who does not exist');
            return person.extension ?? candidate;
          } catch (error) {
            if (!isDuplicate(error)) throw error;
          }
        }
      }),
  };
}

function seeded(before: PersonSources, seed: SeedPerson): PersonSources {
  const extension = before.extension ?? seed.extension;
  return { ...before, seed, ...(extension === undefined ? {} : { extension }) };
}
