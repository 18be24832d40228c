// Calls while the page has a modal dialog open, which makes all of the page outside it inert.
import { expect, type Person, test } from '../fixtures.ts';

test.beforeEach(() => test.setTimeout(120_000));

const text = ({ page }: Person) => page.locator('#composer textarea');

/** Where it is, as somebody with a mouse would: whatever is in the way gets the press. */
async function pressByMouse(person: Person, name: string): Promise<void> {
  const button = person.button(name).first();
  let at = '';
  // The call goes over into the dialog: pressed once it stays where it is.
  await expect
    .poll(async () => {
      const before = at;
      at = JSON.stringify(await button.boundingBox().catch(() => null));
      return at !== 'null' && at === before;
    })
    .toBe(true);
  const box = JSON.parse(at);
  await person.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

test('over a mail that is being written a call is answered, muted and ended by mouse, and not a letter is lost', async ({
  signedIn,
}) => {
  const alice = await signedIn('alice', 'webmail');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.button('Compose').click();
  await text(alice).click();
  await alice.page.keyboard.type('Dear all, ');
  await bruno.call('alice');
  await expect(alice.ringing('bruno')).toBeVisible();
  await alice.page.keyboard.type('the clocks ');
  await pressByMouse(alice, 'Answer');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  await alice.page.keyboard.type('have ');
  await pressByMouse(alice, 'Mute');
  await bruno.expectSilence();
  await alice.page.keyboard.type('arrived.');
  await pressByMouse(alice, 'Hang up');
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall()]);
  await expect(alice.page.locator('#composer')).toBeVisible();
  await expect(text(alice)).toHaveValue('Dear all, the clocks have arrived.');
});

test('a mail begun during a call has the call beside it; sent, the call is where it was', async ({
  signedIn,
}) => {
  const alice = await signedIn('alice', 'webmail');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectToHearPerson('bruno');
  await alice.button('Compose').click();
  await pressByMouse(alice, 'Mute');
  await bruno.expectSilence();
  await alice.page.keyboard.press('Escape');
  await expect(alice.page.locator('#composer')).toBeHidden();
  await alice.button('Unmute').first().click();
  await bruno.expectToHearPerson('alice');
  await alice.hangUp();
  await alice.expectNoCall();
});
