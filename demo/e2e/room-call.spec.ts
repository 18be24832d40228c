import { expect, PEOPLE, test } from './fixtures.ts';

test('Alice calls Bruno from the webmail and both hear each other', async ({ signedIn }) => {
  const alice = await signedIn('alice', 'webmail');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectInCall();
  await bruno.expectInCall();
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  await expect(alice.page.getByText('Direct', { exact: true }).first()).toBeVisible();
  await alice.hangUp();
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall()]);
  await bruno.expectSilence();
});

test('the name in a mail has a call button that rings the person', async ({ signedIn }) => {
  const bruno = await signedIn('bruno', 'intranet');
  const alice = await signedIn('alice', 'webmail');
  await alice.page
    .locator('#reading')
    .getByRole('button', { name: `Call ${PEOPLE.bruno.name}` })
    .first()
    .click();
  await bruno.answer('alice');
  await alice.expectToHearPerson('bruno');
});

test('muting silences the far end and unmuting brings the tone back', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await bruno.expectToHearPerson('alice');
  await alice.button('Mute').first().click();
  await bruno.expectSilence();
  await alice.expectToHearPerson('bruno');
  await alice.button('Unmute').first().click();
  await bruno.expectToHearPerson('alice');
});

test('hold silences both and resume brings the tones back', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  await alice.button('Hold').first().click();
  await Promise.all([alice.expectSilence(), bruno.expectSilence()]);
  await expect(bruno.page.getByText(`${PEOPLE.alice.name} put you on hold`).first()).toBeVisible();
  await alice.button('Resume').first().click();
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
});

test('a camera shows at the far end, and goes from there when it is stopped', async ({ signedIn }) => {
  const bruno = await signedIn('bruno', 'intranet');
  const alice = await signedIn('alice');
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectToHearPerson('bruno');
  await alice.button('Start video').click();
  await expect.poll(() => bruno.seesMovingPicture()).toBe(true);
  await alice.button('Stop video').click();
  await expect.poll(() => bruno.seesMovingPicture()).toBe(false);
  await bruno.expectToHearPerson('alice');
});
