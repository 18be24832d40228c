// What anybody can send to the hub's port must not end the process: the whole hub is behind it.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../testing/hub.ts';
import { createHubServer, listen } from './http-server.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.close());

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

/** The number of the status line; 0 when the hub just hangs up. */
async function send(target: string, headers: string, host = 'hub'): Promise<number> {
  const socket = connect(hub.hub.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += String(chunk);
    socket.end();
  });
  socket.on('error', () => {});
  socket.setTimeout(15_000, () => socket.destroy());
  socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`);
  await once(socket, 'close');
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}

test.each([
  ['//', 'hub'],
  ['http://[', 'hub'],
  ['/api/me', '['],
  ['/socket.io/?EIO=4&transport=websocket&sid=%', 'hub'],
  ['//socket.io/', 'hub'],
])('a request for "%s" at the host "%s" is no server error, plain or as an upgrade', async (target, host) => {
  const plain = await send(target, 'Connection: close\r\n', host);
  expect([plain, plain < 500]).toEqual([plain, true]);
  expect(await send(target, UPGRADE, host)).toBeLessThan(500);
  expect((await hub.api('/healthz', {})).status).toBe(200);
});

test.each([
  ['headers', 'POST / HTTP/1.1\r\nHost: hub\r\n'],
  ['a body', 'POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 9\r\n\r\nx'],
])('P10 a socket on which %s never end is closed', async (_, begun) => {
  const server = createHubServer(() => {}, { headersMs: 50, requestMs: 100, lookMs: 20 });
  const { port, close } = await listen(server, { host: '127.0.0.1', port: 0 });
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}).resume();
  socket.write(begun);
  await once(socket, 'close');
  await close(() => {});
});

test('P10 the hub waits for no request longer than a person would', () => {
  const { headersTimeout, requestTimeout, keepAliveTimeout } = createHubServer(() => {});
  expect([headersTimeout, requestTimeout, keepAliveTimeout]).toEqual([10_000, 90_000, 5_000]);
});
