import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, PEOPLE, test } from './fixtures.ts';

/** A server whose `/frame` sets a cookie and says what cookie it was asked with. */
async function cookieServer(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    if (request.url === '/frame') {
      response.setHeader('Set-Cookie', 'seen=1; SameSite=None; Secure; Path=/');
      response.end(`<p>${request.headers.cookie ?? 'no cookie'}</p>`);
    } else response.end(`<iframe src="http://other.localhost:${port}/frame"></iframe>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

test('the browsers of these tests block third-party cookies (or the next tests prove nothing)', async ({
  visit,
}) => {
  const { page } = await visit('alice');
  const { port, close } = await cookieServer();
  for (let load = 0; load < 2; load += 1) {
    await page.goto(`http://page.localhost:${port}/`);
    await expect(page.frameLocator('iframe').getByText('no cookie')).toBeVisible();
  }
  // As a page of its own the same server gets its cookie back: it is the frame that is blocked.
  await page.goto(`http://other.localhost:${port}/frame`);
  await page.reload();
  await expect(page.getByText('seen=1')).toBeVisible();
  close();
});

test('Alice signs in through the popup, on a page of another site', async ({ visit }) => {
  const alice = await visit('alice');
  await alice.signIn();
  await expect(alice.page.getByText(PEOPLE.alice.name).first()).toBeVisible();
});

test('twenty page loads later she is still signed in, and no popup opened', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  let popups = 0;
  alice.page.on('popup', () => {
    popups += 1;
  });
  for (let load = 0; load < 20; load += 1) {
    await alice.page.reload();
    await alice.openPane();
    await alice.expectReady();
  }
  expect(popups).toBe(0);
});

test('two windows of one company can be two people', async ({ signedIn }) => {
  const alice = await signedIn('alice', 'webmail');
  const bruno = await alice.newTab();
  await bruno.page.goto(alice.world.sites.intranet.origin);
  await bruno.signIn('bruno');
  await alice.call('bruno');
  await expect(bruno.ringing('alice')).toBeVisible();
});

test('a restart of the hub asks nobody to sign in again', async ({ signedIn, world }) => {
  const alice = await signedIn('alice');
  await world.hub.kill();
  await world.hub.start();
  await alice.page.reload();
  await alice.openPane();
  await alice.expectReady();
});
