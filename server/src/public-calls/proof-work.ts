// Proof of work: numbers that only trying finds. Challenges are signed, not stored; what is stored is that one was used.
import { createHash, createHmac } from 'node:crypto';
import { isSame } from '../auth/secrets.ts';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { ProofSubject, SentProof, Verifier } from './proof.ts';
import type { TicketStore } from './ticket-store.ts';

/** Of equal parts the time to find all varies little. 16 × 2^12 tries are 2^16: a part of a second on a phone. */
const PARTS = 16;
const LOWEST_BITS = 12;
const MOST_BITS = 18;
const VALID_MS = 120_000;
/** Replays of these are refused without a look into storage. */
const REMEMBERED = 5_000;

export interface WorkVerifierOptions {
  /** Signs challenges; the same for all hubs on one storage. */
  readonly key: string;
  readonly store: Pick<TicketStore, 'spendProof'>;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'secret'>;
}

interface Signed {
  readonly id: string;
  readonly parts: number;
  readonly bits: number;
  readonly expiresAtMs: number;
}

export function createWorkVerifier({ key, store, clock, ids }: WorkVerifierOptions): Verifier {
  const spent = new Set<string>();

  function sign({ id, parts, bits, expiresAtMs }: Signed, { origin, destinationId }: ProofSubject): string {
    const said = [id, parts, bits, expiresAtMs].join('.');
    const mac = createHmac('sha256', key).update(`${said} ${origin} ${destinationId}`).digest('base64url');
    return `${said}.${mac}`;
  }

  function remember(id: string): void {
    spent.add(id);
    const [oldest] = spent;
    if (spent.size > REMEMBERED && oldest !== undefined) spent.delete(oldest);
  }

  /** What the proof was asked for by, where it is one: ours, in time, solved, and not known to be used. */
  function genuine(proof: SentProof, subject: ProofSubject): Signed | undefined {
    if (!('answers' in proof)) return undefined;
    const signed = read(proof.token);
    if (!signed || spent.has(signed.id) || signed.expiresAtMs <= clock.now()) return undefined;
    return isSame(sign(signed, subject), proof.token) && isSolved(signed, proof) ? signed : undefined;
  }

  return {
    challenge(subject, step) {
      const bits = Math.min(LOWEST_BITS + step - 1, MOST_BITS);
      const signed = { id: ids.secret(), parts: PARTS, bits, expiresAtMs: clock.now() + VALID_MS };
      const { id, parts } = signed;
      return { kind: 'work', id, parts, bits, token: sign(signed, subject), validForMs: VALID_MS };
    },
    looksBad: (proof, subject) => genuine(proof, subject) === undefined,
    async verify(proof, subject) {
      const signed = genuine(proof, subject);
      if (!signed) return 'bad';
      remember(signed.id);
      try {
        return (await store.spendProof(signed.id, signed.expiresAtMs)) ? 'good' : 'bad';
      } catch (err) {
        // Nothing was spent: the same proof is good once storage answers again.
        spent.delete(signed.id);
        throw err;
      }
    },
  };
}

function read(token: string): Signed | undefined {
  const [, id, parts, bits, expires] =
    /^([\w-]{16,64})\.(\d{1,2})\.(\d{1,2})\.(\d{1,16})\./.exec(token) ?? [];
  if (id === undefined) return undefined;
  return { id, parts: Number(parts), bits: Number(bits), expiresAtMs: Number(expires) };
}

function isSolved(
  { id, parts, bits }: Signed,
  { answers }: Extract<SentProof, { answers: unknown }>,
): boolean {
  return (
    answers.length === parts && answers.every((answer, part) => hasZeroBits(`${id}:${part}:${answer}`, bits))
  );
}

/** Whether the SHA-256 of the text begins with so many zero bits. */
function hasZeroBits(text: string, bits: number): boolean {
  const digest = createHash('sha256').update(text).digest();
  return Math.clz32(digest.readUInt32BE(0)) >= bits;
}
