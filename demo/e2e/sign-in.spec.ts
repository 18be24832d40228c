import { expect, PEOPLE, test } from './fixtures.ts';

test('the browsers of these tests do block third-party cookies', async ({ visit, world }) => {
  const alice = await visit('alice');
  // A frame of the identity provider in the webmail would be third-party: its cookie must not come back.
  const cookies = await alice.page.evaluate(async (issuer) => {
    await fetch(`${issuer}/photos/alice.svg`, { mode: 'no-cors', credentials: 'include' });
    return document.cookie;
  }, world.identity.issuer);
  expect(cookies).toBe('');
});

test('Alice signs in through the popup, on a page of another site', async ({ visit }) => {
  const alice = await visit('alice');
  await alice.signIn();
  await expect(alice.page.getByText(PEOPLE.alice.name).first()).toBeVisible();
});

test('twenty page loads later she is still signed in, and no popup opened', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  let popups = 0;
  alice.page.on('popup', () => {
    popups += 1;
  });
  for (let load = 0; load < 20; load += 1) {
    await alice.page.reload();
    await alice.openPane();
    await expect(alice.search).toBeVisible();
  }
  expect(popups).toBe(0);
});

test('two windows of one company can be two people', async ({ signedIn }) => {
  const alice = await signedIn('alice', 'webmail');
  const bruno = await alice.newTab();
  await bruno.page.goto(alice.world.sites.intranet.origin);
  await bruno.signIn('bruno');
  await alice.call('bruno');
  await expect(bruno.ringing('alice')).toBeVisible();
});

test('a restart of the hub asks nobody to sign in again', async ({ signedIn, world }) => {
  const alice = await signedIn('alice');
  await world.hub.kill();
  await world.hub.start();
  await alice.page.reload();
  await alice.openPane();
  await expect(alice.search).toBeVisible();
});
