// The least that a flood could meet, in place of hub and gate: takes every connection, reads nothing, and answers that
// it was too many. What is slower against the hub than against this is the hub's own share.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const BODY = JSON.stringify({
  type: 'about:blank',
  title: 'RATE_LIMITED',
  status: 429,
  code: 'RATE_LIMITED',
});

const server = createServer((request, response) => {
  const isLong = Number(request.headers['content-length'] ?? 0) > 64 * 1024;
  response.writeHead(429, {
    'Content-Type': 'application/problem+json',
    'Content-Length': BODY.length,
    'Retry-After': '60',
    ...(isLong ? { Connection: 'close' } : {}),
  });
  response.end(BODY);
});
server.on('upgrade', (_, socket) => {
  socket.on('error', () => {});
  socket.end('HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
});
server.listen(0, process.env.HOST ?? '127.0.0.1', () => {
  process.send?.({ ready: (server.address() as AddressInfo).port });
});
process.once('disconnect', () => process.exit(0));
