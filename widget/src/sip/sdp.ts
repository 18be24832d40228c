// What must not reach Asterisk in a session description.

/**
 * Takes out mDNS candidates (`….local`, RFC 8828 §3.1): Asterisk resolves numeric addresses only and would wait for
 * the name. It learns the path from our own checks instead (peer-reflexive candidates, RFC 8445 §7.3.1.3).
 */
export function withoutLocalNames(sdp: string): string {
  return sdp.replace(/^a=candidate:\S+ \d \S+ \d+ \S+\.local .*\r?\n/gim, '');
}
