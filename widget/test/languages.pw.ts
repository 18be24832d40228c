import type { Page } from '@playwright/test';
import { axeProblems, expect, type TestServer, test } from './browser.ts';

interface Said {
  readonly open: string;
  readonly signIn: string;
}
const said: Readonly<Record<string, Said>> = {
  en: { open: 'Open Ringtag', signIn: 'Sign in' },
  pt: { open: 'Abrir Ringtag', signIn: 'Entrar' },
  es: { open: 'Abrir Ringtag', signIn: 'Iniciar sesión' },
  fr: { open: 'Ouvrir Ringtag', signIn: 'Se connecter' },
};

/** A page with the built tag; `html` and `tag` are attributes of the page and of the tag. */
async function openTagged(page: Page, server: TestServer, html: string, tag = ''): Promise<void> {
  server.pages.set('/spoken', {
    body: `<!doctype html><html ${html}><head><meta charset="utf-8"><title>Page</title>
<script type="module" src="/ringtag.js" data-launcher ${tag}></script></head><body><main><h1>Page</h1></main></body></html>`,
  });
  await page.goto(`${server.url}/spoken`);
}

/** Every text that the pane has shown since the page began, also for a moment. */
async function keepWhatIsShown(page: Page): Promise<() => Promise<string>> {
  await page.addInitScript(() => {
    const shown: string[] = [];
    Object.assign(window, { shown });
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) {
      const root = attach.call(this, init);
      new MutationObserver(() => shown.push(root.textContent ?? '')).observe(root, {
        childList: true,
        characterData: true,
        subtree: true,
      });
      return root;
    };
  });
  return () => page.evaluate(() => (window as unknown as { shown: string[] }).shown.join('\n'));
}

for (const [tag, spoken, html, attributes] of [
  ['data-lang before the page', 'fr', 'lang="en"', 'data-lang="fr-CA"'],
  ['the language of the page', 'pt', 'lang="pt-BR"', ''],
  ['English for a language it does not know', 'en', 'lang="ja"', ''],
] as const) {
  test(`the tag speaks ${tag}, to screen readers too`, async ({ page, server }) => {
    const { open, signIn } = said[spoken] as Said;
    await openTagged(page, server, html, attributes);
    const launcher = page.getByRole('button', { name: open, exact: true });
    await expect(launcher).toBeVisible();
    expect(await launcher.evaluate((button) => button.closest('[lang]')?.getAttribute('lang'))).toBe(spoken);
    await launcher.click();
    const button = page.getByRole('button', { name: signIn, exact: true });
    await expect(button).toBeFocused();
    expect(await page.locator('section.pane').getAttribute('lang')).toBe(spoken);
    expect(await axeProblems(page)).toEqual([]);
  });
}

test.describe('in a browser set to Spanish', () => {
  test.use({ locale: 'es-MX' });

  test('a page that names no language is spoken to in Spanish', async ({ page, server }) => {
    await openTagged(page, server, '');
    await page.getByRole('button', { name: said.es?.open, exact: true }).click();
    await expect(page.getByRole('button', { name: said.es?.signIn, exact: true })).toBeVisible();
  });
});

test('no English is shown before the language is there, however long it takes', async ({ page, server }) => {
  const shown = await keepWhatIsShown(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/chunks/es-*.js', async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest('**/chunks/es-*.js');
  await openTagged(page, server, 'lang="es"');
  await page.getByRole('button', { name: 'Abrir Ringtag' }).click();
  await asked;
  await expect(page.locator('ringtag-pane')).toHaveCount(0);
  release();
  await expect(page.getByRole('button', { name: 'Iniciar sesión' })).toBeVisible();
  expect(await shown()).toContain('Iniciar sesión');
  expect(await shown()).not.toContain('Sign in');
});

test('where the language cannot be fetched, the pane is there in English', async ({ page, server }) => {
  await page.route('**/chunks/fr-*.js', (route) => route.abort());
  await openTagged(page, server, 'lang="fr"');
  await page.getByRole('button', { name: 'Ouvrir Ringtag' }).click();
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  expect(await page.locator('section.pane').getAttribute('lang')).toBe('en');
});

test('an English page fetches no other language', async ({ page, server }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await openTagged(page, server, 'lang="en"');
  await page.getByRole('button', { name: 'Open Ringtag' }).click();
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  expect(asked.filter((path) => /\/(en|pt|es|fr)-/.test(path))).toEqual([]);
});

test('when the rest cannot be fetched, the launcher says so in the language of the page', async ({
  page,
  server,
}) => {
  await page.route('**/chunks/**', (route) => route.abort());
  await openTagged(page, server, 'lang="pt"');
  await page.getByRole('button', { name: 'Abrir Ringtag' }).click();
  await expect(page.getByRole('alert')).toHaveText('Sem rede? Tente de novo ou recarregue.');
});
