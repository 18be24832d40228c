// "Your devices" as a person uses it: two browsers, one of them in a call or lost, and the page that ends the other.
import type { Page } from '@playwright/test';
import { expectAccessibleInBothColours } from './axe.ts';
import { expect, PEOPLE, type Person, test } from './fixtures.ts';
import { type StolenAccount, tryToRegister } from './register.ts';
import { dial, exchangeOf } from './survival/exchange.ts';
import { putToSleep } from './survival/sleep.ts';

/** S6 says at once; three times a second is what a busy machine gets. */
const AT_ONCE_MS = 3_000;

/** Alice in the Firefox that is Carla's in other tests: it runs already. */
const FIREFOX = { engine: 'firefox', toneHz: PEOPLE.carla.toneHz } as const;

/** Opens the page in a tab of this person's browser; the provider knows them already, or is told who. */
async function openDevices(person: Person, query = ''): Promise<Page> {
  const page = await person.browser.context.newPage();
  await page.goto(`${person.world.hubOrigin}/devices${query}`);
  const choice = page.getByRole('button', { name: new RegExp(`^${PEOPLE[person.id].name}`) });
  const list = page.locator('form[action^="/devices"]').first();
  await expect(choice.or(list)).toBeVisible();
  if (await choice.isVisible()) await choice.click();
  await expect(list).toBeVisible();
  return page;
}

const devices = (page: Page) => page.getByRole('listitem');
const others = (page: Page) => devices(page).filter({ hasNotText: 'This browser' });

/** Takes the SIP account that the page asks for while it signs in. */
async function signInAndCopyAccount(person: Person): Promise<StolenAccount | undefined> {
  if (!person.world.telephone) {
    await person.signIn();
    return undefined;
  }
  const answered = person.page.waitForResponse(
    (response) => response.url().endsWith('/api/pbx/account') && response.ok(),
  );
  await person.signIn();
  return (await (await answered).json()) as StolenAccount;
}

/** What other tests have left signed in is not counted here. */
test.beforeEach(async ({ signedIn }) => {
  const page = await openDevices(await signedIn('alice', 'intranet'));
  const elsewhere = page.getByRole('button', { name: 'Sign out everywhere else' });
  if (await elsewhere.isVisible()) await elsewhere.click();
  await expect(devices(page)).toHaveCount(1);
  await devices(page).getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('status')).toContainText('Signed out');
});

test('S6 a person ends the other browser, a Firefox, during its call: it is out at once, and the call with it', async ({
  visit,
  signedIn,
}) => {
  test.setTimeout(120_000);
  const lost = await visit('alice', 'webmail', FIREFOX);
  const account = await signInAndCopyAccount(lost);
  const alice = await signedIn('alice', 'intranet');
  const bruno = await signedIn('bruno', 'intranet');
  await lost.call('bruno');
  await bruno.answer('alice');
  await lost.expectToHearPerson('bruno');

  const page = await openDevices(alice);
  await expect(devices(page)).toHaveCount(2);
  await expect(page.getByText('This browser', { exact: true })).toHaveCount(1);
  await expect(others(page)).toContainText(new URL(alice.world.sites.webmail.origin).host);
  await expect(others(page)).toContainText('now');

  await others(page).getByRole('button', { name: 'Sign out' }).click();
  await Promise.all([
    expect(page.getByRole('status')).toContainText('Signed out'),
    expect(lost.button('Sign in').first()).toBeVisible({ timeout: AT_ONCE_MS }),
    expect(bruno.pane.getByText(/signed out/i).first()).toBeVisible({ timeout: AT_ONCE_MS }),
  ]);
  await bruno.expectNoCall();
  await expect(devices(page)).toHaveCount(1);
  if (account) expect(await tryToRegister(account, lost.world.sites.webmail.origin)).not.toBe(200);
  await alice.expectReady();
});

test('S6 "everywhere else" ends all but this browser, a Firefox', async ({ signedIn }) => {
  test.setTimeout(120_000);
  const lost = await signedIn('alice', 'webmail');
  const alice = await signedIn('alice', 'intranet', FIREFOX);
  const page = await openDevices(alice);
  await page.getByRole('button', { name: 'Sign out everywhere else' }).press('Enter');
  await expect(lost.button('Sign in').first()).toBeVisible({ timeout: AT_ONCE_MS });
  await expect(devices(page)).toHaveCount(1);
  await alice.expectReady();
});

test('S6 ending a device during its telephone call hangs up at the exchange, though its page is asleep', async ({
  visit,
  signedIn,
  world,
}) => {
  test.skip(!world.telephone, 'no Asterisk on this machine');
  test.setTimeout(120_000);
  const exchange = exchangeOf(world);
  const lost = await visit('alice', 'webmail');
  await signInAndCopyAccount(lost);
  const page = await openDevices(await signedIn('alice', 'intranet'));
  await dial(lost, '600');
  await lost.expectToHearPerson('alice');
  expect(await exchange?.legsOf(lost.sipEndpoint)).toBe(1);
  const wake = await putToSleep(lost.browser.profile);
  try {
    await others(page).first().getByRole('button', { name: 'Sign out' }).click();
    await expect.poll(() => exchange?.legsOf(lost.sipEndpoint), { timeout: AT_ONCE_MS }).toBe(0);
  } finally {
    wake();
  }
  await expect(lost.button('Sign in').first()).toBeVisible();
  await lost.expectNoCall();
});

test('the page fits 320 px, passes axe in both colours and works by keyboard', async ({
  visit,
  signedIn,
}) => {
  const other = await signedIn('alice', 'webmail');
  const alice = await visit('alice', 'intranet', { viewport: { width: 320, height: 640 } });
  for (const language of ['en', 'pt', 'es', 'fr']) {
    const page = await openDevices(alice, `?lang=${language}`);
    await expectAccessibleInBothColours(page, language);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.close();
  }
  const page = await openDevices(alice);
  await page.keyboard.press('Tab');
  await expect(devices(page).first().getByRole('button', { name: 'Sign out' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText('Signed out');
  await expect(other.button('Sign in').first()).toBeVisible();
});

for (const [engine, browser] of [
  ['chromium', {}],
  ['firefox', FIREFOX],
] as const) {
  test(`the phone runs in a window of the hub’s own, under its strict policy (${engine})`, async ({
    visit,
  }) => {
    const alice = await visit('alice', 'webmail', browser);
    const refused: string[] = [];
    alice.page.on('console', (message) => {
      if (/Content.Security.Policy|TrustedHTML|TrustedScript/i.test(message.text()))
        refused.push(message.text());
    });
    await alice.page.setViewportSize({ width: 360, height: 600 });
    await alice.page.goto(`${alice.world.hubOrigin}/phone`);
    await expect(alice.button('Sign in')).toBeVisible();
    await alice.signIn();
    const box = await alice.page.locator('ringtag-phone').boundingBox();
    expect(box).toEqual({ x: 0, y: 0, width: 360, height: 600 });
    if (alice.world.telephone) {
      await alice.search.fill('600');
      await alice.search.press('Enter');
      await alice.expectInCall();
      await alice.expectToHear('toneHz' in browser ? browser.toneHz : PEOPLE.alice.toneHz);
      await alice.hangUp();
      await alice.expectNoCall();
    }
    expect(refused).toEqual([]);
  });

  test(`S9 a window opened from a page is a device of its own, and can be ended alone (${engine})`, async ({
    signedIn,
  }) => {
    const alice = await signedIn('alice', 'intranet', browser);
    const opened = alice.page.waitForEvent('popup');
    await alice.button('Open in a window of its own').click();
    const window = await opened;
    await expect(window.getByLabel('Search people')).toBeVisible();
    const page = await openDevices(alice);
    await expect(page.getByText('This browser', { exact: true })).toHaveCount(2);
    const line = devices(page).filter({ hasText: 'Phone in a window of its own' });
    await line.getByRole('button', { name: 'Sign out' }).click();
    await expect(window.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
    await expect(devices(page)).toHaveCount(1);
    await alice.expectReady();
  });
}
