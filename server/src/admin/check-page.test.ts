// The check of a page's policy, over a whole hub and a real site on loopback; and what the hub does not fetch.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AdminStage, HUB, readable, startAdminStage } from '../testing/admin-stage.ts';
import { fetchListedPage, forbidsMicrophone } from './listed-page.ts';

let stage: AdminStage;
let site: Server;
let origin: string;
let asked: string[] = [];

beforeAll(async () => {
  site = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.cookie ?? ''}`.trim());
    const paths: Record<string, () => void> = {
      '/strict': () =>
        response.setHeader('Content-Security-Policy', "default-src 'self'; script-src 'nonce-x'"),
      '/mute': () => response.setHeader('Permissions-Policy', 'camera=(), microphone=()'),
      '/away': () => response.writeHead(302, { Location: `${HUB}/metrics` }),
      '/round': () => response.writeHead(302, { Location: '/round' }),
      '/moved': () => response.writeHead(301, { Location: '/plain' }),
    };
    paths[request.url ?? '']?.();
    if (!response.headersSent) response.setHeader('Content-Type', 'text/html');
    const meta = `<meta http-equiv="Content-Security-Policy" content="connect-src 'self'">`;
    if (request.url === '/large') response.write('x'.repeat(1_100_000));
    response.end(request.url === '/meta' ? meta : '<p>Hello</p>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://shop.localhost:${(site.address() as AddressInfo).port}`;
  stage = await startAdminStage();
  await stage.putDestination({ origins: [origin] });
});
afterAll(async () => {
  site.close();
  await stage.world.close();
});
beforeEach(() => {
  asked = [];
  stage.alice.clearCookies();
});

async function check(address: string): Promise<{ status: number; text: string; markup: string }> {
  const page = await stage.open('/admin/check');
  const answer = await stage.send(page, '/admin/check', { address });
  return { status: answer.response.status, text: readable(answer), markup: answer.text };
}

test('a page without a policy is fine', async () => {
  const { status, text } = await check(`${origin}/plain`);
  expect(status).toBe(200);
  expect(text).toContain('The button works there. The page sends no policy.');
  expect(asked).toEqual(['GET /plain']);
});

test('a strict page is told which directive blocks what, and the line to send', async () => {
  const { text } = await check(`${origin}/strict`);
  expect(text).toContain('The button does not work there yet.');
  expect(text).toContain(
    "Asking the hub Blocked by default-src 'self' Send in its place: connect-src 'self' http://hub.localhost:4000",
  );
  expect(text).toContain("Allowed where the script tag carries the page’s nonce: script-src 'nonce-x'");
});

test('a policy in the page itself counts as well, and a microphone that is taken away', async () => {
  expect((await check(`${origin}/meta`)).text).toContain("Blocked by connect-src 'self'");
  const mute = (await check(`${origin}/mute`)).text;
  expect(mute).toContain('The button does not work there yet.');
  expect(mute).toContain('Permissions-Policy: camera=(), microphone=()');
});

test('a page that has moved on its own site is followed', async () => {
  expect((await check(`${origin}/moved`)).text).toContain(`${origin}/plain The button works there.`);
});

describe('what is not fetched', () => {
  test.each([
    ['what is no address', 'shop', 'This is not the address of a page'],
    ['a file', 'file:///etc/passwd', 'This is not the address of a page'],
    ['with a password', 'http://a:b@shop.localhost:1/', 'This is not the address of a page'],
    ['the hub’s own', `${HUB}/metrics`, 'No destination lists this origin'],
    ['an address inside', 'http://169.254.169.254/latest/meta-data', 'No destination lists this origin'],
    ['markup', '"><script>alert(1)</script>', 'This is not the address of a page'],
  ])('%s', async (_, address, sentence) => {
    const { status, text, markup } = await check(address);
    expect(status).toBe(400);
    expect(text).toContain(sentence);
    expect(markup).not.toContain('<script>alert');
    expect(asked).toEqual([]);
  });

  test('another port of a listed host', async () => {
    expect((await check('http://shop.localhost:1/')).text).toContain('No destination lists this origin');
  });

  test('where a page leads away to, endlessly, or more than 1 MB', async () => {
    expect((await check(`${origin}/away`)).text).toContain('leads on to an origin that no destination lists');
    expect((await check(`${origin}/round`)).status).toBe(400);
    expect(asked).toHaveLength(5);
    expect((await check(`${origin}/large`)).text).toContain('larger than 1 MB');
  });

  test('a page that fails', async () => {
    const failing = () => Promise.reject(new Error('refused'));
    const page = await fetchListedPage(origin, { knowsOrigin: () => true, fetch: failing });
    expect(page).toEqual({ ok: false, why: 'no-answer' });
  });
});

test.each([
  [undefined, false],
  ['camera=()', false],
  ['microphone=()', true],
  ['microphone=(self "https://a.example")', false],
  ['camera=(), microphone=*', false],
  ['microphone=("https://a.example")', true],
])('%s takes the microphone away: %s', (policy, isTaken) => {
  expect(forbidsMicrophone(policy)).toBe(isTaken);
});
