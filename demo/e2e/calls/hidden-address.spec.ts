// Telephone calls of a browser that tells nobody its addresses. Asterisk must then find it by its own checks, so it is
// not on loopback here, where such a browser sends nothing.
import { test as base, openWorld, PEOPLE } from '../fixtures.ts';
import { dial, exchangeOf, expectRegistered } from '../survival/exchange.ts';
import { openNetwork, whyNoNetworks } from '../survival/network.ts';

const noNetworks = await whyNoNetworks();

const test = base.extend({
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const network = noNetworks ? undefined : await openNetwork();
      const world = await openWorld(network ? { telephoneHost: network.hostAddress } : { telephone: false });
      await use(world);
      await world.stop();
      await network?.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

test('with names in the place of its addresses a browser telephones all the same', async ({
  signedIn,
  world,
}) => {
  test.setTimeout(120_000);
  const exchange = exchangeOf(world);
  test.skip(!exchange, noNetworks || 'no Asterisk on this machine');
  if (!exchange) return;
  const carla = await signedIn('carla', 'webmail', { engine: 'firefox', hidesAddresses: true });
  await expectRegistered(exchange, carla);
  await dial(carla, '600');
  await carla.expectToHear(PEOPLE.carla.toneHz);
  await carla.hangUp();
  await carla.expectNoCall();
});
