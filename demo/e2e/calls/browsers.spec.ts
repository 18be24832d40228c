// The same calls between two kinds of browser, both ways. Carla's is Firefox throughout, so that one is started once.
import { expectAccessible } from '../axe.ts';
import type { Person, SignedIn } from '../fixtures.ts';
import { expect, PEOPLE, test } from '../fixtures.ts';
import { dial, expectPhoneHears, expectRegistered, PHONE_HZ } from '../survival/exchange.ts';
import { test as telephoneTest } from '../survival/fixtures.ts';

const FIREFOX = { engine: 'firefox' } as const;

const openCarla = (signedIn: SignedIn) => signedIn('carla', 'webmail', FIREFOX);

async function hearEachOther(one: Person, other: Person): Promise<void> {
  await Promise.all([one.expectToHearPerson(other.id), other.expectToHearPerson(one.id)]);
}

interface Pair {
  readonly caller: Person;
  readonly callee: Person;
}

const ways: Readonly<Record<string, (signedIn: SignedIn) => Promise<Pair>>> = {
  'from Firefox to Chromium': async (signedIn) => ({
    caller: await openCarla(signedIn),
    callee: await signedIn('bruno', 'intranet'),
  }),
  'from Chromium to Firefox': async (signedIn) => ({
    caller: await signedIn('bruno', 'intranet'),
    callee: await openCarla(signedIn),
  }),
};

test.beforeEach(() => test.setTimeout(120_000));

for (const [way, open] of Object.entries(ways)) {
  test(`${way}: ring, decline with a message, answer, words, quality, mute, hold, video, hang up`, async ({
    signedIn,
  }) => {
    const { caller, callee } = await open(signedIn);
    await caller.call(callee.id);
    await callee.declineWith(caller.id, 'I am in a meeting.');
    await expect(
      caller.text(`${PEOPLE[callee.id].name} declined the call. “I am in a meeting.”`),
    ).toBeVisible();
    await caller.button('Call again').click();
    await callee.answer(caller.id);
    await hearEachOther(caller, callee);
    expect(await caller.readWords()).toEqual(await callee.readWords());
    for (const { pane } of [caller, callee])
      await expect(pane.getByRole('img', { name: 'Good sound', exact: true }).first()).toBeVisible();
    for (const { page } of [caller, callee]) await expectAccessible(page, 'in a call', 'ringtag-launcher');

    await caller.button('Mute').first().click();
    await callee.expectSilence();
    await expect(callee.text(`${PEOPLE[caller.id].name} is muted`)).toBeVisible();
    await caller.button('Unmute').first().click();
    await callee.expectToHearPerson(caller.id);

    await callee.button('Hold').first().click();
    await Promise.all([caller.expectSilence(), callee.expectSilence()]);
    await expect(caller.text(`${PEOPLE[callee.id].name} put you on hold`)).toBeVisible();
    await callee.button('Resume').first().click();
    await hearEachOther(caller, callee);

    for (const [shows, sees] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      await shows.button('Start video').click();
      await expect.poll(() => sees.seesMovingPicture(), { message: `${sees.id} sees` }).toBe(true);
      await shows.button('Stop video').click();
    }
    await callee.hangUp();
    await Promise.all([caller.expectNoCall(), callee.expectNoCall()]);
  });
}

test('Firefox in the middle: a call waits, is swapped, and the two others are joined', async ({
  signedIn,
}) => {
  const carla = await openCarla(signedIn);
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('carla');
  await carla.answer('alice');
  await hearEachOther(alice, carla);
  await bruno.call('carla');
  await carla.holdAndAnswer('bruno');
  await hearEachOther(bruno, carla);
  await alice.expectSilence();
  await carla.button('Swap').click();
  await hearEachOther(alice, carla);
  await bruno.expectSilence();
  await carla.passOn('bruno', 'Transfer now');
  await hearEachOther(alice, bruno);
  await carla.expectNoCall();
});

test('Firefox is passed on at once, and then to somebody who was asked', async ({ signedIn }) => {
  const carla = await openCarla(signedIn);
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await carla.call('alice');
  await alice.answer('carla');
  await hearEachOther(alice, carla);
  await alice.passOn('bruno', 'Transfer now');
  await bruno.answer('carla');
  await hearEachOther(bruno, carla);
  await alice.expectNoCall();
  await bruno.passOn('alice', 'Ask first');
  await alice.answer('bruno');
  await hearEachOther(alice, bruno);
  await bruno.button('Complete').click();
  await hearEachOther(alice, carla);
  await bruno.expectNoCall();
});

test('Firefox: who called is in Recent and is called back from there; who wants no calls is left alone', async ({
  signedIn,
}) => {
  const carla = await openCarla(signedIn);
  const bruno = await signedIn('bruno', 'intranet');
  await bruno.call('carla');
  await expect(carla.ringing('bruno')).toBeVisible();
  await bruno.hangUp();
  await expect(carla.ringing('bruno')).toBeHidden();
  await carla.page.getByRole('tab', { name: 'Recent' }).click();
  await expectAccessible(carla.page, 'Recent', 'ringtag-launcher');
  const newest = carla.pane.getByRole('list', { name: 'Recent calls' }).getByRole('listitem').first();
  await expect(newest).toContainText(PEOPLE.bruno.name);
  await expect(newest).toContainText('Missed');
  await newest.getByRole('button', { name: `Call ${PEOPLE.bruno.name}` }).click();
  await bruno.answer('carla');
  await hearEachOther(bruno, carla);
  await bruno.hangUp();
  await carla.expectNoCall();

  await carla.chooseStatus('Do not disturb for 30 minutes');
  await expect(carla.text('do not disturb')).toBeVisible();
  await bruno.button('Dismiss').first().click();
  await bruno.call('carla');
  await expect(bruno.text(/no calls now/)).toBeVisible();
  await expect(carla.ringing('bruno')).toBeHidden();
  await carla.chooseStatus('Available');
  await expect(carla.text('do not disturb')).toBeHidden();
  await bruno.button('Dismiss').first().click();
  await bruno.call('carla');
  await expect(carla.ringing('bruno')).toBeVisible();
  await bruno.hangUp();
});

test('the hub is killed and started again while Firefox and Chromium talk', async ({ signedIn, world }) => {
  const carla = await openCarla(signedIn);
  const bruno = await signedIn('bruno', 'intranet');
  await carla.call('bruno');
  await bruno.answer('carla');
  await hearEachOther(bruno, carla);
  const gaps = await bruno.countGapsWhile(PEOPLE.carla.toneHz, async () => {
    await world.hub.kill();
    await world.hub.start();
    await Promise.all([carla.expectReady(), bruno.expectReady()]);
  });
  expect(gaps).toBe(0);
  await carla.expectToHearPerson('bruno');
  await carla.hangUp();
  await Promise.all([carla.expectNoCall(), bruno.expectNoCall()]);
});

test('two tabs in Firefox show one call, and the one that does not carry it ends it', async ({
  signedIn,
}) => {
  const carla = await openCarla(signedIn);
  const bruno = await signedIn('bruno', 'intranet');
  const second = await carla.newTab();
  await second.openPane();
  await second.expectReady();
  await bruno.call('carla');
  await second.answer('bruno');
  await bruno.expectToHearPerson('carla');
  await expect(carla.callWith('bruno').first()).toBeVisible();
  await carla.hangUp();
  await Promise.all([carla.expectNoCall(), second.expectNoCall(), bruno.expectNoCall()]);
});

telephoneTest(
  'Firefox telephones both ways: echo, keypad, hold, and a phone that calls',
  async ({ signedIn, exchange, deskPhone }) => {
    telephoneTest.setTimeout(120_000);
    const carla = await openCarla(signedIn);
    await expectRegistered(exchange, carla);
    await dial(carla, '600');
    await carla.expectToHearPerson('carla');
    await carla.hangUp();
    await carla.expectNoCall();

    await carla.call('bruno');
    const out = await deskPhone.nextCall();
    out.answer();
    await Promise.all([carla.expectToHear(PHONE_HZ), expectPhoneHears(out, PEOPLE.carla.toneHz)]);
    await carla.button('Keypad').first().click();
    for (const digit of '12#') await carla.pressKey(digit);
    await expect.poll(() => out.digits, { timeout: 15_000 }).toBe('12#');
    await carla.button('Hold').first().click();
    await carla.expectNotToHear(PHONE_HZ);
    await carla.button('Resume').first().click();
    await Promise.all([carla.expectToHear(PHONE_HZ), expectPhoneHears(out, PEOPLE.carla.toneHz)]);
    await carla.hangUp();
    await out.ended;

    const incoming = await deskPhone.call('1003');
    await carla.answer('bruno');
    await Promise.all([carla.expectToHear(PHONE_HZ), expectPhoneHears(incoming, PEOPLE.carla.toneHz)]);
    incoming.hangUp();
    await carla.expectNoCall();
  },
);
