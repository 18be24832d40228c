import { cardOf } from './fake-hub.ts';
import {
  answer,
  axeProblems,
  button,
  callNow,
  expect,
  openVisitorPage,
  policy,
  test,
  withMicrophone,
} from './visitor-page.ts';

test('before anybody presses, the page loads one script and its card, under the strictest policy', async ({
  page,
  server,
  hub,
}) => {
  await withMicrophone(page);
  const asked: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  page.on('console', (message) => {
    if (/Content Security|Trusted|TypeError/i.test(message.text())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  await openVisitorPage(page, { server, hub }, { headers: { 'content-security-policy': policy(hub.url) } });
  await expect(page.getByText('Open now')).toBeVisible();
  expect(asked.filter((path) => path !== '/favicon.ico')).toEqual([
    '/shop',
    '/ringtag.js',
    '/api/public/destinations/sales',
  ]);
  const kept = () =>
    indexedDB.databases().then((all) => [all.length, localStorage.length, sessionStorage.length]);
  expect(await page.evaluate(kept)).toEqual([0, 0, 0]);
  await callNow(page, hub);
  answer(hub);
  await expect(page.getByText('Connected', { exact: true }).first()).toBeVisible();
  await button(page, 'Hang up').click();
  expect(problems).toEqual([]);
  expect(hub.faults).toEqual([]);
});

test('what a press needs is asked for all at once, and the button is seen to be busy until it is there', async ({
  page,
  server,
  hub,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  let arrive = () => {};
  const there = new Promise<void>((resolve) => (arrive = resolve));
  await page.route(/\/chunks\/visitor-/, async (route) => {
    await there;
    await route.continue();
  });
  await openVisitorPage(page, { server, hub });
  await expect(page.getByText('Open now')).toBeVisible();
  asked.length = 0;
  await button(page, 'Talk to sales').click();
  for (const part of [/\/visitor-/, /\/base-/, /\/en-/, /\/destinations\/sales$/])
    await expect.poll(() => asked.filter((path) => part.test(path)), String(part)).toHaveLength(1);
  await expect(button(page, 'Talk to sales')).toHaveAttribute('aria-busy', 'true');
  await expect(button(page, 'Talk to sales')).toHaveCSS('opacity', '0.6');
  arrive();
  await expect(page.getByRole('heading', { name: 'Talk to sales' })).toBeFocused();
  expect(asked.filter((path) => path.includes('/destinations/'))).toHaveLength(1);
  await button(page, 'Close').click();
  await expect(button(page, 'Talk to sales')).not.toHaveAttribute('aria-busy');
});

for (const [lang, waitMs, folded, unfolded] of [
  ['en', undefined, 'Nobody is free now', 'Everybody is in a call: you can wait'],
  ['en', 110_000, 'Nobody is free now', 'Everybody is in a call, about 2 minutes'],
  ['pt', undefined, 'Ninguém está livre agora', 'Estão todos em chamada: pode esperar'],
  ['es', undefined, 'Nadie está libre ahora', 'Todos están en una llamada: puede esperar'],
  ['fr', undefined, 'Personne n’est libre', 'Tout le monde est en communication : vous pouvez patienter'],
] as const) {
  test(`P7 where everybody is in a call a visitor reads so before they call (${lang}, ${waitMs ?? 'no estimate'})`, async ({
    page,
    server,
    hub,
  }) => {
    hub.card = cardOf({ lang, taken: true, ...(waitMs === undefined ? {} : { waitMs }) });
    await openVisitorPage(page, { server, hub }, { html: `lang="${lang}"` });
    await expect(page.getByText(folded, { exact: true })).toBeVisible();
    await button(page, 'Talk to sales').click();
    await expect(page.locator('ringtag-visit').getByText(unfolded, { exact: true })).toBeVisible();
    await expect(page.locator('ringtag-call [part=primary]')).toBeVisible();
  });
}

test('an offer that is looked at changes its mind, and a call that goes on asks no more', async ({
  page,
  server,
  hub,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const cards = () => asked.filter((path) => path.endsWith('/destinations/sales')).length;
  await withMicrophone(page);
  await page.clock.install();
  await openVisitorPage(page, { server, hub });
  await button(page, 'Talk to sales').click();
  await expect(button(page, 'Call now')).toBeVisible();
  hub.card = cardOf({ state: 'closed', call: false, notice: 'Gone home' });
  await page.clock.runFor(31_000);
  await expect(page.locator('ringtag-visit').getByText('Gone home', { exact: true })).toBeVisible();
  await expect(button(page, 'Call now')).toHaveCount(0);
  await expect(button(page, 'Leave a message')).toBeVisible();
  hub.card = cardOf({});
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(button(page, 'Call now')).toBeVisible();
  const before = cards();
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.clock.runFor(31_000);
  expect(cards()).toBe(before);
  await page.evaluate(() => Reflect.deleteProperty(document, 'hidden'));
  await button(page, 'Call now').click();
  await expect.poll(() => hub.listeners).toBe(1);
  await page.clock.runFor(9_000);
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await button(page, 'Cancel').click();
  await expect(page.getByText('You cancelled', { exact: true }).first()).toBeVisible();
  expect(cards()).toBe(before);
});

test('a call ends when its card is taken out of the page, and not when it is moved', async ({
  page,
  server,
  hub,
}) => {
  await withMicrophone(page);
  await openVisitorPage(page, { server, hub });
  await callNow(page, hub);
  await page.evaluate(() =>
    document.querySelector('main')?.prepend(document.querySelector('ringtag-call') ?? ''),
  );
  hub.send({ type: 'waiting', ahead: 3 });
  await expect(page.getByText('3 before you', { exact: true }).first()).toBeVisible();
  expect(hub.asked('end')).toEqual([]);
  await page.evaluate(() => document.querySelector('ringtag-call')?.remove());
  await expect.poll(() => hub.asked('end')).toEqual([{ reason: 'left' }]);
});

test('where the hub is away, the words of the page stay, and the button says so', async ({
  page,
  server,
  hub,
}) => {
  const isHubs = (url: URL) => url.pathname.startsWith('/api/public/');
  await page.route(isHubs, (route) => route.abort());
  // The files of the tag are in the page already.
  const isProbe = (url: URL) => url.pathname === '/ringtag.js';
  await page.route(isProbe, (route) =>
    route.request().method() === 'HEAD' ? route.abort() : route.fallback(),
  );
  await openVisitorPage(page, { server, hub });
  await expect(page.getByRole('link', { name: '+351 21 000 0000' })).toBeVisible();
  await button(page, 'Call').click();
  await expect(page.getByText('No connection. Check your network and try again.')).toBeVisible();
  await page.unroute(isHubs);
  await button(page, 'Call').click();
  await expect(page.getByRole('heading', { name: 'Talk to sales' })).toBeVisible();
});

test('P1 a page that is not listed says that it may not, and the console what to list', async ({
  page,
  server,
  hub,
}) => {
  const warned: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && warned.push(message.text()));
  hub.lists = false;
  await openVisitorPage(page, { server, hub });
  await button(page, 'Call').click();
  await expect(
    page.getByText('This page may not use this button yet. Please reach us another way.'),
  ).toBeVisible();
  await expect(page.getByRole('link', { name: '+351 21 000 0000' })).toBeVisible();
  expect(warned.join()).toContain(new URL(page.url()).origin);
});

test('a second button of the page says who is talked to already, and leads there', async ({
  page,
  server,
  hub,
}) => {
  await withMicrophone(page);
  await openVisitorPage(
    page,
    { server, hub },
    {
      body: '<ringtag-call id="first" to="sales"></ringtag-call><div style="block-size:200vh"></div><ringtag-call id="second" to="support"></ringtag-call>',
    },
  );
  const [first, second] = [page.locator('#first'), page.locator('#second')];
  await first.getByRole('button').click();
  await first.getByRole('button', { name: 'Call now' }).click();
  await expect.poll(() => hub.listeners).toBe(1);
  await second.scrollIntoViewIfNeeded();
  await second.getByRole('button').click();
  await expect(second.getByText('You are already talking here: Talk to sales.')).toBeVisible();
  await expect(second.getByRole('button', { name: 'Call now' })).toHaveCount(0);
  expect(await axeProblems(page)).toEqual([]);
  await second.getByRole('button', { name: 'Show it' }).click();
  await expect(first.getByRole('heading')).toBeFocused();
  await expect(first.getByRole('heading')).toBeInViewport();
  await first.getByRole('button', { name: 'Cancel' }).click();
  await expect(second.getByRole('button', { name: 'Call now' })).toBeVisible();
});

test('who has the focus in the words of the page has it in the button that takes their place', async ({
  page,
  server,
  hub,
}) => {
  const isCard = (url: URL) => url.pathname.startsWith('/api/public/destinations/');
  let letThrough = () => {};
  const isLet = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route(isCard, (route) => isLet.then(() => route.fallback()));
  await openVisitorPage(page, { server, hub });
  const link = page.getByRole('link', { name: '+351 21 000 0000' });
  await link.focus();
  letThrough();
  await expect(button(page, 'Talk to sales')).toBeFocused();
  await expect(link).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Talk to sales' })).toBeFocused();
});

test('a destination that is not there (any more) is said to be gone', async ({ page, server, hub }) => {
  await page.route('**/api/public/destinations/**', (route) =>
    route.fulfill({
      status: 404,
      headers: { 'access-control-allow-origin': '*' },
      json: { code: 'NOT_FOUND' },
    }),
  );
  await openVisitorPage(
    page,
    { server, hub },
    { body: '<a href="#contact" data-ringtag-call="gone">Call</a>' },
  );
  await page.getByRole('link', { name: 'Call' }).click();
  await expect(page.getByText('This can no longer be reached.')).toBeVisible();
});

test('without a script the words of the page are all there is', async ({ browser, server, hub }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await openVisitorPage(page, { server, hub });
  await expect(page.getByRole('link', { name: '+351 21 000 0000' })).toBeVisible();
  await context.close();
});

test('a link of the page calls, also one that was added later, and those of its people are left alone', async ({
  page,
  server,
  hub,
}) => {
  await openVisitorPage(
    page,
    { server, hub },
    {
      tag: 'data-roots="#people"',
      body: '<p>Or <a href="tel:+351210000000" data-ringtag-call="sales" data-context-from="footer">call us</a>.</p><div id="people"><a href="#alice" data-ringtag-call="alice">Alice</a></div>',
    },
  );
  await page.evaluate(() => {
    const later = document.createElement('button');
    later.dataset.ringtagCall = 'sales';
    later.textContent = 'Help';
    document.querySelector('main')?.append(later);
  });
  await page.getByRole('link', { name: 'call us' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Talk to sales' })).toBeFocused();
  await expect.poll(() => hub.asked('tickets')).toMatchObject([{ context: { data: { from: 'footer' } } }]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'call us' })).toBeFocused();
  await button(page, 'Help').click();
  await expect(page.getByRole('heading', { name: 'Talk to sales' })).toBeVisible();
  await page.getByRole('link', { name: 'Alice' }).click();
  await expect(page).toHaveURL(/#alice$/);
});

test('a page that is loaded anew in a call ends it, and says so', async ({ page, server, hub }) => {
  await withMicrophone(page);
  await openVisitorPage(page, { server, hub });
  await callNow(page, hub);
  answer(hub);
  await expect(button(page, 'Hang up')).toBeVisible();
  await page.reload();
  await expect.poll(() => hub.asked('end')).toEqual([{ reason: 'left' }]);
  await expect(page.getByText('Your call ended when this page was left or loaded anew.')).toBeVisible();
});

test('the whole way goes by keyboard, and what is typed is none of the page’s shortcuts', async ({
  page,
  server,
  hub,
}) => {
  await withMicrophone(page);
  await openVisitorPage(page, { server, hub });
  await page.evaluate(() => {
    Object.assign(window, { heard: [] as string[] });
    addEventListener(
      'keydown',
      (event) => (window as unknown as { heard: string[] }).heard.push(event.key),
      true,
    );
  });
  await button(page, 'Talk to sales').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Talk to sales' })).toBeFocused();
  for (const name of ['Close', 'Also send where I am', 'Call now']) {
    await page.keyboard.press('Tab');
    await expect(
      page.getByRole(name.startsWith('Also') ? 'checkbox' : 'button', { name, exact: true }),
    ).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expect.poll(() => hub.listeners).toBe(1);
  for (const name of ['Leave a message', 'Ask for a call back', 'Chat']) {
    await page.keyboard.press('Tab');
    await expect(button(page, name)).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox')).toBeFocused();
  await page.keyboard.type('jk');
  await page.keyboard.press('Enter');
  await expect.poll(() => hub.asked('messages')).toMatchObject([{ text: 'jk' }]);
  expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(button(page, 'Cancel')).toBeVisible();
});

for (const [lang, label, opens, call] of [
  ['pt', 'Falar com vendas', 'Abre segunda-feira, 09:00 (Lisbon), deixe uma mensagem', 'Deixar mensagem'],
  ['es', 'Hablar con ventas', 'Abre el lunes, 9:00 (Lisbon), deje un mensaje', 'Dejar un mensaje'],
  ['fr', 'Parler aux ventes', 'Ouvre lundi 09:00 (Lisbon), laissez un message', 'Laisser un message'],
] as const) {
  test(`a closed destination says in ${lang} when it opens, in its own time`, async ({
    page,
    server,
    hub,
  }) => {
    const opensAt = { date: '2026-11-23', time: '09:00', timeZone: 'Europe/Lisbon', inMs: 3_600_000 };
    hub.card = cardOf({ lang, label, state: 'closed', call: false, opensAt });
    await openVisitorPage(page, { server, hub }, { html: `lang="${lang}"` });
    await expect(page.getByText(opens)).toBeVisible();
    await button(page, label).click();
    await expect(button(page, call)).toBeVisible();
    expect(await axeProblems(page)).toEqual([]);
  });
}
