// The SQLite file that Asterisk reads at each request. It is never replaced: one transaction applies the difference,
// so that a reader sees all of a change or nothing. It holds HA1s: mode 0600, same user as Asterisk, local disk.
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { GUEST_PREFIX } from './guest-rows.ts';
import { type Row, type Rows, TABLES, type TableName } from './rows.ts';

export interface Projection {
  /** Makes the tables hold exactly these rows, and what visitors have; writes only what differs. */
  replaceAll(rows: Rows): void;
  /** Adds or changes rows by their id, and drops the credentials of `ids` that are not among them. */
  put(rows: Partial<Rows>): void;
  /** Removes an endpoint with its credentials, address of record and ticket, and puts the given rows, at once. */
  remove(endpoint: string, rows: Partial<Rows>): void;
  /** What visitors' endpoints may do. */
  tickets(): Row[];
  /** Whose extension rings this endpoint. */
  personOf(endpoint: string): string | undefined;
  /** Whether an extension rings any endpoint. */
  hasRoute(extension: string): boolean;
  close(): void;
}

type Database = InstanceType<typeof DatabaseSync>;

const NAMES = Object.keys(TABLES) as TableName[];

/** Opens or makes the file. Asterisk may have it open already, and may have made it empty. */
export function openProjection(file: string): Projection {
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const db = new DatabaseSync(file);
  // NORMAL: a power cut may lose the last change, and the hub writes all of it anew when it starts.
  db.exec('PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  makeTables(db);
  const upserts = statements((name) => {
    const columns = TABLES[name].join(', ');
    const values = TABLES[name].map(() => '?').join(', ');
    return db.prepare(`INSERT OR REPLACE INTO ${name} (${columns}) VALUES (${values})`);
  });
  const deletes = statements((name) => db.prepare(`DELETE FROM ${name} WHERE id = ?`));
  const authsOf = db.prepare('SELECT id FROM ps_auths WHERE username = ?');
  const ticketRows = db.prepare(`SELECT ${TABLES.tickets.join(', ')} FROM tickets ORDER BY id`);
  const ringing = db.prepare("SELECT person FROM routes WHERE '&' || dial || '&' LIKE ? ESCAPE '^' LIMIT 1");

  const dialled = db.prepare("SELECT 1 FROM routes WHERE id = ? AND dial <> ''");

  const write = (name: TableName, row: Row): void => {
    upserts[name].run(...TABLES[name].map((column) => row[column] ?? null));
  };

  const putRows = (rows: Partial<Rows>): void => {
    for (const endpoint of rows.ps_endpoints ?? []) {
      const kept = new Set(endpoint.auth?.split(','));
      for (const { id } of authsOf.all(endpoint.id) as { id: string }[]) {
        if (!kept.has(id)) deletes.ps_auths.run(id);
      }
    }
    for (const name of NAMES) for (const row of rows[name] ?? []) write(name, row);
  };

  return {
    replaceAll: (rows) => atomically(db, () => replaceRows(db, { rows, write, deletes })),
    put: (rows) => atomically(db, () => putRows(rows)),
    remove: (endpoint, rows) =>
      atomically(db, () => {
        for (const { id } of authsOf.all(endpoint) as { id: string }[]) deletes.ps_auths.run(id);
        deletes.ps_endpoints.run(endpoint);
        deletes.ps_aors.run(endpoint);
        deletes.tickets.run(endpoint);
        putRows(rows);
      }),
    tickets: () => ticketRows.all() as Row[],
    personOf(endpoint) {
      const name = endpoint.replace(/[%_^]/g, '^$&');
      return (ringing.get(`%&PJSIP/${name}&%`) as { person: string } | undefined)?.person;
    },
    hasRoute: (extension) => dialled.get(extension) !== undefined,
    close: () => db.close(),
  };
}

/** A column that a later version adds is added to an existing file; columns never change their meaning. */
function makeTables(db: Database): void {
  atomically(db, () => {
    for (const name of NAMES) {
      const [key, ...columns] = TABLES[name];
      db.exec(`CREATE TABLE IF NOT EXISTS ${name} (${key} TEXT PRIMARY KEY) WITHOUT ROWID`);
      const present = new Set(
        (db.prepare(`PRAGMA table_info(${name})`).all() as { name: string }[]).map((column) => column.name),
      );
      for (const column of columns) {
        if (!present.has(column)) db.exec(`ALTER TABLE ${name} ADD COLUMN ${column} TEXT`);
      }
    }
    db.exec('CREATE INDEX IF NOT EXISTS ps_auths_username ON ps_auths (username)');
    db.exec('CREATE INDEX IF NOT EXISTS tickets_answered_by ON tickets (answered_by)');
  });
}

type Statement = ReturnType<Database['prepare']>;

function statements(make: (name: TableName) => Statement): Record<TableName, Statement> {
  return {
    ps_endpoints: make('ps_endpoints'),
    ps_auths: make('ps_auths'),
    ps_aors: make('ps_aors'),
    routes: make('routes'),
    tickets: make('tickets'),
  };
}

interface Replacement {
  readonly rows: Rows;
  readonly write: (name: TableName, row: Row) => void;
  readonly deletes: Record<TableName, Statement>;
}

function replaceRows(db: Database, { rows, write, deletes }: Replacement): void {
  for (const name of NAMES.filter((each) => each !== 'tickets')) {
    const columns = TABLES[name];
    const present = new Map<string, string>();
    for (const row of db.prepare(`SELECT ${columns.join(', ')} FROM ${name}`).all() as Record<
      string,
      unknown
    >[]) {
      const id = String(row.id);
      if (!isGuest(id)) present.set(id, JSON.stringify(columns.map((column) => row[column] ?? null)));
    }
    for (const row of rows[name] ?? []) {
      const id = row.id ?? '';
      if (present.get(id) !== JSON.stringify(columns.map((column) => row[column] ?? null))) write(name, row);
      present.delete(id);
    }
    for (const id of present.keys()) deletes[name].run(id);
  }
}

/** Endpoints of visitors, and their credentials: who has accounts says nothing of them. */
function isGuest(id: string): boolean {
  return id.startsWith(GUEST_PREFIX);
}

function atomically(db: Database, task: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    task();
    db.exec('COMMIT');
  } catch (cause) {
    db.exec('ROLLBACK');
    throw cause;
  }
}
