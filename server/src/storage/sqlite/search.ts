// Finding people by prefixes of their words, fast in both extremes: a rare term is looked up among the words, and its
// few people are checked for the other terms; where every term is common, people are walked by name instead, since
// enough of them then fit soon. Terms are bound values compared by bytes, never patterns.
import type { PersonRecord } from '../../people/person.ts';
import type { PeopleStore } from '../port.ts';
import type { Database, Statement } from './database.ts';

/** A term that more words than this begin with is common. */
const COMMON = 4_000;

/** Sorts after every character, so that `prefix` and `prefix + LAST` enclose all words with that prefix. */
const LAST = '\u{10FFFF}';

type Column = 'nameWords' | 'words';

export function createSearch(database: Database): PeopleStore['search'] {
  const inNames = createFinder(database, 'nameWords');
  const anywhere = createFinder(database, 'words');
  const records = database.prepare(
    `SELECT record FROM json_each(?) AS wanted JOIN people ON people.row = wanted.value ORDER BY wanted.key`,
  );

  return async (foldedTerms, limit) => {
    if (foldedTerms.length === 0 || limit < 1) return [];
    const rows = new Set(inNames(foldedTerms, limit));
    // Those found by name come first; they fit here too, hence the larger limit.
    if (rows.size < limit) for (const row of anywhere(foldedTerms, limit + rows.size)) rows.add(row);
    const wanted = JSON.stringify([...rows].slice(0, limit));
    return records.all(wanted).map((row) => JSON.parse(String(row.record)) as PersonRecord);
  };
}

/** Finds the rows of people of whom every term begins some word in `column`, in the order of their names. */
function createFinder(
  database: Database,
  column: Column,
): (terms: readonly string[], limit: number) => number[] {
  const inName = column === 'nameWords' ? 1 : 0;
  const count = database.prepare(
    `SELECT count(*) AS n FROM (SELECT 1 FROM personWords
     WHERE inName = ${inName} AND word >= ? AND word < ? LIMIT ${COMMON + 1})`,
  );
  const fits = (terms: readonly string[]) => terms.map(() => `instr(${column}, ?) > 0`).join(' AND ');
  const order = 'ORDER BY foldedName, id LIMIT ?';
  const walk = perCount(
    database,
    (terms) => `SELECT row FROM people INDEXED BY peopleByName WHERE ${fits(terms)} ${order}`,
  );
  const lookUp = perCount(
    database,
    (terms) =>
      `SELECT row FROM people WHERE row IN (SELECT person FROM personWords
       WHERE inName = ${inName} AND word >= ? AND word < ?) AND ${fits(terms)} ${order}`,
  );

  return (terms, limit) => {
    const counted = terms.map((term) => ({ term, n: Number(count.get(term, term + LAST)?.n) }));
    const rarest = counted.reduce((least, next) => (next.n < least.n ? next : least));
    if (rarest.n === 0) return [];
    const spaced = terms.map((term) => ` ${term}`);
    const found =
      rarest.n > COMMON
        ? walk(terms).all(...spaced, limit)
        : lookUp(terms).all(rarest.term, rarest.term + LAST, ...spaced, limit);
    return found.map(({ row }) => Number(row));
  };
}

/** One prepared statement for each number of terms. */
function perCount(
  database: Database,
  sql: (terms: readonly string[]) => string,
): (terms: readonly string[]) => Statement {
  const statements = new Map<number, Statement>();
  return (terms) => {
    const statement = statements.get(terms.length) ?? database.prepare(sql(terms));
    statements.set(terms.length, statement);
    return statement;
  };
}
