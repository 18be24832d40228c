import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, test } from 'vitest';
import { describeStorage, type TestDatabase } from '../contract.ts';
import { openStorage } from '../open.ts';
import { openMongoStorage } from './open.ts';
import { startMongoTestServer } from './test-server.ts';

const server = await startMongoTestServer();
const run = randomBytes(6).toString('hex');
let databases = 0;

if (server.kind === 'none') {
  console.warn(`The MongoDB adapter is not tested: ${server.reason}`);
  describe('MongoDB', () => {
    test.skip(`(${server.reason})`, () => {});
  });
} else {
  const { url, kind, stop } = server;
  afterAll(stop);

  const nextUrl = () => {
    databases += 1;
    return withDatabase(url, `ringtag-test-${run}-${databases}`);
  };
  const create = async (): Promise<TestDatabase> => {
    const mine = nextUrl();
    return { open: () => openMongoStorage({ url: mine }), remove: () => drop(mine) };
  };
  describeStorage(`MongoDB (${kind})`, create, { isSolitary: kind === 'ferretdb' });

  describe('the MongoDB database', () => {
    test('is what openStorage chooses where there is a URL', async () => {
      const mine = nextUrl();
      const storage = await openStorage({ dataDir: '/nonexistent', mongodbUrl: mine });
      await storage.ping();
      await storage.close();
      await drop(mine);
    });

    test('of a newer program is refused with a sentence', async () => {
      const mine = nextUrl();
      await (await openMongoStorage({ url: mine })).close();
      await withClient(mine, (client) =>
        client
          .db()
          .collection<{ _id: string }>('meta')
          .updateOne({ _id: 'schema' }, { $set: { version: 2 } }),
      );
      await expect(openMongoStorage({ url: mine })).rejects.toThrow(
        'has version 2, but this program knows only versions up to 1. Start the newer Ringtag',
      );
      await drop(mine);
    });

    test('an account whose person was not written before a crash is mended by the next sign-in', async () => {
      const mine = nextUrl();
      const storage = await openMongoStorage({ url: mine });
      const alice = { issuer: 'i', subject: 's', name: 'Alice', emailVerified: false, numbers: [] };
      await storage.people.createFromAccount('u-1', alice);
      await withClient(mine, (client) => client.db().collection('people').deleteMany({}));
      expect(await storage.people.byAccount(alice)).toEqual({ id: 'u-1', name: 'Alice', numbers: [] });
      expect(await storage.people.byIds(['u-1'])).toHaveLength(1);
      await storage.close();
      await drop(mine);
    });
  });
}

/** The server's URL with a database of its own, options kept. */
function withDatabase(url: string, name: string): string {
  const [, origin, options = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(url) ?? [];
  return `${origin}/${name}${options}`;
}

async function withClient(url: string, task: (client: MongoClient) => Promise<unknown>): Promise<void> {
  const client = new MongoClient(url);
  await task(client);
  await client.close();
}

async function drop(url: string): Promise<void> {
  await withClient(url, (client) => client.db().dropDatabase());
}
