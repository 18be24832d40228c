// Calls in MongoDB. Request and room are one document, so that each change is one compare-and-set; its unique
// `ringingKey` is what makes two crossing calls impossible.
import { limits } from '@ringtag/server/protocol';
import type { CallRecord } from '../../calls/call.ts';
import { refusedAccept, ringingPair } from '../call-rules.ts';
import type { CallStore, CreateCallResult } from '../port.ts';
import { type CallDoc, type Collections, isDuplicate } from './collections.ts';
import type { InTurn } from './in-turn.ts';

const AFTER = { returnDocument: 'after' } as const;

export function createCallStore({ calls }: Pick<Collections, 'calls'>, inTurn: InTurn): CallStore {
  const change = (callId: string, filter: object, set: Partial<CallDoc>) =>
    inTurn(`call ${callId}`, async () =>
      asCall(await calls.findOneAndUpdate({ _id: callId, ...filter }, { $set: set }, AFTER)),
    );
  const find = async (callId: string) => asCall(await calls.findOne({ _id: callId }));

  const end: CallStore['end'] = async (callId, { reason, atMs, ifState, ...more }) => {
    const filter = { $and: [{ state: { $ne: 'ended' as const } }, ifState ? { state: ifState } : {}] };
    const ended = await change(callId, filter, {
      state: 'ended',
      endReason: reason,
      endedAtMs: atMs,
      ringingKey: callId,
      ...more,
    });
    if (ended) return { call: ended, changed: true };
    const call = await find(callId);
    return call && { call, changed: false };
  };

  /** What stands in the way of a refused insert; undefined when it is gone already. */
  async function obstacle(doc: CallDoc): Promise<CreateCallResult | undefined> {
    const repeated = asCall(await calls.findOne({ requestKey: doc.requestKey }));
    if (repeated) return { kind: 'repeated', call: repeated };
    const ringing = asCall(await calls.findOne({ ringingKey: doc.ringingKey }));
    if (!ringing) return undefined;
    if (ringing.createdAtMs + limits.CALL_REQUEST_TTL_MS > doc.createdAtMs) {
      return { kind: 'ringing', call: ringing };
    }
    // Nobody was there to end it when its time was over; it must not keep the pair from calling again.
    await end(ringing.id, { reason: 'no-answer', atMs: ringing.ringUntilMs, ifState: 'ringing' });
    return undefined;
  }

  return {
    async create(call) {
      const doc = toDoc(call);
      for (;;) {
        try {
          await calls.insertOne(doc);
          return { kind: 'created', call };
        } catch (error) {
          if (!isDuplicate(error)) throw error;
          const result = await obstacle(doc);
          if (result) return result;
        }
      }
    },
    async accept(callId, sessionId, atMs) {
      const filter = { via: 'room', state: 'ringing', ringUntilMs: { $gt: atMs } };
      const accepted = await change(callId, filter, {
        state: 'active',
        calleeSessionId: sessionId,
        answeredAtMs: atMs,
        lastSeenAtMs: atMs,
        ringingKey: callId,
      });
      return accepted ? { kind: 'accepted', call: accepted } : refusedAccept(await find(callId));
    },
    end,
    move(callId, { side, from, to }) {
      const field = side === 'caller' ? 'callerSessionId' : 'calleeSessionId';
      const filter = { state: { $in: ['active', 'placed'] }, [field]: from };
      return change(callId, filter, { [field]: to });
    },
    byId: find,
    async live() {
      const filter = { via: 'room' as const, state: { $in: ['ringing' as const, 'active' as const] } };
      const docs = await calls.find(filter).sort({ createdAtMs: 1, _id: 1 }).toArray();
      return docs.map(toCall);
    },
    async placed() {
      const docs = await calls.find({ state: 'placed' }).sort({ createdAtMs: 1, _id: 1 }).toArray();
      return docs.map(toCall);
    },
    async touch(callIds, atMs) {
      await Promise.all(callIds.map((id) => change(id, { state: { $ne: 'ended' } }, { lastSeenAtMs: atMs })));
    },
  };
}

function toDoc(call: CallRecord): CallDoc {
  const { id, ...rest } = call;
  const requestKey = JSON.stringify([call.callerId, call.requestId]);
  return { _id: id, ...rest, requestKey, ringingKey: ringingPair(call) ?? id };
}

export function toCall(doc: CallDoc): CallRecord {
  const { _id, requestKey: _request, ringingKey: _ringing, isRecorded: _recorded, ...rest } = doc;
  return { id: _id, ...rest };
}

function asCall(doc: CallDoc | null): CallRecord | undefined {
  return doc ? toCall(doc) : undefined;
}
