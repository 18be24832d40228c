// The tests' own relay between sipp's TCP and a WebSocket: it may neither invent a message nor swallow one.
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { openSippRelay, SipFraming, type SippRelay } from './sipp-relay.ts';

const message = (name: string, body = '', length: number | string = Buffer.byteLength(body)): string =>
  [`MESSAGE sip:${name} SIP/2.0`, 'Call-ID: 1', `Content-Length: ${length}`, '', body].join('\r\n');

test('messages come whole, wherever the stream is cut', () => {
  const stream = [message('a'), message('b', 'olá\r\n\r\n中'), message('c', 'x')];
  for (const size of [1, 7, 1_000]) {
    const framing = new SipFraming();
    const bytes = Buffer.from(stream.join(''));
    const read: string[] = [];
    for (let at = 0; at < bytes.length; at += size) read.push(...framing.read(bytes.subarray(at, at + size)));
    expect(read).toEqual(stream);
    expect(framing.rest).toBe('');
  }
});

test.each([['9999999999'], ['-5'], ['all'], ['1\r\nContent-Length: 2']])(
  'a message of a length of %s is never whole',
  (length) => {
    const framing = new SipFraming();
    const torn = message('a', 'body', length);
    expect(framing.read(Buffer.from(torn))).toEqual([]);
    expect(framing.rest).toBe(torn);
  },
);

let relay: SippRelay | undefined;
let server: WebSocketServer | undefined;

afterEach(async () => {
  await relay?.close();
  for (const client of server?.clients ?? []) client.terminate();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
});

async function open(mayEnter = true) {
  const heard: string[] = [];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', verifyClient: () => mayEnter });
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      heard.push(String(data));
      if (String(data).startsWith('BAR')) socket.close(1008);
      else socket.send('SIP/2.0 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    });
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  relay = await openSippRelay({ url: `ws://127.0.0.1:${port}`, origin: 'https://shop.example' });
  const tcp = connect(relay.port, '127.0.0.1');
  return { relay, tcp, heard };
}

test('what comes in pieces is one frame, and its answer comes back', async () => {
  const { relay, tcp, heard } = await open();
  const text = message('a', 'body');
  tcp.write(text.slice(0, 20));
  tcp.write(text.slice(20) + text);
  const [answer] = await once(tcp, 'data');
  expect(String(answer)).toMatch(/^SIP\/2\.0 404 /);
  await vi.waitFor(() => expect(relay.answered).toEqual([404, 404]), 20_000);
  expect(heard).toEqual([text, text]);
  expect(relay.carried).toEqual([text, text]);
});

test('what is not whole when the sender hangs up is said as it is', async () => {
  const { relay, tcp, heard } = await open();
  const torn = message('a', 'body', 9_999);
  tcp.end(torn);
  await vi.waitFor(() => expect(heard).toEqual([torn]), 20_000);
  expect(relay.carried).toEqual([torn]);
});

test('who is refused or cut off is told by the end of the connection, and it is noted why', async () => {
  const refused = await open(false);
  await once(refused.tcp.resume(), 'end');
  await vi.waitFor(() => expect(refused.relay.ends).toEqual([401]), 20_000);
  expect(refused.relay.carried).toEqual([]);
  await refused.relay.close();
  server?.close();

  const barred = await open();
  barred.tcp.write(`BAR${message('a')}`);
  await once(barred.tcp.resume(), 'end');
  await vi.waitFor(() => expect(barred.relay.ends).toEqual([1008]), 20_000);
});
