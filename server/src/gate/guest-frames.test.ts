import { describe, expect, test } from 'vitest';
import { createFrameCheck, refusalOfGuestFrame } from './guest-frames.ts';

const ENDPOINT = 'g-3q2f';
const FROM = `From: <sip:${ENDPOINT}@ringtag>;tag=a`;

/** An INVITE as a browser sends it, with lines changed or added. */
function invite({
  start = 'INVITE sip:visit@ringtag SIP/2.0',
  from = FROM,
  more = [] as string[],
  body = 'v=0\r\n',
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
    'Content-Type: application/sdp',
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
  ['what is not ASCII in the body', invite({ body: 'é中' })],
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

  test('a bomb of headers, and one of 20 kB', () => {
    const bomb = Array.from({ length: 10_000 }, (_, index) => `X-${index}: 1`);
    expect(refusal(invite({ more: bomb.slice(0, 100) }))).toBe('too many headers');
    expect(refusal(invite({ more: bomb }))).toBe('no whole head of a usual size');
    expect(refusal(invite({ more: [`X-A: ${'a'.repeat(20_000)}`] }))).toBe('no whole head of a usual size');
    expect(refusal('INVITE')).toBe('no whole head of a usual size');
  });
});

test('a visitor who says more than any call needs is stopped', () => {
  let now = 0;
  const barred: string[] = [];
  const mayPass = createFrameCheck({
    endpoint: ENDPOINT,
    now: () => now,
    onBarred: (reason) => barred.push(reason),
  });
  for (let sent = 0; sent < 200; sent += 1) expect(mayPass(invite({}))).toBe(true);
  expect(mayPass(invite({}))).toBe(false);
  expect(barred).toEqual(['too many messages']);
  now = 10_000;
  expect(mayPass(invite({}))).toBe(true);
});

test('P10 a name of blanks keeps the gate from nobody', () => {
  const from = `From: a${' '.repeat(7_000)}b`;
  const begunAt = performance.now();
  for (let index = 0; index < 200; index += 1) expect(refusal(invite({ from }))).toBe('another\u2019s name');
  expect(performance.now() - begunAt).toBeLessThan(2_000);
  expect(refusal(invite({ from: `From: A visitor\t<sip:${ENDPOINT}@ringtag>;tag=a` }))).toBeUndefined();
});
