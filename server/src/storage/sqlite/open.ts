// Storage in one SQLite file: the embedded default. Each operation is one synchronous transaction, so within a process
// nothing can come between; between processes SQLite's write lock sees to it.
import { type Ids, randomIds } from '../../platform/ids.ts';
import type { Storage } from '../port.ts';
import { createCallStore } from './calls.ts';
import { openDatabase } from './database.ts';
import { createPbxStore } from './pbx.ts';
import { createPeopleStore } from './people.ts';
import { createBlockStore, createDestinationStore, createTicketStore } from './public-door.ts';
import { createRecordStore } from './records.ts';
import { createSessionStore } from './sessions.ts';
import { createSignInStore } from './sign-ins.ts';
import { createLeftStore, createVisitStore } from './visits.ts';

export interface SqliteStorageOptions {
  /** Path of the database file, or `:memory:`. Its folder must exist. */
  readonly file: string;
  /** Names seeded people; random by default. */
  readonly ids?: Ids;
}

/** Opens the storage, migrating an older file. Rejects with a sentence where the file is of a newer program. */
export async function openSqliteStorage({ file, ids = randomIds }: SqliteStorageOptions): Promise<Storage> {
  const database = await openDatabase(file);
  let isOpen = true;
  return {
    people: createPeopleStore(database, ids),
    signIns: createSignInStore(database),
    sessions: createSessionStore(database),
    calls: createCallStore(database),
    pbx: createPbxStore(database),
    records: createRecordStore(database),
    tickets: createTicketStore(database),
    destinations: createDestinationStore(database),
    blocks: createBlockStore(database),
    visits: createVisitStore(database),
    left: createLeftStore(database),
    ping: async () => database.probe(),
    close: async () => {
      if (isOpen) database.close();
      isOpen = false;
    },
  };
}
