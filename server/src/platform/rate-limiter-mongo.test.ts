// Counting together, on whatever database of that kind this machine has.
import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, test } from 'vitest';
import { startMongoTestServer } from '../storage/mongo/test-server.ts';
import { openSharedRateLimiters } from './rate-limiter-mongo.ts';

const server = await startMongoTestServer();

if (server.kind === 'none') {
  describe('limits of several hubs', () => {
    test.skip(`(${server.reason})`, () => {});
  });
} else {
  const base = new URL(server.url);
  base.pathname = `/ringtag-limits-${randomBytes(6).toString('hex')}`;
  const url = base.href;
  afterAll(async () => {
    const client = new MongoClient(url);
    await client.db().dropDatabase();
    await client.close();
    await server.stop();
  });
  const rate = { requests: 3, windowMs: 60_000 };

  describe(`limits of several hubs (${server.kind})`, () => {
    test('P10 two hubs count together, each name and each key for itself', async () => {
      const hubs = [await openSharedRateLimiters(url), await openSharedRateLimiters(url)] as const;
      const [here, there] = [hubs[0].create('ticket-origin', rate), hubs[1].create('ticket-origin', rate)];
      expect(await here.take('https://shop.example')).toBeUndefined();
      expect(await there.take('https://shop.example')).toBeUndefined();
      expect(await there.look('https://shop.example')).toBeUndefined();
      expect(await here.take('https://shop.example')).toBeUndefined();
      for (const hub of [here, there]) {
        expect(await hub.look('https://shop.example')).toBeGreaterThan(50_000);
        const waitMs = (await hub.take('https://shop.example')) ?? 0;
        expect(waitMs).toBeGreaterThan(50_000);
        expect(waitMs).toBeLessThanOrEqual(60_000);
      }
      expect(await here.take('https://other.example')).toBeUndefined();
      expect(await hubs[0].create('visit-origin', rate).take('https://shop.example')).toBeUndefined();
      for (const text of ['$ne', '{"$gt":""}', '__proto__']) expect(await here.take(text)).toBeUndefined();
      for (const hub of hubs) await hub.close();
    });

    test('P10 a hub whose database went away counts for itself', async () => {
      const hub = await openSharedRateLimiters(url);
      const limiter = hub.create('lonely', { requests: 1, windowMs: 60_000 });
      await hub.close();
      expect(await limiter.take('a')).toBeUndefined();
      expect(await limiter.take('a')).toBeGreaterThan(50_000);
    }, 30_000);
  });
}
