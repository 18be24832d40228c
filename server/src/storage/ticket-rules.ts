// Why a ticket could not be spent: one order of reasons for all adapters.
import type { TicketRecord } from '../public-calls/ports.ts';
import type { TicketSpending } from '../public-calls/ticket-store.ts';

/** A stranger's page learns nothing about a ticket but that it is not its own. */
export function refusedSpending(
  ticket: TicketRecord | undefined,
  { origin, isSpent }: { readonly origin: string; readonly isSpent: boolean },
): TicketSpending {
  if (!ticket) return { kind: 'refused', reason: 'unknown' };
  if (ticket.source.origin !== origin) return { kind: 'refused', reason: 'foreign' };
  return { kind: 'refused', reason: isSpent ? 'used' : 'expired' };
}
