import { expect, test } from 'vitest';
import { createClientAddress } from '../platform/client-address.ts';
import { guestAddresses } from './guest-address.ts';

const MACHINE = ['127.0.0.1', '::1', '10.0.0.5'];

/** Connected from `peer`, with these headers. */
function addressesAt(peer: string, headers: Record<string, string> = {}, trusted: string[] = []) {
  const xForwardedFor = headers['x-forwarded-for'];
  const { forwarded } = headers;
  const client = createClientAddress(trusted)({ address: peer, port: 1, forwarded, xForwardedFor });
  return guestAddresses({ socket: { remoteAddress: peer }, headers }, client, MACHINE);
}

test('P5 a visitor’s own address is the one that it connects from, or that a trusted proxy names', () => {
  expect(addressesAt('::ffff:192.168.1.20')).toEqual(['192.168.1.20']);
  const headers = { 'x-forwarded-for': '192.168.1.20' };
  expect(addressesAt('127.0.0.1', headers, ['loopback'])).toEqual(['192.168.1.20']);
});

test('P5 behind a proxy that is not believed a visitor has no address, whatever was written', () => {
  expect(addressesAt('127.0.0.1', { 'x-forwarded-for': '10.99.0.1' })).toEqual([]);
  expect(addressesAt('127.0.0.1', { forwarded: 'for=10.99.0.1' })).toEqual([]);
  expect(addressesAt('127.0.0.1', { forwarded: 'for=_hidden' }, ['loopback'])).toEqual([]);
  const both = { forwarded: 'for=10.99.0.1', 'x-forwarded-for': '10.99.0.2' };
  expect(addressesAt('127.0.0.1', both, ['loopback'])).toEqual([]);
});

test('a visitor on this machine has all of its addresses, and nobody else has', () => {
  expect(addressesAt('127.0.0.1')).toEqual(MACHINE);
  expect(addressesAt('10.0.0.5')).toEqual(['10.0.0.5', '127.0.0.1', '::1']);
  expect(addressesAt('10.0.0.6')).toEqual(['10.0.0.6']);
});
