// Whom a desk rings, one after the other, and when it is open at all.
import type { DestinationCard, DestinationInput } from '@ringtag/server/protocol';
import { emailOf } from '../../src/destinations.ts';
import type { World } from '../../src/world.ts';
import { advanceClock } from '../fixtures.ts';
import { answerVisitor, ringingFor } from './agent.ts';
import { expect, PEOPLE, test } from './fixtures.ts';
import { createDestination } from './operator.ts';
import { VISITOR_HZ } from './visitor.ts';

test('D1: a desk that rings in turn: who does not answer stops ringing, and the next one rings and answers', async ({
  signedIn,
  visitor,
  world,
}) => {
  const alice = await signedIn('alice');
  const carla = await signedIn('carla', 'intranet');
  const desk = await createDestination(world, 'relay', {
    ring: { people: [emailOf('alice'), emailOf('carla')], order: 'in-turn', ringSeconds: 8 },
  });
  const stranger = await visitor();
  await stranger.adopt('relay');
  await stranger.press('Call relay');
  await stranger.press('Call now');
  await expect(ringingFor(alice)).toBeVisible({ timeout: 20_000 });
  await expect(ringingFor(carla)).toHaveCount(0);
  await expect(ringingFor(carla)).toBeVisible({ timeout: 20_000 });
  await expect(ringingFor(alice)).toHaveCount(0);
  await stranger.expectText('Ringing…');
  await answerVisitor(carla);
  await stranger.expectText(`You are talking to ${PEOPLE.carla.name}`);
  await Promise.all([stranger.expectToHear(PEOPLE.carla.toneHz), carla.expectToHear(VISITOR_HZ)]);
  await stranger.press('Hang up');
  await carla.expectNoCall();
  await desk.remove();
});

const TIME_ZONE = 'Europe/Lisbon';
const MINUTE_MS = 60_000;

/** As clocks in the desk's town show it. */
function civil(atMs: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en', { timeZone: TIME_ZONE, ...options }).format(atMs);
}

/** Every day from that minute on, until an hour before it on the next day. */
function openFrom(atMs: number): NonNullable<DestinationInput['hours']> {
  const clock = (ms: number) => civil(ms, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const to = clock(atMs - 60 * MINUTE_MS);
  return { timeZone: TIME_ZONE, weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from: clock(atMs), to }] };
}

async function cardOf(world: World, id: string): Promise<DestinationCard> {
  const { port } = new URL(world.hubOrigin);
  const headers = { origin: world.sites.public.origin };
  const answer = await fetch(`http://127.0.0.1:${port}/api/public/destinations/${id}`, { headers });
  return (await answer.json()) as DestinationCard;
}

test('D1: a desk closed by its hours says when it opens, takes a message, and can be called once it is open', async ({
  signedIn,
  visitor,
  world,
}) => {
  // Whom it rings when it is open.
  await signedIn('alice');
  const opensAt = Math.floor(Date.now() / MINUTE_MS + 10) * MINUTE_MS;
  const desk = await createDestination(world, 'morning', { hours: openFrom(opensAt) });
  const stranger = await visitor();
  await stranger.adopt('morning');
  const time = civil(opensAt, { hour: 'numeric', minute: '2-digit' }).replace(/\s/, '.');
  await stranger.expectText(new RegExp(`^Opens ${civil(opensAt, { weekday: 'long' })}.* ${time}`));
  await stranger.press('Call morning');
  await expect(stranger.button('Call now')).toHaveCount(0);
  await stranger.press('Leave a message');
  await stranger.page.getByRole('textbox', { name: 'Your message' }).fill('Early, I know');
  await stranger.press('Send');
  await stranger.expectText('Your message was left. Thank you.');

  advanceClock(world, opensAt - Date.now());
  await expect.poll(async () => (await cardOf(world, 'morning')).state).not.toBe('closed');
  await stranger.page.reload();
  await stranger.adopt('morning');
  await stranger.press('Call morning');
  await expect(stranger.button('Call now')).toBeVisible();
  await desk.remove();
});
