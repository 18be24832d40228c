// A stranger presses a button and the right desk answers: everything real, tones measured at both ends.
import { expect, PEOPLE, test } from './fixtures.ts';
import { VISITOR_HZ } from './visitor.ts';

test('D1: a visitor presses, a desk rings and answers, both hear each other, and it is rated', async ({
  signedIn,
  visitor,
}) => {
  const alice = await signedIn('alice');
  const stranger = await visitor({ path: '/?article=barometer' });
  await stranger.call();
  const ringing = alice.page.getByRole('alertdialog');
  await expect(ringing).toBeVisible({ timeout: 15_000 });
  await ringing.getByRole('button', { name: 'Answer', exact: true }).click();
  await stranger.expectText(`You are talking to ${PEOPLE.alice.name}`);
  await Promise.all([stranger.expectToHear(PEOPLE.alice.toneHz), alice.expectToHear(VISITOR_HZ)]);
  await stranger.press('Hang up');
  await alice.expectNoCall();
  await stranger.expectText('The call has ended');
  await stranger.page.getByRole('radio', { name: '4 of 5' }).check();
  await stranger.press('Send');
  await stranger.expectText('Thank you.');
});
