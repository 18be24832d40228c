// One phone in several tabs, windows and sites of one browser: who rings, who carries the call, and what remains of it
// when its page goes.
import { expect, PEOPLE, type Person, test } from '../fixtures.ts';
import { EXTENSIONS, expectPhoneHears, expectRegistered, PHONE_HZ } from '../survival/exchange.ts';
import { test as telephoneTest } from '../survival/fixtures.ts';

/** Another tab leads within 1 s; three times that on a busy machine. */
const LEADS_MS = 3_000;

test.beforeEach(() => test.setTimeout(120_000));

async function hearEachOther(one: Person, other: Person): Promise<void> {
  await Promise.all([one.expectToHearPerson(other.id), other.expectToHearPerson(one.id)]);
}

test('the tab that carries a call closes: the next one says so within a second, and can call again', async ({
  signedIn,
}) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const second = await alice.newTab();
  await second.openPane();
  await second.expectReady();
  await alice.call('bruno');
  await bruno.answer('alice');
  await hearEachOther(alice, bruno);
  await expect(second.callWith('bruno').first()).toBeVisible();
  await alice.page.close({ runBeforeUnload: false });
  await expect(second.text(`The connection to ${PEOPLE.bruno.name} was lost.`)).toBeVisible({
    timeout: LEADS_MS,
  });
  await second.expectNoCall();
  await bruno.expectNoCall();
  await second.button('Call again').click();
  await bruno.answer('alice');
  await hearEachOther(second, bruno);
});

for (const engine of ['chromium', 'firefox'] as const) {
  test(`M1, M2 in a window of its own the call outlives the page, which shows it wherever it goes and steers it (${engine})`, async ({
    signedIn,
  }) => {
    const person =
      engine === 'firefox' ? await signedIn('carla', 'webmail', { engine }) : await signedIn('alice');
    const bruno = await signedIn('bruno', 'intranet');
    await person.call('bruno');
    await bruno.answer(person.id);
    await hearEachOther(person, bruno);
    await person.button('Start video').click();
    await expect.poll(() => bruno.seesMovingPicture()).toBe(true);
    const window = await person.opens(() => person.button('Open in a window of its own').first().click());
    await window.expectToHearPerson('bruno');
    await bruno.expectToHearPerson(person.id);
    await person.expectSilence();
    await expect(person.text('In the other window')).toBeVisible();
    // The picture comes along.
    await expect.poll(() => bruno.seesMovingPicture()).toBe(true);
    await window.button('Stop video').click();

    const gaps = await bruno.countGapsWhile(PEOPLE[person.id].toneHz, async () => {
      await person.page.goto(`${person.page.url().split('#')[0]}?folder=sent`);
      await person.openPane();
      await expect(person.callWith('bruno').first()).toBeVisible();
    });
    expect(gaps).toBe(0);
    await window.expectToHearPerson('bruno');

    await person.button('Mute').first().click();
    await bruno.expectSilence();
    await person.button('Unmute').first().click();
    await bruno.expectToHearPerson(person.id);
    await person.hangUp();
    await Promise.all([person.expectNoCall(), bruno.expectNoCall(), window.expectNoCall()]);
  });
}

for (const engine of ['chromium', 'firefox'] as const) {
  telephoneTest(
    `M2 a telephone call goes over to a window of its own, and the phone goes on hearing (${engine})`,
    async ({ signedIn, exchange, deskPhone }) => {
      const person =
        engine === 'firefox' ? await signedIn('carla', 'webmail', { engine }) : await signedIn('alice');
      await expectRegistered(exchange, person);
      const call = await deskPhone.call(EXTENSIONS[person.id]);
      await person.answer('bruno');
      await Promise.all([person.expectToHear(PHONE_HZ), expectPhoneHears(call, PEOPLE[person.id].toneHz)]);
      const window = await person.opens(() => person.button('Open in a window of its own').first().click());
      await window.expectToHear(PHONE_HZ);
      await person.expectSilence();
      await expectPhoneHears(call, PEOPLE[person.id].toneHz);
      await person.hangUp();
      expect(await call.ended).toMatchObject({ by: 'remote' });
      await Promise.all([person.expectNoCall(), window.expectNoCall()]);
    },
  );
}

test('D3 of two sites in one browser one rings aloud; when it goes the other one does', async ({
  signedIn,
  world,
}) => {
  const bruno = await signedIn('bruno', 'intranet');
  const webmail = await signedIn('alice', 'webmail');
  const intranet = await webmail.newTab(world.sites.intranet.origin);
  await intranet.signIn();
  await bruno.call('alice');
  await Promise.all([webmail, intranet].map((site) => expect(site.ringing('bruno')).toBeVisible()));
  const levels = await Promise.all([webmail.hearRingtone(), intranet.hearRingtone()]);
  expect(levels.filter((level) => level > 0.01)).toHaveLength(1);
  const [loud, quiet] = (levels[0] ?? 0) > 0.01 ? [webmail, intranet] : [intranet, webmail];
  await loud.page.close();
  await expect.poll(() => quiet.hearRingtone(1_000), { timeout: 15_000 }).toBeGreaterThan(0.01);
  await quiet.answer('bruno');
  await hearEachOther(quiet, bruno);
  expect(await quiet.hearRingtone(1_000)).toBeLessThan(0.001);
});
