// Storage in MongoDB, or in what speaks like it: single-document writes and plain indexes only. Every write waits for
// the journals of the majority; expiry is checked in each query, since TTL indexes follow another clock, and late.
import { MongoClient } from 'mongodb';
import { type Ids, randomIds } from '../../platform/ids.ts';
import type { Storage } from '../port.ts';
import { newerVersion } from '../versions.ts';
import { createCallStore } from './calls.ts';
import { type Collections, collectionsOf, createIndexes } from './collections.ts';
import { databaseName } from './database-name.ts';
import { createInTurn } from './in-turn.ts';
import { createPbxStore } from './pbx.ts';
import { createPeopleStore } from './people.ts';
import { createBlockStore, createDestinationStore, createTicketStore } from './public-door.ts';
import { createRecordStore } from './records.ts';
import { createSessionStore } from './sessions.ts';
import { createSignInStore } from './sign-ins.ts';
import { createLeftStore, createVisitStore } from './visits.ts';

/** Version of the documents' shape that this program reads and writes. */
const SCHEMA_VERSION = 1;

/** How long a server may stay silent before the hub says so. */
const PATIENCE_MS = 10_000;

export interface MongoStorageOptions {
  /** Connection string; its path names the database, `ringtag` by default. */
  readonly url: string;
  /** Names seeded people; random by default. */
  readonly ids?: Ids;
}

/** Connects and makes the indexes. Rejects with a sentence where nobody answers or the database is of a newer program. */
export async function openMongoStorage({ url, ids = randomIds }: MongoStorageOptions): Promise<Storage> {
  const client = new MongoClient(url, {
    ignoreUndefined: true,
    serverSelectionTimeoutMS: PATIENCE_MS,
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: PATIENCE_MS },
  });
  try {
    await client.connect().catch((cause: unknown) => {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`The database of MONGODB_URL does not answer: ${message}`, { cause });
    });
    const name = databaseName(url);
    const all = collectionsOf(client.db(name));
    await migrate(all, name);
    return compose(client, all, ids);
  } catch (error) {
    await client.close();
    throw error;
  }
}

function compose(client: MongoClient, all: Collections, ids: Ids): Storage {
  const inTurn = createInTurn();
  return {
    people: createPeopleStore(all, { ids, inTurn }),
    signIns: createSignInStore(all, inTurn),
    sessions: createSessionStore(all, inTurn),
    calls: createCallStore(all, inTurn),
    pbx: createPbxStore(all, inTurn),
    records: createRecordStore(all, inTurn),
    tickets: createTicketStore(all, inTurn),
    destinations: createDestinationStore(all, inTurn),
    blocks: createBlockStore(all),
    visits: createVisitStore(all, inTurn),
    left: createLeftStore(all, inTurn),
    async ping() {
      await all.meta.updateOne({ _id: 'ping' }, { $inc: { version: 1 } }, { upsert: true });
    },
    close: () => client.close(),
  };
}

async function migrate(all: Collections, name: string): Promise<void> {
  const version = (await all.meta.findOne({ _id: 'schema' }))?.version ?? 0;
  if (version > SCHEMA_VERSION) throw newerVersion(`The database ${name}`, version, SCHEMA_VERSION);
  await createIndexes(all);
  if (version < SCHEMA_VERSION) {
    await all.meta.updateOne({ _id: 'schema' }, { $max: { version: SCHEMA_VERSION } }, { upsert: true });
  }
}
