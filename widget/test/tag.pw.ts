import { expect, test } from './browser.ts';

/** The strictest policy a page can have with the tag; `'strict-dynamic'` would forbid our chunks nothing either. */
const policy = (hub: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-abc' ${hub}`,
    "style-src 'nonce-abc'",
    `connect-src ${hub}`,
    `img-src 'self' ${hub}`,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types ringtag',
  ].join('; ');

test('the built tag runs under a strict CSP with Trusted Types and costs one request before any intent', async ({
  page,
  server,
  context,
}) => {
  const hub = server.url.replace('127.0.0.1', 'hub.localhost');
  const host = server.url.replace('127.0.0.1', 'mail.localhost');
  server.pages.set('/mail', {
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mail</title>
<script type="module" nonce="abc" src="${hub}/ringtag.js" async data-launcher data-roots="#list"></script></head>
<body><main><h1>Mail</h1><div id="list"></div></main></body></html>`,
    headers: { 'content-security-policy': policy(hub) },
  });
  const asked: string[] = [];
  context.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const problems: string[] = [];
  page.on('console', (message) => {
    if (/Content Security|Trusted|TypeError/i.test(message.text())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(`${host}/mail`);
  const launcher = page.getByRole('button', { name: 'Open Ringtag' });
  await expect(launcher).toBeVisible();
  await page.waitForTimeout(300);
  expect(asked.filter((path) => path !== '/favicon.ico')).toEqual(['/mail', '/ringtag.js']);
  await launcher.click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeFocused();
  expect(problems).toEqual([]);
});

test('a page that loads the tag twice, also under two URLs, has one launcher', async ({ page, server }) => {
  server.pages.set('/twice', {
    body: `<!doctype html><html lang="en"><head><title>Twice</title>
<script type="module" src="/ringtag.js" data-launcher></script><script type="module" src="/ringtag.js?again" data-launcher></script>
</head><body></body></html>`,
  });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${server.url}/twice`);
  await page.getByRole('button', { name: 'Open Ringtag' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(page.locator('ringtag-launcher')).toHaveCount(1);
  expect(errors).toEqual([]);
});

test('a launcher in the markup is used, and a frame of the same site gets none of its own', async ({
  page,
  server,
}) => {
  const tag = '<script type="module" src="/ringtag.js" data-launcher></script>';
  server.pages.set('/frame', {
    body: `<!doctype html><html lang="en"><head><title>Frame</title>${tag}</head><body>Mail</body></html>`,
  });
  server.pages.set('/outer', {
    body: `<!doctype html><html lang="en"><head><title>Outer</title>${tag}</head><body><ringtag-launcher></ringtag-launcher>
<iframe title="Mail" src="/frame"></iframe></body></html>`,
  });
  await page.goto(`${server.url}/outer`);
  await expect(page.getByRole('button', { name: 'Open Ringtag' })).toHaveCount(1);
  await expect(page.frameLocator('iframe').getByText('Mail')).toBeVisible();
  await expect(page.frameLocator('iframe').locator('ringtag-launcher')).toHaveCount(0);
});

test('a frame of the same site whose tag runs before that of the page around it gets no launcher', async ({
  page,
  server,
}) => {
  const tag = '<script type="module" src="/ringtag.js" data-launcher></script>';
  server.pages.set('/early-frame', {
    body: `<!doctype html><html lang="en"><head><title>Frame</title>${tag}</head><body>Mail</body></html>`,
  });
  // What is still on its way holds up the modules of the page, not those of its frame.
  let arrive = () => {};
  const held = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route('**/held.js', async (route) => {
    await held;
    await route.fulfill({ contentType: 'text/javascript', body: '' });
  });
  server.pages.set('/late', {
    body: `<!doctype html><html lang="en"><head><title>Late</title>${tag}</head><body>
<iframe title="Mail" src="/early-frame"></iframe><script src="/held.js"></script></body></html>`,
  });
  await page.goto(`${server.url}/late`, { waitUntil: 'commit' });
  const frame = page.frameLocator('iframe');
  await expect(frame.getByText('Mail')).toBeVisible();
  const tagRan = () => customElements.get('ringtag-launcher') !== undefined;
  await expect.poll(() => frame.locator('html').evaluate(tagRan)).toBe(true);
  expect(await page.evaluate(tagRan)).toBe(false);
  arrive();
  await expect(page.getByRole('button', { name: 'Open Ringtag' })).toHaveCount(1);
  await expect(frame.locator('ringtag-launcher')).toHaveCount(0);
});

test('when the rest cannot be fetched, the launcher says what to do', async ({ page, server }) => {
  server.pages.set('/alone', {
    body: '<!doctype html><html lang="en"><head><title>Alone</title><script type="module" src="/ringtag.js" data-launcher></script></head><body></body></html>',
  });
  await page.route('**/chunks/**', (route) => route.abort());
  await page.goto(`${server.url}/alone`);
  await page.getByRole('button', { name: 'Open Ringtag' }).click();
  await expect(page.getByRole('alert')).toHaveText('Offline? Try again or reload.');
});
