// Messages that a SIP stack is known to choke on, in the manner of RFC 4475: torn, bloated, contradictory. Each is
// made for the user who sends it.
import { WEBRTC_OFFER } from './raw-sip.ts';

/** The lines of a proper INVITE, by name, to be spoilt. */
const PROPER = {
  start: 'INVITE sip:visit@ringtag SIP/2.0',
  via: 'Via: SIP/2.0/WS raw.invalid;branch=z9hG4bKmonster',
  hops: 'Max-Forwards: 70',
  to: 'To: <sip:visit@ringtag>',
  callId: 'Call-ID: monster',
  cseq: 'CSeq: 1 INVITE',
  contact: 'Contact: <sip:m@raw.invalid;transport=ws>',
  type: 'Content-Type: application/sdp',
  length: `Content-Length: ${WEBRTC_OFFER.length}`,
  body: WEBRTC_OFFER,
};
type Parts = typeof PROPER & { readonly from: string };

const repeat = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\r\n');

const SPOILT: readonly Partial<Parts>[] = [
  // Size.
  { hops: `X-Large: ${'a'.repeat(20_000)}` },
  { to: `To: "${'b'.repeat(20_000)}" <sip:visit@ringtag>` },
  { callId: `Call-ID: ${'c'.repeat(20_000)}` },
  { via: repeat(500, (index) => `Via: SIP/2.0/WS hop${index}.invalid;branch=z9hG4bK${index}`) },
  { hops: repeat(4_500, (index) => `X-${index}: 1`) },
  { hops: repeat(4_500, () => 'Supported: timer') },
  { contact: `Contact: ${'<sip:a@b>,'.repeat(2_000)}<sip:c@d>` },
  { start: `INVITE sip:visit@ringtag;${'p=1;'.repeat(4_000)}x SIP/2.0` },
  { hops: `Route: ${'<sip:ringtag;lr>,'.repeat(1_000)}<sip:ringtag;lr>` },
  // Numbers that are none, or too large.
  { cseq: 'CSeq: 36893488147419103232 INVITE' },
  { cseq: 'CSeq: -1 INVITE' },
  { cseq: 'CSeq: 1 ACK' },
  { hops: 'Max-Forwards: 300000000000' },
  { hops: 'Max-Forwards: 0' },
  { length: 'Content-Length: 9999999999' },
  { length: 'Content-Length: -5' },
  { length: 'Content-Length: 5\r\nContent-Length: 50000' },
  { length: 'Expires: 99999999999999999999' },
  { hops: 'Session-Expires: 0;refresher=x\r\nMin-SE: 4294967296' },
  // Lines that end early, late, or not at all.
  { to: 'To: <sip:visit@ringtag' },
  { to: 'To: "unterminated <sip:visit@ringtag>' },
  { from: 'From: <<sip:x@y>>;tag=;tag=1;tag=2' },
  { start: 'INVITE  sip:visit@ringtag  SIP/2.0' },
  { start: 'INVITE sip:visit@ringtag SIP/7.0' },
  { start: 'INVITE <sip:visit@ringtag> SIP/2.0' },
  { start: 'INVITE sip:visit@ringtag; lr SIP/2.0' },
  { start: 'SIP/2.0 200 OK' },
  { start: 'SIP/2.0 4294967301 OK' },
  { start: '!#~$%^&*()_+ sip:visit@ringtag SIP/2.0' },
  { via: 'Via: SIP/2.0/WS ;branch=' },
  { via: 'Via: SIP  / 2.0\r\n / WS\r\n    raw.invalid ;\r\n branch =\r\n z9hG4bKfold' },
  { via: '' },
  { callId: '' },
  { cseq: '' },
  { hops: 'Unknown-Header\u0000: \u0000\u0001\u0002' },
  { hops: 'X-Break: a\r\n\r\nBYE sip:p-alice@ringtag SIP/2.0' },
  { hops: 'X-Break: a\nReplaces: 1;to-tag=2;from-tag=3' },
  { hops: 'Require: nothing-we-know, replaces' },
  { hops: 'Proxy-Require: nothing-we-know' },
  { hops: `Authorization: Digest ${'username="x",'.repeat(500)}` },
  { hops: 'Authorization: NoOneKnowsThisScheme opaque-data=here' },
  { type: 'Content-Type: multipart/mixed;boundary=' },
  { type: 'Content-Type: application/x-nothing' },
  // Descriptions of media that describe none.
  { body: 'v=0\r\n', length: 'Content-Length: 5' },
  { body: `v=0\r\n${'m=audio 9 RTP/AVP 0\r\n'.repeat(1_000)}`, length: 'Content-Length: 21005' },
  { body: `v=0\r\na=${'x'.repeat(20_000)}\r\n`, length: 'Content-Length: 20009' },
];

/** As `(user) => text`. */
export function monsters(): readonly ((user: string) => string)[] {
  const torn = [
    '',
    '\r\n',
    '\r\n\r\n\r\n\r\n',
    '\u0000'.repeat(1_000),
    'INVITE',
    ':\r\n\r\n',
    '\r\n'.repeat(10_000),
  ];
  return [
    ...SPOILT.map((spoilt) => (user: string) => {
      const parts = { ...PROPER, from: `From: <sip:${user}@ringtag>;tag=a`, ...spoilt };
      const { start, body, via, hops, from, to, callId, cseq, contact, type, length } = parts;
      return [start, via, hops, from, to, callId, cseq, contact, type, length, '', body].join('\r\n');
    }),
    ...torn.map((text) => () => text),
  ];
}
