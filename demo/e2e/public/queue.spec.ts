// Visitors who have to wait, and calls that have to end: the queue in its order, and the limit of a destination.

import { answerVisitor } from './agent.ts';
import { PEOPLE, test } from './fixtures.ts';
import { createDestination } from './operator.ts';
import { VISITOR_HZ } from './visitor.ts';

test('P7 P8: one talks until the limit, of which he is warned; the next one rings then, and the last moves up', async ({
  signedIn,
  visitor,
  world,
}) => {
  const desk = await createDestination(world, 'counter', { capacity: 1, maxMinutes: 1 });
  const alice = await signedIn('alice');
  const first = await visitor();
  const call = async (who: typeof first) => {
    await who.adopt('counter');
    await who.press('Call counter');
    await who.press('Call now');
  };
  await call(first);
  await answerVisitor(alice);
  await Promise.all([first.expectToHear(PEOPLE.alice.toneHz), alice.expectToHear(VISITOR_HZ)]);
  const second = await first.newTab();
  await call(second);
  await second.expectText(/^You are next/);
  const third = await first.newTab();
  await call(third);
  await third.expectText(/^1 before you/);

  world.hub.tell('advance 31000');
  await first.expectText(/^This call ends in \d+ seconds/);
  await first.expectToHear(PEOPLE.alice.toneHz);
  world.hub.tell('advance 45000');
  await first.expectText('The time for this call is over', 60_000);
  await answerVisitor(alice);
  await second.expectText(`You are talking to ${PEOPLE.alice.name}`);
  await third.expectText(/^You are next/);
  await third.press('Cancel');
  await second.press('Hang up');
  await alice.expectNoCall();
  await desk.remove();
});
