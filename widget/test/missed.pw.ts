import type { Page } from '@playwright/test';
import { axeProblems, commands, expect, openPage, setPhone, test } from './browser.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const launcherPage = '<ringtag-launcher></ringtag-launcher>';

test('missed calls are a number on the launcher and on Recent, in words for screen readers, until Recent is seen', async ({
  page,
  server,
}) => {
  await openPage(page, server, launcherPage);
  await button(page, 'Open Ringtag').hover();
  await setPhone(page, (h) => h.phone.set({ ...h.ready, missed: 2 }));
  const launcher = button(page, 'Open Ringtag');
  await expect(launcher).toHaveText('2');
  await expect(launcher).toHaveAccessibleDescription('2 missed calls');
  await expect(page.getByRole('status').filter({ hasText: '2 missed calls' })).toBeAttached();
  expect(await axeProblems(page)).toEqual([]);
  await launcher.click();
  const recent = page.getByRole('tab', { name: 'Recent, 2 missed calls', exact: true });
  await expect(recent).toHaveText('Recent2');
  expect((await commands(page)).flat()).not.toContain('lookAtRecent');
  await recent.click();
  await expect.poll(async () => (await commands(page)).flat()).toContain('lookAtRecent');
  await expect(page.getByRole('tab', { name: 'Recent', exact: true })).toHaveText('Recent');
  await expect(launcher.locator('.badge')).toBeHidden();
  await expect(launcher).toHaveAccessibleDescription('');
});

test('a call missed while Recent is hidden in a closed pane waits there until the pane is opened', async ({
  page,
  server,
}) => {
  await openPage(page, server, launcherPage);
  await button(page, 'Open Ringtag').click();
  await setPhone(page, (h) => h.phone.set(h.ready));
  await page.getByRole('tab', { name: 'Recent', exact: true }).click();
  await expect(page.getByText('No calls yet')).toBeVisible();
  await button(page, 'Close').click();
  await expect(page.getByText('No calls yet')).toBeHidden();
  await setPhone(page, (h) => h.phone.set({ missed: 12 }));
  await expect(button(page, 'Open Ringtag')).toHaveText('9+');
  expect((await commands(page)).flat()).not.toContain('lookAtRecent');
  await button(page, 'Open Ringtag').click();
  await expect(button(page, 'Open Ringtag').locator('.badge')).toBeHidden();
});

test('how long nobody disturbs stands under the name', async ({ page, server }) => {
  await openPage(page, server, launcherPage);
  await button(page, 'Open Ringtag').click();
  const until = await page.evaluate(() => {
    const at = new Date();
    at.setHours(14, 30);
    const { harness } = window;
    harness.phone.set({ ...harness.ready, doNotDisturb: true, quietUntilMs: at.getTime() });
    return new Intl.DateTimeFormat('en', { timeStyle: 'short' }).format(at);
  });
  await expect(page.locator('header .me')).toContainText(`do not disturb until ${until}`);
  await setPhone(page, (h) => h.phone.set({ quietUntilMs: null }));
  await expect(page.locator('header .me')).toContainText('do not disturb');
  await expect(page.locator('header .me')).not.toContainText('until');
});

/** The launcher's pane, in a browser that has not been asked about notifications; a call has just been missed. */
async function missedOne(
  page: Page,
  permission: NotificationPermission,
  server: Parameters<typeof openPage>[1],
) {
  await page.addInitScript((state) => {
    Object.defineProperty(Notification, 'permission', { get: () => state });
  }, permission);
  await openPage(page, server, launcherPage);
  await button(page, 'Open Ringtag').click();
  await setPhone(page, (h) => {
    h.phone.set({ ...h.ready });
    const ended = { phase: 'ended', ended: { reason: 'no-answer' } } as const;
    h.phone.set({ calls: [h.callView({ direction: 'in', ...ended })] });
    h.phone.set({ calls: [] });
  });
}

test('after the first call that was missed the pane offers notifications, once', async ({ page, server }) => {
  await missedOne(page, 'default', server);
  const offer = page.getByRole('group', { name: 'Be told who calls while you look at something else?' });
  await expect(offer).toBeVisible();
  expect(await axeProblems(page)).toEqual([]);
  await button(page, 'Show calls on screen').click();
  await expect(offer).toHaveCount(0);
  const asked = () => page.evaluate(() => window.harness.phone.fakeDevices.commands.flat());
  await expect.poll(asked).toContain('askNotifications');
  await missedOne(page, 'default', server);
  await expect(page.getByRole('tab', { name: 'People' })).toBeVisible();
  // Its chunk is there: had it anything to offer, it would be in sight.
  await page.waitForFunction(() => customElements.get('ringtag-alerts-offer') !== undefined);
  await expect(offer).toHaveCount(0);
});

test('an offer that is turned down is not made again; whoever has said no to the browser gets none', async ({
  page,
  server,
}) => {
  await missedOne(page, 'default', server);
  await button(page, 'Not now').click();
  await missedOne(page, 'default', server);
  await page.waitForFunction(() => customElements.get('ringtag-alerts-offer') !== undefined);
  await expect(button(page, 'Not now')).toHaveCount(0);
  await page.evaluate(() => localStorage.clear());
  await missedOne(page, 'denied', server);
  await expect(page.getByRole('tab', { name: 'People' })).toBeVisible();
  await expect(button(page, 'Not now')).toHaveCount(0);
});
