import { advanceClock, expect, test } from './fixtures.ts';

test('the hub is killed and started again while two people talk: the tone never stops and hang-up works', async ({
  signedIn,
  world,
}) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  const gaps = await bruno.countGapsWhile(440, async () => {
    await world.hub.kill();
    await alice.hear(2_000);
    await world.hub.start();
    await alice.hear(2_000);
  });
  expect(gaps).toBe(0);
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  await alice.hangUp();
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall()]);
});

test('hanging up while the hub is away ends the call for both once it is back', async ({
  signedIn,
  world,
}) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await bruno.expectToHearPerson('alice');
  await world.hub.kill();
  await alice.hangUp();
  await alice.expectNoCall();
  await world.hub.start();
  await bruno.expectNoCall();
});

test('a call that rings outlives a restart of the hub', async ({ signedIn, world }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await expect(bruno.ringing('alice')).toBeVisible();
  await world.hub.kill();
  await world.hub.start();
  await bruno.answer('alice');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
});

test('twenty minutes without a network ask for no second sign-in', async ({ signedIn, world }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.browser.context.setOffline(true);
  advanceClock(world, 20 * 60_000);
  await alice.browser.context.setOffline(false);
  await expect
    .poll(async () => {
      await bruno.search.fill('alice');
      return bruno.page.getByText('online').count();
    })
    .toBeGreaterThan(0);
  await alice.call('bruno');
  await bruno.answer('alice');
  await bruno.expectToHearPerson('alice');
});
