// The port behind which a visitor's browser proves that it is worth serving when many ask (P11): by work of its own,
// or by the word of a service that the operator has chosen.
import type { Challenge, SiteChallenge, TicketRequest } from '@ringtag/server/protocol';
import type { z } from 'zod';

export type SentProof = NonNullable<z.output<typeof TicketRequest>['proof']>;

/** What a proof is good for, and nothing else. */
export interface ProofSubject {
  readonly origin: string;
  readonly destinationId: string;
  /** Of the one who asks, for services that want to know. */
  readonly address: string;
}

export interface Verifier {
  /** `step` from 1: how much is asked for. */
  challenge(subject: ProofSubject, step: number): Challenge | SiteChallenge;
  /** No proof at all, as far as can be seen without asking anybody. */
  looksBad(proof: SentProof, subject: ProofSubject): boolean;
  /** `unknown`: whoever could tell does not answer. A good one is good once. */
  verify(proof: SentProof, subject: ProofSubject): Promise<'good' | 'bad' | 'unknown'>;
}
