// Who asks, as far as the network tells: the address at the other end of the socket. No header is believed, since any
// client can write one.
import type { Context } from 'hono';

/** Groups of an IPv6 address that name its network: one household or server commands the rest of it (RFC 6177). */
const NETWORK_GROUPS = 4;

/** The key under which requests of this address are counted; undefined where there is no socket. */
export function clientNetwork(c: Context): string | undefined {
  const env = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined;
  const address = env?.incoming?.socket?.remoteAddress;
  return address === undefined ? undefined : networkOf(address);
}

/** An IPv4 address as it is, also where IPv6 wraps it (RFC 4291 §2.5.5.2); of IPv6 the first 64 bits. */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  const wrapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (wrapped !== undefined) return wrapped;
  if (!plain.includes(':')) return plain;
  const [front = '', back = ''] = plain.split('::');
  const head = front === '' ? [] : front.split(':');
  const tail = back === '' ? [] : back.split(':');
  const missing = Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}
