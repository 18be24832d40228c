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

/**
 * Leaves only what every telephone speaks (G.711, and digits) in an offer. When a call takes another's place,
 * Asterisk 22 goes on writing to the far telephone through the translator that the old leg's Opus had gone through,
 * and that may yield nothing for the rest of the call (seen in 9 of 19). Without Opus it takes another one: in 78 joins
 * and moves the sound was there both ways, whether the far end spoke G.711 or Opus. Why it yields nothing is not known;
 * calls that the exchange joins itself (REFER) keep Opus, and in 32 of those none lost its sound.
 */
export function withTelephoneVoice(sdp: string): string {
  const plain = sdp.matchAll(/^a=rtpmap:(\d+) (?:PCM[UA]|telephone-event)\/8000/gim);
  const kept = new Set([...plain].map(([, payload]) => payload));
  return sdp
    .replace(/^(m=audio \S+ \S+)(.*)$/m, (_, head: string, payloads: string) =>
      [head, ...payloads.split(' ').filter((payload) => kept.has(payload))].join(' '),
    )
    .replace(/^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) .*\r?\n/gm, (line, payload: string) =>
      kept.has(payload) ? line : '',
    );
}
