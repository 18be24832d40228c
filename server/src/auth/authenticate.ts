// The one question every edge asks before anything else: who is this, from this page?
import type { Refusal } from '@ringtag/server/protocol';
import type { PersonRecord } from '../people/person.ts';
import type { SessionRecord } from './session.ts';

export interface Caller {
  readonly ok: true;
  readonly session: SessionRecord;
  readonly person: PersonRecord;
}

/** Refuses with `SIGNED_OUT` (no, old or ended bearer) or `ORIGIN_NOT_ALLOWED` (bearer of another origin). */
export type Authenticate = (
  bearer: string | undefined,
  origin: string | undefined,
) => Promise<Caller | Refusal>;
