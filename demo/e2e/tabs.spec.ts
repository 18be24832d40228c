import { expect, PEOPLE, test } from './fixtures.ts';

declare global {
  interface Window {
    ringtagPosts?: string[];
  }
}

/** Runs in the page before its own scripts: keeps what it says to the other tabs. */
function notePosts(): void {
  const posts: string[] = [];
  window.ringtagPosts = posts;
  const post = BroadcastChannel.prototype.postMessage;
  BroadcastChannel.prototype.postMessage = function noted(this: BroadcastChannel, message: unknown) {
    // A key turns up as `{}` in JSON, and by its kind here.
    posts.push(JSON.stringify(message, (_, value) => (value instanceof CryptoKey ? 'CryptoKey' : value)));
    return post.call(this, message);
  };
}

test('two tabs of one person: one of them is connected, both show the call', async ({ signedIn, world }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const second = await bruno.newTab();
  await second.openPane();
  await second.expectReady();
  await alice.call('bruno');
  await Promise.all([
    expect(bruno.ringing('alice')).toBeVisible(),
    expect(second.ringing('alice')).toBeVisible(),
  ]);
  await second.answer('alice');
  await alice.expectToHearPerson('bruno');
  for (const tab of [bruno, second]) {
    await expect(tab.page.getByText(PEOPLE.alice.name).first()).toBeVisible();
    await expect(tab.button('Hang up').first()).toBeVisible();
  }
  const metrics = await (await fetch(`http://127.0.0.1:${new URL(world.hubOrigin).port}/metrics`)).text();
  expect(metrics).toMatch(/^ringtag_devices(\{[^}]*\})? 2$/m);
});

test('the tab that does not carry the call can end it', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const second = await bruno.newTab();
  await second.openPane();
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectToHearPerson('bruno');
  await second.hangUp();
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall(), second.expectNoCall()]);
});

test('tabs tell each other about a call, and neither bearer, credentials, key nor description', async ({
  signedIn,
  visit,
}) => {
  const alice = await signedIn('alice');
  const bruno = await visit('bruno', 'intranet');
  await bruno.signIn();
  const { context } = bruno.browser;
  const secrets = new Set<string>();
  context.on('request', (request) => {
    const [, bearer] = /^Bearer (.+)$/.exec(request.headers().authorization ?? '') ?? [];
    if (bearer) secrets.add(bearer);
  });
  const given = new Promise<string>((resolve) => {
    context.on('response', (response) => {
      if (!response.url().endsWith('/api/pbx/account') || !response.ok()) return;
      // The answer to a page that has gone meanwhile cannot be read.
      response.json().then(
        ({ ha1 }: { ha1: string }) => resolve(ha1),
        () => {},
      );
    });
  });
  await context.addInitScript(notePosts);
  await bruno.page.reload();
  const password = await given;
  await bruno.openPane();
  await bruno.expectReady();
  const second = await bruno.newTab();
  await second.openPane();
  await second.expectReady();
  await alice.call('bruno');
  await second.answer('alice');
  await alice.expectToHearPerson('bruno');
  await bruno.hangUp();
  await Promise.all([alice.expectNoCall(), second.expectNoCall()]);

  const posts = await Promise.all(
    [bruno, second].map(({ page }) => page.evaluate(() => window.ringtagPosts)),
  );
  const said = posts.flat().join('\n');
  expect(said, 'that somebody calls').toContain(PEOPLE.alice.name);
  expect(secrets.size, 'bearers seen on the way to the hub').toBeGreaterThan(0);
  for (const secret of [...secrets, password, 'a=fingerprint', 'candidate:', 'CryptoKey'])
    expect(said).not.toContain(secret);
});

test('closing the page in a call ends it for the other', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectToHearPerson('bruno');
  await bruno.page.close({ runBeforeUnload: false });
  await expect(alice.page.getByText(`${PEOPLE.bruno.name} left the call.`).first()).toBeVisible();
});

test('leaving the page during a call asks first', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectToHearPerson('bruno');
  const asked = alice.page.waitForEvent('dialog');
  await alice.page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await alice.expectToHearPerson('bruno');
});
