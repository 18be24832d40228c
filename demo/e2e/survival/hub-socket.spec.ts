// The line between one browser and the hub breaks while two people talk. They must not notice.
import { expect, PEOPLE, type Person, test } from './fixtures.ts';
import { expectNoEndWhile } from './witness.ts';

/** Both talk, Alice over lines that can be broken. */
async function talk(alice: Person, bruno: Person): Promise<void> {
  await alice.call('bruno');
  await bruno.answer('alice');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
}

test('R3: the hub’s socket is cut during a call: nobody sees an end, the tone never stops, hang-up works', async ({
  signedIn,
  newLines,
}) => {
  const lines = await newLines();
  const alice = await signedIn('alice', 'webmail', lines.browser);
  const bruno = await signedIn('bruno', 'intranet');
  await talk(alice, bruno);
  await expectNoEndWhile([alice, bruno], async () => {
    const gaps = await bruno.countGapsWhile(PEOPLE.alice.toneHz, async () => {
      await lines.hub.refuse();
      await expect(alice.pane.getByText('connecting', { exact: true }).first()).toBeVisible();
      await lines.hub.pass();
      await alice.expectReady();
    });
    expect(gaps).toBe(0);
  });
  await bruno.hangUp();
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall()]);
});

test('the hub’s socket falls silent for ever: the page notices, takes another, and hears the hang-up', async ({
  signedIn,
  newLines,
}) => {
  const lines = await newLines();
  const alice = await signedIn('alice', 'webmail', lines.browser);
  const bruno = await signedIn('bruno', 'intranet');
  await talk(alice, bruno);
  await expectNoEndWhile([alice, bruno], async () => {
    const gaps = await alice.countGapsWhile(PEOPLE.bruno.toneHz, async () => {
      const before = lines.hub.acceptedMs.length;
      lines.hub.abandon();
      // The hub pings every 2.5 s; 3 s without one is silence. Three times that, on a busy machine.
      await expect
        .poll(() => lines.hub.acceptedMs.length, { message: 'a new connection', timeout: 24_000 })
        .toBeGreaterThan(before);
      await alice.expectReady();
    });
    expect(gaps).toBe(0);
  });
  await bruno.hangUp();
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall()]);
});
