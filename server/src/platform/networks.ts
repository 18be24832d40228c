// Sets of IP networks, as operators and administrators write them: an address, or a prefix such as 192.0.2.0/24.
import { BlockList, isIP } from 'node:net';

export interface Networks {
  has(address: string): boolean;
}

interface Prefix {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Whether it can be read as an address or a network. */
export function isNetwork(text: string): boolean {
  return parse(text) !== undefined;
}

/** Entries that cannot be read are left out: check them with `isNetwork` where they are entered. */
export function createNetworks(texts: readonly string[]): Networks {
  // One list a family: a `BlockList` also holds IPv4 addresses against its IPv6 networks, so that `::/0` has them all.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const text of texts) {
    const prefix = parse(text);
    if (prefix) lists[prefix.family].addSubnet(prefix.address, prefix.bits, prefix.family);
  }
  if (texts.length === 0) return { has: () => false };
  return {
    has(address) {
      const plain = plainAddress(address);
      const version = isIP(plain);
      if (version === 0) return false;
      const family = version === 4 ? 'ipv4' : 'ipv6';
      return lists[family].check(plain, family);
    },
  };
}

/** Without a zone (RFC 4007 §11), and as IPv4 where IPv6 wraps it (RFC 4291 §2.5.5.2). */
export function plainAddress(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1] ?? plain;
}

function parse(text: string): Prefix | undefined {
  const [, address = '', bitsText] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const plain = plainAddress(address);
  const version = isIP(plain);
  if (version === 0 || address.includes('%')) return undefined;
  const most = version === 4 ? 32 : 128;
  const bits = bitsText === undefined ? most : Number(bitsText);
  if (bits > most) return undefined;
  return { address: plain, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}
