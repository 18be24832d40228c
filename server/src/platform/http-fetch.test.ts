// The hub's own fetch: names that only browsers know, and answers that do not end well.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { httpFetch } from './http-fetch.ts';

let server: Server;
async function serve(listener: RequestListener): Promise<number> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
afterEach(() => server.close().closeAllConnections());

test('*.localhost is loopback, and the name stays in the Host header', async () => {
  const port = await serve((request, response) => response.end(request.headers.host));
  const response = await httpFetch(`http://some.name.localhost:${port}/`);
  expect(await response.text()).toBe(`some.name.localhost:${port}`);
});

test('a form is posted as one, and cookies come back one by one', async () => {
  const port = await serve((request, response) => {
    response.setHeader('Set-Cookie', ['a=1', 'b=2']);
    request.on('data', (chunk) => response.end(`${request.headers['content-type']} ${chunk}`));
  });
  const body = new URLSearchParams({ code: 'a b' });
  const response = await httpFetch(`http://localhost:${port}/`, { method: 'POST', body });
  expect(await response.text()).toBe('application/x-www-form-urlencoded code=a+b');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

test('redirects are not followed', async () => {
  const port = await serve((_request, response) => response.writeHead(302, { Location: '/elsewhere' }).end());
  expect((await httpFetch(`http://localhost:${port}/`)).status).toBe(302);
});

test('a silent server is given up', async () => {
  const port = await serve(() => {});
  await expect(httpFetch(`http://localhost:${port}/`, { timeoutMs: 50 })).rejects.toThrow();
});

test('a body without end is given up', async () => {
  const port = await serve((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
      response.once('drain', more);
    };
    more();
  });
  await expect(httpFetch(`http://localhost:${port}/`)).rejects.toThrow(/larger than 1 MiB/);
});

test('a server that hangs up is an error', async () => {
  const port = await serve((request) => request.socket.destroy());
  await expect(httpFetch(`http://localhost:${port}/`)).rejects.toThrow();
});
