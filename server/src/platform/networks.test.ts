// Which addresses belong to a set of networks.
import { describe, expect, test } from 'vitest';
import { createNetworks, isNetwork, isWide, spelledNetwork } from './networks.ts';

test.each([
  [['192.0.2.0/24'], '192.0.2.77', true],
  [['192.0.2.0/24'], '192.0.3.1', false],
  [['192.0.2.7'], '::ffff:192.0.2.7', true],
  [['2001:db8::/48'], '2001:db8:0:9::1', true],
  [['2001:db8::/48'], '2001:db8:1::1', false],
  [['::1'], '::1%lo', true],
  [[], '192.0.2.7', false],
  [['192.0.2.0/24'], 'nobody', false],
])('%j and %s: %s', (networks, address, isIn) => {
  expect(createNetworks(networks).has(address)).toBe(isIn);
});

describe('one family says nothing of the other', () => {
  test.each([
    ['::/0', '192.0.2.7'],
    ['::ffff:0:0/96', '192.0.2.7'],
    ['0.0.0.0/0', '2001:db8::1'],
  ])('%s has not %s', (network, address) => {
    expect(createNetworks([network]).has(address)).toBe(false);
  });
});

test.each(['everybody', '192.0.2.0/33', '2001:db8::/129', 'fe80::1%eth0', ''])('%s is no network', (text) => {
  expect(isNetwork(text)).toBe(false);
});

test.each([
  ['127.0.0.1/8', '127.0.0.0/8'],
  ['192.0.2.77/25', '192.0.2.0/25'],
  ['203.0.113.255/30', '203.0.113.252/30'],
  ['192.0.2.7/32', '192.0.2.7'],
  [' 192.0.2.7 ', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:DB8:0:9:8::1/48', '2001:db8::/48'],
  ['2001:db8:ffff:ffff::/33', '2001:db8:8000::/33'],
  ['2001:db8::0:1', '2001:db8::1'],
  ['64:ff9b::192.0.2.7', '64:ff9b::c000:207'],
  ['::1/0', '::/0'],
  ['255.1.1.1/1', '128.0.0.0/1'],
  ['nobody', undefined],
])('%s is spelt %s, and is the same network', (text, spelled) => {
  expect(spelledNetwork(text)).toBe(spelled);
  if (spelled !== undefined) expect(spelledNetwork(spelled)).toBe(spelled);
});

test.each([
  ['0.0.0.0/0', true],
  ['10.0.0.0/7', true],
  ['10.0.0.0/8', false],
  ['192.0.2.7', false],
  ['::/0', true],
  ['2000::/15', true],
  ['2001::/16', false],
  ['nobody', false],
])('whether %s is wide: %s', (text, wide) => {
  expect(isWide(text)).toBe(wide);
});
