// People in SQLite: their sources, the accounts that lead to them, and the words and numbers they are found by.

import { foldNumber } from '../../people/fold.ts';
import type { PersonRecord, ProviderProfile, SeedPerson } from '../../people/person.ts';
import type { Ids } from '../../platform/ids.ts';
import {
  extensionTaken,
  type PersonSources,
  providerPart,
  updateProvider,
  withAvailability,
} from '../person-sources.ts';
import type { PeopleStore } from '../port.ts';
import type { Database, Value } from './database.ts';
import { createPeopleWriter } from './people-writer.ts';
import { createSearch } from './search.ts';

export function createPeopleStore(database: Database, ids: Ids): PeopleStore {
  const knows = database.prepare('SELECT 1 FROM knownOrigins WHERE personId = ? AND origin = ?');
  const remember = database.prepare('INSERT OR IGNORE INTO knownOrigins (personId, origin) VALUES (?, ?)');

  return {
    ...createAccounts(database),
    ...createLookups(database),
    ...createExtensions(database, ids),
    ...createAvailability(database),
    search: createSearch(database),
    colleagues: createColleagues(database),
    async knowsOrigin(personId, origin) {
      return knows.get(personId, origin) !== undefined;
    },
    async rememberOrigin(personId, origin) {
      remember.run(personId, origin);
    },
  };
}

type Accounts = Pick<PeopleStore, 'byAccount' | 'linkByVerifiedEmail' | 'createFromAccount'>;

function createAccounts(database: Database): Accounts {
  const writer = createPeopleWriter(database);
  const byAccount = database.prepare(
    `SELECT people.row, sources FROM accounts JOIN people ON people.id = accounts.personId
     WHERE issuer = ? AND subject = ?`,
  );
  const linkable = database.prepare(
    `SELECT row, sources FROM people WHERE email = ? AND seedKey IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM accounts WHERE issuer = ? AND personId = people.id) LIMIT 2`,
  );
  const insert = database.prepare('INSERT INTO accounts (issuer, subject, personId) VALUES (?, ?, ?)');

  function update(row: Record<string, Value>, profile: ProviderProfile): PersonRecord {
    const before = sourcesOf(row);
    return writer.save({ ...before, provider: updateProvider(before.provider, profile) }, Number(row.row));
  }

  return {
    async byAccount(profile) {
      return database.write(() => {
        const row = byAccount.get(profile.issuer, profile.subject);
        return row && update(row, profile);
      });
    },
    async linkByVerifiedEmail(profile) {
      const { issuer, subject, email } = profile;
      if (!profile.emailVerified || email === undefined) return undefined;
      return database.write(() => {
        const linked = byAccount.get(issuer, subject);
        if (linked) return update(linked, profile);
        const [row, another] = linkable.all(email.toLowerCase(), issuer);
        if (!row || another) return undefined;
        insert.run(issuer, subject, sourcesOf(row).id);
        return update(row, profile);
      });
    },
    async createFromAccount(id, profile) {
      return database.write(() => {
        const winner = byAccount.get(profile.issuer, profile.subject);
        if (winner) return update(winner, profile);
        const record = writer.save({ id, provider: providerPart(profile) });
        insert.run(profile.issuer, profile.subject, id);
        return record;
      });
    },
  };
}

type Lookups = Pick<PeopleStore, 'byIds' | 'byEmails' | 'byNumbers' | 'byFoldedNames' | 'withExtensions'>;

function createLookups(database: Database): Lookups {
  const among = (column: string) =>
    database.prepare(
      `SELECT record FROM people WHERE ${column} IN (SELECT value FROM json_each(?)) ORDER BY foldedName, id`,
    );
  const byIds = among('id');
  const byEmails = among('email');
  const byFoldedNames = among('foldedName');
  const byNumbers = database.prepare(
    `SELECT record FROM people WHERE row IN
     (SELECT person FROM personNumbers WHERE number IN (SELECT value FROM json_each(?))) ORDER BY foldedName, id`,
  );
  const withExtensions = database.prepare(
    'SELECT record FROM people WHERE extension IS NOT NULL OR deskPhone IS NOT NULL ORDER BY id',
  );

  return {
    byIds: async (wanted) => byIds.all(JSON.stringify(wanted)).map(recordOf),
    byEmails: async (emails) =>
      byEmails.all(JSON.stringify(emails.map((email) => email.toLowerCase()))).map(recordOf),
    byNumbers: async (numbers) => byNumbers.all(JSON.stringify(numbers.map(foldNumber))).map(recordOf),
    byFoldedNames: async (names) => byFoldedNames.all(JSON.stringify(names)).map(recordOf),
    withExtensions: async () => withExtensions.all().map(recordOf),
  };
}

function createColleagues(database: Database): PeopleStore['colleagues'] {
  const select = (unitFits: string) =>
    database.prepare(
      `SELECT record FROM people WHERE record ->> '$.unit' ${unitFits} ? AND id <> ? ORDER BY foldedName, id LIMIT ?`,
    );
  const ofUnit = select('=');
  const ofOthers = select('IS NOT');

  return async ({ id, unit }, limit) => {
    const near = unit === undefined ? [] : ofUnit.all(unit, id, limit);
    const far = ofOthers.all(unit ?? '', id, limit - near.length);
    return [...near, ...far].map(recordOf);
  };
}

function createExtensions(database: Database, ids: Ids): Pick<PeopleStore, 'seed' | 'ensureExtension'> {
  const writer = createPeopleWriter(database);
  const bySeedKey = database.prepare('SELECT row, sources FROM people WHERE seedKey = ?');
  const byId = database.prepare('SELECT row, sources FROM people WHERE id = ?');
  const holder = database.prepare('SELECT id FROM people WHERE extension = ?');
  // The lowest number from ?1 up that nobody has, in any way of writing or as any kind of number.
  const free = database.prepare(
    `SELECT ?1 AS free WHERE NOT EXISTS (SELECT 1 FROM personNumbers WHERE value = ?1)
     UNION ALL
     SELECT * FROM (SELECT value + 1 FROM personNumbers AS taken WHERE value >= ?1
       AND NOT EXISTS (SELECT 1 FROM personNumbers WHERE value = taken.value + 1) ORDER BY value LIMIT 1)
     LIMIT 1`,
  );

  function seedOne(seed: SeedPerson): void {
    const row = bySeedKey.get(seed.key);
    const before: PersonSources = row ? sourcesOf(row) : { id: ids.next('u') };
    const extension = before.extension ?? seed.extension;
    const holderId = extension === undefined ? undefined : holder.get(extension)?.id;
    if (extension !== undefined && holderId !== undefined && holderId !== before.id) {
      throw extensionTaken(extension, seed.name);
    }
    const after = { ...before, seed, ...(extension === undefined ? {} : { extension }) };
    writer.save(after, row && Number(row.row));
  }

  return {
    async seed(people) {
      database.write(() => people.forEach(seedOne));
    },
    async ensureExtension(personId, from) {
      return database.write(() => {
        const row = byId.get(personId);
        if (!row) throw new Error('An extension was asked for a person who does not exist');
        const sources = sourcesOf(row);
        if (sources.extension !== undefined) return sources.extension;
        const extension = String(free.get(from)?.free ?? from);
        writer.save({ ...sources, extension }, Number(row.row));
        return extension;
      });
    },
  };
}

function createAvailability(database: Database): Pick<PeopleStore, 'setAvailability' | 'undisturbed'> {
  const writer = createPeopleWriter(database);
  const byId = database.prepare('SELECT row, sources FROM people WHERE id = ?');
  const undisturbed = database.prepare(
    "SELECT record FROM people WHERE record -> '$.doNotDisturb' IS NOT NULL ORDER BY id",
  );
  return {
    async setAvailability(personId, change) {
      return database.write(() => {
        const row = byId.get(personId);
        return row && writer.save(withAvailability(sourcesOf(row), change), Number(row.row));
      });
    },
    undisturbed: async () => undisturbed.all().map(recordOf),
  };
}

function sourcesOf(row: Record<string, Value>): PersonSources {
  return JSON.parse(String(row.sources)) as PersonSources;
}

function recordOf(row: Record<string, Value>): PersonRecord {
  return JSON.parse(String(row.record)) as PersonRecord;
}
