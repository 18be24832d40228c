import { cardOf } from './fake-hub.ts';
import { axeProblems, button, expect, openVisitorPage, test, withMicrophone } from './visitor-page.ts';

/** The strictest policy that a page can have with calls in it; the gate is at the hub's host here. */
const policy = (hub: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-abc' ${hub}`,
    "style-src 'nonce-abc'",
    `connect-src ${hub} ${hub.replace('http', 'ws')}`,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types ringtag',
  ].join('; ');

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
  await button(page, 'Talk to sales').click();
  await button(page, 'Call now').click();
  await expect.poll(() => hub.listeners).toBe(1);
  hub.send(hub.ready());
  hub.send({ type: 'talking', endsInMs: 600_000 });
  await expect(page.getByText('Connected', { exact: true }).first()).toBeVisible();
  await button(page, 'Hang up').click();
  expect(problems).toEqual([]);
  expect(hub.faults).toEqual([]);
});

test('P11 work that is asked for is done, in slices where the policy forbids workers', async ({
  page,
  server,
  hub,
}) => {
  hub.challenge = {
    kind: 'work',
    id: 'challenge-challenge',
    parts: 4,
    bits: 12,
    token: 'token-token-token',
    validForMs: 60_000,
  };
  for (const headers of [{}, { 'content-security-policy': policy(hub.url) }]) {
    hub.heard.length = 0;
    await openVisitorPage(page, { server, hub }, { headers });
    await button(page, 'Talk to sales').click();
    await button(page, 'Chat instead').click();
    await expect.poll(() => hub.asked('visits')).toHaveLength(1);
    await button(page, 'End chat').click();
  }
  expect(hub.faults).toEqual([]);
});

for (const [name, sentence] of [
  [
    'NotAllowedError',
    'The microphone is blocked for this page. Allow it beside the address, then call again.',
  ],
  ['NotFoundError', 'No microphone was found. Connect one, then call again.'],
  ['NotReadableError', 'Another program is using the microphone. Close it there, then call again.'],
] as const) {
  test(`a microphone that is not to be had (${name}) costs nothing, and one can write instead`, async ({
    page,
    server,
    hub,
    context,
  }) => {
    await context.grantPermissions([]);
    await withMicrophone(page, name);
    await page.addInitScript(() => {
      navigator.permissions.query = async () => ({ state: 'denied' }) as PermissionStatus;
    });
    await openVisitorPage(page, { server, hub });
    await button(page, 'Talk to sales').click();
    await button(page, 'Call now').click();
    await expect(page.getByRole('alert')).toHaveText(sentence);
    expect(hub.asked('visits')).toEqual([]);
    await button(page, 'Chat instead').click();
    await expect.poll(() => hub.asked('visits')).toHaveLength(1);
  });
}

test('P10 a limit says whose it was and when to try again', async ({ page, server, hub }) => {
  await openVisitorPage(page, { server, hub });
  await button(page, 'Talk to sales').click();
  await expect.poll(() => hub.asked('tickets')).toHaveLength(1);
  hub.refusals.set('tickets', { code: 'RATE_LIMITED', state: 'address', retryAfterS: 45 });
  await button(page, 'Chat instead').click();
  await expect(page.getByRole('alert')).toHaveText(
    'There were many calls from here in a short time. Please try again in 45 seconds.',
  );
  await expect(button(page, 'Call now')).toBeVisible();
});

test('a destination that has become busy offers what is left', async ({ page, server, hub }) => {
  await withMicrophone(page);
  await openVisitorPage(page, { server, hub });
  await button(page, 'Talk to sales').click();
  hub.refusals.set('visits', {
    code: 'DESTINATION_BUSY',
    offers: { chat: false, message: false, voice: false, callback: true },
  });
  await button(page, 'Call now').click();
  await expect(page.getByRole('alert')).toHaveText('Very many people are waiting already.');
  await expect(button(page, 'Ask for a call back')).toBeVisible();
  await expect(button(page, 'Call now')).toBeHidden();
  await expect(button(page, 'Chat')).toBeHidden();
});

test('where the hub is away, the words of the page stay, and the button says so', async ({
  page,
  server,
  hub,
}) => {
  await page.route('**/api/public/**', (route) => route.abort());
  await openVisitorPage(page, { server, hub });
  await expect(page.getByRole('link', { name: '+351 21 000 0000' })).toBeVisible();
  await button(page, 'Call').click();
  await expect(page.getByText('No connection. Check your network and try again.')).toBeVisible();
  await page.unroute('**/api/public/**');
  await button(page, 'Call').click();
  await expect(page.getByRole('heading', { name: 'Talk to sales' })).toBeVisible();
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
  await page.getByRole('link', { name: 'call us' }).click();
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
  await button(page, 'Talk to sales').click();
  await button(page, 'Call now').click();
  await expect.poll(() => hub.listeners).toBe(1);
  hub.send(hub.ready());
  hub.send({ type: 'talking', endsInMs: 600_000 });
  await expect(button(page, 'Hang up')).toBeVisible();
  await page.reload();
  await expect.poll(() => hub.asked('end')).toEqual([{ reason: 'left' }]);
  await button(page, 'Talk to sales').click();
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
  await page.keyboard.press('Tab');
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
  ['es', 'Hablar con ventas', 'Abre lunes, 9:00 (Lisbon), deje un mensaje', 'Dejar un mensaje'],
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
