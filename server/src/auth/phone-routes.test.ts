// The page of the pop-out: what it may do, and that it keeps its opener.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HUB, startTestHub, type TestHub } from '../testing/hub.ts';

let world: TestHub;
beforeAll(async () => {
  world = await startTestHub();
});
afterAll(() => world.close());

const open = (query = '', language?: string) =>
  world.browser().request(`${HUB}/phone${query}`, {
    ...(language === undefined ? {} : { headers: { 'Accept-Language': language } }),
  });

test('the window holds the phone alone, under a policy that runs nothing but the widget', async () => {
  const { response, text } = await open();
  expect(response.status).toBe(200);
  expect(text).toContain('<ringtag-phone></ringtag-phone>');
  const policy = response.headers.get('Content-Security-Policy') ?? '';
  const [, nonce = 'none'] = /'nonce-([^']+)'/.exec(policy) ?? [];
  expect(text).toContain(`<script type="module" nonce="${nonce}" src="/ringtag.js"></script>`);
  expect(policy).toContain(`script-src 'nonce-${nonce}' 'self';`);
  expect(policy).toContain(`connect-src 'self' ws://hub.localhost:4000;`);
  expect(policy).toContain('trusted-types ringtag');
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"])
    expect(policy).toContain(part);
  expect(response.headers.get('X-Frame-Options')).toBe('DENY');
});

test('nothing cuts the window from the page that opened it', async () => {
  const { response } = await open();
  expect(response.headers.get('Cross-Origin-Opener-Policy')).toBeNull();
});

test('its policy is another each time', async () => {
  const [one, other] = [await open(), await open()];
  expect(one.response.headers.get('Content-Security-Policy')).not.toBe(
    other.response.headers.get('Content-Security-Policy'),
  );
});

test.each([
  ['?lang=pt-BR', 'fr', 'pt-BR', 'Telefone'],
  ['', 'fr-CA,en', 'fr-CA', 'Téléphone'],
  ['?lang=%22%3E%3Cb%3E', 'es', 'en', 'Phone'],
])('%s for a browser in %s is in %s', async (query, accepted, lang, title) => {
  const { text } = await open(query, accepted);
  expect(text).toContain(`<html lang="${lang}">`);
  expect(text).toContain(`<title>${title}</title>`);
});
