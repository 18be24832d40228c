import { describe, expect, test } from 'vitest';
import { createClientAddress, networkOf } from './client-address.ts';
import { createNetworks, isNetwork } from './networks.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  // Behind a translator each IPv4 address is itself.
  ['64:ff9b::c000:207', '192.0.2.7'],
  ['64:FF9B::192.0.2.7', '192.0.2.7'],
  ['64:ff9b:0:0:0:0:0a01:00ff', '10.1.0.255'],
  ['64:ff9b:1::c000:207', '64:ff9b:1:0::/64'],
])('%s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('two addresses of one /64 are one client, those of two are not', () => {
  expect(networkOf('2001:db8:1:2::1')).toBe(networkOf('2001:db8:1:2:ffff::9'));
  expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'));
});

const PROXY = '10.0.0.1';
const behind = (headers: { forwarded?: string; xForwardedFor?: string }, peer = PROXY) => {
  const clientOf = createClientAddress(['10.0.0.0/8', 'fd00::/8', 'loopback']);
  const { address, port } = clientOf({ address: peer, port: 5_000, ...headers }) ?? {};
  return port === undefined ? address : `${address} ${port}`;
};

describe('P12 behind trusted proxies', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:4711', '203.0.113.9 4711'],
    ['2001:db8::9', '2001:db8::9'],
    ['[2001:db8::9]:4711', '2001:db8::9 4711'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    // What the client wrote itself stands further left.
    ['198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['198.51.100.1, 203.0.113.9, 10.1.2.3, 127.0.0.1', '203.0.113.9'],
    // Only proxies: the farthest of them.
    ['10.1.2.3, 10.1.2.4', '10.1.2.3'],
    // From nonsense on, nothing to the left counts.
    ['203.0.113.9, unknown, 10.1.2.3', '10.1.2.3'],
    ['203.0.113.9, ', `${PROXY} 5000`],
    ['203.0.113.9:99999', '203.0.113.9'],
    ['1.2.3', `${PROXY} 5000`],
    ['', `${PROXY} 5000`],
    [`${'198.51.100.1, '.repeat(500)}203.0.113.9`, '203.0.113.9'],
  ])('X-Forwarded-For %j: %s', (xForwardedFor, expected) => {
    expect(behind({ xForwardedFor })).toBe(expected);
  });

  test.each([
    ['for=203.0.113.9', '203.0.113.9'],
    ['For="203.0.113.9:4711";proto=https;by=10.0.0.1', '203.0.113.9 4711'],
    ['for="[2001:db8::9]:4711"', '2001:db8::9 4711'],
    ['proto=https; for=198.51.100.1, for="[2001:db8::9]", for=10.1.2.3', '2001:db8::9'],
    ['for="a,b;c", for=203.0.113.9', '203.0.113.9'],
    ['for=203.0.113.9, for=_hidden', `${PROXY} 5000`],
    ['for=203.0.113.9, by=10.1.2.3', `${PROXY} 5000`],
    ['for="203.0.113.9', `${PROXY} 5000`],
  ])('Forwarded %j: %s', (forwarded, expected) => {
    expect(behind({ forwarded })).toBe(expected);
  });

  test('a header beside the proxy\u2019s own is somebody\u2019s forgery: where they differ, neither counts', () => {
    const forged = { forwarded: 'for=198.51.100.1', xForwardedFor: '203.0.113.9' };
    expect(behind(forged)).toBe(`${PROXY} 5000`);
    expect(behind({ forwarded: 'for=203.0.113.9', xForwardedFor: '198.51.100.1, 203.0.113.9' })).toBe(
      '203.0.113.9',
    );
  });

  test('what they say instead is kept, so that a header more lifts no block', () => {
    const clientOf = createClientAddress(['loopback']);
    const forged = { forwarded: 'for=198.51.100.1', xForwardedFor: '203.0.113.9' };
    expect(clientOf({ address: '127.0.0.1', port: 1, ...forged })).toEqual({
      ...{ address: '127.0.0.1', port: 1, network: '127.0.0.1' },
      doubtful: ['198.51.100.1', '203.0.113.9'],
    });
  });

  test('P10 a header full of blanks keeps the hub from nobody', () => {
    const blanks = ' '.repeat(200_000);
    const begunAt = performance.now();
    expect(behind({ forwarded: `for=a${blanks}b` })).toBe(`${PROXY} 5000`);
    expect(behind({ forwarded: `${blanks}for${blanks}=${blanks}203.0.113.9${blanks}` })).toBe('203.0.113.9');
    expect(behind({ xForwardedFor: ','.repeat(200_000) })).toBe(`${PROXY} 5000`);
    expect(performance.now() - begunAt).toBeLessThan(2_000);
  });

  test('nobody else\u2019s word counts', () => {
    const forged = { forwarded: 'for=127.0.0.1', xForwardedFor: '127.0.0.1' };
    expect(behind(forged, '203.0.113.50')).toBe('203.0.113.50 5000');
    expect(behind({ xForwardedFor: '198.51.100.1' }, '::ffff:203.0.113.50')).toBe('203.0.113.50 5000');
    expect(behind({ xForwardedFor: '203.0.113.9' }, '::1')).toBe('203.0.113.9');
    const trustsNobody = createClientAddress([]);
    expect(trustsNobody({ address: '127.0.0.1', port: 1, xForwardedFor: '203.0.113.9' })).toEqual({
      ...{ address: '127.0.0.1', port: 1, network: '127.0.0.1' },
    });
    expect(trustsNobody({ address: undefined, port: undefined })).toBeUndefined();
  });
});

describe('networks', () => {
  test.each(['192.0.2.7', '192.0.2.0/24', '2001:db8::/48', '::1', '0.0.0.0/0'])('%s is one', (text) => {
    expect(isNetwork(text)).toBe(true);
  });
  test.each([
    '',
    '192.0.2',
    '192.0.2.0/33',
    '2001:db8::/129',
    'fe80::1%eth0',
    'loopback',
    '192.0.2.0/',
    '/24',
  ])('%j is none', (text) => {
    expect(isNetwork(text)).toBe(false);
  });
  test('hold what is in them, wrapped addresses too', () => {
    const networks = createNetworks(['192.0.2.0/24', '2001:db8:1::/48']);
    for (const address of ['192.0.2.255', '::ffff:192.0.2.1', '2001:db8:1:ffff::1'])
      expect(networks.has(address), address).toBe(true);
    for (const address of ['192.0.3.1', '2001:db8:2::1', 'nonsense', ''])
      expect(networks.has(address), address).toBe(false);
  });
});
