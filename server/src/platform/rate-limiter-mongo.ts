// Requests counted together with other hubs, in MongoDB, by rate-limiter-flexible. Where the database does not answer,
// each hub goes on counting for itself.
import { MongoClient } from 'mongodb';
import { RateLimiterMemory, RateLimiterMongo } from 'rate-limiter-flexible';
import { databaseName } from '../storage/mongo/database-name.ts';
import { limiterOf, type RateLimiters } from './rate-limiter.ts';

/** A count that is late is no use. */
const PATIENCE_MS = 1_500;
const CONNECTIONS = 5;
const SWEEP_MS = 60_000;

/** Connects with a client of its own, so that counting never waits for what is kept, nor the other way round. */
export async function openSharedRateLimiters(url: string): Promise<RateLimiters> {
  const client = new MongoClient(url, {
    ...{ maxPoolSize: CONNECTIONS, serverSelectionTimeoutMS: PATIENCE_MS, socketTimeoutMS: PATIENCE_MS },
  });
  await client.connect();
  const tableName = 'rateLimits';
  // The library would make indexes once a limiter, one of them with a time to live, which compatible databases lack.
  const collection = client.db(databaseName(url)).collection(tableName);
  await collection.createIndex({ expire: 1 });
  await collection.createIndex({ key: 1 }, { unique: true });
  const sweep = setInterval(() => {
    // What is over counts nothing, swept or not; the next time will do.
    collection.deleteMany({ expire: { $lte: new Date() } }).catch(() => {});
  }, SWEEP_MS);
  sweep.unref();
  return {
    create(name, { requests, windowMs }) {
      const counted = { keyPrefix: name, points: requests, duration: windowMs / 1_000 };
      return limiterOf(
        new RateLimiterMongo({
          ...{ storeClient: client, dbName: databaseName(url), tableName, disableIndexesCreation: true },
          ...counted,
          inMemoryBlockOnConsumed: requests,
          insuranceLimiter: new RateLimiterMemory(counted),
        }),
      );
    },
    close() {
      clearInterval(sweep);
      return client.close();
    },
  };
}
