// The popup from the outside: a whole hub, a real identity provider, browsers with cookies, and what an attacker tries.
import { limits } from '@ringtag/server/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDeviceKey, createPaneSecrets, type PaneSecrets, type Visit } from '../testing/browser.ts';
import { ALICE, BRUNO, INTRANET, MAIL, startTestHub, type TestHub } from '../testing/hub.ts';

let world: TestHub;
let secrets: PaneSecrets;

beforeAll(async () => {
  world = await startTestHub();
  // Alice has used the webmail before.
  await world.signIn(ALICE, MAIL);
});
afterAll(() => world.close());
beforeEach(() => {
  secrets = createPaneSecrets();
});

async function exchange(code: string, { verifier, origin = MAIL }: { verifier: string; origin?: string }) {
  const { publicKey } = await createDeviceKey();
  return world.api('/api/sessions', { origin, body: { code, verifier, publicKey, deviceName: 'Test' } });
}

const pickup = ({ nonce, verifier }: PaneSecrets, origin = MAIL) =>
  world.api('/api/sign-in/pickup', { origin, body: { nonce, verifier } });

const codeOf = (page: Visit): string | undefined => /data-code="(\w+)"/.exec(page.text)?.[1];

describe('S1', () => {
  test('S1 the popup of a known origin needs no click: the page posts the code to the exact origin', async () => {
    const browser = world.browser();
    const page = await world.walk(browser, ALICE, secrets);
    expect(page.response.status).toBe(200);
    expect(page.text).toContain(`data-origin="${MAIL}" data-nonce="${secrets.nonce}"`);
    expect(page.text).toContain("postMessage({ type: 'ringtag:sign-in', nonce, result }, origin)");
    const answer = await exchange(await world.handOff(browser, page), secrets);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      bearerForMs: limits.BEARER_MS,
      sessionForMs: limits.SESSION_MS,
      me: { name: 'Alice Almeida', email: 'alice@example.org', extension: '1001' },
    });
  });

  test('S1 the first use of an origin asks, once per person', async () => {
    const first = await world.walk(world.browser(), ALICE, secrets, { origin: INTRANET });
    expect(first.text).toContain('Continue to intranet.localhost:4002 as Alice Almeida?');
    const browser = world.browser();
    const page = await world.walk(browser, ALICE, createPaneSecrets(), { origin: INTRANET });
    expect(page.text).toContain('Continue to intranet.localhost:4002');
    await browser.submit(page, '/auth/continue', { answer: 'continue' });
    const again = await world.walk(world.browser(), ALICE, createPaneSecrets(), { origin: INTRANET });
    expect(again.text).not.toContain('/auth/continue');
    const other = await world.walk(world.browser(), BRUNO, createPaneSecrets(), { origin: INTRANET });
    expect(other.text).toContain('as Bruno Barros?');
  });

  test('S1 no code leaves before the person agreed', async () => {
    const browser = world.browser();
    const page = await world.walk(browser, BRUNO, secrets);
    expect(page.text).toContain('/auth/continue');
    const released = await browser.submit(page, '/auth/release');
    expect(released.response.status).toBe(401);
    const numbers = await browser.submit(page, '/auth/number');
    expect(codeOf(numbers)).toBe('SIGN_IN_REFUSED');
  });

  test('S1 "Cancel" ends the attempt and is told to the opener', async () => {
    const browser = world.browser();
    const page = await world.walk(browser, BRUNO, secrets);
    const cancelled = await browser.submit(page, '/auth/continue', { answer: 'cancel' });
    expect(codeOf(cancelled)).toBe('SIGN_IN_REFUSED');
    expect(cancelled.text).toContain(`data-nonce="${secrets.nonce}"`);
    const late = await browser.submit(page, '/auth/continue', { answer: 'continue' });
    expect(codeOf(late)).toBe('SIGN_IN_REFUSED');
    expect((await pickup(secrets)).body).toEqual({ state: 'refused' });
  });

  test('S1 an origin that is not on the list gets nothing, not even a redirect', async () => {
    for (const origin of [
      'https://evil.example',
      'http://mail.localhost.evil.example:4001',
      `${MAIL}/`,
      'http://mail.localhost',
    ]) {
      const page = await world.browser().request(world.startUrl(secrets, { origin }));
      expect(page.response.status).toBe(403);
      expect(codeOf(page)).toBe('ORIGIN_NOT_ALLOWED');
      expect(page.response.headers.get('Location')).toBeNull();
    }
  });

  test.each([
    ['another origin', 'https://evil.example/'],
    ['a look-alike', `${MAIL}@evil.example/`],
    ['credentials', 'http://a:b@mail.localhost:4001/'],
    ['a script', 'javascript:alert(1)'],
    ['a path', '/inbox'],
  ])('S1 returnTo with %s is refused', async (_what, returnTo) => {
    const url = world.startUrl(secrets, { mode: 'tab', returnTo });
    const page = await world.browser().request(url);
    expect([400, 401]).toContain(page.response.status);
    expect(page.response.headers.get('Location')).toBeNull();
  });

  test('S1 in the tab itself, the code comes back in the fragment of the page it began on', async () => {
    const extra = { mode: 'tab', returnTo: `${MAIL}/inbox?folder=1#kept-by-the-pane` };
    const page = await world.walk(world.browser(), ALICE, secrets, extra);
    const [, code = '', nonce] = /^#ringtag-code=([\w-]+)&ringtag-nonce=([\w-]+)$/.exec(page.url.hash) ?? [];
    expect(page.url.href.split('#')[0]).toBe(`${MAIL}/inbox?folder=1`);
    expect(nonce).toBe(secrets.nonce);
    expect((await exchange(code, secrets)).status).toBe(201);
  });
});

describe('S2', () => {
  async function freshCode(): Promise<string> {
    const browser = world.browser();
    return world.handOff(browser, await world.walk(browser, ALICE, secrets));
  }

  test('S2 a code is good once', async () => {
    const code = await freshCode();
    expect((await exchange(code, secrets)).status).toBe(201);
    expect((await exchange(code, secrets)).body.code).toBe('SIGN_IN_REFUSED');
  });

  test('S2 twenty exchanges at once make one session', async () => {
    const code = await freshCode();
    const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(code, secrets)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test('S2 a wrong verifier is refused, and spends the code', async () => {
    const code = await freshCode();
    expect((await exchange(code, createPaneSecrets())).body.code).toBe('SIGN_IN_REFUSED');
    expect((await exchange(code, secrets)).body.code).toBe('SIGN_IN_REFUSED');
  });

  test('S2 from another allowed origin it is refused, and spends the code', async () => {
    const code = await freshCode();
    const { verifier } = secrets;
    expect((await exchange(code, { verifier, origin: INTRANET })).body.code).toBe('SIGN_IN_REFUSED');
    expect((await exchange(code, secrets)).body.code).toBe('SIGN_IN_REFUSED');
  });

  test('S2 after 60 s it is refused', async () => {
    const code = await freshCode();
    world.clock.advance(limits.SIGN_IN_CODE_MS);
    expect((await exchange(code, secrets)).body.code).toBe('SIGN_IN_REFUSED');
  });

  test('S2 a key that is not on the curve is bad input and costs nothing', async () => {
    const code = await freshCode();
    const publicKey = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
    const body = { code, verifier: secrets.verifier, publicKey, deviceName: 'Test' };
    const answer = await world.api('/api/sessions', { origin: MAIL, body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', field: 'publicKey' } });
    expect((await exchange(code, secrets)).status).toBe(201);
  });

  test('S2 a released code is not released again', async () => {
    const browser = world.browser();
    const page = await world.walk(browser, ALICE, secrets);
    expect((await browser.submit(page, '/auth/release')).response.status).toBe(200);
    expect((await browser.submit(page, '/auth/release')).response.status).toBe(401);
  });
});

describe('S7', () => {
  async function numbersPage() {
    const browser = world.browser();
    const page = await world.walk(browser, ALICE, secrets);
    expect((await pickup(secrets)).body).toEqual({ state: 'waiting' });
    const numbers = await browser.submit(page, '/auth/number');
    const shown = [...numbers.text.matchAll(/name="pick" value="([1-9]\d)"/g)].map(([, n]) => Number(n));
    return { browser, numbers, shown };
  }

  test('S7 the pane shows one of the three numbers; picking it releases the code to the pane, once', async () => {
    const { browser, numbers, shown } = await numbersPage();
    expect(new Set(shown).size).toBe(3);
    const { number } = (await pickup(secrets)).body;
    expect(shown).toContain(number);
    const done = await browser.submit(numbers, '/auth/number', { pick: String(number) });
    expect(done.text).toContain('You are signed in');
    const picked = await pickup(secrets);
    expect(picked.body).toMatchObject({ state: 'code' });
    expect((await pickup(secrets)).body).toEqual({ state: 'waiting' });
    expect((await exchange(picked.body.code, secrets)).status).toBe(201);
  });

  test.each(['a wrong one', 'none of them'])('S7 picking %s ends the attempt', async (which) => {
    const { browser, numbers, shown } = await numbersPage();
    const { number } = (await pickup(secrets)).body;
    const pick = which === 'none of them' ? 0 : (shown.find((other) => other !== number) ?? 0);
    const refused = await browser.submit(numbers, '/auth/number', { pick: String(pick) });
    expect(codeOf(refused)).toBe('SIGN_IN_REFUSED');
    const second = await browser.submit(numbers, '/auth/number', { pick: String(number) });
    expect(codeOf(second)).toBe('SIGN_IN_REFUSED');
    expect((await pickup(secrets)).body).toEqual({ state: 'refused' });
  });

  test('S7 the pick must come from the browser that signed in', async () => {
    const { numbers } = await numbersPage();
    const { number } = (await pickup(secrets)).body;
    const stranger = await world.browser().submit(numbers, '/auth/number', { pick: String(number) });
    expect(codeOf(stranger)).toBe('SIGN_IN_REFUSED');
    expect((await pickup(secrets)).body).toMatchObject({ state: 'number' });
  });

  test('S7 who does not know the verifier, or asks from another origin, learns nothing', async () => {
    await numbersPage();
    const { verifier } = createPaneSecrets();
    expect((await pickup({ ...secrets, verifier })).body.code).toBe('SIGN_IN_REFUSED');
    expect((await pickup(secrets, INTRANET)).body.code).toBe('ORIGIN_NOT_ALLOWED');
  });

  test('S7 before the popup has reached the hub, the pane is told to wait', async () => {
    expect((await pickup(secrets)).body).toEqual({ state: 'waiting' });
  });
});

describe('S8', () => {
  /** Everything up to the provider's redirect back, which is caught. */
  async function callbackUrl(browser = world.browser()): Promise<URL> {
    world.issuer.signInAs(ALICE);
    const caught = await browser.navigate(
      world.startUrl(secrets),
      (url) => url.pathname === '/auth/callback',
    );
    return caught.url;
  }

  test('S8 a forged state is refused', async () => {
    const browser = world.browser();
    const url = await callbackUrl(browser);
    url.searchParams.set('state', createPaneSecrets().nonce);
    expect(codeOf(await browser.request(url))).toBe('SIGN_IN_REFUSED');
    url.searchParams.delete('state');
    expect(codeOf(await browser.request(url))).toBe('SIGN_IN_REFUSED');
  });

  test('S8 an answer that names another issuer than the one asked is refused (RFC 9207)', async () => {
    const browser = world.browser();
    const url = await callbackUrl(browser);
    expect(url.searchParams.get('iss')).toBe(world.issuer.url);
    url.searchParams.set('iss', 'https://evil.example');
    expect(codeOf(await browser.request(url))).toBe('SIGN_IN_REFUSED');
  });

  test('S8 without the cookie, or with that of another browser, it is refused', async () => {
    const browser = world.browser();
    const url = await callbackUrl(browser);
    expect(codeOf(await world.browser().request(url))).toBe('SIGN_IN_REFUSED');
    const other = world.browser();
    await other.request(world.startUrl(createPaneSecrets()));
    expect(codeOf(await other.request(url))).toBe('SIGN_IN_REFUSED');
    // The attempt itself is unharmed by strangers.
    expect((await browser.request(url)).response.status).toBe(200);
  });

  test('S8 a callback that comes again is refused, and so is its code in another attempt', async () => {
    const browser = world.browser();
    const url = await callbackUrl(browser);
    expect((await browser.request(url)).response.status).toBe(200);
    expect(codeOf(await browser.request(url))).toBe('SIGN_IN_REFUSED');
    secrets = createPaneSecrets();
    const next = await callbackUrl(browser);
    next.searchParams.set('code', url.searchParams.get('code') ?? '');
    expect(codeOf(await browser.request(next))).toBe('SIGN_IN_REFUSED');
  });

  test('S8 a code that another attempt earned is refused: its verifier and nonce are others', async () => {
    const browser = world.browser();
    const stolen = await callbackUrl(world.browser());
    secrets = createPaneSecrets();
    const own = await callbackUrl(browser);
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '');
    expect(codeOf(await browser.request(own))).toBe('SIGN_IN_REFUSED');
  });

  test('S8 after ten minutes it is refused', async () => {
    const browser = world.browser();
    const url = await callbackUrl(browser);
    world.clock.advance(limits.SIGN_IN_ATTEMPT_MS);
    expect(codeOf(await browser.request(url))).toBe('SIGN_IN_REFUSED');
  });

  test('S8 two attempts in one browser at the same time both succeed', async () => {
    const browser = world.browser();
    const attempts = [createPaneSecrets(), createPaneSecrets()];
    const begun: string[] = [];
    for (const own of attempts) {
      const { response } = await browser.request(world.startUrl(own));
      begun.push(response.headers.get('Location') ?? '');
    }
    world.issuer.signInAs(ALICE);
    for (const [index, own] of attempts.entries()) {
      // At the provider each is a visit of its own; at the hub it is one browser.
      const visit = await world
        .browser()
        .navigate(begun[index] ?? '', ({ pathname }) => pathname === '/auth/callback');
      const code = await world.handOff(browser, await browser.request(visit.url));
      expect((await exchange(code, own)).status).toBe(201);
    }
  });

  test('S8 who cancels at the provider is told so', async () => {
    const browser = world.browser();
    world.issuer.signInAs(undefined);
    const page = await browser.navigate(world.startUrl(secrets));
    expect(codeOf(page)).toBe('SIGN_IN_REFUSED');
    expect(page.text).toContain(`data-nonce="${secrets.nonce}"`);
  });
});
