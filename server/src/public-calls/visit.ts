// One visit of a stranger to a destination, as it is kept: what was spent for it, where it stands, and what was
// written in it. The key that opens it is kept as a hash alone.
import type { Intent, ShownContext, VisitState } from '@ringtag/server/protocol';
import type { Source } from './ports.ts';
import type { VisitStage } from './visit-stage.ts';

export interface VisitRecord {
  /** `v-…` */
  readonly id: string;
  /** SHA-256 of the key, base64url. */
  readonly keyHash: string;
  /** The ticket that was spent, by its hash. */
  readonly ticketId: string;
  /** Where it is now. */
  readonly destinationId: string;
  /** Where it was before, oldest first: it goes on at none of them again (P14). */
  readonly before: readonly string[];
  readonly intent: Intent;
  readonly source: Source;
  /** Assembled by the hub, with the place where the visitor gave it. */
  readonly context: ShownContext;
  /** Joins visits of one visitor in one browsing session. */
  readonly visitor?: string;
  readonly createdAtMs: number;
  readonly stage: VisitStage;
  /** Who has it. */
  readonly agent?: VisitAgent;
  readonly messages: readonly KeptMessage[];
  readonly rating?: { readonly stars: number; readonly text?: string };
}

export interface VisitAgent {
  readonly personId: string;
  readonly name: string;
}

export interface KeptMessage {
  /** Chosen by whoever wrote it: the same again is the same message. */
  readonly id: string;
  readonly from: 'visitor' | 'agent';
  /** Of the person who answers. */
  readonly name?: string;
  readonly text: string;
  readonly atMs: number;
}

/** Everywhere it is or was: whose people see it (P9). */
export function destinationsOf({
  before,
  destinationId,
}: Pick<VisitRecord, 'before' | 'destinationId'>): readonly string[] {
  return [...before, destinationId];
}

export function isLive({ stage }: { readonly stage: { readonly state: VisitState } }): boolean {
  return stage.state !== 'ended';
}
