import { expect, PEOPLE, test } from './fixtures.ts';

test('two tabs of one person: one of them is connected, both show the call', async ({ signedIn, world }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const second = await bruno.newTab();
  await second.openPane();
  await second.expectReady();
  await alice.call('bruno');
  await Promise.all([
    expect(bruno.ringing('alice')).toBeVisible(),
    expect(second.ringing('alice')).toBeVisible(),
  ]);
  await second.answer('alice');
  await alice.expectToHearPerson('bruno');
  for (const tab of [bruno, second]) {
    await expect(tab.page.getByText(PEOPLE.alice.name).first()).toBeVisible();
    await expect(tab.button('Hang up').first()).toBeVisible();
  }
  const metrics = await (await fetch(`http://127.0.0.1:${new URL(world.hubOrigin).port}/metrics`)).text();
  expect(metrics).toMatch(/^ringtag_devices(\{[^}]*\})? 2$/m);
});

test('the tab that does not carry the call can end it', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const second = await bruno.newTab();
  await second.openPane();
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectToHearPerson('bruno');
  await second.hangUp();
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall(), second.expectNoCall()]);
});

test('closing the page in a call ends it for the other', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectToHearPerson('bruno');
  await bruno.page.close({ runBeforeUnload: false });
  await expect(alice.page.getByText(`${PEOPLE.bruno.name} left the call.`).first()).toBeVisible();
});

test('leaving the page during a call asks first', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectToHearPerson('bruno');
  const asked = alice.page.waitForEvent('dialog');
  await alice.page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await alice.expectToHearPerson('bruno');
});
