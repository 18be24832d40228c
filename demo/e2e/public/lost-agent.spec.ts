// An agent's page is loaded anew in the middle of a visitor's call: the visitor is not lost with it.
import { answerVisitor, ringingFor } from './agent.ts';
import { expect, PEOPLE, test } from './fixtures.ts';
import { VISITOR_HZ } from './visitor.ts';

test('P16: whose page is loaded anew in a call is rung again, and the visitor, who stayed, hears them again', async ({
  signedIn,
  visitor,
}) => {
  test.setTimeout(150_000);
  const alice = await signedIn('alice');
  const stranger = await visitor();
  await stranger.call();
  await answerVisitor(alice);
  await Promise.all([stranger.expectToHear(PEOPLE.alice.toneHz), alice.expectToHear(VISITOR_HZ)]);
  // The page asks before it goes.
  alice.page.on('dialog', (dialog) => void dialog.accept());
  await alice.page.reload();
  await stranger.expectText('One moment, please: you are on hold', 45_000);
  await expect(ringingFor(alice)).toBeVisible({ timeout: 40_000 });
  await answerVisitor(alice);
  await stranger.expectText(`You are talking to ${PEOPLE.alice.name}`);
  await Promise.all([stranger.expectToHear(PEOPLE.alice.toneHz), alice.expectToHear(VISITOR_HZ)]);
  await stranger.press('Hang up');
  await alice.expectNoCall();
});
