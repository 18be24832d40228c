import type { Page } from '@playwright/test';
import { commands, expect, openPage, setPhone, show, test } from './browser.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const me = (page: Page) => page.getByRole('button', { name: /^Alice Almeida/ });

test('the status menu by keyboard: do not disturb is said on the pane and on the launcher', async ({
  page,
  server,
}) => {
  await openPage(page, server, '<ringtag-launcher></ringtag-launcher>');
  await button(page, 'Open Ringtag').click();
  await me(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitemradio', { name: 'Available' })).toBeFocused();
  await expect(page.getByRole('menuitemradio', { name: 'Available' })).toHaveAttribute(
    'aria-checked',
    'true',
  );
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(me(page)).toBeFocused();
  await expect(me(page)).toHaveAccessibleName('Alice Almeida do not disturb');
  await expect(page.locator('.dock')).toHaveAttribute('title', 'do not disturb');
  for (const steps of [2, 3]) {
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menu')).toBeVisible();
    for (let step = 0; step < steps; step += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menu')).toHaveCount(0);
  }
  await me(page).click();
  await page.getByRole('menuitemradio', { name: 'Available' }).click();
  expect(await commands(page)).toEqual([
    ['setDoNotDisturb', true, undefined],
    ['setDoNotDisturb', true, 1_800_000],
    ['setDoNotDisturb', true, 3_600_000],
    ['setDoNotDisturb', false, undefined],
  ]);
  await expect(me(page)).toHaveAccessibleName('Alice Almeida online');
});

test('Escape, Tab and a press elsewhere close the menu; the first two give the focus back', async ({
  page,
  server,
}) => {
  await show(page, server, 'menu');
  const menu = page.getByRole('menu');
  await expect(menu).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await expect(me(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitemradio', { name: 'Available' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(menu).toHaveCount(0);
  await expect(button(page, 'Open in a window of its own')).toBeFocused();
  await me(page).click();
  await expect(menu).toBeVisible();
  await page.getByRole('tab', { name: 'Recent' }).click();
  await expect(menu).toHaveCount(0);
  await me(page).click();
  await expect(menu).toBeVisible();
  await me(page).click();
  await expect(menu).toHaveCount(0);
});

test('your devices open in a new tab, settings in the pane, and Sign out signs out', async ({
  page,
  server,
}) => {
  await show(page, server, 'people');
  await me(page).click();
  const devices = page.getByRole('menuitem', { name: 'Your devices (opens in a new tab)' });
  await expect(devices).toHaveAttribute('href', 'https://hub.example/devices');
  await expect(devices).toHaveAttribute('target', '_blank');
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await expect(button(page, 'Back')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(me(page)).toBeFocused();
  await me(page).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(button(page, 'Sign in')).toBeVisible();
  expect(await commands(page)).toEqual([['signOut']]);
});

test('More of a call: a window of its own, or the settings and back to the call', async ({
  page,
  server,
}) => {
  await show(page, server, 'call-active');
  await button(page, 'More').click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await page.getByRole('button', { name: 'Show call with Bruno Barros' }).click();
  await expect(page.getByRole('group', { name: 'Call with Bruno Barros' })).toBeFocused();
  await button(page, 'More').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Open in a window of its own' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(button(page, 'More')).toBeFocused();
  expect(await commands(page)).toEqual([['popOut']]);
});

test('a call in the other window is said and steered: mute, hold, hang up, show', async ({
  page,
  server,
}) => {
  await show(page, server, 'call-elsewhere');
  await expect(page.getByText('In the other window')).toBeVisible();
  for (const name of ['Keypad', 'Start video', 'Transfer']) {
    await expect(button(page, name)).toHaveAttribute('aria-disabled', 'true');
  }
  for (const name of ['Mute', 'Hold', 'Show window', 'Hang up']) await button(page, name).click();
  expect(await commands(page)).toEqual([
    ['setMuted', 'c1', true],
    ['setHeld', 'c1', true],
    ['showCall', 'c1'],
    ['hangUp', 'c1'],
  ]);
});

test('a refusal stays until it is dismissed, however soon the phone forgets it', async ({ page, server }) => {
  await show(page, server, 'error');
  await setPhone(page, (h) => h.phone.set({ error: null }));
  await expect(page.getByRole('alert')).toContainText('Telephone calls are not possible now.');
  await button(page, 'Dismiss').click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByLabel('Search people')).toBeFocused();
  await setPhone(page, (h) => h.phone.set({ error: 'PBX_UNAVAILABLE' }));
  await expect(page.getByRole('alert')).toBeVisible();
});

test('what happened by itself is said until it is dismissed', async ({ page, server }) => {
  await show(page, server, 'notice');
  await expect(page.getByText('You now talk into: Built-in microphone')).toBeVisible();
  await setPhone(page, (h) => h.phone.set({ notice: { kind: 'popup-blocked' } }));
  await expect(page.getByText('The window was blocked. Allow pop-ups for this page')).toBeVisible();
  await button(page, 'Dismiss').click();
  await expect(page.getByText('The window was blocked.')).toHaveCount(0);
  expect(await commands(page)).toEqual([['dismissNotice']]);
});
