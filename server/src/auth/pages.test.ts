// The hub's own pages from the outside: their headers, what they take, and what they write.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPaneSecrets, type PaneSecrets } from '../testing/browser.ts';
import { ALICE, BRUNO, HUB, MAIL, startTestHub, type TestHub } from '../testing/hub.ts';

/** Has used no site yet. */
const STRANGER = { ...BRUNO, sub: 'stranger', email: 'stranger@example.org', name: 'Sofia Strange' };

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

describe('the pages', () => {
  test('bind the attempt, and name the browser for a year, with an HttpOnly, SameSite=Lax cookie', async () => {
    const begun = await world.browser().request(world.startUrl(secrets));
    expect(begun.response.headers.get('Set-Cookie')).toMatch(
      /^ringtag-browser=[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  test('send the provider PKCE with S256, state, nonce and the exact redirect URI', async () => {
    const begun = await world.browser().request(world.startUrl(secrets, { lang: 'pt-PT' }));
    const { searchParams } = new URL(begun.response.headers.get('Location') ?? '');
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'hub',
      redirect_uri: `${HUB}/auth/callback`,
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      ui_locales: 'pt-PT',
    });
    expect(searchParams.get('code_challenge')).not.toBe(secrets.challenge);
  });

  test('run under a strict policy, cannot be framed or cached, and keep their opener', async () => {
    const { response } = await world.walk(world.browser(), ALICE, secrets);
    const policy = response.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'nonce-");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(response.headers.get('Cross-Origin-Opener-Policy')).toBeNull();
  });

  test.each([
    ['pt_BR', 'pt', 'Continuar', 'Não foi possível entrar'],
    ['es-ES', 'es', 'Continuar', 'No se ha iniciado la sesión'],
    ['fr', 'fr', 'Continuer', 'La connexion n’a pas abouti'],
    ['en', 'en', 'Continue', 'You are not signed in'],
  ])('of a sign-in begun on a page in %s stay in that language', async (lang, own, agree, refusal) => {
    const visitor = world.browser();
    const consent = await world.walk(visitor, STRANGER, secrets, { lang });
    expect(consent.text).toContain(`<html lang="${own}">`);
    expect(consent.text).toContain(`>${agree}</button>`);
    const refused = await visitor.submit(consent, '/auth/continue', { answer: 'cancel' });
    expect(refused.text).toContain(`<html lang="${own}">`);
    expect(refused.text).toContain(refusal);
  });

  test('of a sign-in begun on no page that the hub knows are in the language that it named', async () => {
    const strange = { origin: 'https://elsewhere.example', lang: 'fr' };
    expect((await world.browser().request(world.startUrl(secrets, strange))).text).toContain(
      '<html lang="fr">',
    );
  });

  test('write a name as text, whatever it contains', async () => {
    const mallory = {
      ...BRUNO,
      sub: 'mallory',
      email: 'm@example.org',
      name: '<img src=x onerror="alert(1)">',
    };
    const page = await world.walk(world.browser(), mallory, secrets);
    expect(page.text).not.toContain('<img');
    expect(page.text).toContain('&#60;img src=x onerror=&#34;alert(1)&#34;&#62;');
  });

  test('take forms from the hub alone', async () => {
    const browser = world.browser();
    const page = await world.walk(browser, ALICE, secrets);
    const [, state = ''] = /name="attempt" value="([^"]+)"/.exec(page.text) ?? [];
    for (const headers of [
      { Origin: MAIL, 'Sec-Fetch-Site': 'same-site' },
      { Origin: HUB, 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'null' },
    ]) {
      for (const action of ['/auth/release', '/auth/number', '/auth/continue']) {
        const body = new URLSearchParams({ attempt: state, answer: 'continue' });
        const answer = await browser.request(new URL(action, HUB), { method: 'POST', headers, body });
        expect(answer.response.status).toBe(403);
      }
    }
  });

  test('refuse a nonce that was used before', async () => {
    await world.browser().request(world.startUrl(secrets));
    const again = await world.browser().request(world.startUrl(secrets));
    expect(again.response.status).toBe(400);
  });

  test.each([
    ['origin', { origin: 'nonsense' }],
    ['nonce', { nonce: 'short' }],
    ['challenge', { challenge: 'x'.repeat(44) }],
    ['mode', { mode: 'frame' }],
    ['lang', { lang: 'x'.repeat(36) }],
  ])('refuse a bad %s by name', async (field, extra) => {
    const { response, text } = await world.browser().request(world.startUrl(secrets, extra));
    expect(response.status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ code: 'INVALID_INPUT', field });
  });
});
