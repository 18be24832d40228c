// A laptop that slept and a tab in the background: a call still arrives.
import { reopenBehind } from './behind.ts';
import { expectPhoneHears, expectRegistered, PHONE_HZ } from './exchange.ts';
import { expect, PEOPLE, type Person, test } from './fixtures.ts';
import { putToSleep } from './sleep.ts';

/** Longer than any silence that hub and exchange bear: both take the device for gone. */
const SLEEP_MS = 20_000;

test('a laptop that slept is called right after it woke, through the hub and by telephone', async ({
  signedIn,
  world,
  exchange,
  deskPhone,
}) => {
  test.setTimeout(120_000);
  const bruno = await signedIn('bruno', 'intranet');
  const alice = await signedIn('alice');
  await expectRegistered(exchange, alice);
  const wake = await putToSleep(alice.browser.profile);
  // Wall clocks go on while a laptop sleeps: for hours, as far as the hub is concerned.
  world.hub.tell(`advance ${20 * 60_000}`);
  await bruno.hear(SLEEP_MS);
  wake();
  await callUntilItRings(bruno, alice);
  await alice.answer('bruno');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  await alice.hangUp();
  await bruno.expectNoCall();

  await expectRegistered(exchange, alice);
  const call = await deskPhone.call('1001');
  await alice.answer('bruno');
  await Promise.all([alice.expectToHear(PHONE_HZ), expectPhoneHears(call, PEOPLE.alice.toneHz)]);
});

/** A device that wakes needs a moment; who is told that nobody can be reached tries again, for six seconds. */
async function callUntilItRings(caller: Person, callee: Person): Promise<void> {
  await expect(async () => {
    await caller.call(callee.id);
    await expect(callee.ringing(caller.id)).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 6_000 });
}

test('a tab behind another one rings, by room and by telephone', async ({
  signedIn,
  exchange,
  deskPhone,
}) => {
  const carla = await signedIn('carla', 'intranet');
  const alice = await signedIn('alice');
  await expectRegistered(exchange, alice);
  const hidden = await reopenBehind(alice);
  const ringing = async () => (await hidden.rings()).join();
  await expect.poll(() => exchange.stateOf(alice.sipEndpoint), { timeout: 15_000 }).toBe('online');
  await carla.call('alice');
  await expect.poll(ringing).toContain(PEOPLE.carla.name);
  await carla.hangUp();
  await expect.poll(ringing).toBe('');
  const call = await deskPhone.call('1001');
  await expect.poll(ringing).toContain(PEOPLE.bruno.name);
  call.hangUp();
  await expect.poll(ringing).toBe('');
  await hidden.close();
});
