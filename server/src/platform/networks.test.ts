// Which addresses belong to a set of networks.
import { describe, expect, test } from 'vitest';
import { createNetworks, isNetwork } from './networks.ts';

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
