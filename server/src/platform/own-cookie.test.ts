// Cookies of the hub's own pages, with and without https.
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { ownCookie } from './own-cookie.ts';

async function written(origin: string): Promise<string> {
  const cookie = ownCookie('name', origin);
  const app = new Hono().get('/', (c) => {
    cookie.write(c, 'value', 60_000);
    return c.text(cookie.read(c) ?? 'none');
  });
  const response = await app.request('/', { headers: { Cookie: 'name=plain; __Host-name=host' } });
  return `${response.headers.get('Set-Cookie')} ${await response.text()}`;
}

test('under https no other host of the domain can set what the hub reads', async () => {
  expect(await written('https://calls.example.com')).toBe(
    '__Host-name=value; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax host',
  );
});

test('on localhost, where there is no https, the name is plain', async () => {
  expect(await written('http://hub.localhost:4000')).toBe(
    'name=value; Max-Age=60; Path=/; HttpOnly; SameSite=Lax plain',
  );
});
