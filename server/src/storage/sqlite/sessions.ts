// Sessions, their bearers and challenges, and visits of the hub's own pages, in SQLite.
import type { BearerRecord, SessionRecord } from '../../auth/session.ts';
import type { SessionStore } from '../port.ts';
import { type Database, parseDoc } from './database.ts';

export function createSessionStore(database: Database): SessionStore {
  const insert = database.prepare('INSERT INTO sessions (id, doc) VALUES (?, ?)');
  const byId = database.prepare('SELECT doc FROM sessions WHERE id = ?');
  const liveFor = database.prepare(
    `SELECT doc FROM sessions WHERE personId = ? AND endedAtMs IS NULL AND endsAtMs > ?
     ORDER BY createdAtMs, id`,
  );
  const overdue = database.prepare(
    'SELECT doc FROM sessions WHERE endedAtMs IS NULL AND endsAtMs <= ? ORDER BY endsAtMs, id',
  );
  const end = database.prepare(
    "UPDATE sessions SET doc = json_set(doc, '$.endedAtMs', ?) WHERE id = ? AND endedAtMs IS NULL",
  );
  const removeBearers = database.prepare('DELETE FROM bearers WHERE sessionId = ?');
  const putChallenge = database.prepare(
    'INSERT INTO challenges (hash, sessionId, expiresAtMs) VALUES (?, ?, ?)',
  );
  const takeChallenge = database.prepare(
    'DELETE FROM challenges WHERE hash = ? RETURNING sessionId, expiresAtMs',
  );
  const putBearer = database.prepare('INSERT INTO bearers (hash, doc) VALUES (?, ?)');
  const byBearer = database.prepare(
    `SELECT bearers.doc AS bearer, sessions.doc AS session
     FROM bearers JOIN sessions ON sessions.id = bearers.sessionId
     WHERE bearers.hash = ?1 AND bearers.expiresAtMs > ?2
     AND sessions.endedAtMs IS NULL AND sessions.endsAtMs > ?2`,
  );
  const seen = database.prepare(
    `UPDATE sessions SET doc = json_set(doc, '$.lastSeenAtMs', ?1)
     WHERE id = ?2 AND endedAtMs IS NULL AND coalesce(doc ->> '$.lastSeenAtMs', 0) < ?1`,
  );
  const putVisit = database.prepare(
    'INSERT INTO visits (hash, personId, expiresAtMs, isAdministrator) VALUES (?, ?, ?, ?)',
  );
  const visit = database.prepare(
    'SELECT personId, expiresAtMs, isAdministrator FROM visits WHERE hash = ? AND expiresAtMs > ?',
  );
  const forget = createForget(database);

  return {
    async create(session) {
      insert.run(session.id, JSON.stringify(session));
    },
    async byId(id) {
      const row = byId.get(id);
      return row && parseDoc<SessionRecord>(row);
    },
    async liveFor(personId, nowMs) {
      return liveFor.all(personId, nowMs).map((row) => parseDoc<SessionRecord>(row));
    },
    async overdue(nowMs) {
      forget(nowMs);
      return overdue.all(nowMs).map((row) => parseDoc<SessionRecord>(row));
    },
    async end(id, atMs) {
      return database.write(() => {
        removeBearers.run(id);
        return end.run(atMs, id) === 1;
      });
    },
    async seen(ids, atMs) {
      database.write(() => {
        for (const id of ids) seen.run(atMs, id);
      });
    },
    async putChallenge(hash, sessionId, expiresAtMs) {
      putChallenge.run(hash, sessionId, expiresAtMs);
    },
    async spendChallenge(hash, nowMs) {
      const row = takeChallenge.get(hash);
      return row && Number(row.expiresAtMs) > nowMs ? String(row.sessionId) : undefined;
    },
    async putBearer(bearer) {
      putBearer.run(bearer.hash, JSON.stringify(bearer));
    },
    async byBearer(hash, nowMs) {
      const row = byBearer.get(hash, nowMs);
      if (!row) return undefined;
      return {
        bearer: JSON.parse(String(row.bearer)) as BearerRecord,
        session: JSON.parse(String(row.session)) as SessionRecord,
      };
    },
    async putVisit({ hash, personId, expiresAtMs, isAdministrator }) {
      putVisit.run(hash, personId, expiresAtMs, isAdministrator ? 1 : 0);
    },
    async visit(hash, nowMs) {
      const row = visit.get(hash, nowMs);
      if (!row) return undefined;
      const { personId, expiresAtMs, isAdministrator } = row;
      return {
        ...{ hash, personId: String(personId), expiresAtMs: Number(expiresAtMs) },
        ...(isAdministrator === 1 ? { isAdministrator: true } : {}),
      };
    },
  };
}

/** Removes what ran out and means nothing any more; writes only where there is something. */
function createForget(database: Database): (nowMs: number) => void {
  const tables = ['bearers', 'challenges', 'signIns', 'visits'].map((table) => ({
    find: database.prepare(`SELECT 1 FROM ${table} WHERE expiresAtMs <= ? LIMIT 1`),
    remove: database.prepare(`DELETE FROM ${table} WHERE expiresAtMs <= ?`),
  }));
  return (nowMs) => {
    for (const { find, remove } of tables) if (find.get(nowMs)) remove.run(nowMs);
  };
}
