import { connectedDevices, expect, test } from './fixtures.ts';
import { type StolenAccount, tryToRegister } from './register.ts';

test('signing out closes the sockets, and a copy of the SIP credentials is refused', async ({
  visit,
  world,
}) => {
  test.skip(!world.telephone, 'no Asterisk on this machine');
  const alice = await visit('alice');
  const answered = alice.page.waitForResponse(
    (response) => response.url().endsWith('/api/pbx/account') && response.ok(),
  );
  await alice.signIn();
  const account = (await (await answered).json()) as StolenAccount;
  const origin = world.sites.webmail.origin;
  expect(await tryToRegister(account, origin)).toBe(200);
  const ended = alice.page.waitForResponse(
    (response) => response.request().method() === 'DELETE' && response.ok(),
  );
  await alice.signOut();
  await expect(alice.button('Sign in').first()).toBeVisible();
  // The page shows it at once; refused it is once the hub has said so.
  await ended;
  expect(await tryToRegister(account, origin)).not.toBe(200);
  await expect.poll(() => connectedDevices(world)).toBe(0);
});

test('signing out during a call ends it for the other, who is told', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectToHearPerson('bruno');
  await bruno.signOut();
  await alice.expectNoCall();
  await expect(bruno.button('Sign in').first()).toBeVisible();
});
