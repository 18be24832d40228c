// sip-gate between a visitor and the exchange: a call outlives it, and what it takes out of a visitor's session
// descriptions is not missed, at the beginning and when a path is sought anew.
import { answerVisitor } from './agent.ts';
import { expect, PEOPLE, test } from './fixtures.ts';
import { VISITOR_HZ } from './visitor.ts';
import { listenToWire } from './wire.ts';

test('P5 the gate dies in a visitor’s call, which agrees on its path anew and goes on', async ({
  signedIn,
  visitor,
  world,
}) => {
  const alice = await signedIn('alice');
  const stranger = await visitor();
  const wire = listenToWire(stranger.page);
  const invites = () => wire.said.filter((frame) => frame.startsWith('INVITE ')).length;
  const agreed = () =>
    wire.told.filter((frame) => frame.startsWith('SIP/2.0 200') && /^CSeq: \d+ INVITE/m.test(frame)).length;
  await stranger.call();
  await answerVisitor(alice);
  await Promise.all([stranger.expectToHear(PEOPLE.alice.toneHz), alice.expectToHear(VISITOR_HZ)]);
  const [invited, answered] = [invites(), agreed()];
  // As a crash would: whoever is asked to stop is not started again.
  process.kill(world.telephone?.gate.pid ?? Number.NaN, 'SIGKILL');
  await expect.poll(invites, { timeout: 30_000 }).toBeGreaterThan(invited);
  await expect.poll(agreed, { timeout: 30_000 }).toBeGreaterThan(answered);
  await Promise.all([stranger.expectToHear(PEOPLE.alice.toneHz), alice.expectToHear(VISITOR_HZ)]);
  await stranger.press('Hang up');
  await stranger.expectText('The call has ended');
  await alice.expectNoCall();
});
