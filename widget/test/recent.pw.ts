import type { Page } from '@playwright/test';
import { commands, expect, setPhone, show, test } from './browser.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const tab = (page: Page, name: string) => page.getByRole('tab', { name });
const rows = (page: Page) => page.getByRole('list', { name: 'Recent calls' }).getByRole('listitem');
/** What was asked of the phone beside searches. */
const asked = async (page: Page) => (await commands(page)).filter(([name]) => name === 'history');

test('recent calls say direction, result, when and how long, in words', async ({ page, server }) => {
  await show(page, server, 'recent');
  await expect(rows(page)).toHaveText([
    /Bruno Barros\s*Missed · (Today|Yesterday)/,
    /Bruno Barros\s*Outgoing · .* · 3\smin\s12\ssec/,
    /Carla Costa\s*Incoming · .* · 41\ssec · passed on to Duarte Dias/,
    /Duarte Dias\s*Outgoing, no answer · Yesterday/,
    /Elsa Esteves\s*Incoming, declined/,
    /\+351 210 000 000\s*Outgoing, busy/,
  ]);
});

test('by keyboard: arrows change the tab and walk the calls, Enter calls back', async ({ page, server }) => {
  await show(page, server, 'people');
  await setPhone(page, (h) => {
    h.phone.answerHistory = async () => ({ calls: h.history.calls });
  });
  await tab(page, 'People').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tab(page, 'Recent')).toBeFocused();
  await expect(tab(page, 'Recent')).toHaveAttribute('aria-selected', 'true');
  await expect(rows(page)).toHaveCount(6);
  await button(page, 'Call Bruno Barros').first().focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  expect((await commands(page)).at(-1)).toEqual(['call', { personId: 'carla' }, 'audio']);
  await setPhone(page, (h) => h.phone.set({ calls: [] }));
  await expect(rows(page)).toHaveCount(6);
  expect(await asked(page)).toHaveLength(2);
});

test('typing a name leaves the recent calls for what is found', async ({ page, server }) => {
  await show(page, server, 'recent');
  await page.getByLabel('Search people').fill('elsa');
  await expect(button(page, 'Call Elsa Esteves')).toBeVisible();
  await expect(rows(page)).toHaveCount(0);
  await expect(tab(page, 'People')).toHaveAttribute('aria-selected', 'true');
});

test('the next page comes when the end is in view; one that fails says so and can be had again', async ({
  page,
  server,
}) => {
  await show(page, server, 'recent-empty');
  await expect(page.getByText('No calls yet')).toBeVisible();
  await tab(page, 'People').click();
  await setPhone(page, (h) => {
    let fails = true;
    h.phone.answerHistory = async (before) => {
      if (before === undefined) return h.history;
      if (fails) {
        fails = false;
        return null;
      }
      return { calls: h.history.calls.map((call) => ({ ...call, callId: `old-${call.callId}` })) };
    };
  });
  await tab(page, 'Recent').click();
  await expect(rows(page)).toHaveCount(6);
  await page.locator('ringtag-recent .list').hover();
  await page.mouse.wheel(0, 1_000);
  await expect(page.getByText('Your calls could not be fetched')).toBeVisible();
  await button(page, 'Try again').click();
  await expect(rows(page)).toHaveCount(12);
  expect(await asked(page)).toEqual([
    ['history', undefined],
    ['history', undefined],
    ['history', 'older'],
    ['history', 'older'],
  ]);
});

test('without a hub the list says so, and Try again asks anew', async ({ page, server }) => {
  await show(page, server, 'recent-failed');
  await expect(page.getByText('Your calls could not be fetched')).toBeVisible();
  await setPhone(page, (h) => {
    h.phone.answerHistory = async () => h.history;
  });
  await button(page, 'Try again').click();
  await expect(rows(page).first()).toBeVisible();
});

test('Redial is there when there is somebody to redial', async ({ page, server }) => {
  await show(page, server, 'recent');
  await button(page, 'Redial').click();
  expect((await commands(page)).at(-1)).toEqual(['redial']);
  await setPhone(page, (h) => h.phone.set({ canRedial: false }));
  await expect(button(page, 'Redial')).toHaveCount(0);
});

test('what is fetched on demand and does not come says so, and comes when tried again', async ({
  page,
  server,
}) => {
  await show(page, server, 'people');
  await page.evaluate(() => {
    const { define } = customElements;
    let fails = true;
    customElements.define = function (this: CustomElementRegistry, name, ...rest) {
      if (name === 'ringtag-recent' && fails) {
        fails = false;
        throw new Error('lost on the way');
      }
      define.call(this, name, ...rest);
    };
  });
  await tab(page, 'Recent').click();
  await expect(page.getByRole('alert')).toContainText('This could not be loaded');
  await button(page, 'Try again').click();
  await expect(page.getByText('No calls yet')).toBeVisible();
});
