import type { Page } from '@playwright/test';
import { commands, expect, setPhone, show, test } from './browser.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const card = (page: Page, name: string) =>
  page.getByRole('group', { name: `Call with ${name}`, exact: true });

test('asking first, by keyboard alone: find Carla, talk to her, complete', async ({ page, server }) => {
  await show(page, server, 'call-active');
  await button(page, 'Transfer').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Pass Bruno Barros on' })).toBeVisible();
  await expect(page.getByRole('searchbox', { name: 'Search people' })).toBeFocused();
  await page.keyboard.type('carla');
  await page.keyboard.press('Enter');
  await expect(button(page, 'Ask first')).toBeFocused();
  await expect(page.getByText('You talk first; Bruno Barros waits on hold.')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(card(page, 'Bruno Barros')).toContainText('On hold, to be passed on');
  await expect(page.getByRole('heading', { name: 'Carla Costa' })).toBeVisible();
  await expect(button(page, 'Transfer')).toHaveAttribute('aria-disabled', 'true');
  await setPhone(page, (h) => h.phone.change({ phase: 'active', activeSinceMs: 0 }, 'c2'));
  await button(page, 'Complete').focus();
  await page.keyboard.press('Enter');
  expect(await commands(page)).toEqual([
    ['consult', 'c1', { personId: 'carla' }],
    ['completeTransfer', 'c2'],
  ]);
});

test('Back to Bruno ends the question, and what Carla answered stays to be read', async ({
  page,
  server,
}) => {
  await show(page, server, 'consulting-talks');
  await button(page, 'Back to Bruno Barros').click();
  expect(await commands(page)).toEqual([['hangUp', 'c2']]);
  await setPhone(page, (h) => h.phone.change({ phase: 'active', held: false }, 'c1'));
  await expect(page.getByRole('heading', { name: 'Bruno Barros' })).toBeVisible();
  await expect(card(page, 'Carla Costa')).toContainText('Call ended');
});

test('transferring at once to a number, and how it goes on in words', async ({ page, server }) => {
  await show(page, server, 'call-active');
  await button(page, 'Transfer').click();
  await page.getByRole('searchbox', { name: 'Search people' }).fill('+351 21 000');
  await button(page, 'Choose +35121000').click();
  await button(page, 'Transfer now').click();
  expect(await commands(page)).toEqual([['transfer', 'c1', { number: '+35121000' }]]);
  await expect(button(page, 'Transfer')).toBeFocused();
  const news = page.locator('.news');
  await expect(news).toHaveText('Passing on to +35121000…');
  const to = { name: 'Carla Costa' };
  const passing = (transfer: object) =>
    page.evaluate((changes) => window.harness.phone.change(changes), { transfer } as object);
  await passing({ to, state: 'ringing' });
  await expect(news).toHaveText('Passing on: ringing at Carla Costa…');
  await passing({ to, state: 'failed', code: 'declined' });
  await expect(news).toHaveText('Not passed on to Carla Costa. Carla Costa declined the call.');
  await passing({ to, state: 'failed', code: 'declined', message: 'In an hour' });
  await expect(news).toHaveText('Not passed on to Carla Costa. Carla Costa declined the call. “In an hour”');
  await passing({ to, state: 'failed', code: 'DO_NOT_DISTURB' });
  await expect(news).toHaveText('Not passed on to Carla Costa. They want no calls now. Try again later.');
  await expect(button(page, 'Transfer')).toHaveAttribute('aria-disabled', 'false');
});

test('Escape closes the sheet and gives the focus back; the call goes on in a bar meanwhile', async ({
  page,
  server,
}) => {
  await show(page, server, 'call-active');
  await button(page, 'Transfer').click();
  await expect(page.getByRole('searchbox', { name: 'Search people' })).toBeFocused();
  await expect(button(page, 'Hang up')).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Show call with Bruno Barros' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(button(page, 'Transfer')).toBeFocused();
  await button(page, 'Transfer').click();
  await setPhone(page, (h) => h.phone.change({ phase: 'ended', ended: { reason: 'left' } }));
  await expect(page.getByText('Bruno Barros left the call.').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Pass/ })).toHaveCount(0);
});

test('the two parties of two calls can be joined, and whoever is in them is not asked first', async ({
  page,
  server,
}) => {
  await show(page, server, 'two-calls');
  await button(page, 'Transfer').click();
  await button(page, 'Choose Bruno Barros').click();
  await expect(
    page.getByText('Carla Costa and Bruno Barros talk to each other; you are done.'),
  ).toBeVisible();
  await expect(button(page, 'Ask first')).toHaveCount(0);
  await expect(button(page, 'Transfer now')).toBeFocused();
  await page.keyboard.press('Enter');
  expect((await commands(page)).map(([name, callId]) => [name, callId])).toEqual([
    ['completeTransfer', 'c2'],
  ]);
});

test('who is passed on is told by whom and to whom, and who then rings is told by whom', async ({
  page,
  server,
}) => {
  await show(page, server, 'call-sent');
  await expect(
    page.getByRole('status').filter({ hasText: 'Bruno Barros is passing you to Carla Costa…' }),
  ).toBeVisible();
  await show(page, server, 'ringing-passed-on');
  await expect(page.getByRole('alertdialog')).toHaveAccessibleDescription(
    'Accounting · Passed on by Carla Costa',
  );
});
