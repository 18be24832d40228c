// What the gate lets through to the exchange, with a stand-in for Asterisk that writes down what it hears.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createGate, type Gate } from './gate.ts';
import { DEFAULT_QUOTAS } from './quotas.ts';
import { signGateToken } from './token.ts';

const SECRET = 'a secret of thirty-two characters or more';
const SHOP = 'https://shop.example';
const REGISTER = 'REGISTER sip:ringtag SIP/2.0\r\nFrom: <sip:g-1@ringtag>;tag=a\r\n\r\n';
const NOW = 1_800_000_000_000;

let exchange: WebSocketServer;
let heard: string[];
let gate: Gate;
let opened: WebSocket[];

beforeEach(async () => {
  [heard, opened] = [[], []];
  exchange = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  exchange.on('connection', (socket) =>
    socket.on('message', (frame) => {
      heard.push(String(frame));
      socket.send('SIP/2.0 200 OK\r\n\r\n');
    }),
  );
  await once(exchange, 'listening');
  const { port } = exchange.address() as AddressInfo;
  gate = await createGate({ asteriskUrl: `ws://127.0.0.1:${port}/ws`, secret: SECRET, now: () => NOW });
});
afterEach(async () => {
  for (const socket of opened) socket.terminate();
  await gate.close();
  exchange.close();
});

/** An open socket, or the HTTP status of the refusal. */
function enter(
  endpoint: string,
  { kind = 'guest' as 'guest' | 'employee', origin = SHOP, tokenFor = SHOP } = {},
): Promise<WebSocket | number> {
  const token = signGateToken({ endpoint, origin: tokenFor, kind, expiresAtMs: NOW + 60_000 }, SECRET);
  const socket = new WebSocket(`ws://127.0.0.1:${gate.port}/sip?token=${token}`, 'sip', { origin });
  opened.push(socket);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_, { statusCode = 0 }) => resolve(statusCode));
    socket.once('error', reject);
  });
}

async function inside(...who: Parameters<typeof enter>): Promise<WebSocket> {
  const socket = await enter(...who);
  if (typeof socket === 'number') throw new Error(`refused: ${socket}`);
  return socket;
}

describe('P5 a visitor', () => {
  test('who says what only employees may say is cut off, and the exchange hears nothing of it', async () => {
    const guest = await inside('g-1');
    guest.send(REGISTER);
    const [code] = await once(guest, 'close');
    expect(code).toBe(1008);
    // What came after it has been through: had the other come, it would be here.
    const employee = await inside('d-1', { kind: 'employee' });
    employee.send(REGISTER);
    await once(employee, 'message');
    expect(heard).toEqual([REGISTER]);
  });

  test.each([['guest'], ['employee']] as const)(
    'or an employee: the token of a %s opens on the page it was given to, and on no other',
    async (kind) => {
      expect(await enter('x-1', { kind, origin: 'https://evil.example' })).toBe(403);
      expect(await enter('x-1', { kind, origin: `${SHOP}.evil.example` })).toBe(403);
      expect(await enter('x-1', { kind, tokenFor: 'https://evil.example' })).toBe(403);
      expect(await enter('x-1', { kind })).toBeInstanceOf(WebSocket);
    },
  );

  test('has so many connections with one account, and another one as many', async () => {
    for (let count = 0; count < DEFAULT_QUOTAS.perEndpoint; count += 1) await inside('g-1');
    expect(await enter('g-1')).toBe(503);
    const other = await inside('g-2');
    const [first] = opened;
    first?.close();
    other.close();
    if (first) await once(first, 'close');
    expect(await enter('g-1')).toBeInstanceOf(WebSocket);
  });
});
