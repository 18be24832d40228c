// For tests of calls: keeps people and calls in memory, with the promises of `storage/port.ts` that calling relies on
// (one ringing room between two people, one accept, one end). The contract suite holds the real adapters to the same.
import type { PersonRecord } from '../people/person.ts';
import type { CallStore } from '../storage/port.ts';
import type { CallRecord } from './call.ts';
import type { StagePeople, StageStorage } from './stage.ts';

export function openStorageStandIn(): StageStorage {
  return { people: createPeople(), calls: createCalls(), close: async () => {} };
}

function createPeople(): StagePeople {
  const people: PersonRecord[] = [];
  return {
    async seed(list) {
      for (const { key, numbers = [], ...person } of list)
        people.push({ id: `u-${key}`, numbers, ...person });
    },
    byIds: async (ids) => people.filter(({ id }) => ids.includes(id)),
    byEmails: async (emails) => people.filter(({ email }) => email !== undefined && emails.includes(email)),
    byNumbers: async (wanted) =>
      people.filter(({ extension, numbers }) =>
        [extension, ...numbers.map(({ number }) => number)].some((number) => wanted.includes(number ?? '')),
      ),
  };
}

function createCalls(): CallStore {
  const calls = new Map<string, CallRecord>();
  const keep = (call: CallRecord) => calls.set(call.id, call).get(call.id) ?? call;
  const pair = ({ callerId, calleeId }: CallRecord) => [callerId, calleeId].sort().join(' ');

  return {
    async create(call) {
      const known = [...calls.values()];
      const isRepeat = (c: CallRecord) => c.callerId === call.callerId && c.requestId === call.requestId;
      const repeated = known.find(isRepeat);
      if (repeated) return { kind: 'repeated', call: repeated };
      const rings = known.find((c) => c.state === 'ringing' && pair(c) === pair(call));
      if (rings && call.state === 'ringing') return { kind: 'ringing', call: rings };
      return { kind: 'created', call: keep(call) };
    },
    async accept(callId, sessionId, atMs) {
      const call = calls.get(callId);
      if (!call) return { kind: 'refused', reason: 'not-found' };
      if (call.state === 'active') return { kind: 'refused', reason: 'answered', call };
      if (call.state !== 'ringing') return { kind: 'refused', reason: 'ended', call };
      if (atMs >= call.ringUntilMs) return { kind: 'refused', reason: 'expired', call };
      const change = {
        state: 'active',
        calleeSessionId: sessionId,
        answeredAtMs: atMs,
        lastSeenAtMs: atMs,
      } as const;
      return { kind: 'accepted', call: keep({ ...call, ...change }) };
    },
    async end(callId, { reason, atMs, estimated = false, ifState }) {
      const call = calls.get(callId);
      if (!call) return undefined;
      if (call.state === 'ended' || (ifState ?? call.state) !== call.state) return { call, changed: false };
      const ended: CallRecord = { ...call, state: 'ended', endReason: reason, endedAtMs: atMs };
      return { call: keep(estimated ? { ...ended, estimated } : ended), changed: true };
    },
    byId: async (callId) => calls.get(callId),
    live: async () => [...calls.values()].filter(({ via, state }) => via === 'room' && state !== 'ended'),
    async touch(callIds, atMs) {
      for (const call of calls.values()) if (callIds.includes(call.id)) keep({ ...call, lastSeenAtMs: atMs });
    },
  };
}
