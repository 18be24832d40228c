// Storage in one SQLite file: the embedded default. Each operation is one synchronous transaction, so within a process
// nothing can come between; between processes SQLite's write lock sees to it, and is waited for outside of SQLite.
import { type Ids, randomIds } from '../../platform/ids.ts';
import type { Storage } from '../port.ts';
import { createCallStore } from './calls.ts';
import { openDatabase } from './database.ts';
import { waitingForLock } from './lock-wait.ts';
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
  const { lockWait } = database;
  const waiting = <S extends object>(store: S): S => waitingForLock(store, lockWait);
  let isOpen = true;
  return {
    people: waiting(createPeopleStore(database, ids)),
    signIns: waiting(createSignInStore(database)),
    sessions: waiting(createSessionStore(database)),
    calls: waiting(createCallStore(database)),
    pbx: waiting(createPbxStore(database)),
    records: waiting(createRecordStore(database)),
    tickets: waiting(createTicketStore(database)),
    destinations: waiting(createDestinationStore(database)),
    blocks: waiting(createBlockStore(database)),
    visits: waiting(createVisitStore(database)),
    left: waiting(createLeftStore(database)),
    ping: () => lockWait.run(async () => database.probe()),
    close: async () => {
      await lockWait.idle();
      if (isOpen) database.close();
      isOpen = false;
    },
  };
}
