// How a call sounds on a network that loses and delays: what its people see while it does, and what the call record
// says of it afterwards. The browser is in a network of its own, whose datagrams are really dropped and held up.
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { importServer } from '../bench/server-parts.ts';
import type { World } from '../src/world.ts';
import { openWorld } from './fixtures.ts';
import { expect, test as inNetwork, type Person } from './survival/away-fixtures.ts';
import { dial } from './survival/exchange.ts';
import { nextCallId } from './survival/records.ts';
import { startUdpRelay, type UdpRelay } from './survival/relay.ts';

/** A pass every 2 s, of which the newest counts half: three times the 6 s that a lasting change takes to show. */
const SHOWN_MS = 18_000;
/** Each way: 3.0 by the E-model, where 3.1 is the end of "fair". */
const LOSS = 0.15;
/** Each way: 3.3 with the jitter buffer and the coding. */
const DELAY_MS = 350;

interface WorkerFixtures {
  /** The way to the TURN server, which can be made longer; absent where there is no such server. */
  readonly wayToTurn: UdpRelay | undefined;
}

const test = inNetwork.extend<object, WorkerFixtures>({
  wayToTurn: [
    async ({ surroundings }, use) => {
      if (!surroundings?.turn) return use(undefined);
      const host = surroundings.network.hostAddress;
      const way = await startUdpRelay({
        at: { host, port: 0 },
        to: { host, port: surroundings.turn.port },
      });
      await use(way);
      await way.close();
    },
    { scope: 'worker' },
  ],
  world: [
    async ({ surroundings, wayToTurn }, use) => {
      const turnUrls = wayToTurn && `turn:${wayToTurn.host}:${wayToTurn.port}?transport=udp`;
      const world = await openWorld(
        surroundings
          ? {
              telephoneHost: surroundings.network.hostAddress,
              hubEnv: { ...surroundings.turn?.hubEnv, ...(turnUrls ? { TURN_URLS: turnUrls } : {}) },
            }
          : { telephone: false },
      );
      await use(world);
      await world.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

interface Quality {
  readonly mosMean: number;
  readonly mosMin: number;
  readonly samples: number;
  readonly lossPercent: number;
  readonly roundTripMs: number;
  readonly codec?: string;
}
type Qualities = { readonly caller?: Quality; readonly callee?: Quality };

/** Of an entry, what is looked at here. */
interface KeptRecord {
  readonly sequence: number;
  readonly kind: 'call' | 'amendment';
  readonly amends?: number;
  readonly callId?: string;
  readonly quality?: Qualities;
}

interface StorageModule {
  openStorage(options: { dataDir: string }): Promise<{
    readonly records: { after(sequence: number, limit: number): Promise<KeptRecord[]> };
    close(): Promise<void>;
  }>;
}

/** What the record of that call says of its sound, with what came after it was written. */
async function qualityOf({ dataDir }: World, callId: string): Promise<Qualities> {
  const { openStorage } = await importServer<StorageModule>('storage/open.js');
  const storage = await openStorage({ dataDir: join(dataDir, 'hub') });
  try {
    const all = await storage.records.after(0, 10_000);
    const call = all.find((entry) => entry.kind === 'call' && entry.callId === callId);
    const parts = all.filter((entry) => entry === call || (call && entry.amends === call.sequence));
    return Object.assign({}, ...parts.map(({ quality }) => quality));
  } finally {
    await storage.close();
  }
}

/** The record of a call that sounded well at first and badly later. */
async function expectRecordOfDecline(world: World, callId: string, side: keyof Qualities): Promise<Quality> {
  await expect
    .poll(async () => (await qualityOf(world, callId))[side]?.samples ?? 0, {
      message: `measures of the ${side} in the record`,
      timeout: 20_000,
    })
    .toBeGreaterThan(1);
  const kept = (await qualityOf(world, callId))[side];
  if (!kept) throw new Error('the record lost its measures');
  expect(kept.mosMin, 'the worst of it').toBeLessThan(4);
  expect(kept.mosMin, 'the worst of it').toBeLessThan(kept.mosMean - 0.1);
  return kept;
}

const sound = (person: Person, word: string | RegExp): Locator =>
  person.pane.getByRole('img', { name: word, exact: true }).first();
const GOOD = 'Good sound';
const NOT_GOOD = /^(Fair|Poor) sound$/;
const OWN_NETWORK = 'Your own network is weak now.';

async function expectSound(person: Person, word: string | RegExp): Promise<void> {
  await expect(sound(person, word)).toBeVisible({ timeout: SHOWN_MS });
}

test('A8: datagrams are lost in a room call: both see it, she whose network it is reads so, and the record has it', async ({
  signedIn,
  away,
  turn,
  network,
  wayToTurn,
  world,
}) => {
  test.setTimeout(120_000);
  if (!wayToTurn) throw new Error(`no way to the TURN server at ${turn.port}`);
  // Not by rules of the sender's own machine: it is told what they drop, and sends it again.
  await network.allowUdpOnlyTo(wayToTurn.port);
  const bruno = await signedIn('bruno', 'intranet');
  const alice = await signedIn('alice', 'webmail', away);
  const placed = nextCallId(alice);
  await alice.call('bruno');
  await bruno.answer('alice');
  await Promise.all([expectSound(alice, GOOD), expectSound(bruno, GOOD)]);
  await expect(alice.text(OWN_NETWORK)).toHaveCount(0);

  wayToTurn.drop(LOSS);
  await Promise.all([expectSound(alice, NOT_GOOD), expectSound(bruno, NOT_GOOD)]);
  await expect(alice.text(OWN_NETWORK)).toBeVisible({ timeout: SHOWN_MS });

  wayToTurn.drop(0);
  await Promise.all([expectSound(alice, GOOD), expectSound(bruno, GOOD)]);
  await expect(alice.text(OWN_NETWORK)).toHaveCount(0);
  await alice.hangUp();
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall()]);
  for (const side of ['caller', 'callee'] as const) {
    const kept = await expectRecordOfDecline(world, await placed, side);
    expect(kept.lossPercent, `loss at the ${side}, in percent of the whole call`).toBeGreaterThan(1);
    expect(kept).toMatchObject({ codec: 'opus' });
  }
});

test('A8: datagrams are lost in a telephone call: its sound is not good, her own network is named, the record has it', async ({
  signedIn,
  away,
  network,
  exchange,
  world,
}) => {
  test.setTimeout(120_000);
  expect(await exchange.stateOf('nobody')).toBe('unknown');
  const alice = await signedIn('alice', 'webmail', away);
  const placed = nextCallId(alice);
  await dial(alice, '600');
  await expectSound(alice, GOOD);

  await network.dropUdp(LOSS);
  await expectSound(alice, NOT_GOOD);
  await expect(alice.text(OWN_NETWORK)).toBeVisible({ timeout: SHOWN_MS });
  await network.allowAll();
  await expectSound(alice, GOOD);
  await alice.hangUp();
  await alice.expectNoCall();
  const kept = await expectRecordOfDecline(world, await placed, 'caller');
  expect(kept.lossPercent).toBeGreaterThan(1);
});

test('A8: a long way without loss: the sound is good no more, and the record has it', async ({
  signedIn,
  away,
  network,
  turn,
  wayToTurn,
  world,
}) => {
  test.setTimeout(120_000);
  if (!wayToTurn) throw new Error(`no way to the TURN server at ${turn.port}`);
  await network.allowUdpOnlyTo(wayToTurn.port);
  const bruno = await signedIn('bruno', 'intranet');
  const alice = await signedIn('alice', 'webmail', away);
  const placed = nextCallId(alice);
  await alice.call('bruno');
  await bruno.answer('alice');
  await expectSound(alice, GOOD);

  wayToTurn.delay(DELAY_MS);
  await expectSound(alice, NOT_GOOD);
  wayToTurn.delay(0);
  await alice.hangUp();
  await alice.expectNoCall();
  const kept = await expectRecordOfDecline(world, await placed, 'caller');
  expect(kept.roundTripMs, 'mean of the whole call').toBeGreaterThan(50);
});
