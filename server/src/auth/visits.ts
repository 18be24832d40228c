// Who looks at the hub's own pages. A visit is begun by the identity provider's word alone, lasts a quarter of an hour
// whatever happens meanwhile (S5), and speaks for nobody at the API; bearers of sites have no part in it (decision 9).
import type { PersonRecord } from '../people/person.ts';
import type { Clock } from '../platform/clock.ts';
import { hashSecret, type Ids } from '../platform/ids.ts';
import type { Storage } from '../storage/port.ts';
import { isSame } from './secrets.ts';

export const VISIT_MS = 15 * 60_000;
/** The cookie that names it. */
export const VISIT_COOKIE = 'ringtag-visit';

export interface Visit {
  readonly person: PersonRecord;
  /** Said by the identity provider or the operator's list, at the beginning of the visit. */
  readonly isAdministrator: boolean;
  /** Goes into every form of the page; nobody but this visit's pages knows it. */
  readonly formToken: string;
}

export interface Visits {
  /** The secret of a new visit. */
  begin(personId: string, as?: { readonly isAdministrator: boolean }): Promise<string>;
  /** Whose visit it is, while it lasts. */
  of(secret: string | undefined): Promise<Visit | undefined>;
}

export interface VisitsOptions {
  readonly storage: Pick<Storage, 'sessions' | 'people'>;
  readonly clock: Clock;
  readonly ids: Ids;
}

export function createVisits({ storage, clock, ids }: VisitsOptions): Visits {
  return {
    async begin(personId, { isAdministrator } = { isAdministrator: false }) {
      const secret = ids.secret();
      const expiresAtMs = clock.now() + VISIT_MS;
      const visit = { hash: hashSecret(secret), personId, expiresAtMs };
      await storage.sessions.putVisit({ ...visit, ...(isAdministrator ? { isAdministrator } : {}) });
      return secret;
    },
    async of(secret) {
      if (secret === undefined) return undefined;
      const visit = await storage.sessions.visit(hashSecret(secret), clock.now());
      const [person] = visit ? await storage.people.byIds([visit.personId]) : [];
      const isAdministrator = visit?.isAdministrator === true;
      return person && { person, isAdministrator, formToken: hashSecret(`form ${secret}`) };
    },
  };
}

/** Whether a form came from a page of this visit. */
export function isFormOf({ formToken }: Visit, token: string): boolean {
  return isSame(formToken, token);
}
