// Four words by which two people can check that nobody sits between them (A9): made from the fingerprints with which
// their browsers know each other (RFC 8122, RFC 5763 §5). Only for direct calls; in a telephone call the exchange is
// the other end.

/**
 * Somebody in between needs two certificates of their own that give both people the same four words: about 2^32 tries
 * a side with 64 bits. Each try costs this many hashes.
 */
const ITERATIONS = 100_000;
const SALT = new TextEncoder().encode('ringtag words v1');

const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aiou';

/**
 * The words of a connection, in an order that both ends share; `undefined` where a description lacks a fingerprint.
 * Every fingerprint of a description counts: a browser accepts a certificate that matches any of them.
 */
export async function wordsOf(oneSdp: string, otherSdp: string): Promise<readonly string[] | undefined> {
  const sides = [oneSdp, otherSdp].map(fingerprintsIn);
  if (sides.includes('')) return undefined;
  const secret = new TextEncoder().encode(sides.sort().join('\n'));
  const key = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: SALT, iterations: ITERATIONS };
  const bits = new DataView(await crypto.subtle.deriveBits(how, key, 64));
  return [0, 2, 4, 6].map((at) => proquint(bits.getUint16(at)));
}

/** What identifies one side, the same however its browser writes it. */
export function fingerprintsIn(sdp: string): string {
  const found = [...sdp.matchAll(/^a=fingerprint:(\S+) +(\S+)/gim)].map(
    ([, algorithm = '', digest = '']) => `${algorithm.toLowerCase()} ${digest.toUpperCase()}`,
  );
  return [...new Set(found)].sort().join(' ');
}

/**
 * 16 bits as a word of five letters that can be read aloud (D. Wilkerson, "A Proposal for Proquints", arXiv:0901.4016):
 * no list of words to download, and none that is of one language while the other person reads another.
 */
export function proquint(bits: number): string {
  const consonant = (shift: number) => CONSONANTS[(bits >> shift) & 15] ?? '';
  const vowel = (shift: number) => VOWELS[(bits >> shift) & 3] ?? '';
  return consonant(12) + vowel(10) + consonant(6) + vowel(4) + consonant(0);
}
