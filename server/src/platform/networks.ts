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

const WIDTH = { ipv4: 32, ipv6: 128 } as const;
const WIDEST_BITS = { ipv4: 8, ipv6: 16 } as const;

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

/** One spelling of each: without bits that its prefix leaves out, so that what is listed is what it is. */
export function spelledNetwork(text: string): string | undefined {
  const prefix = parse(text);
  if (!prefix) return undefined;
  const { address, bits, family } = prefix;
  const isOne = bits === WIDTH[family];
  const first = family === 'ipv4' ? firstOfIpv4(address, bits) : firstOfIpv6(address, bits);
  return isOne ? first : `${first}/${bits}`;
}

/** Whether it is wider than any that is handed out to somebody: more of a slip than what anybody means to name. */
export function isWide(text: string): boolean {
  const prefix = parse(text);
  return prefix !== undefined && prefix.bits < WIDEST_BITS[prefix.family];
}

/** The groups of an IPv6 address, all eight, without leading zeros. */
export function groupsOf(address: string): string[] {
  const [front = '', back = ''] = address.split('::');
  const [head, tail] = [groupsIn(front), groupsIn(back)];
  const missing = Math.max(0, 8 - head.length - tail.length);
  return [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
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
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const bits = bitsText === undefined ? WIDTH[family] : Number(bitsText);
  return bits > WIDTH[family] ? undefined : { address: plain, bits, family };
}

function groupsIn(text: string): string[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return group.replace(/^0+(?=.)/, '');
    // RFC 4291 §2.2: the last 32 bits may stand as IPv4 has them.
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d].map((each) => each.toString(16));
  });
}

function firstOfIpv4(address: string, bits: number): string {
  return masked(address.split('.').map(Number), { bits, each: 8 }).join('.');
}

function firstOfIpv6(address: string, bits: number): string {
  const groups = groupsOf(address).map((group) => Number.parseInt(group, 16));
  const spelled = masked(groups, { bits, each: 16 }).map((group) => group.toString(16));
  // As RFC 5952 has them, which is what a URL does.
  return new URL(`http://[${spelled.join(':')}]`).hostname.slice(1, -1);
}

/** Numbers of `each` bits, with all zero behind the first `bits`. */
function masked(numbers: readonly number[], { bits, each }: { bits: number; each: number }): number[] {
  return numbers.map((number, index) => {
    const dropped = Math.min(each, Math.max(0, (index + 1) * each - bits));
    return (number >> dropped) << dropped;
  });
}
