// A browser in a network of its own, whose uplink changes in a call. Media and lines die with the old address.

import type { BrowserOptions } from '../browser.ts';
import { openWorld } from '../fixtures.ts';
import { openAway } from './away.ts';
import { test as base, expect, PEOPLE } from './fixtures.ts';
import { type Network, openNetwork, whyNoNetworks } from './network.ts';
import { expectNoEndWhile, follow, toneBackAfter } from './witness.ts';

const noNetworks = await whyNoNetworks();

const test = base.extend<
  { readonly away: Partial<BrowserOptions> },
  { readonly network: Network | undefined }
>({
  network: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const network = noNetworks ? undefined : await openNetwork();
      await use(network);
      await network?.close();
    },
    { scope: 'worker' },
  ],
  world: [
    async ({ network }, use) => {
      const world = await openWorld(network ? { telephoneHost: network.hostAddress } : {});
      await use(world);
      await world.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  away: async ({ world, network }, use) => {
    base.skip(!network, noNetworks);
    if (!network) return;
    const away = await openAway(world, network);
    await use(away.browser);
    await away.close();
  },
});

/** Three times the target of 3 s. */
const SOUND_BACK_MS = 9_000;

test('the network changes in a room call: the sound is back, and nobody reads that it ended', async ({
  signedIn,
  away,
  network,
}) => {
  const bruno = await signedIn('bruno', 'intranet');
  const alice = await signedIn('alice', 'webmail', away);
  await alice.call('bruno');
  await bruno.answer('alice');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  await Promise.all([follow(alice, PEOPLE.bruno.toneHz), follow(bruno, PEOPLE.alice.toneHz)]);
  await expectNoEndWhile([alice, bruno], async () => {
    const cutMs = Date.now();
    await network?.changeUplink();
    const back = await Promise.all([
      toneBackAfter(alice, cutMs, 40_000),
      toneBackAfter(bruno, cutMs, 40_000),
    ]);
    console.log('room', back);
    expect(Math.max(...back)).toBeLessThan(SOUND_BACK_MS);
  });
  await bruno.hangUp();
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall()]);
});

test('the network changes in a telephone call: the sound is back, and nobody reads that it ended', async ({
  signedIn,
  away,
  network,
  exchange,
}) => {
  expect(exchange).toBeTruthy();
  const alice = await signedIn('alice', 'webmail', away);
  await alice.openPane();
  await alice.search.fill('600');
  await expect(alice.pane.getByText('Call this number').first()).toBeVisible();
  await alice.search.press('Enter');
  await alice.expectToHearPerson('alice');
  await follow(alice, PEOPLE.alice.toneHz);
  await expectNoEndWhile([alice], async () => {
    const cutMs = Date.now();
    await network?.changeUplink();
    const back = await toneBackAfter(alice, cutMs, 40_000);
    console.log('tel', back);
    expect(back).toBeLessThan(SOUND_BACK_MS);
  });
  await alice.hangUp();
  await alice.expectNoCall();
});
