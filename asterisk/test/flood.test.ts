// A small flood against a whole hub: what `npm run flood` does for minutes, for a few seconds. The telephone exchange is
// a stand-in: nothing hostile gets as far.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits } from '@ringtag/server/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Wire } from '../../demo/bench/wire.ts';
import { startFlood } from '../../demo/flood/generator.ts';
import { gatherLoot } from '../../demo/flood/loot.ts';
import { throughOverLimits } from '../../demo/flood/tally.ts';
import type { TestDevice } from '../../server/src/testing/browser.ts';
import { createFakeLine } from '../../server/src/testing/fake-line.ts';
import { ALICE, BRUNO, MAIL, startTestHub, type TestHub } from '../../server/src/testing/hub.ts';

const SHOP = 'http://shop.localhost:4003';
const PER_SECOND = 200;
/** Of the hub's limits: wishes of an origin that cost no work while it is quiet. */
const FREE_TICKETS = 100;
/** Addresses beyond 127.0.0.1 are Linux's. */
const isElsewhere = process.platform !== 'linux';

const line = createFakeLine();
let world: TestHub;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ringtag-flood-'));
  const file = join(dir, 'destinations.json');
  const sales = {
    id: 'sales',
    texts: { en: { label: 'Sales' } },
    ring: { extension: '700' },
    origins: [SHOP],
  };
  await writeFile(file, JSON.stringify({ destinations: [sales] }));
  world = await startTestHub({ env: { DESTINATIONS_FILE: file }, guestLine: line });
});

afterAll(async () => {
  await world.close();
  await rm(dir, { recursive: true, force: true });
});

const port = () => Number(new URL(world.hub.url).port);

function openDevice({ grant }: TestDevice): Promise<Wire> {
  const auth = { bearer: grant.bearer, protocol: limits.PROTOCOL_VERSION };
  return Wire.open({ port: port(), origin: MAIL, auth });
}

function rings(wire: Wire): Promise<void> {
  return new Promise((resolve) => {
    wire.onEvent = (text) => {
      if (text.startsWith('42["call:ringing"')) resolve();
    };
  });
}

describe.skipIf(isElsewhere)('while the public side is flooded', () => {
  test('P10 employees’ calls ring, and nothing hostile comes through', async () => {
    const [alice, bruno] = [await world.signIn(ALICE), await world.signIn(BRUNO)];
    const wires = [await openDevice(alice), await openDevice(bruno)] as const;
    const loot = await gatherLoot({ hubPort: port(), origin: SHOP, destinations: ['sales'] });
    const target = { hubPort: port(), gatePort: port(), hasIpv6: false };
    const flood = startFlood({ target, perSecond: PER_SECOND, loot, atMostMs: 60_000 });
    await expect.poll(() => flood.tally.sent, { timeout: 20_000 }).toBeGreaterThan(2 * PER_SECOND);
    for (let call = 0; call < 3; call += 1) {
      const rung = rings(wires[1]);
      const body = {
        requestId: `r-${call}`.padEnd(16, '0'),
        to: { personId: bruno.grant.me.id },
        media: 'audio',
      };
      const placed = await world.api('/api/calls', { origin: MAIL, bearer: alice.grant.bearer, body });
      expect([placed.status, placed.body.code]).toEqual([200, undefined]);
      await rung;
      const ended = { origin: MAIL, bearer: alice.grant.bearer, body: {} };
      await world.api(`/api/calls/${placed.body.callId}/end`, ended);
    }
    await expect.poll(() => flood.tally.sent, { timeout: 20_000 }).toBeGreaterThan(4 * PER_SECOND);
    // It is loud, and each kind is seen for what it is.
    await expect
      .poll(() => Object.keys(flood.tally.answers), { timeout: 20_000 })
      .toEqual(
        expect.arrayContaining([
          ...['428 CHALLENGE_REQUIRED', '428 CHALLENGE_REFUSED', '404 NOT_FOUND', '403 ORIGIN_NOT_ALLOWED'],
          ...['409 TICKET_USED', '401 TICKET_INVALID', '413 TOO_LARGE', '400 INVALID_INPUT'],
        ]),
      );
    const tally = await flood.stop();
    expect(tally.through).toEqual({});
    expect(throughOverLimits(tally, FREE_TICKETS)).toBe(0);
    expect(line.calls.size).toBe(0);
    for (const wire of wires) wire.close();
  }, 60_000);
});
