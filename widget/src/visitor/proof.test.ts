import { afterEach, describe, expect, it, vi } from 'vitest';
import { prove } from './proof.ts';
import { seek } from './proof-work.ts';

/** By the platform's own SHA-256. */
async function slowly(prefix: string, bits: number): Promise<number> {
  for (let number = 0; ; number++) {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(prefix + number));
    if (Math.clz32(new DataView(digest).getUint32(0)) >= bits) return number;
  }
}
/** The answers to the challenge below. */
const answers = () =>
  Promise.all([0, 1, 2].map((part) => slowly(`${challenge.id}:${part}:`, challenge.bits)));

describe('the search for a proof of work', () => {
  // Around the edges of one block and of two (FIPS 180-4 §5.1.1), the digits included.
  it.each([0, 1, 22, 50, 51, 52, 53, 54, 55, 56, 60, 63, 64, 65, 118, 119, 120, 128, 260])(
    'finds the number that SHA-256 finds, behind %i characters',
    async (length) => {
      const prefix = 'x'.repeat(length);
      expect(seek(prefix, 8, 0, 100_000)).toBe(await slowly(prefix, 8));
    },
  );

  it('finds nothing where there is nothing', async () => {
    const first = await slowly('some-id:0:', 10);
    expect(seek('some-id:0:', 10, 0, first)).toBe(-1);
    expect(seek('some-id:0:', 10, first, 1)).toBe(first);
  });
});

const challenge = {
  kind: 'work',
  id: 'MDEyMzQ1Njc4OWFiY2RlZg',
  parts: 3,
  bits: 9,
  token: 'token-token-token',
  validForMs: 60_000,
} as const;

describe('a proof of work', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('P11 answers each part, in slices where no worker may run', async () => {
    const proof = await prove(challenge, new AbortController().signal);
    expect(proof?.token).toBe(challenge.token);
    expect(proof?.answers).toEqual(await answers());
  });

  it('is given up when nobody wants it any more', async () => {
    const given = new AbortController();
    const proof = prove({ ...challenge, bits: 30 }, given.signal);
    setTimeout(() => given.abort(), 30);
    expect(await proof).toBeNull();
  });

  it('P11 goes on in slices where the page lets the worker not start', async () => {
    let terminated = 0;
    class Forbidden {
      onerror: (event: { preventDefault(): void }) => void = () => {};
      postMessage() {
        queueMicrotask(() => this.onerror({ preventDefault() {} }));
      }
      terminate() {
        terminated += 1;
      }
    }
    vi.stubGlobal('Worker', Forbidden);
    const proof = await prove(challenge, new AbortController().signal);
    expect(proof?.answers).toHaveLength(3);
    expect(terminated).toBe(1);
  });

  it('P11 is found in a worker by its source alone', async () => {
    class OtherRealm {
      onmessage: (event: { data: unknown }) => void = () => {};
      readonly #seek = new Function(`return ${seek}`)() as typeof seek;
      postMessage(args: Parameters<typeof seek>) {
        queueMicrotask(() => this.onmessage({ data: this.#seek(...args) }));
      }
      terminate() {}
    }
    vi.stubGlobal('Worker', OtherRealm);
    const proof = await prove(challenge, new AbortController().signal);
    expect(proof?.answers).toEqual(await answers());
  });
});
