// The line between one browser and the hub breaks while two people talk. They must not notice.
import { ENGINES, expect, PEOPLE, type Person, test } from './fixtures.ts';
import { expectNoEndWhile } from './witness.ts';

/** Both talk, the first over lines that can be broken. */
async function talk(person: Person, bruno: Person): Promise<void> {
  await person.call('bruno');
  await bruno.answer(person.id);
  await Promise.all([person.expectToHearPerson('bruno'), bruno.expectToHearPerson(person.id)]);
}

for (const engine of ENGINES) {
  test(`R3: the hub’s socket is cut during a call: nobody sees an end, the tone never stops, hang-up works (${engine})`, async ({
    signedIn,
    onLines,
  }) => {
    const { person, lines } = await onLines(engine);
    const bruno = await signedIn('bruno', 'intranet');
    await talk(person, bruno);
    await expectNoEndWhile([person, bruno], async () => {
      const gaps = await bruno.countGapsWhile(PEOPLE[person.id].toneHz, async () => {
        await lines.hub.refuse();
        await expect(person.pane.getByText('connecting', { exact: true }).first()).toBeVisible();
        await lines.hub.pass();
        await person.expectReady();
      });
      expect(gaps).toBe(0);
    });
    await bruno.hangUp();
    await Promise.all([person.expectNoCall(), bruno.expectNoCall()]);
  });

  test(`the hub’s socket falls silent for ever: the page notices, takes another, and hears the hang-up (${engine})`, async ({
    signedIn,
    onLines,
  }) => {
    const { person, lines } = await onLines(engine);
    const bruno = await signedIn('bruno', 'intranet');
    await talk(person, bruno);
    await expectNoEndWhile([person, bruno], async () => {
      const gaps = await person.countGapsWhile(PEOPLE.bruno.toneHz, async () => {
        const before = lines.hub.acceptedMs.length;
        lines.hub.abandon();
        // The hub pings every 2.5 s; 3 s without one is silence. Three times that, on a busy machine.
        await expect
          .poll(() => lines.hub.acceptedMs.length, { message: 'a new connection', timeout: 24_000 })
          .toBeGreaterThan(before);
        await person.expectReady();
      });
      expect(gaps).toBe(0);
    });
    await bruno.hangUp();
    await Promise.all([person.expectNoCall(), bruno.expectNoCall()]);
  });
}
