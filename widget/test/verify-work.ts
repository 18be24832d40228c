// Checks a proof of work by Node's own SHA-256, so that the page's is not its own witness.
import { createHash } from 'node:crypto';
import type { Challenge } from '@ringtag/server/protocol';

export function verifyWork({ id, parts, bits, token }: Challenge, proof: unknown): boolean {
  const { token: given, answers = [] } = (proof ?? {}) as { token?: string; answers?: number[] };
  return (
    given === token &&
    answers.length === parts &&
    answers.every((answer, part) => {
      const digest = createHash('sha256').update(`${id}:${part}:${answer}`).digest();
      return Math.clz32(digest.readUInt32BE(0)) >= bits;
    })
  );
}
