import { expectAccessible, expectAccessibleInBothColours } from './axe.ts';
import { expect, PEOPLE, type Person, test } from './fixtures.ts';

test('axe finds nothing in any state of a call, in both colours', async ({ visit, signedIn }) => {
  test.setTimeout(120_000);
  const alice = await visit('alice', 'webmail', { reducedMotion: 'reduce' });
  const bruno = await signedIn('bruno', 'intranet', { reducedMotion: 'reduce' });
  await expectAccessibleInBothColours(alice.page, 'launcher');
  await alice.openPane();
  await expectAccessibleInBothColours(alice.page, 'signed out');
  await alice.signIn();
  await expectAccessibleInBothColours(alice.page, 'signed in');
  await alice.search.fill('bru');
  await expect(alice.pane.getByRole('button', { name: `Call ${PEOPLE.bruno.name}` }).first()).toBeVisible();
  await expectAccessibleInBothColours(alice.page, 'found');
  await alice.call('bruno');
  await expect(bruno.ringing('alice')).toBeVisible();
  await expectAccessibleInBothColours(bruno.page, 'ringing');
  await expectAccessibleInBothColours(alice.page, 'calling');
  await bruno.answer('alice');
  await alice.expectInCall();
  await expectAccessibleInBothColours(alice.page, 'in a call');
  await alice.button('Keypad').first().click();
  await expectAccessibleInBothColours(alice.page, 'keypad');
  await alice.button('Hold').first().click();
  await expect(alice.button('Resume').first()).toBeVisible();
  await expectAccessibleInBothColours(alice.page, 'on hold');
  await expectAccessibleInBothColours(bruno.page, 'held by the other');
  await bruno.hangUp();
  await expectAccessibleInBothColours(alice.page, 'ended');
});

test('the sites and the sign-in page are accessible on their own', async ({ visit, world }) => {
  const alice = await visit('alice', 'public');
  await expectAccessible(alice.page, 'shop');
  await alice.page.goto(world.sites.intranet.origin);
  await expectAccessible(alice.page, 'intranet');
  await alice.page.goto(world.sites.webmail.origin);
  await alice.openPane();
  const opened = alice.page.waitForEvent('popup');
  await alice.button('Sign in').click();
  alice.page = await opened;
  await expect(alice.page.getByRole('heading', { name: 'Who are you today?' })).toBeVisible();
  await expectAccessible(alice.page, 'sign-in page');
});

test('a whole call by keyboard alone', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.search.focus();
  await alice.page.keyboard.type('br');
  await expect(alice.pane.getByRole('button', { name: `Call ${PEOPLE.bruno.name}` }).first()).toBeVisible();
  await alice.page.keyboard.press('Enter');
  await expect(bruno.ringing('alice')).toBeVisible();
  await bruno.page.keyboard.press('Alt+Shift+A');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  await pressByKeyboard(alice, 'Mute');
  await bruno.expectSilence();
  await pressByKeyboard(alice, 'Hang up');
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall()]);
});

/** Tabs until the button of that name has the focus, then presses it. */
async function pressByKeyboard(person: Person, name: string): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    const label = await person.page.evaluate(() => {
      let focused: Element | null | undefined = document.activeElement;
      while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
      return focused?.getAttribute('aria-label') ?? focused?.textContent?.trim() ?? '';
    });
    if (label === name) return person.page.keyboard.press('Enter');
    await person.page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached the button "${name}"`);
}
