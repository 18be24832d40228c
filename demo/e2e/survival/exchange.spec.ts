// The telephone exchange dies and comes back, and the line to it is lost in a call.

import { EXTENSIONS, expectPhoneHears, expectRegistered, openDeskPhone, PHONE_HZ } from './exchange.ts';
import { ENGINES, expect, PEOPLE, test } from './fixtures.ts';
import { expectNoEndWhile, follow, longestAbsenceMs } from './witness.ts';

/** Three times the target of 6 s. */
const REGISTERED_AGAIN_MS = 18_000;

test('the telephone exchange is killed and started again: pages in both browsers are registered again and ring', async ({
  signedIn,
  onLines,
  exchange,
  world,
}) => {
  test.setTimeout(120_000);
  const people = [await signedIn('alice'), (await onLines('firefox')).person];
  for (const person of people) await expectRegistered(exchange, person);
  await exchange.crash();
  await exchange.start();
  await Promise.all(people.map((person) => expectRegistered(exchange, person, REGISTERED_AGAIN_MS)));
  const phone = await openDeskPhone(world, exchange);
  for (const person of people) {
    const call = await phone.call(EXTENSIONS[person.id]);
    await person.answer('bruno');
    await Promise.all([person.expectToHear(PHONE_HZ), expectPhoneHears(call, PEOPLE[person.id].toneHz)]);
    call.hangUp();
    await person.expectNoCall();
  }
  await phone.close();
});

for (const engine of ENGINES) {
  test(`the line to the exchange is cut in a call: the tone goes on, and the far end’s hang-up arrives (${engine})`, async ({
    onLines,
    exchange,
    deskPhone,
  }) => {
    const { person, lines } = await onLines(engine);
    await expectRegistered(exchange, person);
    const call = await deskPhone.call(EXTENSIONS[person.id]);
    await person.answer('bruno');
    await person.expectToHear(PHONE_HZ);
    await follow(person, PHONE_HZ);
    await expectNoEndWhile([person], async () => {
      const before = lines.gate?.acceptedMs.length ?? 0;
      lines.gate?.cut();
      await expect.poll(() => lines.gate?.acceptedMs.length).toBeGreaterThan(before);
      await expectRegistered(exchange, person);
      await expectPhoneHears(call, PEOPLE[person.id].toneHz);
    });
    expect(await longestAbsenceMs(person)).toBeLessThan(3_000);
    call.hangUp();
    await person.expectNoCall();
  });

  test(`the line to the exchange falls silent in a call: registered again, and a hang-up meanwhile is not missed (${engine})`, async ({
    onLines,
    exchange,
    deskPhone,
  }) => {
    test.setTimeout(120_000);
    const { person, lines } = await onLines(engine);
    await expectRegistered(exchange, person);
    const call = await deskPhone.call(EXTENSIONS[person.id]);
    await person.answer('bruno');
    await person.expectToHear(PHONE_HZ);
    lines.gate?.abandon();
    // The BYE goes to the connection that nobody reads.
    call.hangUp();
    await expect(person.button('Hang up')).toHaveCount(0, { timeout: 60_000 });
    await expectRegistered(exchange, person);
  });
}
