// A third person calls in: what each of the three hears while two calls share one headset.
import { expect, PEOPLE, type Person, type SignedIn, test } from '../fixtures.ts';

interface Three {
  readonly alice: Person;
  readonly bruno: Person;
  readonly carla: Person;
}

/** Bruno talks with Carla while Alice, whom he talked to before, is on hold. */
async function holdAliceForCarla(signedIn: SignedIn): Promise<Three> {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const carla = await signedIn('carla', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  await carla.call('bruno');
  await expect(bruno.ringing('carla')).toContainText(`You are in a call with ${PEOPLE.alice.name}`);
  await bruno.holdAndAnswer('carla');
  await Promise.all([bruno.expectToHearPerson('carla'), carla.expectToHearPerson('bruno')]);
  return { alice, bruno, carla };
}

test('C2 a second call is announced, held, swapped and ended, and each hears only whom they talk to', async ({
  signedIn,
}) => {
  test.setTimeout(120_000);
  const { alice, bruno, carla } = await holdAliceForCarla(signedIn);
  await alice.expectSilence();
  await expect(alice.text(`${PEOPLE.bruno.name} put you on hold`)).toBeVisible();
  await expect(bruno.callWith('alice').last()).toContainText('On hold');

  await bruno.button('Swap').click();
  await Promise.all([bruno.expectToHearPerson('alice'), alice.expectToHearPerson('bruno')]);
  await carla.expectSilence();
  await expect(carla.text(`${PEOPLE.bruno.name} put you on hold`)).toBeVisible();

  await bruno.hangUp();
  await alice.expectNoCall();
  await expect(bruno.callWith('carla').first()).toBeVisible();
  await carla.expectSilence();
  await bruno.button('Resume').first().click();
  await Promise.all([bruno.expectToHearPerson('carla'), carla.expectToHearPerson('bruno')]);
  await carla.hangUp();
  await bruno.expectNoCall();
});

test('whoever waits on hold may hang up: the call that is talked to goes on', async ({ signedIn }) => {
  test.setTimeout(120_000);
  const { alice, bruno, carla } = await holdAliceForCarla(signedIn);
  await alice.hangUp();
  await alice.expectNoCall();
  await expect(bruno.button('Swap')).toBeHidden();
  await Promise.all([bruno.expectToHearPerson('carla'), carla.expectToHearPerson('bruno')]);
});

test('a second call may be answered in the place of the first', async ({ signedIn }) => {
  test.setTimeout(120_000);
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const carla = await signedIn('carla', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await bruno.expectToHearPerson('alice');
  await carla.call('bruno');
  await bruno.ringing('carla').getByRole('button', { name: 'End and answer', exact: true }).click();
  await Promise.all([bruno.expectToHearPerson('carla'), carla.expectToHearPerson('bruno')]);
  await alice.expectNoCall();
});
