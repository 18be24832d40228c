import type { Page } from '@playwright/test';
import { axeProblems, commands, expect, openPage, setPhone, show, test } from './browser.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const tab = (page: Page, name: string) => page.getByRole('tab', { name });
/** What was asked of the book of visits. */
const asked = (page: Page, ...names: string[]) =>
  page.evaluate(
    (wanted) => window.harness.phone.fakeVisits.commands.filter(([name]) => wanted.includes(name as string)),
    names,
  );
const write = (page: Page) => page.getByLabel('Write to the visitor').filter({ visible: true });

test('a visitor’s call says while it rings which page, from where, in which language, what was added and what was before', async ({
  page,
  server,
}) => {
  await show(page, server, 'visitor-ringing');
  const dialog = page.getByRole('alertdialog', { name: 'Visitor · Talk to sales is calling' });
  await expect(dialog).toContainText('Hiking boots');
  const link = dialog.getByRole('link', { name: 'Hiking boots' });
  await expect(link).toHaveAttribute('href', 'https://shop.example/boots?color=brown');
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer');
  await expect(link).toHaveAttribute('target', '_blank');
  for (const words of [
    'search.example',
    'Portuguese',
    'Cart',
    '3 pairs',
    'Campaign',
    'autumn=sale',
    '1 visit, last: Call · ',
    'Answered',
    '2 messages',
  ])
    await expect(dialog).toContainText(words);
  await expect(dialog.getByRole('link', { name: 'Show on a map' })).toHaveAttribute(
    'href',
    /^https:\/\/www\.openstreetmap\.org\/\?mlat=41\.14960&mlon=-8\.61090/,
  );
  await expect(button(page, 'Decline with a message')).toHaveCount(0);
  expect(await asked(page, 'open')).toEqual([['open', 'v1']]);
});

test('before the hub has told anything, the call itself says it', async ({ page, server }) => {
  await show(page, server, 'visitor-ringing-not-told');
  const dialog = page.getByRole('alertdialog');
  await expect(dialog.getByRole('link', { name: 'Hiking boots' })).toBeVisible();
  for (const words of ['search.example', 'Portuguese', '3 pairs', 'autumn=sale', '41.1496, -8.6109'])
    await expect(dialog).toContainText(words);
});

test('whatever a page says is text: no markup, no link but to pages, nothing that turns the writing', async ({
  page,
  server,
}) => {
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => void dialogs.push(dialog.message()));
  await show(page, server, 'visitor-ringing-hostile');
  const dialog = page.getByRole('alertdialog');
  await expect(dialog).toContainText('<img src=x onerror=alert(1)> gpj.exe');
  await expect(dialog).toContainText('data:text/html,<script>alert(1)</script>');
  await expect(dialog.locator('a, img, script, i')).toHaveCount(0);
  expect(await dialog.evaluate((element) => /[\u202a-\u202e]/.test(element.textContent ?? ''))).toBe(false);
  expect(dialogs).toEqual([]);
});

test('at 320 px Answer and Decline are in sight beside all that is known', async ({ page, server }) => {
  await page.setViewportSize({ width: 320, height: 480 });
  await show(page, server, 'visitor-ringing-hostile');
  await expect(page.getByRole('region', { name: 'About this visitor' })).toBeVisible();
  for (const name of ['Answer', 'Decline']) await expect(button(page, name)).toBeInViewport({ ratio: 1 });
});

test('beside the call one can write; the visitor is read as they write', async ({ page, server }) => {
  await show(page, server, 'visitor-call');
  await write(page).fill('The brown ones?');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('Or black?');
  await page.keyboard.press('Enter');
  expect(await asked(page, 'say')).toEqual([['say', 'v1', 'The brown ones?\nOr black?']]);
  await expect(write(page)).toHaveValue('');
  await expect(write(page)).toBeFocused();
  await expect(page.getByRole('log')).toContainText('Or black?');
  await setPhone(page, (h) => {
    const visit = h.visitOf({ state: 'talking', agent: { personId: 'alice', name: 'Alice Almeida' } });
    h.phone.fakeVisits.set({ visits: [visit], unread: { v1: 2 } });
  });
  await expect(page.getByRole('log')).toContainText('Do you have these in 43?');
  await expect.poll(() => asked(page, 'look')).toContainEqual(['look', 'v1']);
  await expect(button(page, 'Hang up')).toBeVisible();
});

test('only who answers visitors has a place for them, with what is not read as a number on it and on the launcher', async ({
  page,
  server,
}) => {
  await openPage(page, server, '<ringtag-launcher></ringtag-launcher>');
  await button(page, 'Open Ringtag').hover();
  await setPhone(page, (h) => h.phone.set({ ...h.ready, missed: 1 }));
  await expect(button(page, 'Open Ringtag')).toHaveText('1');
  await button(page, 'Open Ringtag').click();
  await expect(tab(page, 'Recent')).toBeVisible();
  await expect(tab(page, 'Visitors')).toHaveCount(0);
  await setPhone(page, (h) => h.phone.set({ visitors: { unread: 2, news: 1 } }));
  await expect(tab(page, 'Visitors, 2 new messages from visitors')).toHaveText('Visitors2');
  await expect(button(page, 'Open Ringtag')).toHaveText('3');
  await expect(button(page, 'Open Ringtag')).toHaveAccessibleDescription(
    '1 missed call, 2 new messages from visitors',
  );
  await expect(page.getByRole('status').filter({ hasText: '2 new messages from visitors' })).toBeAttached();
});

test('by keyboard: to the visitors, into a chat, answered, and back', async ({ page, server }) => {
  await show(page, server, 'visitors');
  await tab(page, 'Recent').click();
  await page.keyboard.press('ArrowRight');
  await expect(tab(page, 'Visitors')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(tab(page, 'People')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  const rows = page.getByRole('list', { name: 'Visitors now' }).getByRole('button');
  await expect(rows).toHaveText([
    /Talk to sales\s*Hiking boots\s*Writes · [\s\S]*And in black\?\s*2/,
    /In a call · With Bruno Barros/,
  ]);
  await rows.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(write(page)).toBeFocused();
  await page.keyboard.type('Yes, both.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('Yes, both.');
  expect(await asked(page, 'say')).toEqual([['say', 'v1', 'Yes, both.']]);
  await page.keyboard.press('Escape');
  await expect(rows.first()).toBeFocused();
});

test('a chat that a colleague has can be read and not be written in', async ({ page, server }) => {
  await show(page, server, 'visitors-chat-taken');
  await expect(page.getByText('Bruno Barros answers this visitor.')).toBeVisible();
  await expect(write(page)).toHaveCount(0);
  await expect(button(page, 'End chat')).toHaveCount(0);
});

test('how a visitor rated it is in the list, the words of it with the visit', async ({ page, server }) => {
  await show(page, server, 'visitors');
  await page.evaluate(() => {
    const { fakeVisits } = window.harness.phone;
    const [visit] = fakeVisits.state.visits ?? [];
    const rating = { stars: 4, text: '<b>Kind</b>, but slow' };
    if (visit)
      fakeVisits.set({
        visits: [{ ...visit, state: 'ended', end: 'hangup', messages: [], rating }],
        unread: {},
      });
  });
  const row = page.getByRole('list', { name: 'Just over' }).getByRole('button');
  await expect(row).toContainText('Rated 4 of 5');
  await row.click();
  await expect(page.getByText('<b>Kind</b>, but slow')).toBeVisible();
});

test('a message that was not sent says so, and can be sent again', async ({ page, server }) => {
  await show(page, server, 'visitors-chat-unsent');
  await expect(page.getByRole('alert')).toContainText('Not sent.');
  await page.getByRole('log').getByRole('button', { name: 'Send' }).click();
  expect(await asked(page, 'say')).toEqual([['say', 'v1', 'They are here.']]);
});

test('a chat is ended by who has it; where that fails it says so', async ({ page, server }) => {
  await show(page, server, 'visitors-chat');
  await page.evaluate(() => {
    window.harness.phone.fakeVisits.obeys = false;
  });
  await button(page, 'End chat').click();
  expect(await asked(page, 'end')).toEqual([['end', 'v1']]);
  await expect(page.getByRole('alert')).toContainText('This could not be ended.');
});

test('who asked to be called back is called, by the telephone here or one of their own', async ({
  page,
  server,
}) => {
  await show(page, server, 'visitors');
  const left = page.getByRole('list', { name: 'Left for you' }).getByRole('listitem').first();
  await expect(left).toContainText('Rita Ramos');
  await expect(left.getByRole('link', { name: '+351 910 000 000' })).toHaveAttribute(
    'href',
    'tel:+351910000000',
  );
  await button(page, 'Call back +351910000000').click();
  expect((await commands(page)).at(-1)).toEqual(['call', { number: '+351910000000' }, 'audio']);
  expect(await asked(page, 'setCalled')).toEqual([['setCalled', 'l1']]);
  await setPhone(page, (h) => h.phone.set({ calls: [], telephone: false }));
  await expect(left).toContainText('Rita Ramos');
  await expect(button(page, 'Call back +351910000000')).toHaveCount(0);
});

test('whom a colleague has called back is told, and can be called again', async ({ page, server }) => {
  await show(page, server, 'visitors');
  const left = page.getByRole('list', { name: 'Left for you' }).getByRole('listitem').first();
  const call = left.getByRole('button', { name: 'Call back +351910000000' });
  await expect(call).toHaveClass(/primary/);
  await expect(left).not.toContainText('Bruno Barros');
  await setPhone(page, (h) => {
    const called = { personId: 'bruno', name: 'Bruno Barros', agoMs: 60_000 };
    h.phone.fakeVisits.set({ left: [h.leftOf({ called })] });
  });
  await expect(left).toContainText(/Bruno Barros called back · \S/);
  await expect(call).not.toHaveClass(/primary/);
  expect(await axeProblems(page)).toEqual([]);
  await call.click();
  expect((await commands(page)).at(-1)).toEqual(['call', { number: '+351910000000' }, 'audio']);
});

test('what was dealt with goes to its own list and back; a refusal says so', async ({ page, server }) => {
  await show(page, server, 'visitors');
  const list = (name: string) => page.getByRole('list', { name }).getByRole('listitem');
  await expect(list('Left for you')).toHaveCount(2);
  await list('Left for you').first().getByRole('button', { name: 'Done' }).click();
  await expect(list('Left for you')).toHaveCount(1);
  await expect(list('Dealt with')).toHaveCount(2);
  await page.evaluate(() => {
    window.harness.phone.fakeVisits.obeys = false;
  });
  await list('Left for you').first().getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('alert')).toContainText('This could not be changed.');
});

test('a voice is fetched when somebody wants to hear it, and let go with the list', async ({
  page,
  server,
}) => {
  await show(page, server, 'visitors');
  await page.evaluate(() => {
    const { revokeObjectURL } = URL;
    Object.assign(window, { revoked: [] as string[] });
    URL.revokeObjectURL = (url) => {
      (window as unknown as { revoked: string[] }).revoked.push(url);
      revokeObjectURL.call(URL, url);
    };
  });
  await button(page, 'Play').click();
  await expect(page.getByRole('alert')).toContainText('The sound could not be fetched.');
  await page.evaluate(() => {
    window.harness.phone.fakeVisits.sound = new Blob(['x'], { type: 'audio/webm' });
  });
  await button(page, 'Play').click();
  const player = page.locator('audio');
  await expect(player).toHaveAttribute('src', /^blob:/);
  const url = await player.getAttribute('src');
  await tab(page, 'People').click();
  await expect(player).toHaveCount(0);
  expect(await page.evaluate(() => (window as unknown as { revoked: string[] }).revoked)).toEqual([url]);
});

test('without a hub the place says so, and Try again asks anew', async ({ page, server }) => {
  await show(page, server, 'visitors-failed');
  await expect(page.getByRole('alert')).toContainText('Visitors could not be looked up');
  await button(page, 'Try again').click();
  expect((await asked(page, 'refresh')).length).toBeGreaterThan(0);
  await setPhone(page, (h) => h.phone.fakeVisits.set({ visits: [], left: [], failed: false }));
  await expect(page.getByText('Nobody is waiting')).toBeVisible();
  expect(await axeProblems(page)).toEqual([]);
});

test('in Recent a visitor’s call reads as one, and nobody can be called back by it', async ({
  page,
  server,
}) => {
  await show(page, server, 'people');
  await setPhone(page, (h) => {
    const [call] = h.history.calls;
    if (call)
      h.phone.answerHistory = async () => ({
        calls: [{ ...call, peer: { name: 'Sales' }, visitId: 'v1', stars: 4 }],
      });
    h.phone.fakeVisits.set({ visits: [h.visitOf()], left: [] });
  });
  await tab(page, 'Recent').click();
  const row = page.getByRole('list', { name: 'Recent calls' }).getByRole('listitem');
  await expect(row).toContainText('Visitor · Sales');
  await expect(row).toContainText('Hiking boots');
  await expect(row).toContainText('rated 4 of 5');
  await expect(row.getByRole('button')).toHaveCount(0);
});

test('in a call the other visitors are one press away, and so is the call', async ({ page, server }) => {
  await show(page, server, 'visitor-call');
  await setPhone(page, (h) => {
    h.phone.set({ visitors: { unread: 1, news: 1 } });
    const other = h.visitOf({ id: 'v2', destination: { id: 'support', name: 'Talk to the workshop' } });
    h.phone.fakeVisits.set({ visits: [h.visitOf({ state: 'talking' }), other], left: [], unread: { v2: 1 } });
  });
  await expect(tab(page, 'Visitors, 1 new message from visitors')).toBeVisible();
  await tab(page, 'Visitors').click();
  await expect(
    page.getByRole('group', { name: /^Call with/ }).getByRole('button', { name: 'Hang up' }),
  ).toBeVisible();
  await page
    .getByRole('list', { name: 'Visitors now' })
    .getByRole('button', { name: /workshop/ })
    .click();
  await write(page).fill('One moment, please.');
  await page.keyboard.press('Enter');
  expect(await asked(page, 'say')).toEqual([['say', 'v2', 'One moment, please.']]);
  expect(await axeProblems(page)).toEqual([]);
  await tab(page, 'Call').click();
  await expect(tab(page, 'Call')).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('log').filter({ visible: true })).not.toContainText('One moment, please.');
  expect((await commands(page)).filter(([name]) => name === 'hangUp')).toEqual([]);
});

test('what is being written to another visitor stays when the call ends', async ({ page, server }) => {
  await show(page, server, 'visitor-call');
  await setPhone(page, (h) => {
    h.phone.set({ visitors: { unread: 0, news: 1 } });
    h.phone.fakeVisits.set({ visits: [h.visitOf({ id: 'v2' })], left: [] });
  });
  await tab(page, 'Visitors').click();
  await page.getByRole('list', { name: 'Visitors now' }).getByRole('button').click();
  await write(page).fill('One mo');
  const isStillThere = async () => {
    await expect(write(page)).toHaveValue('One mo');
    await expect(write(page)).toBeFocused();
  };
  await setPhone(page, (h) => {
    const [call] = h.phone.state.calls;
    if (call) h.phone.set({ calls: [{ ...call, phase: 'ended', ended: { reason: 'hangup' } }] });
  });
  await isStillThere();
  await setPhone(page, (h) => h.phone.set({ calls: [] }));
  await isStillThere();
  await expect(tab(page, 'Visitors')).toHaveAttribute('aria-selected', 'true');
});

test('what is being written to a visitor is still there after a call was answered', async ({
  page,
  server,
}) => {
  await show(page, server, 'visitors-chat');
  await write(page).fill('One mo');
  await setPhone(page, (h) => {
    const call = h.callView({ callId: 'c1', phase: 'active', activeSinceMs: 0 });
    h.phone.set({ calls: [call] });
  });
  await expect(button(page, 'Hang up')).toBeVisible();
  await expect(write(page)).toHaveCount(0);
  await tab(page, 'Visitors').click();
  await expect(write(page)).toHaveValue('One mo');
  await tab(page, 'Call').click();
  await setPhone(page, (h) => h.phone.set({ calls: [] }));
  await expect(write(page)).toHaveValue('One mo');
});
