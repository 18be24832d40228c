// The slimmed socket.io-client against a real server, by WebSocket and by long polling.
import { createServer, type Server as HttpServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import type { io as connect, Socket } from 'socket.io-client';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { bundled } from './bundled.ts';
import { slimSocketIo } from './slim-socket-io.mjs';

const require = createRequire(import.meta.url);

let io: typeof connect;
let http: HttpServer;
let server: Server;
let url: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  vi.stubGlobal('XMLHttpRequest', require('xmlhttprequest-ssl').XMLHttpRequest);
  vi.stubGlobal('WebSocket', require('ws').WebSocket);
  ({ io } = await bundled<{ io: typeof connect }>('socket.io-client', slimSocketIo));
});

beforeEach(async () => {
  http = createServer();
  server = new Server(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await server.close();
});

/** As the phone does (`hub/socket.ts`). */
function dial(transports: string[], auth: object = {}): Socket {
  const options = {
    auth,
    transports,
    tryAllTransports: true,
    reconnection: false,
    forceNew: true,
    timeout: 8_000,
  };
  const socket = io(url, options);
  sockets.push(socket);
  return socket;
}

function heard(socket: Socket, name: string): Promise<unknown[]> {
  return new Promise((resolve) => socket.on(name, (...details: unknown[]) => resolve(details)));
}

test.each([[['websocket']], [['polling']], [['polling', 'websocket']]])(
  'over %j events go both ways, with answers, whatever letters they have',
  async (transports) => {
    const said = { text: 'á€🙂"\\\u001e', list: [1, null, { deep: true }] };
    server.on('connection', (socket) => {
      socket.emit('welcome', socket.handshake.auth, said);
      socket.on('echo', (given: unknown, answer: (given: unknown) => void) => answer(given));
    });
    const socket = dial(transports, { bearer: 'b', protocol: 1 });
    expect(await heard(socket, 'welcome')).toEqual([{ bearer: 'b', protocol: 1 }, said]);
    expect(await socket.timeout(5_000).emitWithAck('echo', said)).toEqual(said);
  },
);

test('where WebSockets are blocked it goes on by long polling', async () => {
  (server.engine as unknown as { opts: { transports: string[] } }).opts.transports = ['polling'];
  const connected = heard(dial(['websocket', 'polling']), 'connect');
  const arrived = new Promise<string>((resolve) =>
    server.on('connection', (socket) => resolve(socket.conn.transport.name)),
  );
  await connected;
  expect(await arrived).toBe('polling');
});

test('a refusal is told with what the server says', async () => {
  server.use((_socket, next) => next(Object.assign(new Error('no'), { data: { code: 'SIGNED_OUT' } })));
  const [error] = await heard(dial(['websocket']), 'connect_error');
  expect(error).toMatchObject({ message: 'no', data: { code: 'SIGNED_OUT' } });
});

test('a server that is not there is told, and so is one that goes', async () => {
  const away = dial(['websocket', 'polling']);
  await heard(away, 'connect');
  const gone = heard(away, 'disconnect');
  await server.close();
  expect(await gone).toHaveLength(2);
  const [error] = await heard(dial(['websocket', 'polling']), 'connect_error');
  expect(error).toBeInstanceOf(Error);
});

test('what nobody answers in time is given up', async () => {
  const socket = dial(['websocket']);
  await heard(socket, 'connect');
  await expect(socket.timeout(50).emitWithAck('nothing')).rejects.toThrow('timed out');
});
