import { expect, test } from 'vitest';
import { withoutForeignAddresses } from './guest-sdp.ts';

const OWN = '198.51.100.7';
const PUBLIC = '93.184.216.34';

/** As a browser writes it, with candidates for these addresses, or other lines. */
function description(
  candidates: readonly string[],
  { c = PUBLIC, more = [] as readonly string[] } = {},
): string {
  const lines = candidates.map((address, index) =>
    address.startsWith('a=')
      ? address
      : `a=candidate:${index} 1 udp 2113937151 ${address} ${50_000 + index} typ host generation 0`,
  );
  return [
    ...['v=0', 'o=mozilla 46117317 2 IN IP4 10.1.2.3', 's=-', 't=0 0', 'a=group:BUNDLE 0'],
    ...[`m=audio 50000 UDP/TLS/RTP/SAVPF 111 0`, `c=IN IP4 ${c}`, 'a=rtcp:9 IN IP4 10.9.9.9', ...lines],
    ...['a=ice-ufrag:abcd', 'a=ice-options:trickle', 'a=rtpmap:111 opus/48000/2', ...more, ''],
  ].join('\r\n');
}

const candidatesOf = (sdp: string | undefined) =>
  [...(sdp ?? 'none').matchAll(/^a=candidate:(.*)$/gm)].map(([, text]) => text);
const targetsOf = (sdp: string | undefined) =>
  candidatesOf(sdp).map((text) => text?.split(' ').slice(4, 6).join(' '));

test('P5 a description of public addresses, and of the visitor’s own, passes as it is but for what nobody needs', () => {
  const passed = withoutForeignAddresses(description([PUBLIC, OWN, '2a00:1450:4001:830::200e']), [OWN]);
  expect(targetsOf(passed)).toEqual([`${PUBLIC} 50000`, `${OWN} 50001`, '2a00:1450:4001:830::200e 50002']);
  expect(passed).toContain(`c=IN IP4 ${PUBLIC}\r\n`);
  expect(passed).toContain('a=ice-ufrag:abcd\r\na=ice-options:trickle\r\na=rtpmap:111 opus/48000/2\r\n');
  expect(passed).not.toMatch(/10\.1\.2\.3|10\.9\.9\.9/);
});

test.each([
  '10.99.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '0.0.0.0',
  '::1',
  '::',
  'fe80::1',
  'fe80::1%eth0',
  'fd00::1',
  'ff02::1',
  '::ffff:10.99.0.1',
  '::ffff:a63:1',
  '64:ff9b::a63:1',
  '2002:a63:1::1',
  '2001:0:a63:1::1',
  // Good but for the zone, which is a choice among the machine's interfaces.
  '2a00:1450:4001:830::200e%eth0',
  '8f5e0c2a-1.local',
  'intranet.example',
  '010.0.0.1',
  '0x7f.1',
  '2130706433',
])('P5 the address %s is no place for Asterisk to write to: the visitor’s own stands there', (address) => {
  const passed = withoutForeignAddresses(description([address], { c: address }), [OWN]);
  expect(targetsOf(passed)).toEqual([`${OWN} 50000`]);
  expect(passed).toContain(`c=IN IP4 ${OWN}\r\n`);
  expect(passed?.toLowerCase().replace('in ip4 0.0.0.0', '')).not.toContain(` ${address} `);
});

test('P5 a visitor in the operator’s own network may name the address that it comes from, and no neighbour', () => {
  const passed = withoutForeignAddresses(description(['192.168.1.20', '192.168.1.21']), ['192.168.1.20']);
  expect(targetsOf(passed)).toEqual(['192.168.1.20 50000']);
});

test('P5 of a visitor whose address is not known nobody’s is written', () => {
  const passed = withoutForeignAddresses(description(['10.0.0.1'], { c: '10.0.0.1' }), []);
  expect(targetsOf(passed)).toEqual(['192.0.2.1 50000']);
  expect(passed).toContain('c=IN IP4 192.0.2.1\r\n');
});

test('P5 where only IPv6 is left there is an IPv4 candidate too, for an Asterisk without IPv6', () => {
  const [six, own] = ['2a00:1450:4001:830::200e', '2a00:1450:4001:830::7'];
  expect(targetsOf(withoutForeignAddresses(description([six, '10.0.0.1']), [OWN]))).toEqual([
    `${six} 50000`,
    `${OWN} 50001`,
  ]);
  expect(targetsOf(withoutForeignAddresses(description(['10.0.0.1']), [own]))).toEqual([
    '192.0.2.1 50000',
    `${own} 50000`,
  ]);
  expect(targetsOf(withoutForeignAddresses(description([six]), [own]))).toEqual([`${six} 50000`]);
});

test('P5 twenty candidates a section, over UDP, and no related address', () => {
  const many = Array.from({ length: 100 }, () => PUBLIC);
  expect(targetsOf(withoutForeignAddresses(description(many), [OWN]))).toHaveLength(20);
  const odd = [
    'a=candidate:1 1 tcp 1518280447 93.184.216.34 9 typ host tcptype active',
    'a=candidate:1 1 udp 2113937151 93.184.216.34 0 typ host',
    'a=candidate:1 1 udp 2113937151 93.184.216.34 70000 typ host',
    'a=candidate:1 9 udp 2113937151 93.184.216.34 50000 typ host',
    'a=CANDIDATE:x',
    'a=candidate',
    'a=remote-candidates:1 10.0.0.1 50000',
  ];
  const passed = withoutForeignAddresses(description(odd), [OWN]);
  expect(candidatesOf(passed)).toEqual([]);
  expect(passed).not.toContain('10.0.0.1');
  const reflexive = 'a=Candidate:2 1 UDP 1677729535 93.184.216.34 50009 typ srflx raddr 10.0.0.9 rport 4711';
  expect(candidatesOf(withoutForeignAddresses(description([reflexive]), [OWN]))).toEqual([
    '2 1 udp 1677729535 93.184.216.34 50009 typ srflx raddr 0.0.0.0 rport 9',
  ]);
});

test('a candidate before the first section is none', () => {
  const sdp = description([PUBLIC]).replace('m=', 'a=candidate:9 1 udp 1 10.0.0.1 1 typ host\r\nm=');
  expect(targetsOf(withoutForeignAddresses(sdp, [OWN]))).toEqual([`${PUBLIC} 50000`]);
});

const GOOD = description([PUBLIC]);

test.each([
  ['nothing', ''],
  ['no beginning', 'm=audio 1 RTP/AVP 0\r\n'],
  ['no section', 'v=0\r\n'],
  ['no end', GOOD.slice(0, -2)],
  ['bare line feeds', GOOD.replaceAll('\r\n', '\n')],
  [
    'a line in a line',
    GOOD.replace('generation 0', 'generation 0\na=candidate:1 1 udp 1 10.0.0.1 1 typ host'),
  ],
  ['a folded line', GOOD.replace('a=ice-ufrag', ' a=ice-ufrag')],
  ['a name with a blank', GOOD.replace('a=ice-ufrag', 'a= ice-ufrag')],
  ['an empty line', GOOD.replace('a=ice-ufrag', '\r\na=ice-ufrag')],
  ['a NUL', GOOD.replace('abcd', 'ab\0cd')],
  ['another kind of network', GOOD.replace('c=IN IP4', 'c=ATM NSAP')],
  ['an origin without an address', GOOD.replace(/^o=.*$/m, 'o=x 1 1')],
  ['five sections', GOOD + 'm=audio 1 RTP/AVP 0\r\n'.repeat(4)],
  ['a megabyte', GOOD + 'a=x\r\n'.repeat(200_000)],
])('a description with %s is none', (_, sdp) => {
  expect(withoutForeignAddresses(sdp, [OWN])).toBeUndefined();
});

test('P5 whatever is done to a description, no foreign address gets through, in no time worth a flood', () => {
  const random = seeded(20_261_121);
  const pieces = [
    '10.99.0.1',
    '127.0.0.1',
    ' ',
    '\r\n',
    '\n',
    'a=candidate:',
    'c=IN IP4 ',
    '\u2028',
    'typ host',
    '%',
    'é',
    'm=',
  ];
  const begunAt = performance.now();
  let passed = 0;
  for (let round = 0; round < 3_000; round += 1) {
    let sdp = description(['10.99.0.1', PUBLIC, '127.0.0.1'], { c: '10.99.0.1' });
    for (let change = random(4); change > 0; change -= 1) {
      const at = random(sdp.length);
      sdp = sdp.slice(0, at) + pieces[random(pieces.length)] + sdp.slice(at + random(12));
    }
    const result = withoutForeignAddresses(sdp, [OWN]);
    if (result === undefined) continue;
    passed += 1;
    // Wherever an address has a meaning.
    const meant = [...result.matchAll(/^(?:a=candidate:|[co]=|a=rtcp:).*$/gm)]
      .map(([line]) => line)
      .join('\n');
    expect(meant).not.toMatch(/(?:10\.99\.0\.1|127\.0\.0\.1)(?!\d)/);
  }
  expect(passed).toBeGreaterThan(300);
  expect(performance.now() - begunAt).toBeLessThan(10_000);
});

/** The same numbers in each run (mulberry32). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
