// People in MongoDB, and how they are found. Accounts are documents of their own: two unique indexes on one insert
// decide who was first.
import { foldNumber } from '../../people/fold.ts';
import { withAvailability } from '../person-sources.ts';
import type { PeopleStore } from '../port.ts';
import { createAccounts } from './accounts.ts';
import { type Collections, unlessThere } from './collections.ts';
import { createExtensions } from './extensions.ts';
import { createPeopleWriter, type PeopleWriterOptions } from './people-writer.ts';

export function createPeopleStore(all: Collections, options: PeopleWriterOptions): PeopleStore {
  const { people, origins } = all;
  const writer = createPeopleWriter(people, options);
  const originKey = (personId: string, origin: string) => JSON.stringify([personId, origin]);
  const find = async (filter: object, limit = 0) => {
    const docs = await people
      .find(filter, { projection: { record: 1 } })
      .sort({ foldedName: 1, _id: 1 })
      .limit(limit)
      .toArray();
    return docs.map(({ record }) => record);
  };

  return {
    ...createAccounts(all, writer),
    ...createExtensions(all, { ...options, writer }),
    byIds: (ids) => find({ _id: { $in: [...ids] } }),
    byEmails: (emails) => find({ email: { $in: emails.map((email) => email.toLowerCase()) } }),
    byNumbers: (numbers) => find({ numbers: { $in: numbers.map(foldNumber) } }),
    byFoldedNames: (names) => find({ foldedName: { $in: [...names] } }),
    withExtensions: () => find({ hasPhone: true }),
    setAvailability: (personId, change) =>
      writer.change(personId, (before) => withAvailability(before, change)),
    undisturbed: () => find({ 'record.doNotDisturb': { $exists: true } }),
    async search(foldedTerms, limit) {
      if (foldedTerms.length === 0 || limit < 1) return [];
      const byName = await find(everyTerm('nameWords', foldedTerms), limit);
      if (byName.length === limit) return byName;
      // Those found by name fit here too, hence the larger limit.
      const anywhere = await find(everyTerm('words', foldedTerms), limit + byName.length);
      const known = new Set(byName.map(({ id }) => id));
      return [...byName, ...anywhere.filter(({ id }) => !known.has(id))].slice(0, limit);
    },
    async colleagues({ id, unit }, limit) {
      const ofUnit = (filter: string | undefined | object, most: number) =>
        most < 1 ? [] : find({ 'record.unit': filter, _id: { $ne: id } }, most);
      const near = unit === undefined ? [] : await ofUnit(unit, limit);
      return [...near, ...(await ofUnit({ $ne: unit ?? '' }, limit - near.length))];
    },
    async knowsOrigin(personId, origin) {
      return (await origins.findOne({ _id: originKey(personId, origin) })) !== null;
    },
    async rememberOrigin(personId, origin) {
      await unlessThere(origins.insertOne({ _id: originKey(personId, origin) }));
    },
  };
}

/** Every term begins some word. An anchored expression without options is answered from the index. */
function everyTerm(field: 'nameWords' | 'words', terms: readonly string[]): object {
  return { $and: terms.map((term) => ({ [field]: { $regex: `^${escapeExpression(term)}` } })) };
}

function escapeExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
