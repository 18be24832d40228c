// Looks at a visit's key before anything else of the request (P4): most invented and old ones end here, in memory, for
// what a limit costs. Only who has the key gets as far as the routes.
import { type AnyErrorCode, limits, type Refusal, refuse } from '@ringtag/server/protocol';
import { isSame } from '../auth/secrets.ts';
import type { Clock } from '../platform/clock.ts';
import { hashSecret } from '../platform/ids.ts';
import type { VisitRecord } from './visit.ts';

/** What a page shows that asks something of a visit. */
export interface ShownKey {
  readonly visitId: string;
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
}

export interface KeyCheckOptions {
  /** A visit that goes on, or has ended lately, as this hub holds it in memory. */
  readonly recordOf: (visitId: string) => Pick<VisitRecord, 'keyHash' | 'source'> | undefined;
  /** The visit is of another hub that shares the database. */
  readonly isElsewhere: (visitId: string) => boolean;
  readonly clock: Clock;
}

/** Why the key opens nothing; undefined where it does, or where only storage can tell. */
export function createKeyCheck({
  recordOf,
  isElsewhere,
  clock,
}: KeyCheckOptions): (shown: ShownKey) => Refusal<AnyErrorCode> | undefined {
  // Of visits that ended before this hub was started, only storage knows, until their keys are good no more.
  const allAreKnownAtMs = clock.now() + limits.RATING_MS;
  return ({ visitId, authorization, origin }) => {
    const key = /^Bearer ([\w-]{16,256})$/.exec(authorization ?? '')?.[1];
    if (key === undefined) return refuse('SIGNED_OUT');
    const record = recordOf(visitId);
    const hash = hashSecret(key);
    // Compared in any case: how long it takes does not tell whether there is such a visit.
    const isKey = isSame(hash, record?.keyHash ?? NOBODYS);
    if (!record && clock.now() < allAreKnownAtMs) return undefined;
    if (!record) return refuse(isElsewhere(visitId) ? 'VISIT_ELSEWHERE' : 'NOT_FOUND');
    return isKey && record.source.origin === origin ? undefined : refuse('NOT_FOUND');
  };
}

const NOBODYS = hashSecret('');
