// SHA-256 (FIPS 180-4) over many numbers, for proofs of work: where a worker is allowed its source is sent there, so
// the function uses nothing from outside itself.

/**
 * The first number from `from` on, of `count`, with which the SHA-256 of `prefix + number` begins with `bits` zero bits;
 * -1 if there is none. `prefix` is ASCII.
 */
export function seek(prefix: string, bits: number, from: number, count: number): number {
  const constants: number[] = [];
  const start: number[] = [];
  // The first 32 bits of the fractions of cube and square roots of primes (§4.2.2, §5.3.3).
  const fraction = (root: number) => ((root - Math.floor(root)) * 2 ** 32) | 0;
  for (let candidate = 2; constants.length < 64; candidate++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) {
      if (candidate % divisor === 0) isPrime = false;
    }
    if (!isPrime) continue;
    if (start.length < 8) start.push(fraction(candidate ** (1 / 2)));
    constants.push(fraction(candidate ** (1 / 3)));
  }
  const round = Int32Array.from(constants);
  const words = new Int32Array(64);
  const compress = (state: Int32Array, bytes: Uint8Array, at: number) => {
    for (let i = 0; i < 16; i++) {
      const j = at + i * 4;
      words[i] =
        ((bytes[j] as number) << 24) |
        ((bytes[j + 1] as number) << 16) |
        ((bytes[j + 2] as number) << 8) |
        (bytes[j + 3] as number);
    }
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15] as number;
      const y = words[i - 2] as number;
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      words[i] = ((words[i - 16] as number) + s0 + (words[i - 7] as number) + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (round[i] as number) + (words[i] as number)) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    const sums = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i++) state[i] = ((state[i] as number) + (sums[i] as number)) | 0;
  };
  const text = (written: string) => Uint8Array.from(written, (letter) => letter.charCodeAt(0));
  const head = text(prefix);
  const whole = head.length - (head.length % 64);
  const midstate = Int32Array.from(start);
  for (let at = 0; at < whole; at += 64) compress(midstate, head, at);
  const tail = head.subarray(whole);
  const block = new Uint8Array(128);
  const state = new Int32Array(8);
  for (let number = from; number < from + count; number++) {
    const digits = String(number);
    block.fill(0);
    block.set(tail);
    for (let i = 0; i < digits.length; i++) block[tail.length + i] = digits.charCodeAt(i);
    const length = tail.length + digits.length;
    block[length] = 0x80;
    const end = length < 56 ? 64 : 128;
    const bitLength = (whole + length) * 8;
    for (let i = 0; i < 4; i++) block[end - 1 - i] = bitLength >>> (i * 8);
    state.set(midstate);
    for (let at = 0; at < end; at += 64) compress(state, block, at);
    if (Math.clz32(state[0] as number) >= bits) return number;
  }
  return -1;
}
