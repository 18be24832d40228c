import { commands, expect, openPage, setPhone, test } from './browser.ts';

/** A mail client with the shortcuts of the real ones: on `document`, and on `window` in capture. */
const mails = '<ul id="mails"><li>One</li><li>Two</li><li>Three</li></ul>';
const shortcuts = (where: string) => `
  window.heard = [];
  const act = (event) => {
    window.heard.push(event.key);
    if (event.key === 'Delete' || event.key === 'Backspace') document.querySelector('#mails li')?.remove();
    if ([' ', 'j', 'ArrowDown'].includes(event.key)) event.preventDefault();
  };
  for (const type of ['keydown', 'keypress', 'keyup']) ${where}`;
const onDocument = shortcuts('document.addEventListener(type, act);');
const onWindowCapture = shortcuts('window.addEventListener(type, act, true);');
const everyKey = [
  'j',
  'k',
  'Backspace',
  'Delete',
  'Enter',
  'Escape',
  'Space',
  'ArrowDown',
  'ArrowUp',
  '#',
  '/',
];

for (const [name, script] of [
  ['on document', onDocument],
  ['on window in capture, registered after the tag', onWindowCapture],
] as const) {
  test(`shortcuts ${name} hear nothing typed into our search, and the mails stay`, async ({
    page,
    server,
  }) => {
    await openPage(page, server, `${mails}<ringtag-launcher></ringtag-launcher>`);
    await page.evaluate(() => window.harness.guard());
    await page.addScriptTag({ content: script });
    await page.getByRole('button', { name: 'Open Ringtag' }).click();
    const search = page.getByLabel('Search people');
    await search.pressSequentially('jack jj');
    await expect(search).toHaveValue('jack jj');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Home');
    await page.keyboard.press('Delete');
    await expect(search).toHaveValue('ack j');
    for (const key of everyKey) {
      await search.focus();
      await page.keyboard.press(key);
    }
    expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([]);
    await expect(page.locator('#mails li')).toHaveCount(3);
  });

  test(`shortcuts ${name} hear nothing pressed on our buttons and keypad`, async ({ page, server }) => {
    await openPage(page, server, `${mails}<ringtag-phone></ringtag-phone>`);
    await page.evaluate(() => window.harness.guard());
    await page.addScriptTag({ content: script });
    await setPhone(page, (h) => h.phone.set({ calls: [h.callView({ activeSinceMs: 0 })] }));
    await page.getByRole('button', { name: 'Keypad' }).focus();
    await page.keyboard.press('Space');
    for (const key of ['1', 'j', 'Backspace', 'Delete', 'ArrowDown', '#']) await page.keyboard.press(key);
    expect(await commands(page)).toEqual([
      ['sendDigits', 'c1', '1'],
      ['sendDigits', 'c1', '#'],
    ]);
    expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([]);
    await expect(page.locator('#mails li')).toHaveCount(3);
  });
}

test('keys that start in the page are left to the page', async ({ page, server }) => {
  await openPage(page, server, `${mails}<input id="own"><ringtag-phone></ringtag-phone>`);
  await page.addScriptTag({ content: onDocument });
  await page.locator('#own').focus();
  await page.keyboard.press('x');
  expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([
    'x',
    'x',
    'x',
  ]);
});

test('shortcuts on window in capture that were there before the tag find no key they know, and the mails stay', async ({
  page,
  server,
}) => {
  const early = `window.heard = []; window.addEventListener('keydown', (event) => {
    const { key, code, keyCode, which, isComposing } = event;
    window.heard.push([key, code, keyCode, which, isComposing].join());
    if (key === 'Delete' || keyCode === 8 || code === 'Backspace' || which === 46) document.querySelector('#mails li')?.remove();
    if ('jk '.includes(key)) event.preventDefault();
    if (event.target.isContentEditable) window.spared = true;
  }, true);`;
  await openPage(
    page,
    server,
    `${mails}<input id="own"><ringtag-phone></ringtag-phone>`,
    `<script>${early}</script>`,
  );
  const search = page.getByLabel('Search people');
  await search.pressSequentially('jo kk');
  for (const key of ['Backspace', 'Home', 'Delete']) await page.keyboard.press(key);
  await expect(search).toHaveValue('o k');
  await expect(page.locator('#mails li')).toHaveCount(3);
  const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  expect(new Set(heard)).toEqual(new Set(['Process,,229,229,true']));
  expect(await page.evaluate(() => (window as unknown as { spared: boolean }).spared)).toBe(true);
  await page.locator('#own').focus();
  await page.keyboard.press('x');
  await page.keyboard.press('Delete');
  expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard.slice(-2))).toEqual([
    'x,KeyX,88,88,false',
    'Delete,Delete,46,46,false',
  ]);
  await expect(page.locator('#mails li')).toHaveCount(2);
});

test('a key that an earlier listener swallowed without looking is typed all the same', async ({
  page,
  server,
}) => {
  const early =
    "<script>window.addEventListener('keydown', (event) => event.preventDefault(), true);</script>";
  await openPage(page, server, '<ringtag-phone></ringtag-phone>', early);
  const search = page.getByLabel('Search people');
  await search.pressSequentially('jo k');
  await page.keyboard.press('Backspace');
  await expect(search).toHaveValue('jo ');
});

test('the guard alone, first in the head, wins over listeners that come before the tag', async ({
  page,
  server,
}) => {
  server.pages.set('/first', {
    body: `<!doctype html><html lang="en"><head><title>Host</title><script src="/ringtag-keys.js"></script>
<script>${onWindowCapture}</script><script src="/harness.js"></script></head><body>${mails}<ringtag-phone></ringtag-phone></body></html>`,
  });
  await page.goto(`${server.url}/first`);
  await page.evaluate(() => window.harness.define());
  await page.getByLabel('Search people').pressSequentially('bruno');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Backspace');
  await expect(page.getByLabel('Search people')).toHaveValue('brun');
  await expect(page.getByRole('button', { name: 'Call Bruno Barros' })).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([]);
  await expect(page.locator('#mails li')).toHaveCount(3);
});

test('what is typed or pasted into the search is not an event of the page', async ({ page, server }) => {
  await openPage(page, server, '<ringtag-phone></ringtag-phone>');
  await page.evaluate(() => {
    Object.assign(window, { leaked: [] });
    for (const type of ['input', 'beforeinput', 'paste', 'copy', 'cut']) {
      document.addEventListener(type, () => (window as unknown as { leaked: string[] }).leaked.push(type));
    }
  });
  await page.getByLabel('Search people').pressSequentially('abc');
  for (const key of ['Control+a', 'Control+c', 'Control+x', 'Control+v']) await page.keyboard.press(key);
  await expect(page.getByLabel('Search people')).toHaveValue('abc');
  expect(await page.evaluate(() => (window as unknown as { leaked: string[] }).leaked)).toEqual([]);
});
