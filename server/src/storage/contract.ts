// What every storage adapter must do, as one suite. An adapter's own test calls `describeStorage` with a way to make
// databases; every test gets a new one.
import { afterEach, beforeEach, describe } from 'vitest';
import { callPromises } from './contract/calls.ts';
import { keepingPromises } from './contract/keeping.ts';
import { peoplePromises } from './contract/people.ts';
import { publicDoorPromises } from './contract/public-door.ts';
import { recordPromises } from './contract/records.ts';
import { searchPromises } from './contract/search.ts';
import { sessionPromises } from './contract/sessions.ts';
import { signInPromises } from './contract/sign-ins.ts';
import { visitPromises } from './contract/visits.ts';
import type { Storage } from './port.ts';

export interface TestDatabase {
  /** Opens the same database each time it is called. */
  open(): Promise<Storage>;
  remove(): Promise<void>;
}

/** What a test works with; `storage` is open and empty when it starts, and closed afterwards. */
export interface Stage {
  readonly storage: Storage;
  /** A second opening of the same database, as of another hub; closed afterwards. */
  another(): Promise<Storage>;
  /** Closes `storage` and opens it anew. */
  reopen(): Promise<void>;
}

export interface StorageTraits {
  /** Nothing of it outlives its closing. */
  readonly isTransient?: boolean;
  /** Only one opening at a time may write (FerretDB 1.x: no atomic conditional updates between connections). */
  readonly isSolitary?: boolean;
}

export function describeStorage(
  name: string,
  create: () => Promise<TestDatabase>,
  traits: StorageTraits = {},
): void {
  describe(name, () => {
    let database: TestDatabase;
    let opened: Storage[] = [];
    let storage: Storage;
    const another = async () => {
      const fresh = await database.open();
      opened.push(fresh);
      return fresh;
    };
    const stage: Stage = {
      get storage() {
        return storage;
      },
      another,
      async reopen() {
        await storage.close();
        storage = await another();
      },
    };
    beforeEach(async () => {
      opened = [];
      database = await create();
      storage = await another();
    });
    afterEach(async () => {
      for (const each of opened) await each.close();
      await database.remove();
    });

    peoplePromises(stage);
    searchPromises(stage);
    signInPromises(stage);
    sessionPromises(stage);
    callPromises(stage);
    recordPromises(stage, traits);
    publicDoorPromises(stage, traits);
    visitPromises(stage);
    keepingPromises(stage, traits);
  });
}
