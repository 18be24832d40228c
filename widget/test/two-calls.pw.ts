import type { Page } from '@playwright/test';
import { commands, expect, openPage, setPhone, show, test } from './browser.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const launcherPage = '<p><label>Note <input id="note"></label></p><ringtag-launcher></ringtag-launcher>';

/** Bruno is talked to, and Carla calls. */
async function carlaCalls(page: Page): Promise<void> {
  await button(page, 'Open Ringtag').hover();
  await setPhone(page, (h) =>
    h.phone.set({
      leads: false,
      calls: [
        h.callView({ activeSinceMs: 0 }),
        h.callView({ callId: 'r1', direction: 'in', phase: 'ringing', peer: h.peerOf(h.people[2]) }),
      ],
    }),
  );
}

test('the call on hold stands above the other; Swap talks to it, and Hang up stays in its place', async ({
  page,
  server,
}) => {
  await show(page, server, 'two-calls');
  const held = page.getByRole('group', { name: 'Call with Bruno Barros' });
  await expect(held).toContainText('On hold');
  const before = await button(page, 'Hang up').boundingBox();
  await button(page, 'Swap').focus();
  await page.keyboard.press('Enter');
  expect(await commands(page)).toEqual([['swap', 'c1']]);
  await expect(page.locator('.strip').getByText('Carla Costa')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Bruno Barros' })).toBeVisible();
  await expect(button(page, 'Swap')).toBeFocused();
  await setPhone(page, (h) => h.phone.change({ phase: 'ended', ended: { reason: 'left' } }, 'c2'));
  await expect(page.locator('.strip')).toContainText('Carla Costa left the call.');
  await button(page, 'Dismiss').click();
  await expect(page.locator('.strip')).toHaveCount(0);
  expect(await button(page, 'Hang up').boundingBox()).toEqual(before);
});

test('a call that comes during a call asks: hold and answer, end and answer, or decline', async ({
  page,
  server,
}) => {
  await openPage(page, server, launcherPage);
  await carlaCalls(page);
  const dialog = page.getByRole('alertdialog', { name: 'Carla Costa is calling' });
  await expect(dialog).toHaveAccessibleDescription('Legal · You are in a call with Bruno Barros');
  await button(page, 'Hold and answer').click();
  expect(await commands(page)).toEqual([['answer', 'r1', 'audio']]);
  await carlaCalls(page);
  await button(page, 'End and answer').click();
  expect((await commands(page)).slice(1)).toEqual([
    ['hangUp', 'c1'],
    ['answer', 'r1', 'audio'],
  ]);
});

test('when the first call ends meanwhile, Decline and Answer do not move', async ({ page, server }) => {
  await openPage(page, server, launcherPage);
  await carlaCalls(page);
  const decline = await button(page, 'Decline').boundingBox();
  const answer = await button(page, 'Hold and answer').boundingBox();
  await setPhone(page, (h) => h.phone.set({ calls: h.phone.state.calls.slice(1) }));
  await expect(button(page, 'End and answer')).toHaveCount(0);
  expect(await button(page, 'Decline').boundingBox()).toEqual(decline);
  expect(await button(page, 'Answer').boundingBox()).toEqual(answer);
});

test('declining with a ready-made message by keyboard; Escape goes back to where it was opened', async ({
  page,
  server,
}) => {
  await show(page, server, 'ringing');
  const opener = button(page, 'Decline with a message');
  await opener.focus();
  await page.keyboard.press('Enter');
  await expect(button(page, 'I will call you back.')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();
  await expect(opener).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('Enter');
  await expect(button(page, 'I will call you back.')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await commands(page)).toEqual([['decline', 'r1', 'I am in a meeting.']]);
});

test('a telephone call is declined without a message, which would reach nobody', async ({ page, server }) => {
  await show(page, server, 'ringing');
  await setPhone(page, (h) => h.phone.change({ via: 'pbx' }));
  await expect(button(page, 'Decline with a message')).toHaveCount(0);
  await button(page, 'Decline').click();
  expect(await commands(page)).toEqual([['decline', 'r1', undefined]]);
});

test('declining in one’s own words, at most 200 characters of them, hears no shortcut of the page', async ({
  page,
  server,
}) => {
  await show(page, server, 'ringing-messages');
  await page.evaluate(() => {
    Object.assign(window, { heard: 0 });
    document.addEventListener('keydown', () => {
      (window as unknown as { heard: number }).heard += 1;
    });
  });
  const own = page.getByLabel('Your own words');
  await own.pressSequentially('Back at 3');
  await page.keyboard.press('Backspace');
  await page.keyboard.type(`4${'x'.repeat(200)}`);
  await page.keyboard.press('Enter');
  const [[name, callId, message] = []] = await commands(page);
  expect([name, callId]).toEqual(['decline', 'r1']);
  expect(message).toBe(`Back at 4${'x'.repeat(191)}`);
  expect(await page.evaluate(() => (window as unknown as { heard: number }).heard)).toBe(0);
});

test('who is declined with a message reads it on the card of the call', async ({ page, server }) => {
  await show(page, server, 'ended-declined');
  await expect(page.getByRole('group', { name: 'Call with Bruno Barros' })).toContainText(
    'Bruno Barros declined the call. “In a meeting, back at three”',
  );
});
