// Calls while the page shows a modal dialog, which makes everything outside it inert.
import type { Page } from '@playwright/test';
import { axeProblems, commands, expect, openPage, setPhone, type TestServer, test } from './browser.ts';

const PAGE = `<style>
  dialog { inset: auto 24px 24px auto; inline-size: 420px; transform: translateY(-1px); overflow: hidden; }
  textarea { inline-size: 100%; block-size: 160px; }
</style>
<button id="compose" onclick="mail.showModal()">Compose</button>
<dialog id="mail" onclick="if (event.target === this || event.clientX < getBoundingClientRect().left) close()">
  <textarea aria-label="Text"></textarea><button onclick="mail.close()">Send</button>
</dialog>
<ringtag-launcher style="--ringtag-accent: rgb(120, 20, 90)"></ringtag-launcher>`;

const button = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).filter({ visible: true });
const ringing = (page: Page) => page.getByRole('alertdialog', { name: 'Bruno Barros is calling' });
const draft = (page: Page) => page.getByLabel('Text');

async function rings(page: Page): Promise<void> {
  await setPhone(page, (h) =>
    h.phone.set({
      ...h.ready,
      calls: [h.callView({ callId: 'c1', direction: 'in', phase: 'ringing' })],
    }),
  );
}

async function writing(page: Page, server: TestServer): Promise<void> {
  await openPage(page, server, PAGE);
  await page.getByRole('button', { name: 'Open Ringtag' }).hover();
  await page.locator('ringtag-ringing').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Compose' }).click();
  await draft(page).focus();
  await page.keyboard.type('Dear ');
}

test('a call that rings over a dialog is answered, muted and ended by mouse, and the draft is written on', async ({
  page,
  server,
}) => {
  await writing(page, server);
  await rings(page);
  await expect(ringing(page)).toBeVisible();
  await page.keyboard.type('customer,');
  await button(page, 'Answer').click();
  await setPhone(page, (h) => h.phone.change({ phase: 'active', activeSinceMs: performance.now() }));
  await button(page, 'Mute').click();
  await page.keyboard.type(' one moment');
  expect(await axeProblems(page)).toEqual([]);
  await button(page, 'Hang up').click();
  await page.keyboard.type(' please.');
  await expect(draft(page)).toHaveValue('Dear customer, one moment please.');
  expect(await commands(page)).toEqual([
    ['answer', 'c1', 'audio'],
    ['setMuted', 'c1', true],
    ['hangUp', 'c1'],
  ]);
  await expect(page.locator('dialog')).toBeVisible();
  await setPhone(page, (h) => h.phone.set({ calls: [] }));
  await expect(page.locator('ringtag-above')).toHaveCount(0);
  await expect(draft(page)).toBeFocused();
});

test('a dialog that opens in a call gets its bar; from there the pane opens; closed, the page’s own is back', async ({
  page,
  server,
}) => {
  await openPage(page, server, PAGE);
  await page.getByRole('button', { name: 'Open Ringtag' }).click();
  await rings(page);
  await setPhone(page, (h) => h.phone.change({ phase: 'active', activeSinceMs: performance.now() }));
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Compose' }).click();
  await button(page, 'Show call with Bruno Barros').click();
  await button(page, 'Hold').click();
  expect(await commands(page)).toEqual([['setHeld', 'c1', true]]);
  await button(page, 'Close').click();
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.locator('ringtag-above')).toHaveCount(0);
  await button(page, 'Hang up').click();
  expect((await commands(page)).at(-1)).toEqual(['hangUp', 'c1']);
});

test('the page hears of each call state once, from the element it knows, through dialogs that come and go', async ({
  page,
  server,
}) => {
  await writing(page, server);
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    document.addEventListener('ringtag-call-state', (event) => {
      const { detail, target } = event as CustomEvent;
      heard.push(`${detail.state} at ${(target as Element).localName}`);
    });
  });
  await rings(page);
  await button(page, 'Answer').waitFor();
  await setPhone(page, (h) => h.phone.change({ phase: 'active', activeSinceMs: performance.now() }));
  // A framework may take the dialog away with all that is in it.
  await page.evaluate(() => document.querySelector('dialog')?.remove());
  await button(page, 'Hang up').click();
  expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([
    'ringing at ringtag-launcher',
    'active at ringtag-launcher',
    'ended at ringtag-launcher',
  ]);
});

const COMPONENT = `<ringtag-launcher></ringtag-launcher><x-mail></x-mail><script>
  customElements.define('x-mail', class extends HTMLElement {
    connectedCallback() {
      const root = this.attachShadow({ mode: 'open' });
      root.innerHTML = '<button>Compose</button><dialog><textarea aria-label="Text"></textarea><button>Send</button></dialog>';
      const [compose, send] = root.querySelectorAll('button');
      const dialog = root.querySelector('dialog');
      compose.onclick = () => dialog.showModal();
      send.onclick = () => dialog.close();
    }
  });
</script>`;

test('a call that rings over a dialog of one of the page’s own components can be answered there', async ({
  page,
  server,
}) => {
  await openPage(page, server, COMPONENT);
  await page.getByRole('button', { name: 'Open Ringtag' }).hover();
  await page.locator('ringtag-ringing').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Compose' }).click();
  await draft(page).focus();
  await page.keyboard.type('Dear ');
  await rings(page);
  await expect(ringing(page)).toBeVisible();
  await page.keyboard.type('customer');
  await button(page, 'Answer').click();
  await setPhone(page, (h) => h.phone.change({ phase: 'active', activeSinceMs: performance.now() }));
  await button(page, 'Mute').click();
  await page.keyboard.type('.');
  await expect(draft(page)).toHaveValue('Dear customer.');
  await button(page, 'Send').click();
  await expect(page.locator('ringtag-above')).toHaveCount(0);
  await button(page, 'Hang up').click();
  expect(await commands(page)).toEqual([
    ['answer', 'c1', 'audio'],
    ['setMuted', 'c1', true],
    ['hangUp', 'c1'],
  ]);
});
