// Finding people at the hub, and remembering the names of those already seen, so that a call shows a name at once.
import type {
  Peer,
  PeopleResult,
  Person,
  ReachResult,
  ResolveItem,
  ResolveResult,
  Way,
} from '@ringtag/server/protocol';
import { RESOLVE_BATCH, SEARCH_RESULTS } from '@ringtag/server/protocol/limits';
import type { PhoneTarget } from '../call/phone.ts';
import type { Send } from './api.ts';

/** People remembered at most; the oldest goes first. */
const REMEMBERED = 500;

export interface Directory {
  /** An empty query finds colleagues. Rejects with the refusal's code when the hub cannot say. */
  search(query: string, signal: AbortSignal): Promise<readonly Person[]>;
  resolve(items: readonly ResolveItem[]): Promise<readonly (Person | null)[]>;
  /** The other side as far as it is known before the hub has answered. */
  peerOf(target: PhoneTarget): Peer;
  /** Desk phones that could ring now. */
  telephoneWays(personId: string): Promise<readonly Way[]>;
}

/** A search or look-up that did not succeed; `code` says why. */
export class LookUpError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export function createDirectory(send: Send): Directory {
  const seen = new Map<string, Person>();

  function remember(people: readonly (Person | null)[]): void {
    for (const person of people) {
      if (!person) continue;
      seen.delete(person.id);
      seen.set(person.id, person);
    }
    for (const id of seen.keys()) {
      if (seen.size <= REMEMBERED) break;
      seen.delete(id);
    }
  }

  async function resolveBatch(items: readonly ResolveItem[]): Promise<readonly (Person | null)[]> {
    const found = await send<ResolveResult>('/api/people/resolve', { method: 'POST', body: { items } });
    if (!found.ok) throw new LookUpError(found.code);
    remember(found.value.people);
    return found.value.people;
  }

  return {
    async search(query, signal) {
      const q = query.trim();
      const parameters = new URLSearchParams({ ...(q ? { q } : {}), limit: String(SEARCH_RESULTS) });
      const found = await send<PeopleResult>(`/api/people?${parameters}`, { signal });
      signal.throwIfAborted();
      if (!found.ok) throw new LookUpError(found.code);
      remember(found.value.people);
      return found.value.people;
    },
    async resolve(items) {
      const batches: Promise<readonly (Person | null)[]>[] = [];
      for (let from = 0; from < items.length; from += RESOLVE_BATCH) {
        batches.push(resolveBatch(items.slice(from, from + RESOLVE_BATCH)));
      }
      return (await Promise.all(batches)).flat();
    },
    peerOf(target) {
      if ('number' in target) return { name: target.number, number: target.number };
      const person = seen.get(target.personId);
      if (!person) return { personId: target.personId, name: '' };
      const { id, name, unit, photoUrl } = person;
      return { personId: id, name, ...(unit ? { unit } : {}), ...(photoUrl ? { photoUrl } : {}) };
    },
    async telephoneWays(personId) {
      const reach = await send<ReachResult>(`/api/people/${encodeURIComponent(personId)}/reach`);
      // An extension may be no more than the browser that did not answer.
      return reach.ok ? reach.value.ways.filter((way) => way.kind === 'desk' && way.available) : [];
    },
  };
}
