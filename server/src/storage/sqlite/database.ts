// One SQLite file: opened durable and private, brought to this program's shape, read and written through prepared
// statements. Knows nothing of what is kept.
import { chmod, open } from 'node:fs/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { newerVersion } from '../versions.ts';
import { createLockWait, type LockWait } from './lock-wait.ts';
import { MIGRATIONS } from './migrations.ts';

type Raw = InstanceType<typeof DatabaseSync>;

export type Value = string | number | null | Uint8Array;

export interface Statement {
  /** Rows as plain objects. */
  all(...values: Value[]): Record<string, Value>[];
  get(...values: Value[]): Record<string, Value> | undefined;
  /** How many rows changed. */
  run(...values: Value[]): number;
}

export interface Database {
  prepare(sql: string): Statement;
  /** Runs `work` in one transaction that holds the write lock from its start; what it throws undoes all of it. */
  write<T>(work: () => T): T;
  /** Writes what is there already; throws where nothing can be written now. */
  probe(): void;
  /** For whatever writes: the lock may be another process's. */
  readonly lockWait: LockWait;
  close(): void;
}

/** How long the start waits for another process that holds the lock. Nobody is served yet. */
const START_WAIT_MS = 5_000;

/** Pages kept in memory, at most: enough for the words of 100,000 people. */
const CACHE_KIB = 64 * 1024;

/** Opens (or makes, mode 0600) the file; `:memory:` keeps nothing. Rejects with a sentence where it is too new. */
export async function openDatabase(file: string): Promise<Database> {
  if (file !== ':memory:') {
    // Made before SQLite does, so that the file and those it puts beside it are private from their first byte.
    await (await open(file, 'a', 0o600)).close();
    await chmod(file, 0o600);
  }
  const raw = new DatabaseSync(file, { timeout: START_WAIT_MS, enableForeignKeyConstraints: true });
  try {
    raw.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -${CACHE_KIB};`);
    const database = wrap(raw);
    migrate(raw, database, file);
    // From here on SQLite says at once that it is locked: waiting is `lockWait`'s.
    raw.exec('PRAGMA busy_timeout = 0');
    return database;
  } catch (error) {
    raw.close();
    throw error;
  }
}

const READS = /^\s*(?:SELECT|WITH|PRAGMA)\b/i;

function wrap(raw: Raw): Database {
  const lockWait = createLockWait();
  const database: Database = {
    lockWait,
    prepare(sql) {
      const statement = raw.prepare(sql);
      const keepTurn = READS.test(sql) ? () => {} : lockWait.keepTurn;
      return {
        all(...values) {
          keepTurn();
          return statement.all(...values) as Record<string, Value>[];
        },
        get(...values) {
          keepTurn();
          return statement.get(...values) as Record<string, Value> | undefined;
        },
        run(...values) {
          keepTurn();
          return Number(statement.run(...values).changes);
        },
      };
    },
    write(work) {
      lockWait.keepTurn();
      raw.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        raw.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk makes SQLite roll back by itself; a second ROLLBACK would hide why.
        if (raw.isTransaction) raw.exec('ROLLBACK');
        throw error;
      }
    },
    // A transaction that changes nothing gets through on a full disk; a page of the file's head does not.
    probe: () => database.write(() => raw.exec(`PRAGMA user_version = ${versionOf(database)}`)),
    close: () => raw.close(),
  };
  return database;
}

const versionOf = (database: Pick<Database, 'prepare'>): number =>
  Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);

function migrate(raw: Raw, database: Database, file: string): void {
  const version = () => versionOf(database);
  const known = MIGRATIONS.length;
  if (version() > known) throw newerVersion(`The database ${file}`, version(), known);
  if (version() === known) return;
  database.write(() => {
    // Another process may have been faster.
    for (let next = version(); next < known; next += 1) raw.exec(MIGRATIONS[next] ?? '');
    raw.exec(`PRAGMA user_version = ${known}`);
  });
}

/** JSON columns come from this program alone, so their type is what was put in. */
export function parseDoc<T>(row: Record<string, Value>): T {
  return JSON.parse(String(row.doc)) as T;
}
