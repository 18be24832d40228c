// What the tests of `<ringtag-call>` share: the built tag on a page of another origin than the hub's, and the fake hub.
import type { Page } from '@playwright/test';
import { test as base, expect as baseExpect, type TestServer } from './browser.ts';
import { FakeHub } from './fake-hub.ts';

export const test = base.extend<{ hub: FakeHub }>({
  // One each: what the page of the test before still sends when it is closed is none of the next one's.
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern.
  hub: async ({}, use) => {
    const hub = await new FakeHub().start();
    await use(hub);
    hub.close();
  },
});
/** With time for work that is proven, and for a machine that is busy. */
export const expect = baseExpect.configure({ timeout: 20_000 });
export { axeProblems } from './browser.ts';

/** Who answers a page: for its files, and for its visitor. */
export interface Served {
  readonly server: TestServer;
  readonly hub: FakeHub;
}

export interface VisitorPage {
  readonly body?: string;
  readonly html?: string;
  readonly style?: string;
  readonly tag?: string;
  readonly headers?: Record<string, string>;
}

/**
 * Opens a page with the tag as its hub serves it: `hub.url` answers the API, `server.url` the files, under one origin
 * as far as the page can tell.
 */
export async function openVisitorPage(
  page: Page,
  { server, hub }: Served,
  options: VisitorPage = {},
): Promise<void> {
  const {
    body = '<ringtag-call to="sales"><a href="tel:+351210000000">+351 21 000 0000</a></ringtag-call>',
  } = options;
  const hubUrl = hub.url;
  hub.files = server.url;
  server.pages.set('/shop', {
    body: `<!doctype html><html ${options.html ?? 'lang="en"'}><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width"><style nonce="abc">html{color-scheme:light dark;background:Canvas;color:CanvasText;font-family:system-ui,"Liberation Sans",sans-serif}${options.style ?? ''}</style>
<script type="module" nonce="abc" src="${hubUrl}/ringtag.js" async ${options.tag ?? ''}></script></head>
<body><main><h1>Shop</h1>${body}</main></body></html>`,
    ...(options.headers ? { headers: options.headers } : {}),
  });
  await page.goto(`${server.url.replace('127.0.0.1', 'shop.localhost')}/shop`);
}

/** A microphone, or the browser's refusal of one. */
export async function withMicrophone(page: Page, refusal?: string): Promise<void> {
  await page.addInitScript((name) => {
    navigator.mediaDevices.getUserMedia = () =>
      name
        ? Promise.reject(new DOMException('no', name))
        : Promise.resolve(new AudioContext().createMediaStreamDestination().stream);
  }, refusal);
}

/** States that the page is told of. */
export async function keepStates(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const states: string[] = [];
    Object.assign(window, { states });
    addEventListener('ringtag-call-state', (event) => states.push((event as CustomEvent).detail.state));
  });
  return () => page.evaluate(() => (window as unknown as { states: string[] }).states);
}

/** By its whole name. */
export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Opens a page and unfolds its button. */
export async function openCard(page: Page, served: Served, options?: VisitorPage): Promise<void> {
  await openVisitorPage(page, served, options);
  await button(page, 'Talk to sales').click();
}

/** In the page that is open, unfolds the button and calls; then the visitor waits. */
export async function callNow(page: Page, hub: FakeHub): Promise<void> {
  await button(page, 'Talk to sales').click();
  await button(page, 'Call now').click();
  await expect.poll(() => hub.listeners).toBe(1);
}

/** In the page that is open, unfolds the button and chats. */
export async function chatInstead(page: Page, hub: FakeHub): Promise<void> {
  await button(page, 'Talk to sales').click();
  await button(page, 'Chat instead').click();
  await expect.poll(() => hub.listeners).toBe(1);
}

/** Somebody answers the visitor who waits. */
export function answer(hub: FakeHub): void {
  hub.send(hub.ready());
  hub.send({ type: 'talking', endsInMs: 600_000 });
}

/** The strictest policy that a page can have with calls in it; the gate is at the hub's host here. */
export const policy = (hub: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-abc' ${hub}`,
    "style-src 'nonce-abc'",
    `connect-src ${hub} ${hub.replace('http', 'ws')}`,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types ringtag',
  ].join('; ');
