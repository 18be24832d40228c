import { describe, expect, test } from 'vitest';
import { answeredEnd, type SipEnd, toldEnd, unansweredEnd } from './ends.ts';
import { identityIn } from './identity.ts';
import { replacesHeaders } from './replaces.ts';
import { withoutLocalNames } from './sdp.ts';

test('mDNS names leave the description: a candidate stays for ICE, of nobody’s address', () => {
  const sdp = (address: string, local: readonly string[] = []) =>
    [
      'v=0',
      `c=IN IP4 ${address}`,
      `a=candidate:1 1 UDP 2122260223 ${local[0] ?? address} 49152 typ host generation 0`,
      ...local.slice(1),
      'a=candidate:3 1 udp 1686052607 203.0.113.9 49152 typ srflx raddr 0.0.0.0 rport 0',
      'a=mid:0',
      '',
    ].join('\r\n');
  const named = sdp('0.0.0.0', [
    '5d9c1c0e-8b5c.local',
    'a=candidate:2 1 TCP 2105458943 5d9c1c0e-8b5c.local 9 typ host tcptype active',
    'a=rtcp:50886 IN IP4 5d9c1c0e-8b5c.local',
  ]);
  expect(withoutLocalNames(named)).toBe(sdp('192.0.2.1'));
});

test('a description with nothing but addresses stays as it is', () => {
  const sdp =
    'c=IN IP4 198.51.100.7\r\na=candidate:1 1 udp 1 198.51.100.7 4000 typ host\r\na=rtcp:9 IN IP4 0.0.0.0\r\n';
  expect(withoutLocalNames(sdp)).toBe(sdp);
});

describe('how a telephone call ended', () => {
  const out = (end: Partial<SipEnd>) => unansweredEnd('out', { cause: 'x', remote: true, ...end });
  const cases: [string, Partial<SipEnd>, object][] = [
    ['486', { status: 486 }, { reason: 'busy' }],
    ['603', { status: 603 }, { reason: 'declined' }],
    ['480 without a cause', { status: 480 }, { reason: 'no-answer' }],
    [
      '480 for somebody who is not registered',
      { status: 480, reason: 'Q.850;cause=20' },
      { reason: 'unreachable', code: 'UNREACHABLE' },
    ],
    ['480 after ringing in vain', { status: 480, reason: 'Q.850;cause=19' }, { reason: 'no-answer' }],
    ['404', { status: 404 }, { reason: 'unreachable', code: 'NOT_FOUND' }],
    ['488', { status: 488, cause: 'Incompatible SDP' }, { reason: 'error', code: 'MEDIA_FAILED' }],
    ['500', { status: 500 }, { reason: 'error', code: 'PBX_UNAVAILABLE' }],
    [
      'a lost connection',
      { remote: false, cause: 'Connection Error' },
      { reason: 'error', code: 'PBX_UNAVAILABLE' },
    ],
    ['a browser fault', { remote: false, cause: 'WebRTC Error' }, { reason: 'error', code: 'MEDIA_FAILED' }],
  ];
  for (const [name, end, expected] of cases) test(name, () => expect(out(end)).toEqual(expected));

  test('a fork that another device answered says so (RFC 3326)', () => {
    const reason = 'SIP;cause=200;text="Call completed elsewhere"';
    expect(unansweredEnd('in', { cause: 'Canceled', remote: true, reason })).toEqual({
      reason: 'answered-elsewhere',
    });
    expect(unansweredEnd('in', { cause: 'Canceled', remote: true })).toEqual({ reason: 'cancelled' });
  });

  test('the hub hears why nobody answered, as far as it has a word for that', () => {
    const reasons = ['declined', 'busy', 'no-answer', 'unreachable', 'error'] as const;
    expect(reasons.map((reason) => toldEnd({ reason }))).toEqual([
      'declined',
      'busy',
      'no-answer',
      'failed',
      'failed',
    ]);
  });

  test('an answered call that was hung up is no error', () => {
    expect(answeredEnd({ cause: 'Terminated', remote: true })).toEqual({ reason: 'hangup' });
    expect(answeredEnd({ cause: 'RTP Timeout', remote: false })).toEqual({ reason: 'lost' });
    expect(answeredEnd({ cause: 'Dialog Error', remote: true })).toEqual({ reason: 'lost' });
  });
});

test('who the far end is now is read from what the exchange asserts', () => {
  const cases: [string, object | undefined][] = [
    ['"Bruno Barros" <sip:1002@pbx.example>', { name: 'Bruno Barros', number: '1002' }],
    [
      '"Bruno \\"B\\" <sip:x@y>" <sip:1002@pbx.example;user=phone>',
      { name: 'Bruno "B" <sip:x@y>', number: '1002' },
    ],
    ['Bruno <sips:1002@pbx.example>', { name: 'Bruno', number: '1002' }],
    ['<sip:1002@pbx.example>', { name: '1002', number: '1002' }],
    ['sip:1002@pbx.example', { name: '1002', number: '1002' }],
    ['<tel:+351210000000>', undefined],
    ['', undefined],
  ];
  for (const [header, peer] of cases) expect(identityIn(header)).toEqual(peer);
  expect(identityIn(undefined)).toBeUndefined();
});

test('RFC 3891: the exchange’s own tag is the to-tag, and one that cannot replace must refuse', () => {
  expect(replacesHeaders({ callId: 'a@b', localTag: 'ours', remoteTag: 'theirs' })).toEqual([
    'Replaces: a@b;to-tag=theirs;from-tag=ours',
    'Require: replaces',
  ]);
  expect(replacesHeaders(undefined)).toEqual([]);
});
