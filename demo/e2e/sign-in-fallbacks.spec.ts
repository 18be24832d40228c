// The two ways in where the popup cannot hand its code over: a number to pick, and the page's own tab.
import { expect, PEOPLE, type Person, test } from './fixtures.ts';

/**
 * The hub's pages find no opener, as behind a provider that sends `Cross-Origin-Opener-Policy`. Stood in for: browsers
 * ignore that header on answers which a test has intercepted, and the demo's provider does not send it.
 */
async function cutOpener({ browser }: Person): Promise<void> {
  await browser.context.addInitScript(() => {
    if (location.hostname === 'hub.localhost') window.opener = null;
  });
}

/** Through the provider in a window of its own, as far as the choice among three numbers. */
async function walkToNumbers(alice: Person) {
  await alice.openPane();
  const opened = alice.browser.context.waitForEvent('page');
  await alice.button('Sign in').click();
  const popup = await opened;
  await popup.getByRole('button', { name: new RegExp(`^${PEOPLE.alice.name}`) }).click();
  const agree = popup.getByRole('button', { name: /^Continue/ });
  const choices = popup.getByRole('button', { name: /^\d+$/ });
  await expect(agree.or(choices.first())).toBeVisible();
  if (await agree.isVisible()) await agree.click();
  await expect(choices).toHaveCount(3);
  const shown = alice.page.getByText(/^\d{2,}$/).first();
  await expect(shown).toBeVisible();
  return { popup, choices, number: (await shown.textContent())?.trim() ?? '' };
}

test('a page that cuts its popups off shows a number, and picking it in the popup signs her in', async ({
  visit,
}) => {
  const alice = await visit('alice');
  await cutOpener(alice);
  const { popup, number } = await walkToNumbers(alice);
  await popup.getByRole('button', { name: number, exact: true }).click();
  await alice.expectReady();
});

test('picking a wrong number signs nobody in, and the pane says so', async ({ visit }) => {
  const alice = await visit('alice');
  await cutOpener(alice);
  const { choices, number } = await walkToNumbers(alice);
  await choices.filter({ hasNotText: number }).first().click();
  await expect(alice.button('Sign in')).toBeVisible();
  await expect(alice.search).toHaveCount(0);
});

test('with popups blocked she signs in in the tab itself, and the page is the one she left', async ({
  visit,
}) => {
  const alice = await visit('alice');
  await alice.page.addInitScript(() => {
    window.open = () => null;
  });
  await alice.page.reload();
  const before = alice.page.url();
  await alice.openPane();
  await alice.button('Sign in').click();
  await alice.button('Continue in this tab').click();
  await alice.page.getByRole('button', { name: new RegExp(`^${PEOPLE.alice.name}`) }).click();
  const agree = alice.page.getByRole('button', { name: /^Continue/ });
  await expect(agree.or(alice.button('Open Ringtag')).first()).toBeVisible();
  if (await agree.isVisible()) await agree.click();
  await alice.openPane();
  await alice.expectReady();
  expect(alice.page.url()).toBe(before);
});
