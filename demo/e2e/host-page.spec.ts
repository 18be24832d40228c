import { expect, PEOPLE, type Person, test } from './fixtures.ts';

const KEYS = [
  'j',
  'k',
  'x',
  'Backspace',
  'Delete',
  'Space',
  'ArrowDown',
  'ArrowUp',
  'ArrowLeft',
  '#',
  '/',
  'r',
  's',
];

/** What the webmail knows: which mails there are, which is open, whether one was starred or replied to. */
async function mailbox(person: Person) {
  return person.page.evaluate(() => ({
    height: document.getElementById('rows')?.style.height,
    open: document.querySelector('#reading h2')?.textContent,
    stars: document.querySelectorAll('[aria-pressed="true"]').length,
    composing: document.querySelector('dialog')?.open,
    scroll: document.getElementById('reading')?.scrollTop,
    searching: document.activeElement?.id,
  }));
}

async function typeEverything(person: Person): Promise<void> {
  for (const key of KEYS) await person.page.keyboard.press(key);
}

test('the webmail itself deletes on Delete without asking (or the next tests prove nothing)', async ({
  visit,
}) => {
  const alice = await visit('alice');
  const before = await mailbox(alice);
  await alice.page.locator('#list').focus();
  await alice.page.keyboard.press('Delete');
  expect((await mailbox(alice)).height).not.toBe(before.height);
});

test('keys typed into the search leave the mails behind it untouched', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  await alice.search.click();
  const before = await mailbox(alice);
  await typeEverything(alice);
  await alice.page.keyboard.type('bru');
  await expect(alice.search).toHaveValue(/bru/);
  await alice.page.keyboard.press('Escape');
  expect({ ...(await mailbox(alice)), searching: before.searching }).toEqual(before);
});

test('keys pressed on the keypad and the buttons of a call leave the mails untouched', async ({
  signedIn,
}) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectInCall();
  await alice.button('Keypad').first().click();
  const before = await mailbox(alice);
  for (const key of KEYS.filter((k) => k !== 'Space')) await alice.page.keyboard.press(key);
  await alice.page.keyboard.type('12#');
  expect({ ...(await mailbox(alice)), searching: before.searching }).toEqual(before);
});

test('a mail that means harm gets no button, no script and no say', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  await alice.page.getByText('You have been SELECTED!!!').first().click();
  const body = alice.page.locator('#reading .body');
  await expect(body).toContainText('Dear winner');
  // The sender of the mail before it had a button, so scanning works here.
  await expect(
    alice.page
      .locator('#list')
      .getByRole('button', { name: `Call ${PEOPLE.duarte.name}` })
      .first(),
  ).toBeVisible();
  await expect(body.getByRole('button')).toHaveCount(0);
  await expect(body.locator('ringtag-call, ringtag-launcher')).toHaveCount(0);
  expect(await alice.page.title()).not.toBe('owned');
  await expect(alice.button('Open Ringtag').or(alice.search).first()).toBeVisible();
});

test('recycled rows carry the button of the person they show now', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  await expect(
    alice.page
      .locator('#list')
      .getByRole('button', { name: /^Call / })
      .first(),
  ).toBeVisible();
  for (const top of [900, 300, 1_200, 0]) {
    await alice.page.locator('#list').evaluate((list, y) => list.scrollTo(0, y), top);
    await expect
      .poll(async () =>
        alice.page.locator('#rows > li:not([hidden])').evaluateAll((rows) =>
          rows.every((row) => {
            const name = row.querySelector('a')?.textContent ?? '';
            const labels = [...row.querySelectorAll('*')].map(
              (node) => node.getAttribute('aria-label') ?? '',
            );
            return labels
              .filter((label) => label.startsWith('Call '))
              .every((label) => label === `Call ${name}`);
          }),
        ),
      )
      .toBe(true);
  }
});

test('pressing the call button of a row does not open its mail', async ({ signedIn }) => {
  const bruno = await signedIn('bruno', 'intranet');
  const alice = await signedIn('alice');
  const before = await mailbox(alice);
  await alice.page
    .locator('#list')
    .getByRole('button', { name: `Call ${PEOPLE.bruno.name}`, exact: true })
    .last()
    .click();
  await expect(bruno.ringing('alice')).toBeVisible();
  expect((await mailbox(alice)).open).toBe(before.open);
});
