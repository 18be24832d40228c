// What a visitor can do when nobody talks to him: write, speak, ask to be called back; and those who answer get it.
import type { LeftList } from '@ringtag/server/protocol';
import { hubOf, openVisitors, ringingFor } from './agent.ts';
import { expect, test } from './fixtures.ts';
import { createDestination } from './operator.ts';

test('P14: with both desks closed by hand a visitor leaves a text and then a voice, and the desk gets both', async ({
  visit,
  visitor,
}) => {
  const alice = await visit('alice');
  const hers = hubOf(alice);
  await alice.signIn();
  const stranger = await visitor();
  await stranger.press('Close them');
  await expect(stranger.page.getByText('Closed now.', { exact: true })).toBeVisible();
  try {
    await stranger.open();
    await stranger.expectText('We are at home now; leave us a word');
    await expect(stranger.button('Call now')).toHaveCount(0);
    await stranger.press('Leave a message');
    await stranger.page.getByRole('textbox', { name: 'Your message' }).fill('<b>Two</b> clocks,\nplease');
    await stranger.page.getByRole('textbox', { name: 'Your name (optional)' }).fill('Zé <i>Silva</i>');
    await stranger.press('Send');
    await stranger.expectText('Your message was left. Thank you.');
    await stranger.press('Close');

    await stranger.open();
    await stranger.press('Leave a message');
    await stranger.press('Record a message');
    await stranger.expectText(/^Recording 00:02/);
    await stranger.press('Stop recording');
    await stranger.press('Send');
    await stranger.expectText('Your message was left. Thank you.');
  } finally {
    await stranger.press('Open them');
    await expect(stranger.page.getByText('Open now.', { exact: true })).toBeVisible();
  }

  const { left } = await hers.get<LeftList>('/api/visits/left');
  const [spoken, written] = left;
  expect(written).toMatchObject({
    ...{ kind: 'message', text: '<b>Two</b> clocks,\nplease', name: 'Zé <i>Silva</i>', done: false },
    ...{ destination: { id: 'sales', name: 'Sales' }, context: { language: 'en' } },
  });
  expect(spoken).toMatchObject({ kind: 'voice', voice: { type: 'audio/webm' } });
  const sound = await hers.bytes(`/api/visits/left/${spoken?.id}/voice`);
  expect(sound.type).toBe('audio/webm');
  await openVisitors(alice);
  await expect(alice.pane.getByText('<b>Two</b> clocks,')).toBeVisible();
  await expect(alice.pane.getByText('Zé <i>Silva</i>').first()).toBeVisible();
  await alice.button(/^Play/).first().click();
  await expect
    .poll(() => alice.pane.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime))
    .toBeGreaterThan(0.3);
  // Two seconds of Opus.
  expect(sound.size).toBeGreaterThan(2_000);
});

test('P14: nobody answers, and the visitor asks for a call back', async ({ visit, visitor, world }) => {
  const alice = await visit('alice');
  const hers = hubOf(alice);
  await alice.signIn();
  const desk = await createDestination(world, 'attic', {
    ring: { people: ['alice.almeida@tidewell.example'], ringSeconds: 5 },
  });
  const stranger = await visitor();
  await stranger.adopt('attic');
  await stranger.press('Call attic');
  await stranger.press('Call now');
  await expect(ringingFor(alice)).toBeVisible({ timeout: 15_000 });
  await stranger.expectText('Ringing…');
  await stranger.expectText('Nobody could answer', 20_000);
  await expect(ringingFor(alice)).toBeHidden();
  await stranger.press('Ask for a call back');
  await stranger.page.getByRole('textbox', { name: 'Your telephone number' }).fill('+351 21 000 0000');
  await stranger.press('Send');
  await stranger.expectText('You will be called back. Thank you.');
  const { left } = await hers.get<LeftList>('/api/visits/left');
  expect(left[0]).toMatchObject({
    kind: 'callback',
    destination: { id: 'attic' },
    visitId: stranger.visitId,
  });
  expect(left[0]?.reach.replace(/\s/g, '')).toBe('+351210000000');
  await desk.remove();
});
