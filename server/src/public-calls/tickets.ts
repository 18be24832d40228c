// Tickets: given to a page for one destination, one wish and one origin, spent once within 90 s (P2, P3). The ticket
// itself is kept nowhere; it carries a seal, so that a forged one never gets as far as storage.
import { createHmac } from 'node:crypto';
import { type AnyErrorCode, limits, type Refusal, refuse } from '@ringtag/server/protocol';
import { isSame } from '../auth/secrets.ts';
import type { Clock } from '../platform/clock.ts';
import { hashSecret, type Ids } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { TicketRecord, Tickets } from './ports.ts';
import type { TicketStore } from './ticket-store.ts';

export interface TicketOffice extends Tickets {
  /** A new ticket; rejects where storage does not answer. */
  give(what: Omit<TicketRecord, 'id' | 'expiresAtMs'>): Promise<string>;
  /** Why it cannot be spent there, where that can be seen without asking storage. */
  atSight(ticket: string, origin: string): AnyErrorCode | undefined;
  /** Forgets old ones from time to time. */
  start(): void;
  stop(): void;
}

export interface TicketOptions {
  /** Seals tickets; the same for all hubs on one storage. */
  readonly key: string;
  readonly store: TicketStore;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'secret'>;
  readonly logger: Logger;
}

const SECRET_CHARS = 43;
const SEAL_CHARS = 22;
const SWEEP_MS = 60_000;
/** So long one that ran out or was used still says which of the two. */
const REMEMBERED_MS = 10 * 60_000;
/** Those that are known to be used are refused without a look into storage. */
const REMEMBERED = 5_000;
const CODES = {
  unknown: 'TICKET_INVALID',
  foreign: 'TICKET_FOREIGN',
  used: 'TICKET_USED',
  expired: 'TICKET_EXPIRED',
} as const;

export function createTickets({ key, store, clock, ids, logger }: TicketOptions): TicketOffice {
  let cancel: (() => void) | undefined;
  const seal = (secret: string): string =>
    createHmac('sha256', key).update(`ticket ${secret}`).digest('base64url').slice(0, SEAL_CHARS);

  function isOurs(ticket: string): boolean {
    const secret = ticket.slice(0, SECRET_CHARS);
    return isSame(secret + seal(secret), ticket);
  }

  const used = new Set<string>();
  function remember(use: string): void {
    used.add(use);
    const [oldest] = used;
    if (used.size > REMEMBERED && oldest !== undefined) used.delete(oldest);
  }

  function atSight(ticket: string, origin: string): AnyErrorCode | undefined {
    if (!isOurs(ticket)) return 'TICKET_INVALID';
    return used.has(`${ticket} ${origin}`) ? 'TICKET_USED' : undefined;
  }

  function sweepAgain(): void {
    cancel = clock.after(SWEEP_MS, () => {
      store.sweep(clock.now() - REMEMBERED_MS).then(sweepAgain, (err: unknown) => {
        logger.warn({ err }, 'old tickets could not be forgotten');
        sweepAgain();
      });
    });
  }

  return {
    async give(what) {
      const secret = ids.secret();
      const ticket = secret + seal(secret);
      await store.put({ ...what, id: hashSecret(ticket), expiresAtMs: clock.now() + limits.TICKET_MS });
      return ticket;
    },
    async spend(ticket, origin): Promise<TicketRecord | Refusal<AnyErrorCode>> {
      const seen = atSight(ticket, origin);
      if (seen !== undefined) return refuse(seen);
      try {
        const spent = await store.spend(hashSecret(ticket), { origin, nowMs: clock.now() });
        if (spent.kind === 'spent' || spent.reason === 'used') remember(`${ticket} ${origin}`);
        return spent.kind === 'spent' ? spent.ticket : refuse(CODES[spent.reason]);
      } catch (err) {
        logger.error({ err }, 'a ticket could not be spent');
        return refuse('STORAGE_UNAVAILABLE');
      }
    },
    async giveBack(ticket, origin) {
      try {
        await store.restore(hashSecret(ticket));
        used.delete(`${ticket} ${origin}`);
      } catch (err) {
        logger.warn({ err }, 'a ticket of which nothing came could not be given back');
      }
    },
    atSight,
    start: sweepAgain,
    stop: () => cancel?.(),
  };
}
