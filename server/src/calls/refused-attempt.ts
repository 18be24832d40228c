// An attempt that came to nothing at once: stored as a call that has ended, so that it is in the histories of both and
// whoever was called finds whom they missed. Only what tells of the person called is kept, not what is wrong with a
// request.
import { limits, type Refusal } from '@ringtag/server/protocol';
import type { PersonRecord } from '../people/person.ts';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { CallStore } from '../storage/port.ts';
import type { CallRecord } from './call.ts';
import type { Attempt } from './placing.ts';
import type { PlaceRefusal } from './request.ts';

export interface RefusedAttemptsOptions {
  readonly storage: { readonly calls: Pick<CallStore, 'create'> };
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly onEnded?: (call: CallRecord) => void;
}

/** Whom the attempt was for: a person, or only a number. */
export type Wanted = { readonly person: PersonRecord } | { readonly number: string };

export interface RefusedAttempts {
  /** Stores it where it is to be kept, once a request, and hands the refusal back. */
  keep(attempt: Attempt, wanted: Wanted, refusal: PlaceRefusal): Promise<PlaceRefusal>;
  /** What the same request was refused with before (C1). */
  earlier(callerId: string, requestId: string): PlaceRefusal | undefined;
}

export function createRefusedAttempts(options: RefusedAttemptsOptions): RefusedAttempts {
  const { storage, clock, ids, logger } = options;
  const refusals = new Map<string, PlaceRefusal>();
  const keyOf = (callerId: string, requestId: string) => `${callerId} ${requestId}`;

  async function store(record: CallRecord): Promise<void> {
    try {
      const { kind } = await storage.calls.create(record);
      if (kind === 'created') options.onEnded?.(record);
    } catch (err) {
      logger.warn({ err }, 'a refused attempt could not be kept');
    }
  }

  return {
    async keep(attempt, wanted, refusal) {
      const code = keptCode(refusal);
      if (code === undefined) return refusal;
      const { caller, order } = attempt;
      const key = keyOf(caller.person.id, order.requestId);
      refusals.set(key, refusal);
      clock.after(limits.CALL_REQUEST_TTL_MS, () => refusals.delete(key));
      const nowMs = clock.now();
      await store({
        ...recordOf(attempt, wanted),
        id: ids.next('c'),
        refused: code,
        endReason: code === 'UNREACHABLE' ? 'failed' : 'busy',
        ...{ createdAtMs: nowMs, ringUntilMs: nowMs, lastSeenAtMs: nowMs, endedAtMs: nowMs },
      });
      return refusal;
    },
    earlier: (callerId, requestId) => refusals.get(keyOf(callerId, requestId)),
  };
}

function recordOf({ caller, order, claim }: Attempt, wanted: Wanted) {
  const isRoom = 'person' in wanted && order.way === 'auto';
  return {
    requestId: order.requestId,
    via: isRoom ? ('room' as const) : ('pbx' as const),
    state: 'ended' as const,
    media: order.media,
    callerId: caller.person.id,
    callerSessionId: caller.session.id,
    ...('person' in wanted ? { calleeId: wanted.person.id } : { dial: wanted.number }),
    ...(claim === undefined ? {} : { transferredFrom: claim.from }),
  };
}

function keptCode({ code }: Refusal): CallRecord['refused'] {
  return code === 'BUSY' || code === 'DO_NOT_DISTURB' || code === 'UNREACHABLE' ? code : undefined;
}
