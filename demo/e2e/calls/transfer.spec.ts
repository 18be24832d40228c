// Calls between browsers that are passed on: afterwards the two others hear each other, and whoever passed them on is
// free; or nothing came of it, and everybody talks as before.
import { expect, PEOPLE, type Person, type SignedIn, test } from '../fixtures.ts';

interface Three {
  readonly alice: Person;
  readonly bruno: Person;
  readonly carla: Person;
}

/** Bruno called Alice and both hear each other; Carla is there too. */
async function brunoTalksToAlice(signedIn: SignedIn): Promise<Three> {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const carla = await signedIn('carla', 'intranet');
  await bruno.call('alice');
  await alice.answer('bruno');
  await hearEachOther(alice, bruno);
  return { alice, bruno, carla };
}

async function hearEachOther(one: Person, other: Person): Promise<void> {
  await Promise.all([one.expectToHearPerson(other.id), other.expectToHearPerson(one.id)]);
}

test.beforeEach(() => test.setTimeout(120_000));

test('T1, T2, T3 passed on at once: he hears of it, it rings, they talk, and she is free', async ({
  signedIn,
}) => {
  const { alice, bruno, carla } = await brunoTalksToAlice(signedIn);
  await alice.passOn('carla', 'Transfer now');
  await expect(carla.ringing('bruno')).toContainText(`Passed on by ${PEOPLE.alice.name}`);
  await expect(bruno.text(`${PEOPLE.alice.name} is passing you to ${PEOPLE.carla.name}…`)).toBeVisible();
  await expect(alice.text(`Passing on: ringing at ${PEOPLE.carla.name}…`)).toBeVisible();
  expect(await bruno.hearRingback()).toBeGreaterThan(0.01);
  await carla.answer('bruno');
  await hearEachOther(bruno, carla);
  await alice.expectNoCall();
  await alice.expectSilence();
  await expect(bruno.callWith('carla').first()).toBeVisible();
  await carla.hangUp();
  await bruno.expectNoCall();
});

test('T4 asked first: he waits on hold, then they talk without a question, and she is free', async ({
  signedIn,
}) => {
  const { alice, bruno, carla } = await brunoTalksToAlice(signedIn);
  await alice.passOn('carla', 'Ask first');
  await carla.answer('alice');
  await hearEachOther(alice, carla);
  await bruno.expectSilence();
  await expect(bruno.text(`${PEOPLE.alice.name} put you on hold`)).toBeVisible();
  await alice.button('Complete').click();
  await hearEachOther(bruno, carla);
  await alice.expectNoCall();
  await expect(carla.callWith('bruno').first()).toBeVisible();
  await expect(bruno.callWith('carla').first()).toBeVisible();
  await bruno.hangUp();
  await carla.expectNoCall();
});

test('asked first and thought better of it: back to the one who waits', async ({ signedIn }) => {
  const { alice, bruno, carla } = await brunoTalksToAlice(signedIn);
  await alice.passOn('carla', 'Ask first');
  await carla.answer('alice');
  await hearEachOther(alice, carla);
  await alice.button(`Back to ${PEOPLE.bruno.name}`).click();
  await carla.expectNoCall();
  await hearEachOther(alice, bruno);
});

test('T4 two calls that she has anyhow are joined', async ({ signedIn }) => {
  const { alice, bruno, carla } = await brunoTalksToAlice(signedIn);
  await carla.call('alice');
  await alice.holdAndAnswer('carla');
  await hearEachOther(alice, carla);
  await alice.passOn('bruno', 'Transfer now');
  await hearEachOther(bruno, carla);
  await alice.expectNoCall();
});

test('T3 declined, with a message, wanting no calls, or not there: both talk as before, and she reads why', async ({
  signedIn,
}) => {
  const { alice, bruno, carla } = await brunoTalksToAlice(signedIn);
  await alice.passOn('carla', 'Transfer now');
  await expect(carla.ringing('bruno')).toBeVisible();
  await carla.decline('bruno');
  await expect(
    alice.text(`Not passed on to ${PEOPLE.carla.name}. ${PEOPLE.carla.name} declined the call.`),
  ).toBeVisible();
  await hearEachOther(alice, bruno);

  await alice.passOn('carla', 'Transfer now');
  await carla.declineWith('bruno', 'I am in a meeting.');
  await expect(
    alice.text(
      `Not passed on to ${PEOPLE.carla.name}. ${PEOPLE.carla.name} declined the call. “I am in a meeting.”`,
    ),
  ).toBeVisible();
  await hearEachOther(alice, bruno);

  await carla.chooseStatus('Do not disturb');
  await expect(carla.text('do not disturb')).toBeVisible();
  await alice.passOn('carla', 'Transfer now');
  await expect(alice.text(/Not passed on to Carla Costa\. .*no calls now/)).toBeVisible();
  await hearEachOther(alice, bruno);
  await carla.chooseStatus('Available');

  await alice.passOn('duarte', 'Transfer now');
  await expect(alice.text(/Not passed on to Duarte Dias\. .*cannot be reached/)).toBeVisible();
  await hearEachOther(alice, bruno);
  await bruno.hangUp();
  await alice.expectNoCall();
});
