// MD5 (RFC 1321), which SIP's digest authentication needs and no browser offers.

/** Shifts of the four rounds, four each (§3.4). */
const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

/** Of a string's UTF-8 bytes, as lower-case hexadecimal digits. */
export function calculateMD5(text) {
  const words = padded(new TextEncoder().encode(text));
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < words.length; at += 16) {
    let [a, b, c, d] = state;
    for (let step = 0; step < 64; step++) {
      const round = step >> 4;
      const mixed = [(b & c) | (~b & d), (b & d) | (c & ~d), b ^ c ^ d, c ^ (b | ~d)][round];
      const word = words[at + ([step, 5 * step + 1, 3 * step + 5, 7 * step][round] % 16)];
      const constant = (Math.abs(Math.sin(step + 1)) * 2 ** 32) | 0;
      const sum = (a + mixed + word + constant) | 0;
      const shift = SHIFTS[round * 4 + (step % 4)];
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    state = [a, b, c, d].map((value, index) => (value + state[index]) | 0);
  }
  return [...new Uint8Array(Int32Array.from(state).buffer)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/** Little-endian words with the closing bit and the length in bits (§3.1, §3.2). */
function padded(bytes) {
  const { length } = bytes;
  const words = new Int32Array((((length + 8) >> 6) + 1) * 16);
  const put = (byte, at) => {
    words[at >> 2] |= byte << ((at % 4) << 3);
  };
  bytes.forEach(put);
  put(0x80, length);
  words[words.length - 2] = length * 8;
  return words;
}
