// A world for browsers in a network of their own: Asterisk's media and a TURN server are at this machine's end of the
// cable, and the hub names a STUN server that never says a word, as many a firewall makes of a good one.

import type { World } from '../../src/world.ts';
import type { BrowserOptions } from '../browser.ts';
import { expect, openWorld, Person } from '../fixtures.ts';
import { type Away, openAway } from './away.ts';
import { test as base, type Engine, expectCalm } from './fixtures.ts';
import { type Network, openNetwork, whyNoNetworks } from './network.ts';
import { startUdpRelay, type UdpRelay } from './relay.ts';
import { startTurnServer, type TurnServer } from './turn-server.ts';

export { ENGINES, expect, PEOPLE, type Person } from './fixtures.ts';

const noNetworks = await whyNoNetworks();

export interface Surroundings {
  readonly network: Network;
  /** Where STUN questions go and no answer comes from. */
  readonly silentStun: UdpRelay;
  readonly turn: TurnServer | undefined;
}

export interface AwayFixtures {
  readonly network: Network;
  /** For a browser inside the network. */
  readonly away: Partial<BrowserOptions>;
  /** Signed in inside the network: Alice in Chromium, Carla in Firefox. */
  readonly whoIsAway: (engine: Engine) => Promise<Person>;
  /** Skips the test where there is no coturn. */
  readonly turn: TurnServer;
}

export interface AwayWorkerFixtures {
  readonly surroundings: Surroundings | undefined;
  readonly doors: Away | undefined;
  /** One for all tests: starting a Firefox is slow. */
  readonly carlaAway: () => Promise<Person>;
}

export const test = base.extend<AwayFixtures, AwayWorkerFixtures>({
  surroundings: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      if (noNetworks) return use(undefined);
      const network = await openNetwork();
      const silentStun = await startUdpRelay({ at: { host: network.hostAddress, port: 0 } });
      const turn = await startTurnServer(network.hostAddress);
      await use({ network, silentStun, turn });
      await turn?.close();
      await silentStun.close();
      await network.close();
    },
    { scope: 'worker' },
  ],
  world: [
    async ({ surroundings }, use) => {
      const world = await openWorld(surroundings ? worldIn(surroundings) : { telephone: false });
      await use(world);
      await world.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  network: async ({ surroundings }, use) => {
    base.skip(!surroundings, noNetworks);
    if (!surroundings) return;
    await use(surroundings.network);
    await surroundings.network.allowAll();
  },
  doors: [
    async ({ world, surroundings }, use) => {
      const doors = surroundings && (await openAway(world, surroundings.network));
      await use(doors);
      await doors?.close();
    },
    { scope: 'worker' },
  ],
  carlaAway: [
    async ({ world, doors }, use) => {
      let opened: Promise<Person> | undefined;
      await use(() => {
        opened ??= openCarla(world, doors?.browser);
        return opened;
      });
      await (await opened?.catch(() => undefined))?.browser.close();
    },
    { scope: 'worker' },
  ],
  away: async ({ doors, network }, use) => {
    expect(network).toBeDefined();
    await use(doors?.browser ?? {});
  },
  whoIsAway: async ({ signedIn, away, carlaAway }, use) => {
    await use(async (engine) => {
      if (engine === 'chromium') return signedIn('alice', 'webmail', away);
      const carla = await carlaAway();
      await expectCalm(carla);
      return carla;
    });
  },
  turn: async ({ surroundings }, use) => {
    base.skip(!surroundings?.turn, 'no coturn on this machine');
    if (surroundings?.turn) await use(surroundings.turn);
  },
});

function worldIn({ network, silentStun, turn }: Surroundings) {
  const urls = `stun:${silentStun.host}:${silentStun.port}`;
  return {
    telephoneHost: network.hostAddress,
    hubEnv: { ICE_SERVERS: JSON.stringify([{ urls }]), ...turn?.hubEnv },
  };
}

async function openCarla(world: World, away: Away['browser'] = {}): Promise<Person> {
  const carla = await Person.at(world, 'carla', 'webmail', { engine: 'firefox', ...away });
  await carla.signIn();
  return carla;
}
