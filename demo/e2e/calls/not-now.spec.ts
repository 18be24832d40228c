// Calls that somebody does not want now, and finding them again later: do not disturb, a message, redial, the list of
// recent calls.
import { advanceClock } from '../fixtures.ts';
import { expectRegistered } from '../survival/exchange.ts';
import { expect, PEOPLE, type Person, test } from '../survival/fixtures.ts';

test.beforeEach(() => test.setTimeout(120_000));

/** One line of the person's own list of calls, the newest first. */
async function recentCalls(person: Person) {
  await person.page.getByRole('tab', { name: 'Recent' }).click();
  const list = person.pane.getByRole('list', { name: 'Recent calls' });
  await expect(list).toBeVisible();
  return list.getByRole('listitem');
}

test('D1, D2 who wants no calls is left alone, on the desk too; the caller reads it; it ends by itself', async ({
  signedIn,
  world,
  deskPhone,
  exchange,
}) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await expectRegistered(exchange, alice);
  await alice.chooseStatus('Do not disturb for 30 minutes');
  await expect(alice.text('do not disturb')).toBeVisible();
  await bruno.call('alice');
  await expect(bruno.text(/no calls now/)).toBeVisible();
  await expect(alice.ringing('bruno')).toBeHidden();
  const refused = await deskPhone.call('1001');
  expect(await refused.ended).toMatchObject({ by: 'remote', status: 486 });

  advanceClock(world, 31 * 60_000);
  await expect(alice.text('do not disturb')).toBeHidden();
  await bruno.button('Dismiss').first().click();
  await bruno.call('alice');
  await alice.answer('bruno');
  await bruno.expectToHearPerson('alice');
  await bruno.hangUp();
});

test('C6 a message with the decline is on the caller’s card, ready-made or in own words', async ({
  signedIn,
}) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.declineWith('alice', 'I will call you back.');
  await expect(alice.text(`${PEOPLE.bruno.name} declined the call. “I will call you back.”`)).toBeVisible();
  await alice.button('Call again').click();
  const dialog = bruno.ringing('alice');
  await dialog.getByRole('button', { name: 'Decline with a message', exact: true }).click();
  await dialog.getByLabel('Your own words').fill('Só à tarde <b>✓</b>');
  await dialog.getByRole('button', { name: 'Decline and send', exact: true }).click();
  await expect(alice.text(`${PEOPLE.bruno.name} declined the call. “Só à tarde <b>✓</b>”`)).toBeVisible();
});

test('both find the call in their lists: who, which way, how long, missed; and call back or again', async ({
  signedIn,
}) => {
  // Two for whom no other test's clock was ahead: those calls would stand above these.
  const duarte = await signedIn('duarte');
  const elsa = await signedIn('elsa', 'intranet');
  await duarte.call('elsa');
  await elsa.answer('duarte');
  await Promise.all([duarte.expectToHearPerson('elsa'), elsa.expectToHearPerson('duarte')]);
  await duarte.hear(2_000);
  await duarte.hangUp();
  await elsa.expectNoCall();
  await elsa.call('duarte');
  await expect(duarte.ringing('elsa')).toBeVisible();
  await elsa.hangUp();
  await expect(duarte.ringing('elsa')).toBeHidden();

  for (const person of [duarte, elsa]) {
    const dismiss = person.button('Dismiss').first();
    if (await dismiss.isVisible()) await dismiss.click();
  }
  const ofDuarte = await recentCalls(duarte);
  await expect(ofDuarte.nth(0)).toContainText(PEOPLE.elsa.name);
  await expect(ofDuarte.nth(0)).toContainText('Missed');
  await expect(ofDuarte.nth(1)).toContainText(PEOPLE.elsa.name);
  await expect(ofDuarte.nth(1)).toContainText(/Outgoing · .* · \d+\ssec/);
  const ofElsa = await recentCalls(elsa);
  await expect(ofElsa.nth(0)).toContainText('Outgoing, cancelled');
  await expect(ofElsa.nth(1)).toContainText(PEOPLE.duarte.name);
  await expect(ofElsa.nth(1)).toContainText(/Incoming · .* · \d+\ssec/);

  await ofDuarte
    .nth(0)
    .getByRole('button', { name: `Call ${PEOPLE.elsa.name}` })
    .click();
  await elsa.answer('duarte');
  await duarte.expectToHearPerson('elsa');
  await duarte.hangUp();
  await duarte.expectNoCall();
  const dismiss = duarte.button('Dismiss').first();
  if (await dismiss.isVisible()) await dismiss.click();
  await duarte.button('Redial').click();
  await elsa.answer('duarte');
  await duarte.expectToHearPerson('elsa');
  await duarte.hangUp();
  await elsa.expectNoCall();
});

test('a comma between digits is a pause of two seconds at the far end', async ({ signedIn, deskPhone }) => {
  const alice = await signedIn('alice');
  await alice.call('bruno');
  const call = await deskPhone.nextCall();
  call.answer();
  await alice.expectInCall();
  await alice.button('Keypad').first().click();
  await alice.page.keyboard.type('12,3');
  const arrived = async (digits: string) => {
    await expect.poll(() => call.digits, { timeout: 15_000, intervals: [20] }).toBe(digits);
    return Date.now();
  };
  const second = await arrived('12');
  const third = await arrived('123');
  expect(third - second).toBeGreaterThan(1_800);
  expect(third - second).toBeLessThan(6_000);
});
