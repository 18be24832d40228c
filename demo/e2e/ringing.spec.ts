import { advanceClock, expect, PEOPLE, test } from './fixtures.ts';

test('every device rings; the first to answer wins and the others stop', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const desk = await signedIn('bruno', 'intranet');
  const laptop = await signedIn('bruno', 'webmail');
  await alice.call('bruno');
  await Promise.all([
    expect(desk.ringing('alice')).toBeVisible(),
    expect(laptop.ringing('alice')).toBeVisible(),
  ]);
  await desk.answer('alice');
  await expect(laptop.ringing('alice')).toBeHidden();
  await expect(laptop.page.getByText(/answered on another device/i).first()).toBeVisible();
  await alice.expectToHearPerson('bruno');
});

test('a declined call says so', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.decline('alice');
  await expect(alice.page.getByText(`${PEOPLE.bruno.name} declined the call.`).first()).toBeVisible();
  await expect(bruno.ringing('alice')).toBeHidden();
});

test('the caller gives up and the ringing stops', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await expect(bruno.ringing('alice')).toBeVisible();
  await alice.hangUp();
  await expect(bruno.ringing('alice')).toBeHidden();
  await alice.expectNoCall();
});

test('two people who call each other at once are simply connected', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await Promise.all([alice.call('bruno'), bruno.call('alice')]);
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
});

test('somebody who talks is offered a second call; with two calls they are busy', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const carla = await signedIn('carla', 'intranet');
  const duarte = await signedIn('duarte', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectInCall();
  await carla.call('bruno');
  await bruno.ringing('carla').getByRole('button', { name: 'Hold and answer', exact: true }).click();
  await carla.expectToHearPerson('bruno');
  await alice.expectInCall();
  await duarte.call('bruno');
  await expect(duarte.page.getByText(/busy/i).first()).toBeVisible();
  await expect(bruno.ringing('duarte')).toBeHidden();
});

test('nobody answers for 45 seconds: the caller is told', async ({ signedIn, world }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await expect(bruno.ringing('alice')).toBeVisible();
  const unanswered = alice.page.getByText(`${PEOPLE.bruno.name} didn't answer.`).first();
  advanceClock(world, 35_000);
  await expect(unanswered).toHaveCount(0);
  await expect(bruno.ringing('alice')).toBeVisible();
  advanceClock(world, 10_000);
  await expect(unanswered).toBeVisible();
  await expect(bruno.ringing('alice')).toBeHidden();
});
