// A person's own calls, as they went from their side. Names are those of today; who is gone is called as then.
import {
  type HistoryEntry,
  type HistoryPage,
  type HistoryResult,
  type Refusal,
  refuse,
} from '@ringtag/server/protocol';
import { peerOf } from '../calls/live.ts';
import type { Clock } from '../platform/clock.ts';
import type { Storage } from '../storage/port.ts';
import { onlyPassesOn, talkedMs } from './own-part.ts';
import type { CallEntry, Entry, HistoryCursor, Party } from './record.ts';

export interface HistoryOptions {
  readonly storage: Pick<Storage, 'records' | 'people' | 'calls' | 'visits'>;
  readonly clock: Clock;
}

export interface History {
  /** `INVALID_INPUT` where `before` is no `next` of an earlier page. */
  page(
    personId: string,
    query: { before?: string | undefined; limit: number },
  ): Promise<{ ok: true; page: HistoryPage } | Refusal>;
}

export function createHistory({ storage, clock }: HistoryOptions): History {
  /** So many of their calls, or all that are left; those not counted by which they only passed another one on. */
  async function ownCalls(
    personId: string,
    wanted: number,
    from: HistoryCursor | undefined,
  ): Promise<Entry<CallEntry>[]> {
    const own: Entry<CallEntry>[] = [];
    for (let before = from; ; ) {
      const page = { limit: wanted, ...(before ? { before } : {}) };
      const found = await storage.records.ofPerson(personId, page);
      own.push(...found.filter((entry) => !onlyPassesOn(entry)));
      if (own.length >= wanted || found.length < wanted) return own.slice(0, wanted);
      before = found.at(-1);
    }
  }

  /** To whom each was passed on; a room call names only the call that took its place, which may still go on. */
  async function passedOn(entries: readonly Entry<CallEntry>[]): Promise<Map<number, Party>> {
    const found = await Promise.all(
      entries.map(async (entry): Promise<[number, Party][]> => {
        const goal = entry.transferredToParty ?? (await newcomer(entry));
        return goal ? [[entry.sequence, goal]] : [];
      }),
    );
    return new Map(found.flat());
  }

  /** Who is in the call that took this one's place, and was not in this one: of three people, the third. */
  async function newcomer({ transferredTo, caller, callee }: CallEntry): Promise<Party | undefined> {
    const next = transferredTo === undefined ? undefined : await storage.calls.byId(transferredTo);
    if (!next) return undefined;
    const { callerId, calleeId, dial } = next;
    const called: Party = {
      ...(calleeId === undefined ? {} : { personId: calleeId }),
      ...(dial === undefined ? {} : { number: dial }),
    };
    const wereHere = [caller.personId, callee.personId];
    return [called, { personId: callerId }].find(
      ({ personId }) => personId === undefined || !wereHere.includes(personId),
    );
  }

  /** How visitors rated theirs, for as long as the visits are kept. */
  async function starsOf(entries: readonly Entry<CallEntry>[]): Promise<Map<string, number>> {
    const ids = new Set(entries.flatMap(({ visitId }) => visitId ?? []));
    const found = await Promise.all([...ids].map((id) => storage.visits.byId(id)));
    return new Map(found.flatMap((visit) => (visit?.rating ? [[visit.id, visit.rating.stars]] : [])));
  }

  async function asPeers(parties: readonly Party[]) {
    const ids = new Set(parties.flatMap(({ personId }) => personId ?? []));
    const people = ids.size > 0 ? await storage.people.byIds([...ids]) : [];
    return (party: Party) => {
      const person = people.find(({ id }) => id === party.personId);
      if (person) return peerOf(person);
      const { personId: id, number, name = number ?? '' } = party;
      return {
        name,
        ...(id === undefined ? {} : { personId: id }),
        ...(number === undefined ? {} : { number }),
      };
    };
  }

  return {
    async page(personId, { before, limit }) {
      const cursor = before === undefined ? undefined : readCursor(before);
      if (before !== undefined && !cursor) return refuse('INVALID_INPUT', { field: 'before' });
      const found = await ownCalls(personId, limit + 1, cursor);
      const shown = found.slice(0, limit);
      const goals = await passedOn(shown);
      for (const { sequence } of shown)
        if (goals.get(sequence)?.personId === personId) goals.delete(sequence);
      const peer = await asPeers([...shown.map((entry) => otherParty(entry, personId)), ...goals.values()]);
      const stars = await starsOf(shown);
      const nowMs = clock.now();
      const calls = shown.map((entry): HistoryEntry => {
        const goal = goals.get(entry.sequence);
        const rated = stars.get(entry.visitId ?? '');
        const lengthMs = talkedMs(entry, personId);
        return {
          callId: entry.callId ?? `pbx-${(entry.linkedId ?? '').replace(/[^\w.-]/g, '_')}`.slice(0, 64),
          direction: entry.caller.personId === personId ? 'out' : 'in',
          peer: peer(otherParty(entry, personId)),
          media: entry.media,
          via: entry.via,
          result: resultFor(entry, personId),
          agoMs: Math.max(0, nowMs - entry.startMs),
          ...(lengthMs === undefined ? {} : { lengthMs }),
          ...(goal === undefined ? {} : { transferredTo: peer(goal) }),
          ...(entry.visitId === undefined ? {} : { visitId: entry.visitId }),
          ...(rated === undefined ? {} : { stars: rated }),
        };
      });
      const last = shown.at(-1);
      const hasMore = found.length > limit && last !== undefined;
      return { ok: true, page: { calls, ...(hasMore ? { next: writeCursor(last) } : {}) } };
    },
  };
}

/** To whom the call was passed on has talked to the one who was called; or to the visitor, where one called. */
function otherParty({ caller, callee, transferredToParty, visitId }: CallEntry, personId: string): Party {
  if (visitId !== undefined) return caller;
  const isCaller = caller.personId === personId;
  return isCaller || transferredToParty?.personId === personId ? callee : caller;
}

/** Who was called has missed what nobody answered, unless they refused it; how else it failed is the caller's affair. */
function resultFor({ caller, result }: CallEntry, personId: string): HistoryResult {
  if (caller.personId === personId) return result;
  return result === 'answered' || result === 'declined' ? result : 'missed';
}

function writeCursor({ startMs, sequence }: HistoryCursor): string {
  return `${startMs}.${sequence}`;
}

function readCursor(text: string): HistoryCursor | undefined {
  const [, startMs, sequence] = /^(\d{1,15})\.(\d{1,15})$/.exec(text) ?? [];
  if (startMs === undefined || sequence === undefined) return undefined;
  return { startMs: Number(startMs), sequence: Number(sequence) };
}
