// Sessions, their bearers and challenges in MongoDB. A bearer is good only with its session, which is read beside it:
// the session's end is one write, and bearers left behind by a crash open nothing.
import type { SessionStore } from '../port.ts';
import { type Collections, withId } from './collections.ts';
import type { InTurn } from './in-turn.ts';

export function createSessionStore(all: Collections, inTurn: InTurn): SessionStore {
  const { sessions, challenges, bearers, signIns, visits } = all;
  const notEnded = { endedAtMs: { $exists: false } };

  /** Removes what ran out and means nothing any more. */
  async function forget(nowMs: number): Promise<void> {
    const isOver = { expiresAtMs: { $lte: nowMs } };
    await Promise.all([
      bearers.deleteMany(isOver),
      challenges.deleteMany(isOver),
      signIns.deleteMany(isOver),
      visits.deleteMany(isOver),
    ]);
  }

  return {
    async create({ id, ...rest }) {
      await sessions.insertOne({ _id: id, ...rest });
    },
    async byId(id) {
      const doc = await sessions.findOne({ _id: id });
      return doc ? withId(doc) : undefined;
    },
    async liveFor(personId, nowMs) {
      const filter = { personId, ...notEnded, endsAtMs: { $gt: nowMs } };
      const docs = await sessions.find(filter).sort({ createdAtMs: 1, _id: 1 }).toArray();
      return docs.map(withId);
    },
    async overdue(nowMs) {
      await forget(nowMs);
      const filter = { ...notEnded, endsAtMs: { $lte: nowMs } };
      const docs = await sessions.find(filter).sort({ endsAtMs: 1, _id: 1 }).toArray();
      return docs.map(withId);
    },
    async end(id, atMs) {
      const { modifiedCount } = await inTurn(`session ${id}`, () =>
        sessions.updateOne({ _id: id, ...notEnded }, { $set: { endedAtMs: atMs } }),
      );
      await bearers.deleteMany({ sessionId: id });
      return modifiedCount === 1;
    },
    async seen(ids, atMs) {
      if (ids.length === 0) return;
      await sessions.updateMany({ _id: { $in: [...ids] }, ...notEnded }, { $max: { lastSeenAtMs: atMs } });
    },
    async putChallenge(hash, sessionId, expiresAtMs) {
      await challenges.insertOne({ _id: hash, sessionId, expiresAtMs });
    },
    async spendChallenge(hash, nowMs) {
      const doc = await challenges.findOne({ _id: hash });
      // Of several who read it, the one whose deletion counted has spent it.
      const { deletedCount } = await challenges.deleteOne({ _id: hash });
      return doc && deletedCount === 1 && doc.expiresAtMs > nowMs ? doc.sessionId : undefined;
    },
    async putBearer({ hash, ...rest }) {
      await bearers.insertOne({ _id: hash, ...rest });
    },
    async byBearer(hash, nowMs) {
      const bearer = await bearers.findOne({ _id: hash, expiresAtMs: { $gt: nowMs } });
      if (!bearer) return undefined;
      const filter = { _id: bearer.sessionId, ...notEnded, endsAtMs: { $gt: nowMs } };
      const session = await sessions.findOne(filter);
      if (!session) return undefined;
      const { _id, ...rest } = bearer;
      return { bearer: { hash: _id, ...rest }, session: withId(session) };
    },
    async putVisit({ hash, ...rest }) {
      await visits.insertOne({ _id: hash, ...rest });
    },
    async visit(hash, nowMs) {
      const doc = await visits.findOne({ _id: hash, expiresAtMs: { $gt: nowMs } });
      if (!doc) return undefined;
      const { _id, ...rest } = doc;
      return { hash: _id, ...rest };
    },
  };
}
