// Names and digests of SIP accounts. The password of a device exists only while its HA1 is made.
import { createHash } from 'node:crypto';

/** `s-3q2f…` → `d-3q2f…`: the SIP endpoint of a device session. */
export function deviceEndpoint(sessionId: string): string {
  return `d-${sessionId.replace(/^s-/, '')}`;
}

/** The other way round; undefined for a desk phone. */
export function sessionOf(endpoint: string): string | undefined {
  return endpoint.startsWith('d-') ? `s-${endpoint.slice(2)}` : undefined;
}

export interface DigestInput {
  readonly user: string;
  readonly realm: string;
  readonly password: string;
}

/** MD5(user:realm:password), RFC 2617 §3.2.2.2: MD5 because JsSIP speaks no other. */
export function digestHa1({ user, realm, password }: DigestInput): string {
  return createHash('md5').update(`${user}:${realm}:${password}`).digest('hex');
}
