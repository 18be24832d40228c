// Writes one person and all that they are found by. Always inside a transaction of the caller's.
import type { PersonRecord } from '../../people/person.ts';
import { type IndexedPerson, indexPerson, type PersonSources } from '../person-sources.ts';
import type { Database, Value } from './database.ts';

export interface PeopleWriter {
  /** Inserts the person, or replaces the one in `row`. */
  save(sources: PersonSources, row?: number): PersonRecord;
}

/** Longer numbers cannot be extensions, so nothing is looked for among them. */
const EXTENSION_DIGITS = 10;

export function createPeopleWriter(database: Database): PeopleWriter {
  const read = database.prepare('SELECT sources FROM people WHERE row = ?');
  const insert = database.prepare(
    `INSERT INTO people (id, seedKey, email, extension, deskPhone, foldedName, nameWords, words, sources, record)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING row`,
  );
  const update = database.prepare(
    `UPDATE people SET id = ?, seedKey = ?, email = ?, extension = ?, deskPhone = ?, foldedName = ?,
     nameWords = ?, words = ?, sources = ?, record = ? WHERE row = ?`,
  );
  const writeIndex = createIndexWriter(database);

  return {
    save(sources, row) {
      const person = indexPerson(sources);
      const json = JSON.stringify(sources);
      // A sign-in that brings nothing new costs no write.
      if (row !== undefined && read.get(row)?.sources === json) return person.record;
      const values = columns(sources, person, json);
      if (row !== undefined) update.run(...values, row);
      writeIndex(row ?? Number(insert.get(...values)?.row), person);
      return person.record;
    },
  };
}

function createIndexWriter(database: Database): (row: number, person: IndexedPerson) => void {
  const clearWords = database.prepare('DELETE FROM personWords WHERE person = ?');
  const clearNumbers = database.prepare('DELETE FROM personNumbers WHERE person = ?');
  const addWord = database.prepare('INSERT INTO personWords (inName, word, person) VALUES (?, ?, ?)');
  const addNumber = database.prepare('INSERT INTO personNumbers (number, person, value) VALUES (?, ?, ?)');
  return (row, person) => {
    clearWords.run(row);
    clearNumbers.run(row);
    for (const word of person.nameWords) addWord.run(1, word, row);
    for (const word of person.words) addWord.run(0, word, row);
    for (const number of person.numbers) {
      const isShort = /^\d+$/.test(number) && number.length <= EXTENSION_DIGITS;
      addNumber.run(number, row, isShort ? Number(number) : null);
    }
  };
}

function columns(sources: PersonSources, person: IndexedPerson, json: string): Value[] {
  const { record, foldedName, nameWords, words } = person;
  return [
    record.id,
    sources.seed?.key ?? null,
    record.email ?? null,
    record.extension ?? null,
    record.deskPhone ?? null,
    foldedName,
    spaced(nameWords),
    spaced(words),
    json,
    JSON.stringify(record),
  ];
}

/** A space before each word: a word with a given prefix is then there exactly if space and prefix are. */
function spaced(words: readonly string[]): string {
  return words.map((word) => ` ${word}`).join('');
}
