// A whole call without a pointer, and what an accessibility checker finds in its states.
import type { Locator } from '@playwright/test';
import { expectAccessible as expectPageAccessible } from '../axe.ts';
import { expect, PEOPLE, type Person, test } from '../fixtures.ts';

test.beforeEach(() => test.setTimeout(120_000));

/** Tab until the focus is there. */
async function tabTo({ page }: Person, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const hasFocus = () =>
    target.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element);
  for (let presses = 0; presses < 120; presses += 1) {
    if (await hasFocus()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab never came there');
}

async function press(person: Person, name: string): Promise<void> {
  await tabTo(person, person.button(name).first());
  await person.page.keyboard.press('Enter');
}

/** From anywhere on the page. */
async function answerByShortcut(person: Person, from: Person): Promise<void> {
  await expect(person.ringing(from.id)).toBeVisible();
  await person.page.keyboard.press('Alt+Shift+A');
}

const expectAccessible = ({ page }: Person, state: string) =>
  expectPageAccessible(page, state, 'ringtag-launcher');

test('by keyboard alone: call, answer, mute, send digits, pass on, hang up', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const carla = await signedIn('carla', 'intranet');
  await alice.page.reload();
  await press(alice, 'Open Ringtag');
  await expect(alice.search).toBeFocused();
  await alice.page.keyboard.type('Brun');
  await expect(alice.button(`Call ${PEOPLE.bruno.name}`).first()).toBeVisible();
  await alice.page.keyboard.press('Enter');
  await answerByShortcut(bruno, alice);
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);

  await press(alice, 'Mute');
  await bruno.expectSilence();
  await alice.page.keyboard.press('Enter');
  await bruno.expectToHearPerson('alice');

  await press(alice, 'Keypad');
  await alice.page.keyboard.type('5#');
  await expect(alice.pane.getByLabel('Digits sent')).toHaveText('5#');
  await alice.page.keyboard.press('Escape');
  await expect(alice.pane.getByLabel('Digits sent')).toBeHidden();

  await press(alice, 'Transfer');
  await expect(alice.search).toBeFocused();
  await alice.page.keyboard.type('Carl');
  await expect(alice.button(`Choose ${PEOPLE.carla.name}`)).toBeVisible();
  await alice.page.keyboard.press('Enter');
  await press(alice, 'Transfer now');
  await answerByShortcut(carla, bruno);
  await Promise.all([bruno.expectToHearPerson('carla'), carla.expectToHearPerson('bruno')]);
  await alice.expectNoCall();
  await press(bruno, 'Hang up');
  await Promise.all([bruno.expectNoCall(), carla.expectNoCall()]);
});

test('axe finds nothing while it rings, in the call, on its sheets, with a call waiting, and after it', async ({
  signedIn,
}) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const carla = await signedIn('carla', 'intranet');
  await alice.call('bruno');
  await expect(bruno.ringing('alice')).toBeVisible();
  await expectAccessible(alice, 'it rings there');
  await expectAccessible(bruno, 'it rings here');
  await bruno.answer('alice');
  await bruno.expectToHearPerson('alice');
  await bruno.readWords();
  await expectAccessible(bruno, 'in the call, the words open');
  await bruno.button('Keypad').first().click();
  await expectAccessible(bruno, 'the keypad');
  await bruno.page.keyboard.press('Escape');
  await bruno.button('Transfer').first().click();
  await expect(bruno.search).toBeVisible();
  await expectAccessible(bruno, 'whom to pass on to');
  await bruno.button('Back').click();
  await carla.call('bruno');
  await expect(bruno.ringing('carla')).toBeVisible();
  await expectAccessible(bruno, 'a second call rings');
  await bruno.holdAndAnswer('carla');
  await carla.expectToHearPerson('bruno');
  await expectAccessible(bruno, 'two calls');
  await expectAccessible(alice, 'on hold');
  await carla.hangUp();
  await alice.hangUp();
  await bruno.expectNoCall();
  await expectAccessible(bruno, 'after the calls');
});
