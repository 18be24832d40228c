import {
  answer,
  button,
  callNow,
  chatInstead,
  expect,
  openVisitorPage,
  test,
  withMicrophone,
} from './visitor-page.ts';

const message = (text: string) =>
  ({ type: 'message', message: { id: text, from: 'agent', name: 'Bruno', text, agoMs: 0 } }) as const;

test('a chat that is folded goes on, and the button says how many messages wait there', async ({
  page,
  server,
  hub,
}) => {
  await openVisitorPage(page, { server, hub });
  await chatInstead(page, hub);
  hub.send(message('Hello'));
  await expect(page.getByRole('log').getByText('Hello')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(button(page, 'Talk to sales')).toBeFocused();
  await expect(page.getByText('Your chat goes on here')).toBeVisible();
  hub.send(message('Are you there?'));
  await expect(page.getByText('A new message', { exact: true })).toBeVisible();
  expect(hub.asked('end')).toEqual([]);
  await button(page, 'Talk to sales').click();
  await expect(page.getByRole('log').getByText('Are you there?')).toBeVisible();
  await button(page, 'Close').click();
  await expect(page.getByText('Your chat goes on here')).toBeVisible();
});

for (const [where, body] of [
  ['a button', '<ringtag-call to="sales"></ringtag-call>'],
  ['a link', '<a href="/contact" data-ringtag-call="sales">Talk to sales</a>'],
] as const) {
  test(`a chat of ${where} goes on in the next page, with its words, and its key stays between pages only`, async ({
    page,
    server,
    hub,
  }) => {
    await openVisitorPage(page, { server, hub }, { body });
    await page.getByText('Talk to sales', { exact: true }).first().click();
    await button(page, 'Chat instead').click();
    const field = page.getByRole('textbox', { name: 'Write a message' });
    await field.fill('Hello');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('log').getByText('Hello')).toBeVisible();
    const kept = () => page.evaluate(() => sessionStorage.getItem('ringtag-visit'));
    expect(await kept()).toBeNull();
    await page.reload();
    await expect(page.getByRole('log').getByText('Hello')).toBeVisible();
    expect(await kept()).toBeNull();
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('body');
    hub.send(message('How can I help?'));
    await expect(page.getByRole('log').getByText('How can I help?')).toBeVisible();
    expect(hub.asked('end')).toEqual([]);
    expect(hub.asked('visits')).toHaveLength(1);
    await button(page, 'End chat').click();
    await page.reload();
    await expect(page.getByText('Talk to sales', { exact: true }).first()).toBeVisible();
    expect(await kept()).toBeNull();
    await expect(page.getByRole('log')).toHaveCount(0);
  });
}

test('who leaves while they talk is asked, and reads in the next page that it has ended with this one', async ({
  page,
  server,
  hub,
}) => {
  await withMicrophone(page);
  await openVisitorPage(page, { server, hub });
  await callNow(page, hub);
  answer(hub);
  await expect(page.getByText('Connected', { exact: true }).first()).toBeVisible();
  const questions: string[] = [];
  page.on('dialog', (dialog) => {
    questions.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  expect(questions).toEqual(['beforeunload']);
  await expect(page.getByText('Your call ended when this page was left or loaded anew.')).toBeVisible();
  expect(hub.asked('end')).toContainEqual({ reason: 'left' });
});

test('a link that is marked goes where it leads where nobody can be had, and where another window is wanted', async ({
  page,
  server,
  hub,
}) => {
  const link = { body: '<a href="#contact-page" data-ringtag-call="sales">Sales</a>' };
  const away = { body: '<a href="/contact" data-ringtag-call="sales">Sales</a>' };
  server.pages.set('/contact', { body: '<!doctype html><title>Contact</title><h1>Contact</h1>' });
  await openVisitorPage(page, { server, hub }, away);
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Sales' }).click({ modifiers: ['ControlOrMeta'] });
  await (await opened).close();
  await expect(page.locator('ringtag-call')).toHaveCount(0);
  hub.lists = false;
  await page.getByRole('link', { name: 'Sales' }).click();
  await expect(page.getByRole('heading', { name: 'Contact' })).toBeVisible();
  await openVisitorPage(page, { server, hub }, link);
  hub.lists = false;
  await page.getByRole('link', { name: 'Sales' }).click();
  await expect(
    page.getByText('This page may not use this button yet. Please reach us another way.'),
  ).toBeVisible();
});

test('a destination that is none shows what the page has instead, and tells the integrator', async ({
  page,
  server,
  hub,
}) => {
  const told: string[] = [];
  page.on('console', (line) => told.push(line.text()));
  const isCard = (url: URL) => url.pathname.startsWith('/api/public/destinations/');
  const cors = { 'access-control-allow-origin': '*' };
  await page.route(isCard, (route) =>
    route.fulfill({ status: 404, json: { code: 'NOT_FOUND' }, headers: cors }),
  );
  await openVisitorPage(page, { server, hub });
  await expect(page.locator('ringtag-call button')).toBeHidden();
  await expect(page.getByRole('link', { name: '+351 21 000 0000' })).toBeVisible();
  expect(told).toContain('ringtag: no destination "sales"');
});
