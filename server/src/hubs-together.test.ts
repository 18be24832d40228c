// Two hubs on one database, as the public meets them: what they share, and what belongs to one of them alone.
import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMongoTestServer } from './storage/mongo/test-server.ts';
import { type AdminStage, SHOP, startAdminStage } from './testing/admin-stage.ts';

const server = await startMongoTestServer();

if (server.kind === 'none') {
  describe('two hubs', () => {
    test.skip(`(${server.reason})`, () => {});
  });
} else {
  const base = new URL(server.url);
  base.pathname = `/ringtag-hubs-${randomBytes(6).toString('hex')}`;
  const MONGODB_URL = base.href;
  /** So many wishes a minute from one origin. */
  const WISHES = 6;
  let here: AdminStage;
  let there: AdminStage;

  beforeAll(async () => {
    const PUBLIC_LIMITS = JSON.stringify({
      perMinute: { ticket: { origin: WISHES } },
      workFrom: { network: 1_000 },
    });
    const env = { MONGODB_URL, PUBLIC_LIMITS };
    here = await startAdminStage({ env: { ...env, SYSTEM_ID: 'hub-1' } });
    await here.putDestination();
    there = await startAdminStage({ env: { ...env, SYSTEM_ID: 'hub-2' } });
  }, 600_000);
  afterAll(async () => {
    await there?.world.close();
    await here?.world.close();
    const client = new MongoClient(MONGODB_URL);
    await client.db().dropDatabase();
    await client.close();
    await server.stop();
  });

  const wish = ({ world }: AdminStage, origin = SHOP) =>
    world.api('/api/public/tickets', { origin, body: { to: 'sales', intent: 'chat' } });
  const begin = ({ world }: AdminStage, ticket: string) =>
    world.api('/api/public/visits', { origin: SHOP, body: { ticket } });

  describe(`two hubs (${server.kind})`, () => {
    test('P2 a ticket of one is spent at the other, once at either', async () => {
      const { ticket } = (await wish(here)).body;
      expect((await begin(there, ticket)).status).toBe(201);
      for (const hub of [here, there]) expect((await begin(hub, ticket)).body.code).toBe('TICKET_USED');
    });

    test('P13 a visit of one is not the other’s: it says so, and does not say that there is none', async () => {
      const { ticket } = (await wish(here)).body;
      const { visitId, key } = (await begin(here, ticket)).body;
      const asked = async ({ world }: AdminStage, path: string, body?: object) => {
        const init = { origin: SHOP, bearer: key, ...(body === undefined ? {} : { body }) };
        const { status, body: answer } = await world.api(`/api/public/visits/${visitId}${path}`, init);
        return [status, answer?.code];
      };
      const words = { id: 'm-1', text: 'Hello' };
      for (const [path, body] of [['/messages', words], ['/call', {}], ['/end', {}], ['/events']] as const)
        expect([path, await asked(there, path, body)]).toEqual([path, [421, 'VISIT_ELSEWHERE']]);
      // Later, too, when the door knows all visits of its own.
      there.world.clock.advance(11 * 60_000);
      expect(await asked(there, '/messages', words)).toEqual([421, 'VISIT_ELSEWHERE']);
      expect(await asked(here, '/messages', words)).toEqual([201, undefined]);
      expect(
        (await there.world.api('/api/public/visits/v-1/end', { origin: SHOP, bearer: key, body: {} })).status,
      ).toBe(404);
    });

    test('P10 what is counted by origin is counted by both together', async () => {
      const codes: (string | undefined)[] = [];
      for (let index = 0; index < WISHES; index += 1)
        codes.push((await wish(index % 2 === 0 ? here : there)).body.code);
      expect(codes).toContain('RATE_LIMITED');
      for (const hub of [here, there]) {
        const refused = (await wish(hub)).body;
        expect(refused).toMatchObject({ code: 'RATE_LIMITED', state: 'origin' });
      }
    });
  });
}
