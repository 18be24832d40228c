// Where the flood's visitors come from: thousands of loopback addresses, and networks of IPv6 where this machine routes
// some to itself.

export interface Source {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Prefix for documentation (RFC 3849), routed to the loopback device inside the flood's own network namespace. */
export const IPV6_PREFIX = '2001:db8:f100::/40';

const IPV4_SOURCES = 4_096;
const IPV6_NETWORKS = 1_024;

/** Hostile ones; honest ones and employees have other addresses. With IPv6 every fourth is a /64 of its own. */
export function hostileSource(index: number, hasIpv6: boolean): Source {
  if (hasIpv6 && index % 4 === 3) {
    const network = (Math.floor(index / 4) % IPV6_NETWORKS).toString(16);
    return { address: `2001:db8:f100:${network}::${(index % 0xffff).toString(16)}`, family: 6 };
  }
  const host = index % IPV4_SOURCES;
  return { address: `127.16.${host >> 8}.${host & 0xff}`, family: 4 };
}

/** Each from a /24 of its own: honest people are no neighbours. */
export function honestSource(index: number): Source {
  return { address: `127.${32 + ((index >> 8) & 0xf)}.${index & 0xff}.1`, family: 4 };
}

/** Who keeps to every limit: each from a /24 of their own, with IPv6 every other from a /64 of one single /48. */
export function squatterSource(index: number, hasIpv6: boolean): Source {
  if (hasIpv6 && index % 2 === 1) return { address: `2001:db8:f1ff:${index.toString(16)}::1`, family: 6 };
  return { address: `127.64.${index & 0xff}.1`, family: 4 };
}
