// The gate against strangers: what anybody can send must neither end it nor get past it. Who has a token and what
// then passes is tested with a real Asterisk, in asterisk/test.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGate, type Gate, type GateOptions } from './gate.ts';
import { signGateToken } from './token.ts';

const SECRET = 'a secret of thirty-two characters or more';
const ORIGIN = 'https://mail.example';
const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: sip',
];

let gate: Gate;
let now = 1_800_000_000_000;

beforeEach(async () => {
  // Port 9 (discard): nothing of what is sent here may get as far as an Asterisk.
  gate = await createGate({ asteriskUrl: 'ws://127.0.0.1:9/ws', secret: SECRET, now: () => now });
});
afterEach(() => gate.close());

/** The status line's number for a request sent as it is; undefined when the gate just hangs up. */
async function send(target: string, headers: readonly string[] = UPGRADE): Promise<number | undefined> {
  const socket = connect(gate.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += String(chunk);
    socket.end();
  });
  socket.on('error', () => {});
  socket.setTimeout(15_000, () => socket.destroy());
  socket.write([`GET ${target} HTTP/1.1`, 'Host: gate', ...headers, '', ''].join('\r\n'));
  await once(socket, 'close');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
  return status === undefined ? undefined : Number(status);
}

const isAlive = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${gate.port}/healthz`)).ok;

describe('an anonymous upgrade request', () => {
  test.each([['//'], ['http://['], ['http://:x/sip'], [''], ['//[']])(
    'for "%s" is refused, and the gate lives on',
    async (target) => {
      expect(await send(target)).toBe(400);
      expect(await isAlive()).toBe(true);
    },
  );

  test('for any other path is answered 404', async () => {
    expect(await send('/')).toBe(404);
    expect(await send('/%')).toBe(404);
    expect(await send('*')).toBe(404);
    expect(await send('///sip?token=')).toBe(404);
  });

  test('with a header of 100 kB is refused, and the gate lives on', async () => {
    expect(await send('/sip', [...UPGRADE, `X: ${'x'.repeat(100_000)}`])).toBe(431);
    expect(await isAlive()).toBe(true);
  });

  test.each([['.'], ['a.b'], ['%ff%fe.%00'], ['x'.repeat(8_000)]])(
    'with the token "%.20s" is answered 401',
    async (token) => {
      expect(await send(`/sip?token=${token}`)).toBe(401);
    },
  );

  test('that breaks off at once does not end the gate', async () => {
    for (const target of ['/sip', '//', '/sip?token=x']) {
      const socket = connect(gate.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write([`GET ${target} HTTP/1.1`, 'Host: gate', ...UPGRADE, '', ''].join('\r\n'), () =>
        socket.resetAndDestroy(),
      );
      await once(socket, 'close');
    }
    expect(await isAlive()).toBe(true);
  });
});

describe('P10 who says nothing, or too much,', () => {
  const reopen = async (options: Partial<GateOptions>) => {
    await gate.close();
    gate = await createGate({
      ...{ asteriskUrl: 'ws://127.0.0.1:9/ws', secret: SECRET, now: () => now },
      ...options,
    });
  };
  /** A connection that says this and then waits; settles with what it heard when the gate hangs up. */
  const linger = (text: string): { readonly over: Promise<string>; readonly socket: Socket } => {
    // Half open: this side would never hang up.
    const socket = connect({ port: gate.port, host: '127.0.0.1', allowHalfOpen: true });
    let heard = '';
    socket.on('data', (chunk) => {
      heard += String(chunk);
    });
    socket.on('error', () => {});
    if (text !== '') socket.write(text);
    return { socket, over: once(socket, 'end').then(() => heard) };
  };
  const token = () =>
    signGateToken({ endpoint: 'd-a', origin: ORIGIN, kind: 'employee', expiresAtMs: now + 60_000 }, SECRET);

  test.each([
    ['nothing', ''],
    ['half a head', 'GET /sip HTTP/1.1\r\nHost: gate\r\nX: '],
    ['half a body', 'POST /control/close HTTP/1.1\r\nHost: gate\r\nContent-Length: 900\r\n\r\n{'],
  ])('is hung up on after a while: %s', async (_, text) => {
    await reopen({ patienceMs: 300 });
    const { over, socket } = linger(text);
    expect(await over).not.toContain('200');
    socket.destroy();
  });

  test('cannot keep a refused connection', async () => {
    const { socket } = linger(['GET /sip HTTP/1.1', 'Host: gate', ...UPGRADE, '', ''].join('\r\n'));
    await once(socket, 'end');
    const write = setInterval(() => socket.write('x'), 50);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(write);
    expect(await isAlive()).toBe(true);
  });

  test('makes room for who comes with a token', async () => {
    await reopen({ quotas: { pendingPerNetwork: 3 } });
    const silent = Array.from({ length: 6 }, () => linger(''));
    await Promise.all(silent.slice(0, 3).map(({ over }) => over));
    expect(await send(`/sip?token=${token()}`, [...UPGRADE, `Origin: ${ORIGIN}`])).toBe(101);
    for (const { socket } of silent) socket.destroy();
  });

  test.each([
    ['does not say what it will speak', undefined, 400],
    ['will speak something else than SIP', 'xmpp, sip2', 400],
    ['may speak SIP among others', 'xmpp, SIP', 101],
  ])('but has a good token, and %s (%s): the answer is %i', async (_title, offered, status) => {
    const headers = UPGRADE.filter((line) => !line.startsWith('Sec-WebSocket-Protocol'));
    const spoken = offered === undefined ? [] : [`Sec-WebSocket-Protocol: ${offered}`];
    expect(await send(`/sip?token=${token()}`, [...headers, ...spoken, `Origin: ${ORIGIN}`])).toBe(status);
  });

  test('is told no more than that it is too much; a token still opens', async () => {
    await reopen({ quotas: { refusalsPerNetwork: 2 } });
    expect([await send('/sip'), await send('/'), await send('/sip'), await send('/')]).toEqual([
      401, 404, 429, 429,
    ]);
    expect(await send(`/sip?token=${token()}`, [...UPGRADE, `Origin: ${ORIGIN}`])).toBe(101);
    now += 60_000;
    expect(await send('/sip')).toBe(401);
  });
});

test.each([['//'], ['http://['], ['/healthz/../../']])(
  'a plain request for "%s" is answered 404',
  async (target) => {
    expect(await send(target, ['Connection: close'])).toBe(404);
  },
);

test('a handshake that is no WebSocket’s is refused although its token is good', async () => {
  const token = signGateToken(
    { endpoint: 'd-a', origin: ORIGIN, kind: 'employee', expiresAtMs: now + 60_000 },
    SECRET,
  );
  const headers = UPGRADE.map((line) => line.replace('websocket', 'tea')).concat(`Origin: ${ORIGIN}`);
  expect(await send(`/sip?token=${token}`, headers)).toBe(400);
  now += 60_000;
  expect(await send(`/sip?token=${token}`, headers)).toBe(401);
  expect(await isAlive()).toBe(true);
});

test('an address of Asterisk that cannot be one is refused at the start', async () => {
  await expect(createGate({ asteriskUrl: 'ws://', secret: SECRET })).rejects.toThrow('ASTERISK_WS_URL');
});

describe('P10 a flood of visitors', () => {
  const enter = (kind: 'guest' | 'employee', network: string) => {
    const endpoint = kind === 'guest' ? `g-${network.replaceAll(':', '-')}` : 'd-a';
    const token = signGateToken({ endpoint, origin: ORIGIN, kind, expiresAtMs: now + 60_000 }, SECRET);
    return send(`/sip?token=${token}`, [...UPGRADE, `Origin: ${ORIGIN}`, `X-Forwarded-For: ${network}`]);
  };

  test('from one network is stopped there, as a trusted proxy names it; others and employees come in', async () => {
    await gate.close();
    const quotas = { guestStartsPerMinute: 2 };
    const options = { asteriskUrl: 'ws://127.0.0.1:9/ws', secret: SECRET, now: () => now, quotas };
    gate = await createGate({ ...options, trustedProxies: ['loopback'] });
    const [first, second] = ['2001:db8::1', '2001:db8::2'];
    expect([await enter('guest', first), await enter('guest', second)]).toEqual([101, 101]);
    expect(await enter('guest', '2001:db8::3')).toBe(503);
    expect(await enter('guest', '2001:db8:0:1::1')).toBe(101);
    expect(await enter('employee', '2001:db8::3')).toBe(101);
    now += 60_000;
    expect(await enter('guest', '2001:db8::3')).toBe(101);
  });

  test('is counted, for who asks from this machine itself', async () => {
    await send('/sip?token=x');
    await send('/sip?token=x');
    await enter('guest', '192.0.2.1');
    const metrics = await fetch(`http://127.0.0.1:${gate.port}/metrics`);
    const text = await metrics.text();
    expect(text).toContain('ringtag_gate_refusals_total{status="401"} 2');
    expect(text).toContain('ringtag_gate_connections_total{kind="guest"} 1');
    const headers = { 'x-forwarded-for': '203.0.113.5' };
    expect((await fetch(`http://127.0.0.1:${gate.port}/metrics`, { headers })).status).toBe(404);
  });
});
