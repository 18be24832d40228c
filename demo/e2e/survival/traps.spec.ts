// Faults that users of such products report again and again (targets.md): late answers with one-way sound, contacts
// that reloads leave behind.
import { expectPhoneHears, expectRegistered, PHONE_HZ } from './exchange.ts';
import { expect, PEOPLE, test } from './fixtures.ts';
import { reloadOften } from './reloads.ts';

/** Every other test answers within a second; `npm run soak` waits for 30 and 40. */
const LATE_MS = 8_000;

test('answered after 8 s, a room call and a telephone call have sound both ways', async ({
  signedIn,
  exchange,
  deskPhone,
}) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const carla = await signedIn('carla', 'intranet');
  await expectRegistered(exchange, carla);
  await alice.call('bruno');
  const call = await deskPhone.call('1003');
  await Promise.all([
    expect(bruno.ringing('alice')).toBeVisible(),
    expect(carla.ringing('bruno')).toBeVisible(),
  ]);
  await alice.hear(LATE_MS);
  await Promise.all([bruno.answer('alice'), carla.answer('bruno')]);
  await Promise.all([
    alice.expectToHearPerson('bruno'),
    bruno.expectToHearPerson('alice'),
    carla.expectToHear(PHONE_HZ),
    expectPhoneHears(call, PEOPLE.carla.toneHz),
  ]);
});

test('a page that is reloaded often has one contact at the exchange, and a call rings once', async ({
  signedIn,
  exchange,
  deskPhone,
}) => {
  test.setTimeout(120_000);
  const alice = await signedIn('alice');
  await expectRegistered(exchange, alice);
  await reloadOften(alice, 20);
  await alice.openPane();
  await alice.expectReady();
  await expectRegistered(exchange, alice);
  expect(await exchange.contactsOf(alice.sipEndpoint)).toBe(1);
  const call = await deskPhone.call('1001');
  await expect(alice.page.getByRole('alertdialog')).toHaveCount(1);
  await alice.answer('bruno');
  await Promise.all([alice.expectToHear(PHONE_HZ), expectPhoneHears(call, PEOPLE.alice.toneHz)]);
});
