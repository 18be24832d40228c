// What tickets and proofs of work need kept; every storage adapter implements it. Each operation is atomic: of twenty
// who spend one ticket at once, one has it.
import type { TicketRecord } from './ports.ts';

export type TicketSpending =
  | { readonly kind: 'spent'; readonly ticket: TicketRecord }
  | { readonly kind: 'refused'; readonly reason: 'unknown' | 'foreign' | 'used' | 'expired' };

export interface TicketStore {
  put(ticket: TicketRecord): Promise<void>;
  /**
   * Takes it, once and in time (P3). Asked for from another origin it is `foreign`, and where it was still good, it is
   * good no longer: somebody has carried it away.
   */
  spend(id: string, by: { readonly origin: string; readonly nowMs: number }): Promise<TicketSpending>;
  /** Makes one that was spent good again, as long as it would have been: nothing came of it. */
  restore(id: string): Promise<void>;
  /** Notes a proof of work as used; false where it was noted before (P11). */
  spendProof(id: string, expiresAtMs: number): Promise<boolean>;
  /** The key that signs challenges: the one kept, or this one, which then is (the first of several wins). */
  proofKey(candidate: string): Promise<string>;
  /** Forgets tickets and proofs that ran out before that. */
  sweep(beforeMs: number): Promise<void>;
}
