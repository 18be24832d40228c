// What must not reach Asterisk in a session description.

/** An address that is nobody's (RFC 5737 §3). */
const NOBODY = '192.0.2.1';

/**
 * Puts nobody's address in the place of mDNS names (`….local`, RFC 8828 §3.1), which Asterisk cannot resolve and would
 * wait for. It learns the path from our own checks (peer-reflexive candidates, RFC 8445 §7.3.1.3), but only where it
 * is given a candidate at all: without one it answers without ICE. `0.0.0.0`, which a browser writes when it knows
 * nothing better, would mean on hold (RFC 3264 §8.4).
 */
export function withoutLocalNames(sdp: string): string {
  return sdp
    .replace(/^a=(?:candidate:\S+ \d tcp|rtcp:).*\.local.*\r?\n/gim, '')
    .replace(/(?<=^a=candidate:\S+ \d \S+ \d+ )\S+\.local\b|(?<=^c=IN IP4 )0\.0\.0\.0/gim, NOBODY);
}
