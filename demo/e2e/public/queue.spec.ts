// Visitors who have to wait, and calls that have to end: the queue in its order, and the limit of a destination.

import type { Page } from '@playwright/test';
import { answerVisitor } from './agent.ts';
import { expect, PEOPLE, test } from './fixtures.ts';
import { createDestination } from './operator.ts';
import { VISITOR_HZ } from './visitor.ts';

/** A tone has one frequency, words have many. */
const VOICE_FREQUENCIES = 4;
const LISTEN_MS = 1_000;

/** What is heard beside that tone within a second. */
async function pitchesBeside(hz: number, { page }: { readonly page: Page }): Promise<number[]> {
  const pitches = await page.evaluate((ms) => window.ringtagEars?.pitches(ms) ?? [], LISTEN_MS);
  return pitches.filter((pitch) => Math.abs(pitch - hz) > 40).map((pitch) => Math.round(pitch / 20));
}

/** Until somebody has said something in the place of that tone: aloud, and in more than one pitch. */
async function expectVoiceInsteadOf(hz: number, who: { readonly page: Page }, withinMs: number) {
  const heard = new Set<number>();
  for (const deadline = Date.now() + withinMs; Date.now() < deadline && heard.size < VOICE_FREQUENCIES; )
    for (const pitch of await pitchesBeside(hz, who)) heard.add(pitch);
  expect(heard.size, `pitches of a voice beside ${hz} Hz`).toBeGreaterThanOrEqual(VOICE_FREQUENCIES);
}

test('P7 P8: one talks until the limit, of which a voice warns both; the next one rings then, and the last moves up', async ({
  signedIn,
  visitor,
  world,
}) => {
  test.setTimeout(180_000);
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
  // Nobody speaks yet.
  expect((await pitchesBeside(PEOPLE.alice.toneHz, first)).length).toBeLessThan(VOICE_FREQUENCIES);
  const second = await first.newTab();
  const third = await first.newTab();
  const queueUp = async () => {
    await call(second);
    await second.expectText(/^You are next/);
    await call(third);
    await third.expectText(/^1 before you/);
  };
  // A limit is a minute at least; half of it is over when the voice comes.
  await Promise.all([
    queueUp(),
    expectVoiceInsteadOf(PEOPLE.alice.toneHz, first, 50_000),
    expectVoiceInsteadOf(VISITOR_HZ, alice, 50_000),
  ]);
  await first.expectText(/^This call ends in \d+ seconds/);
  await Promise.all([first.expectToHear(PEOPLE.alice.toneHz), alice.expectToHear(VISITOR_HZ)]);
  await first.expectText('The time for this call is over', 60_000);
  await answerVisitor(alice);
  await second.expectText(`You are talking to ${PEOPLE.alice.name}`);
  await third.expectText(/^You are next/);
  await third.press('Cancel');
  await second.press('Hang up');
  await alice.expectNoCall();
  await desk.remove();
});
