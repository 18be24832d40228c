// The directory as a signed-in person sees it: who exists, found by typing, and resolved from what a page shows.
// It guesses nothing: what fits two people fits nobody.
import type { Me, Person, PersonNumber, ResolveItem } from '@ringtag/server/protocol';
import type { PeopleStore } from '../storage/port.ts';
import { foldNumber, foldText, searchTerms } from './fold.ts';
import type { PersonRecord } from './person.ts';

/** Storage does not know who is online, so more are read than are shown. */
const COLLEAGUES_READ = 200;

export interface DirectoryOptions {
  readonly people: Pick<
    PeopleStore,
    'byIds' | 'byEmails' | 'byNumbers' | 'byFoldedNames' | 'search' | 'colleagues'
  >;
  /** Whether any device of the person is connected. */
  readonly isOnline: (personId: string) => boolean;
}

export interface Directory {
  /** People matching every word of `q`, best first, without the one who asks. */
  search(query: { q: string; limit: number; askedBy: string }): Promise<Person[]>;
  /** Whom one may want to call before typing: the own unit first, then the others; who is online first, by name. */
  colleagues(query: { askedBy: Pick<PersonRecord, 'id' | 'unit'>; limit: number }): Promise<Person[]>;
  /** One result per item, in order; `null` where nobody or more than one person fits. */
  resolve(items: readonly ResolveItem[]): Promise<(Person | null)[]>;
  byId(id: string): Promise<PersonRecord | undefined>;
}

/** A stored person as others see them; the personal extension is the first of the numbers. */
export function toPerson(record: PersonRecord, online: boolean): Person {
  const { id, name, email, unit, photoUrl } = record;
  return {
    id,
    name,
    ...(email === undefined ? {} : { email }),
    ...(unit === undefined ? {} : { unit }),
    ...(photoUrl === undefined ? {} : { photoUrl }),
    numbers: allNumbers(record),
    online,
    ...(record.doNotDisturb === undefined ? {} : { doNotDisturb: true }),
  };
}

/** A stored person as told to themself. */
export function toMe(record: PersonRecord, online: boolean): Me {
  const { extension } = record;
  return { ...toPerson(record, online), ...(extension === undefined ? {} : { extension }) };
}

export function createDirectory({ people, isOnline }: DirectoryOptions): Directory {
  const shown = (record: PersonRecord): Person => toPerson(record, isOnline(record.id));

  return {
    async search({ q, limit, askedBy }) {
      const terms = searchTerms(q);
      if (terms.length === 0) return [];
      const found = await people.search(terms, limit + 1);
      return found
        .filter((record) => record.id !== askedBy)
        .slice(0, limit)
        .map(shown);
    },

    async colleagues({ askedBy, limit }) {
      const found = await people.colleagues(askedBy, Math.max(limit, COLLEAGUES_READ));
      const [near, far] = [true, false].map((near) =>
        found.filter(({ unit }) => (unit !== undefined && unit === askedBy.unit) === near).map(shown),
      );
      return [...onlineFirst(near ?? []), ...onlineFirst(far ?? [])].slice(0, limit);
    },

    async resolve(items) {
      const wanted = collect(items);
      const [byId, byEmail, byNumber, byName] = await Promise.all([
        wanted.ids.length > 0 ? people.byIds(wanted.ids) : [],
        wanted.emails.length > 0 ? people.byEmails(wanted.emails) : [],
        wanted.numbers.length > 0 ? people.byNumbers(wanted.numbers) : [],
        wanted.names.length > 0 ? people.byFoldedNames(wanted.names) : [],
      ]);
      return items.map((item) => {
        const only = onlyOne(candidates(item, { byId, byEmail, byNumber, byName }));
        return only ? shown(only) : null;
      });
    },

    async byId(id) {
      const [record] = await people.byIds([id]);
      return record;
    },
  };
}

function onlineFirst(people: readonly Person[]): Person[] {
  return [...people.filter(({ online }) => online), ...people.filter(({ online }) => !online)];
}

interface Found {
  readonly byId: readonly PersonRecord[];
  readonly byEmail: readonly PersonRecord[];
  readonly byNumber: readonly PersonRecord[];
  readonly byName: readonly PersonRecord[];
}

/** The distinct things to look up, one list per kind, so that a batch costs at most four queries. */
function collect(items: readonly ResolveItem[]) {
  const ids = new Set<string>();
  const emails = new Set<string>();
  const numbers = new Set<string>();
  const names = new Set<string>();
  for (const item of items) {
    if ('personId' in item) ids.add(item.personId);
    else if ('email' in item) emails.add(item.email.toLowerCase());
    else if ('number' in item) numbers.add(item.number);
    else names.add(foldText(item.name));
  }
  return { ids: [...ids], emails: [...emails], numbers: [...numbers], names: [...names] };
}

function candidates(item: ResolveItem, found: Found): PersonRecord[] {
  if ('personId' in item) return found.byId.filter(({ id }) => id === item.personId);
  if ('email' in item) return found.byEmail.filter(({ email }) => email === item.email.toLowerCase());
  if ('number' in item) {
    const wanted = foldNumber(item.number);
    return found.byNumber.filter((record) =>
      allNumbers(record).some(({ number }) => foldNumber(number) === wanted),
    );
  }
  const wanted = foldText(item.name);
  return found.byName.filter(({ name }) => foldText(name) === wanted);
}

function onlyOne(records: readonly PersonRecord[]): PersonRecord | undefined {
  return records.length === 1 ? records[0] : undefined;
}

function allNumbers({ extension, numbers }: PersonRecord): PersonNumber[] {
  return extension === undefined ? [...numbers] : [{ kind: 'extension', number: extension }, ...numbers];
}
