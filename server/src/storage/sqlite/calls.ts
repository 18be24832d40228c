// Calls in SQLite. Request and room are one row; its unique `ringingKey` is what makes two crossing calls impossible.
import { limits } from '@ringtag/server/protocol';
import type { CallRecord } from '../../calls/call.ts';
import { refusedAccept, ringingPair } from '../call-rules.ts';
import type { CallStore } from '../port.ts';
import { type Database, parseDoc, type Value } from './database.ts';

export function createCallStore(database: Database): CallStore {
  const statements = prepare(database);
  const find = (callId: string): CallRecord | undefined => asCall(statements.byId.get(callId));

  return {
    async create(call) {
      return database.write(() => {
        const repeated = asCall(statements.byRequest.get(call.callerId, call.requestId));
        if (repeated) return { kind: 'repeated', call: repeated };
        const pair = ringingPair(call) ?? null;
        const ringing = asCall(statements.byRingingKey.get(pair));
        if (ringing && ringing.createdAtMs + limits.CALL_REQUEST_TTL_MS > call.createdAtMs) {
          return { kind: 'ringing', call: ringing };
        }
        // Nobody was there to end it when its time was over; it must not keep the pair from calling again.
        if (ringing) statements.end.run(endPatch('no-answer', ringing.ringUntilMs), ringing.id);
        statements.insert.run(call.id, JSON.stringify(call), pair);
        return { kind: 'created', call };
      });
    },
    async accept(callId, sessionId, atMs) {
      const patch = JSON.stringify({
        state: 'active',
        calleeSessionId: sessionId,
        answeredAtMs: atMs,
        lastSeenAtMs: atMs,
      });
      const accepted = asCall(statements.accept.get(patch, callId, atMs));
      return accepted ? { kind: 'accepted', call: accepted } : refusedAccept(find(callId));
    },
    async end(callId, { reason, atMs, ifState, ...more }) {
      return database.write(() => {
        const before = find(callId);
        if (!before) return undefined;
        if (before.state === 'ended' || (ifState !== undefined && before.state !== ifState)) {
          return { call: before, changed: false };
        }
        statements.end.run(endPatch(reason, atMs, more), callId);
        return { call: find(callId) ?? before, changed: true };
      });
    },
    async move(callId, { side, from, to }) {
      return asCall(statements.move[side].get(to, callId, from));
    },
    async byId(callId) {
      return find(callId);
    },
    async live() {
      return statements.live.all().map((row) => parseDoc<CallRecord>(row));
    },
    async placed() {
      return statements.placed.all().map((row) => parseDoc<CallRecord>(row));
    },
    async touch(callIds, atMs) {
      if (callIds.length > 0) statements.touch.run(atMs, JSON.stringify(callIds));
    },
  };
}

function prepare(database: Database) {
  const move = (field: 'callerSessionId' | 'calleeSessionId') =>
    database.prepare(
      `UPDATE calls SET doc = json_set(doc, '$.${field}', ?)
       WHERE id = ? AND state IN ('active', 'placed') AND doc ->> '$.${field}' = ? RETURNING doc`,
    );
  return {
    move: { caller: move('callerSessionId'), callee: move('calleeSessionId') },
    insert: database.prepare('INSERT INTO calls (id, doc, ringingKey) VALUES (?, ?, ?)'),
    byId: database.prepare('SELECT doc FROM calls WHERE id = ?'),
    byRequest: database.prepare('SELECT doc FROM calls WHERE callerId = ? AND requestId = ?'),
    byRingingKey: database.prepare('SELECT doc FROM calls WHERE ringingKey = ?'),
    accept: database.prepare(
      `UPDATE calls SET doc = json_patch(doc, ?), ringingKey = NULL
       WHERE id = ? AND via = 'room' AND state = 'ringing' AND ringUntilMs > ? RETURNING doc`,
    ),
    end: database.prepare(
      "UPDATE calls SET doc = json_patch(doc, ?), ringingKey = NULL WHERE id = ? AND state <> 'ended'",
    ),
    live: database.prepare(
      "SELECT doc FROM calls WHERE state IN ('ringing', 'active') AND via = 'room' ORDER BY doc ->> '$.createdAtMs', id",
    ),
    placed: database.prepare(
      "SELECT doc FROM calls WHERE state = 'placed' ORDER BY doc ->> '$.createdAtMs', id",
    ),
    touch: database.prepare(
      `UPDATE calls SET doc = json_set(doc, '$.lastSeenAtMs', ?)
       WHERE id IN (SELECT value FROM json_each(?)) AND state <> 'ended'`,
    ),
  };
}

type EndPart = { readonly [Key in 'estimated' | 'endedBy' | 'transferredTo']?: CallRecord[Key] | undefined };

/** What is undefined is left as it was. */
function endPatch(reason: string, atMs: number, more: EndPart = {}): string {
  return JSON.stringify({ state: 'ended', endReason: reason, endedAtMs: atMs, ...more });
}

function asCall(row: Record<string, Value> | undefined): CallRecord | undefined {
  return row && parseDoc<CallRecord>(row);
}
