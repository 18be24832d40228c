import { describe, expect, test } from 'vitest';
import { createFrameCheck, refusalOfGuestFrame } from './guest-frames.ts';

const ENDPOINT = 'g-3q2f';
const FROM = `From: <sip:${ENDPOINT}@ringtag>;tag=a`;

const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=audio 9 RTP/AVP 0',
  'c=IN IP4 192.0.2.1',
  '',
].join('\r\n');

/** An INVITE as a browser sends it, with lines changed or added. */
function invite({
  type = 'application/sdp',
  start = 'INVITE sip:visit@ringtag SIP/2.0',
  from = FROM,
  more = [] as string[],
  body = SDP,
  length = '',
}) {
  const head = [
    start,
    'Via: SIP/2.0/WSS b.invalid;branch=z9hG4bK1',
    'Max-Forwards: 69',
    'To: <sip:visit@ringtag>',
    from,
    'Call-ID: 1',
    'CSeq: 1 INVITE',
    'Contact: <sip:b@b.invalid;transport=ws;ob>',
    `Content-Type: ${type}`,
    'Session-Expires: 90',
    'Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY',
    'Supported: timer,ice,replaces,outbound',
    'User-Agent: JsSIP 3',
    ...more,
    length || `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

const refusal = (frame: string) => refusalOfGuestFrame(frame, ENDPOINT);

test.each([
  ['an INVITE', invite({})],
  [
    'one with a name beside the address',
    invite({ from: `From: "A visitor" <sip:${ENDPOINT}@ringtag>;tag=a` }),
  ],
  ['credentials', invite({ more: ['Authorization: Digest username="g-3q2f", realm="ringtag"'] })],
  ['what is not ASCII in the body', invite({ body: `${SDP}a=x:é中\r\n` })],
  ['BYE', invite({ start: 'BYE sip:asterisk@127.0.0.1:1;transport=ws SIP/2.0' })],
  ['an answer', invite({ start: 'SIP/2.0 200 OK', from: 'From: <sip:asterisk@ringtag>;tag=b' })],
  ['a sign of life', '\r\n\r\n'],
])('%s of a visitor passes', (_, frame) => {
  expect(refusal(frame)).toBeUndefined();
});

describe('P5 what no call needs does not pass:', () => {
  test.each(['REGISTER', 'SUBSCRIBE', 'NOTIFY', 'MESSAGE', 'REFER', 'PUBLISH', 'OPTIONS', 'invite', 'FOO'])(
    '%s',
    (method) => {
      expect(refusal(invite({ start: `${method} sip:visit@ringtag SIP/2.0` }))).toBe('a foreign method');
    },
  );

  test.each([
    'Replaces: 1;to-tag=a;from-tag=b',
    'REPLACES : 1',
    'Refer-To: <sip:1001@ringtag>',
    'r: <sip:1001@ringtag>',
    'b: <sip:1001@ringtag>',
    'Join: 1',
    'Target-Dialog: 1',
    'P-Asserted-Identity: <sip:1001@ringtag>',
    'Remote-Party-ID: <sip:1001@ringtag>',
    'Diversion: <sip:1001@ringtag>',
    'Content-Encoding: gzip',
    'no colon',
    ': no name',
  ])('the header "%s"', (line) => {
    expect(refusal(invite({ more: [line] }))).toBe('a foreign header');
  });

  test.each([
    'X-A: 1\nReplaces: 1',
    'X-A: 1\rReplaces: 1',
    'X-A: 1\r\n folded',
    'X-A: 1\r\n\t: folded',
    'X-A: \u0000',
    'Replaces\r\n : 1',
  ])('the broken line %j', (line) => {
    expect(refusal(invite({ more: [line] }))).toBe('broken lines');
  });

  test.each([
    ['nobody', 'X-From: a'],
    ['an employee', 'From: <sip:d-alice@ringtag>;tag=a'],
    ['somebody whose name begins alike', `From: <sip:${ENDPOINT}0@ringtag>;tag=a`],
    ['two people', `From: <sip:${ENDPOINT}@ringtag>;tag=a\r\nf: <sip:d-alice@ringtag>`],
    ['two addresses', `From: "<sip:${ENDPOINT}@ringtag>" <sip:d-alice@ringtag>;tag=a`],
    ['an escaped name', 'From: <sip:%64-alice@ringtag>;tag=a'],
  ])('the name of %s', (_, from) => {
    expect(refusal(invite({ from }))).toBe('another’s name');
  });

  test.each([
    [
      'a second message behind the first',
      invite({ length: 'Content-Length: 0', body: 'REFER sip:x SIP/2.0\r\n\r\n' }),
    ],
    ['two lengths', invite({ more: ['l: 0'] })],
    ['no length', invite({ length: 'X-A: 1' })],
    ['a length that is no number', invite({ length: 'Content-Length: 5;a=1' })],
  ])('%s', (_, frame) => {
    expect(refusal(frame)).toBe('more or less than one message');
  });

  test.each([
    ['parts', { type: 'multipart/mixed;boundary=x' }],
    ['candidates one by one', { type: 'application/trickle-ice-sdpfrag' }],
    ['a type that is written oddly', { type: 'application / sdp' }],
    ['two types', { more: ['c: application/dtmf'] }],
    ['no type', { type: '' }],
  ])('a body of %s', (_, change) => {
    expect(refusal(invite(change))).toBe('a foreign body');
  });

  test('a bomb of headers, and one of 20 kB', () => {
    const bomb = Array.from({ length: 10_000 }, (_, index) => `X-${index}: 1`);
    expect(refusal(invite({ more: bomb.slice(0, 100) }))).toBe('too many headers');
    expect(refusal(invite({ more: bomb }))).toBe('no whole head of a usual size');
    expect(refusal(invite({ more: [`X-A: ${'a'.repeat(20_000)}`] }))).toBe('no whole head of a usual size');
    expect(refusal('INVITE')).toBe('no whole head of a usual size');
  });
});

describe('a session description', () => {
  const check = (...addresses: string[]) =>
    createFrameCheck({ endpoint: ENDPOINT, addresses, now: () => 0, onBarred: () => {} });
  const text = (sdp: string) => sdp.split('\r\n').slice(0, -1);

  test('P5 passes without foreign addresses, and the length is that of what passes', () => {
    const body = `${SDP}a=candidate:1 1 udp 1 10.0.0.1 4711 typ host\r\na=x:é\r\n`;
    // What looks like a length to who breaks lines elsewhere is left alone.
    const verdict = check('2a00:1450:4001:830::7')(invite({ body, more: ['X-A: a\u2028l: 5'] }));
    if (verdict.kind !== 'pass') throw new Error(verdict.kind);
    const [head = '', passed = ''] = verdict.frame.split('\r\n\r\n');
    expect(text(passed)).toEqual([
      ...['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'm=audio 9 RTP/AVP 0'],
      ...['c=IN IP6 2a00:1450:4001:830::7', 'a=x:é'],
      'a=candidate:ringtag4 1 udp 2113929471 192.0.2.1 4711 typ host',
      'a=candidate:ringtag6 1 udp 2113929471 2a00:1450:4001:830::7 4711 typ host',
    ]);
    expect(head.split('\r\n').at(-1)).toBe(`Content-Length: ${Buffer.byteLength(passed)}`);
    expect(head).toContain('X-A: a\u2028l: 5');
  });

  test('that is none is answered with 488, in the dialog it belongs to', () => {
    const verdict = check()(invite({ body: 'v=0\r\n' }));
    expect(verdict).toEqual({
      kind: 'answer',
      frame: [
        'SIP/2.0 488 Not Acceptable Here',
        'Via: SIP/2.0/WSS b.invalid;branch=z9hG4bK1',
        'To: <sip:visit@ringtag>;tag=gate',
        FROM,
        'Call-ID: 1',
        'CSeq: 1 INVITE',
        'Content-Length: 0',
        ...['', ''],
      ].join('\r\n'),
    });
  });

  test('that is none, where nobody waits for an answer, ends the connection', () => {
    for (const start of ['SIP/2.0 200 OK', 'ACK sip:visit@ringtag SIP/2.0'])
      expect(check()(invite({ start, body: 'v=0\r\n' }))).toEqual({ kind: 'bar' });
  });

  test('digits of the keypad pass as they are', () => {
    const frame = invite({
      start: 'INFO sip:visit@ringtag SIP/2.0',
      ...{ type: 'application/dtmf-relay', body: 'Signal=5\r\nDuration=100\r\n' },
    });
    expect(check()(frame)).toEqual({ kind: 'pass', frame });
  });
});

test('a visitor who says more than any call needs is stopped', () => {
  let now = 0;
  const barred: string[] = [];
  const check = createFrameCheck({
    ...{ endpoint: ENDPOINT, addresses: [] },
    now: () => now,
    onBarred: (reason) => barred.push(reason),
  });
  for (let sent = 0; sent < 200; sent += 1) expect(check(invite({})).kind).toBe('pass');
  expect(check(invite({}))).toEqual({ kind: 'bar' });
  expect(barred).toEqual(['too many messages']);
  now = 10_000;
  expect(check(invite({})).kind).toBe('pass');
});

test('P10 a name of blanks keeps the gate from nobody', () => {
  const from = `From: a${' '.repeat(7_000)}b`;
  const begunAt = performance.now();
  for (let index = 0; index < 200; index += 1) expect(refusal(invite({ from }))).toBe('another\u2019s name');
  expect(performance.now() - begunAt).toBeLessThan(2_000);
  expect(refusal(invite({ from: `From: A visitor\t<sip:${ENDPOINT}@ringtag>;tag=a` }))).toBeUndefined();
});
