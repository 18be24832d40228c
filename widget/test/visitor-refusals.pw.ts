import { button, expect, openCard, openVisitorPage, policy, test, withMicrophone } from './visitor-page.ts';

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

test('P11 a page with the widget of a service shows it; one without says that calls cannot be had now', async ({
  page,
  server,
  hub,
}) => {
  const challenge = { kind: 'turnstile', siteKey: 'site-key' };
  await openCard(page, { server, hub });
  await expect.poll(() => hub.asked('tickets')).toHaveLength(1);
  hub.refusals.set('tickets', { code: 'CHALLENGE_REQUIRED', challenge });
  await button(page, 'Chat instead').click();
  await expect(page.getByRole('alert')).toHaveText('Very many people are calling now. Please try again.');
  await page.evaluate(() =>
    addEventListener('ringtag-challenge', (event) => {
      event.preventDefault();
      (event as CustomEvent).detail.answer(`word for ${(event as CustomEvent).detail.siteKey}`);
    }),
  );
  hub.refusals.set('tickets', { code: 'CHALLENGE_REQUIRED', challenge });
  await button(page, 'Chat instead').click();
  await expect.poll(() => hub.asked('visits')).toHaveLength(1);
  expect(hub.asked('tickets').at(-1)).toMatchObject({ proof: { response: 'word for site-key' } });
});

for (const [name, sentence] of [
  [
    'NotAllowedError',
    'The microphone is blocked for this page. Allow it beside the address, then try again.',
  ],
  ['NotFoundError', 'No microphone was found. Connect one, then try again.'],
  ['NotReadableError', 'Another program is using the microphone. Close it there, then try again.'],
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
  await openCard(page, { server, hub });
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
  await openCard(page, { server, hub });
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
