// A laptop that slept and a tab in the background: a call still arrives.
import { advanceClock } from '../fixtures.ts';
import { hideBehind, reopenBehind } from './behind.ts';
import { EXTENSIONS, expectPhoneHears, expectRegistered, PHONE_HZ } from './exchange.ts';
import { ENGINES, expect, PEOPLE, type Person, test } from './fixtures.ts';
import { putToSleep } from './sleep.ts';

/** Longer than any silence that hub and exchange bear: both take the device for gone. */
const SLEEP_MS = 20_000;

test('laptops that slept, one in each browser, are called right after they woke, through the hub and by telephone', async ({
  signedIn,
  onLines,
  world,
  exchange,
  deskPhone,
}) => {
  test.setTimeout(180_000);
  const bruno = await signedIn('bruno', 'intranet');
  const sleepers = [await signedIn('alice'), (await onLines('firefox')).person];
  for (const sleeper of sleepers) await expectRegistered(exchange, sleeper);
  const alarms = await Promise.all(sleepers.map(({ browser }) => putToSleep(browser.profile)));
  // Wall clocks go on while a laptop sleeps: for hours, as far as the hub is concerned.
  advanceClock(world, 20 * 60_000);
  await bruno.hear(SLEEP_MS);
  for (const [index, sleeper] of sleepers.entries()) {
    alarms[index]?.();
    await callUntilItRings(bruno, sleeper);
    await sleeper.answer('bruno');
    await Promise.all([sleeper.expectToHearPerson('bruno'), bruno.expectToHearPerson(sleeper.id)]);
    await sleeper.hangUp();
    await bruno.expectNoCall();

    await expectRegistered(exchange, sleeper);
    const call = await deskPhone.call(EXTENSIONS[sleeper.id]);
    await sleeper.answer('bruno');
    await Promise.all([sleeper.expectToHear(PHONE_HZ), expectPhoneHears(call, PEOPLE[sleeper.id].toneHz)]);
    call.hangUp();
    await sleeper.expectNoCall();
  }
});

/** A device that wakes needs a moment; who is told that nobody can be reached tries again, for six seconds. */
async function callUntilItRings(caller: Person, callee: Person): Promise<void> {
  await expect(async () => {
    await caller.call(callee.id);
    await expect(callee.ringing(caller.id)).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 6_000 });
}

for (const engine of ENGINES) {
  test(`a tab behind another one rings, by room and by telephone (${engine})`, async ({
    signedIn,
    onLines,
    exchange,
    deskPhone,
  }) => {
    const caller = await signedIn('duarte', 'intranet');
    const person = engine === 'firefox' ? (await onLines(engine)).person : await signedIn('alice');
    await expectRegistered(exchange, person);
    const hidden = await (engine === 'firefox' ? hideBehind(person) : reopenBehind(person));
    const ringing = async () => (await hidden.rings()).join();
    await expect.poll(() => exchange.stateOf(person.sipEndpoint), { timeout: 15_000 }).toBe('online');
    await caller.call(person.id);
    await expect.poll(ringing).toContain(PEOPLE[caller.id].name);
    await caller.hangUp();
    await expect.poll(ringing).toBe('');
    const call = await deskPhone.call(EXTENSIONS[person.id]);
    await expect.poll(ringing).toContain(PEOPLE.bruno.name);
    call.hangUp();
    await expect.poll(ringing).toBe('');
    await hidden.close();
  });
}
