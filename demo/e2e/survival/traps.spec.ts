// Faults that users of such products report again and again (targets.md): late answers with one-way sound, contacts
// that reloads leave behind.
import { EXTENSIONS, expectPhoneHears, expectRegistered, PHONE_HZ } from './exchange.ts';
import { ENGINES, expect, PEOPLE, test } from './fixtures.ts';
import { reloadOften } from './reloads.ts';

/** Every other test answers within a second; `npm run soak` waits for 30 and 40. */
const LATE_MS = 8_000;

test('answered after 8 s, a room call and a telephone call have sound both ways in either browser', async ({
  signedIn,
  onLines,
  exchange,
  deskPhone,
}) => {
  test.setTimeout(120_000);
  const bruno = await signedIn('bruno', 'intranet');
  const both = [await signedIn('alice'), (await onLines('firefox')).person] as const;
  for (const person of both) await expectRegistered(exchange, person);
  for (const [byRoom, byTelephone] of [both, [both[1], both[0]]] as const) {
    await bruno.call(byRoom.id);
    const call = await deskPhone.call(EXTENSIONS[byTelephone.id]);
    await Promise.all(both.map((person) => expect(person.ringing('bruno')).toBeVisible()));
    await bruno.hear(LATE_MS);
    await Promise.all(both.map((person) => person.answer('bruno')));
    await Promise.all([
      bruno.expectToHearPerson(byRoom.id),
      byRoom.expectToHearPerson('bruno'),
      byTelephone.expectToHear(PHONE_HZ),
      expectPhoneHears(call, PEOPLE[byTelephone.id].toneHz),
    ]);
    await Promise.all(both.map((person) => person.hangUp()));
    await Promise.all([...both, bruno].map((person) => person.expectNoCall()));
  }
});

for (const engine of ENGINES) {
  test(`a page that is reloaded often stays signed in, has one contact at the exchange, and rings once (${engine})`, async ({
    signedIn,
    onLines,
    exchange,
    deskPhone,
  }) => {
    test.setTimeout(120_000);
    const person = engine === 'firefox' ? (await onLines(engine)).person : await signedIn('alice');
    await expectRegistered(exchange, person);
    await reloadOften(person, 20);
    await person.openPane();
    await person.expectReady();
    await expectRegistered(exchange, person);
    expect(await exchange.contactsOf(person.sipEndpoint)).toBe(1);
    const call = await deskPhone.call(EXTENSIONS[person.id]);
    await expect(person.page.getByRole('alertdialog')).toHaveCount(1);
    await person.answer('bruno');
    await Promise.all([person.expectToHear(PHONE_HZ), expectPhoneHears(call, PEOPLE[person.id].toneHz)]);
    call.hangUp();
    await person.expectNoCall();
  });
}
