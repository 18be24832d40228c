// Ends chats in which nobody writes: whoever keeps one open holds a place of the public's (P10), and pages that say
// nothing must not hold all of them.
import { limits } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Destinations } from './ports.ts';
import type { VisitRecord } from './visit.ts';
import { clearTimer, inTurn, type LiveVisit, setTimer } from './visit-live.ts';

export interface IdleWatchOptions {
  readonly destinations: Pick<Destinations, 'byId' | 'opening'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In the visit's turn. */
  readonly end: (visit: LiveVisit) => Promise<unknown>;
}

/** To be called whenever the visit begins, goes on, or is taken up: a hub that was away counts anew. */
export function createIdleWatch({ destinations, clock, logger, end }: IdleWatchOptions) {
  function isOpen({ destinationId }: VisitRecord): boolean {
    const destination = destinations.byId(destinationId);
    return destination !== undefined && destinations.opening(destination, clock.now()).isOpen;
  }

  function lookIn(visit: LiveVisit, delayMs: number): void {
    setTimer(visit, { clock, name: 'idle', delayMs }, () => {
      inTurn(visit, () => look(visit)).catch((err: unknown) =>
        logger.error({ err, visitId: visit.record.id }, 'an idle chat could not be ended'),
      );
    });
  }

  async function look(visit: LiveVisit): Promise<void> {
    const { record } = visit;
    if (record.stage.state !== 'open') return;
    const leftMs = idleAtMs(record, isOpen(record)) - clock.now();
    // An answer, or closing time, brings the end nearer.
    if (leftMs > 0) lookIn(visit, Math.min(leftMs, limits.CHAT_IDLE_MS));
    else await end(visit);
  }

  return (visit: LiveVisit): void => {
    clearTimer(visit, 'idle');
    if (visit.record.stage.state === 'open') lookIn(visit, limits.CHAT_IDLE_MS);
  };
}

/** When it is over unless somebody writes; who waits for an answer while it is open has more time. */
function idleAtMs({ messages, createdAtMs }: VisitRecord, isOpen: boolean): number {
  const last = messages.at(-1);
  const isAwaited = last?.from === 'visitor' && isOpen;
  return (last?.atMs ?? createdAtMs) + (isAwaited ? limits.CHAT_AWAITED_MS : limits.CHAT_IDLE_MS);
}
