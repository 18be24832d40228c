// Visits of the public in SQLite, and what visitors left. A visit is one document, changed under the write lock.
import type { VisitRecord } from '../../public-calls/visit.ts';
import type { EarlierVisit, LeftRecord, LeftStore, VisitStore } from '../../public-calls/visit-store.ts';
import { withAgent, withMessage } from '../visit-rules.ts';
import { type Database, parseDoc, type Value } from './database.ts';

export function createVisitStore(database: Database): VisitStore {
  const statements = prepareVisits(database);
  const find = (id: string) => asVisit(statements.byId.get(id));
  const all = (rows: Record<string, Value>[]) => rows.map((row) => parseDoc<VisitRecord>(row));

  /** What `change` makes of the visit is kept, in one transaction. */
  function edit<T extends { visit: VisitRecord }>(id: string, change: (visit: VisitRecord) => T) {
    return database.write(() => {
      const before = find(id);
      if (!before) return undefined;
      const result = change(before);
      if (result.visit !== before) statements.set.run(JSON.stringify(result.visit), id);
      return result;
    });
  }

  return {
    async create(visit) {
      statements.insert.run(visit.id, JSON.stringify(visit));
    },
    async byId(id) {
      return find(id);
    },
    async move(id, change) {
      return edit(id, (visit) => ({ visit: { ...visit, ...change } }))?.visit;
    },
    async say(id, message) {
      return edit(id, (visit) => withMessage(visit, message));
    },
    async take(id, agent, insteadOf) {
      return edit(id, (visit) => ({ visit: withAgent(visit, agent, insteadOf) }))?.visit;
    },
    async rate(id, rating) {
      return statements.rate.run(JSON.stringify(rating), id) === 1;
    },
    async ratings(sinceMs) {
      return statements.ratings.all(sinceMs).map(({ destinationId, count, stars }) => ({
        ...{ destinationId: String(destinationId), count: Number(count), stars: Number(stars) },
      }));
    },
    async ratedSince(sinceMs) {
      return statements.ratedSince.all(sinceMs).map(({ id }) => String(id));
    },
    async live() {
      return all(statements.live.all());
    },
    async since(destinationIds, sinceMs, limit) {
      return all(statements.since.all(JSON.stringify(destinationIds), sinceMs, limit));
    },
    async ofVisitor(visitor, limit) {
      return statements.ofVisitor.all(visitor, limit).map((row) => parseDoc<EarlierVisit>(row));
    },
    async talkedMs(destinationId, limit) {
      return statements.talked.all(destinationId, limit).map((row) => Number(row.talkedMs));
    },
    async forget(endedBeforeMs) {
      return statements.forget.run(endedBeforeMs);
    },
  };
}

function prepareVisits(database: Database) {
  return {
    insert: database.prepare('INSERT INTO publicVisits (id, doc) VALUES (?, ?)'),
    byId: database.prepare('SELECT doc FROM publicVisits WHERE id = ?'),
    set: database.prepare('UPDATE publicVisits SET doc = ? WHERE id = ?'),
    rate: database.prepare(
      `UPDATE publicVisits SET doc = json_set(doc, '$.rating', json(?))
       WHERE id = ? AND doc ->> '$.rating' IS NULL`,
    ),
    // By its index alone: it has what is asked for.
    ratings: database.prepare(
      `SELECT destinationId, count(stars) AS count, sum(stars) AS stars FROM publicVisits
       WHERE stars IS NOT NULL AND createdAtMs > ? GROUP BY destinationId ORDER BY destinationId`,
    ),
    ratedSince: database.prepare(
      'SELECT id FROM publicVisits WHERE stars IS NOT NULL AND createdAtMs > ? ORDER BY createdAtMs, id',
    ),
    live: database.prepare('SELECT doc FROM publicVisits WHERE endedAtMs IS NULL ORDER BY createdAtMs, id'),
    since: database.prepare(
      `SELECT doc FROM publicVisits WHERE createdAtMs > ?2 AND (
         destinationId IN (SELECT value FROM json_each(?1))
         OR EXISTS (SELECT 1 FROM json_each(doc, '$.before') AS earlier
                    WHERE earlier.value IN (SELECT value FROM json_each(?1))))
       ORDER BY createdAtMs DESC, id DESC LIMIT ?3`,
    ),
    ofVisitor: database.prepare(
      `SELECT json_object('id', id, 'intent', doc ->> '$.intent', 'createdAtMs', createdAtMs,
         'stage', doc -> '$.stage', 'destinationId', destinationId, 'before', doc -> '$.before',
         'messages', json_array_length(doc, '$.messages')) AS doc
       FROM publicVisits WHERE visitor = ? ORDER BY createdAtMs DESC, id DESC LIMIT ?`,
    ),
    talked: database.prepare(
      `SELECT talkedMs FROM publicVisits WHERE destinationId = ? AND talkedMs IS NOT NULL
       ORDER BY endedAtMs DESC LIMIT ?`,
    ),
    forget: database.prepare('DELETE FROM publicVisits WHERE endedAtMs < ?'),
  };
}

export function createLeftStore(database: Database): LeftStore {
  const statements = prepareLeft(database);
  const find = (id: string) => asLeft(statements.byId.get(id));

  function change(id: string, made: (before: LeftRecord) => LeftRecord): LeftRecord | undefined {
    return database.write(() => {
      const before = find(id);
      if (!before) return undefined;
      const left = made(before);
      statements.set.run(JSON.stringify(left), id);
      return left;
    });
  }

  return {
    async create(left) {
      statements.insert.run(left.id, JSON.stringify(left));
    },
    async byId(id) {
      return find(id);
    },
    async ofVisit(visitId) {
      return statements.ofVisit.all(visitId).map((row) => parseDoc<LeftRecord>(row));
    },
    async of(destinationIds, limit) {
      const rows = statements.of.all(JSON.stringify(destinationIds), limit);
      return rows.map((row) => parseDoc<LeftRecord>(row));
    },
    async putVoice(id, voice, sound) {
      return database.write(() => {
        const before = find(id);
        if (!before || before.voice) return undefined;
        const left = { ...before, voice };
        statements.set.run(JSON.stringify(left), id);
        statements.insertVoice.run(id, sound);
        return left;
      });
    },
    async voice(id) {
      const sound = statements.voice.get(id)?.sound;
      return sound instanceof Uint8Array ? sound : undefined;
    },
    async kept(destinationId) {
      const { open, voices } = statements.kept.get(destinationId) ?? {};
      return { open: Number(open ?? 0), voices: Number(voices ?? 0) };
    },
    async voices() {
      return Number(statements.voices.get()?.kept ?? 0);
    },
    async setDone(id, doneAtMs) {
      return change(id, ({ doneAtMs: _, ...rest }) => ({
        ...rest,
        ...(doneAtMs === undefined ? {} : { doneAtMs }),
      }));
    },
    async setCalled(id, called) {
      return change(id, (before) => ({ ...before, called }));
    },
    async forget({ doneMs, nothingMs }) {
      return statements.forget.run(doneMs, nothingMs);
    },
  };
}

const IS_SOMETHING = `(doc ->> '$.kind' <> 'voice' OR doc ->> '$.voice' IS NOT NULL
  OR doc ->> '$.name' <> '' OR doc ->> '$.reach' <> '' OR doc ->> '$.text' <> '')`;

function prepareLeft(database: Database) {
  return {
    insert: database.prepare('INSERT INTO leftMessages (id, doc) VALUES (?, ?)'),
    byId: database.prepare('SELECT doc FROM leftMessages WHERE id = ?'),
    set: database.prepare('UPDATE leftMessages SET doc = ? WHERE id = ?'),
    ofVisit: database.prepare(
      'SELECT doc FROM leftMessages WHERE visitId = ? ORDER BY createdAtMs DESC, id DESC',
    ),
    of: database.prepare(
      `SELECT doc FROM leftMessages WHERE destinationId IN (SELECT value FROM json_each(?)) AND ${IS_SOMETHING}
       ORDER BY doneAtMs IS NOT NULL, createdAtMs DESC, id DESC LIMIT ?`,
    ),
    kept: database.prepare(
      `SELECT count(*) FILTER (WHERE doneAtMs IS NULL AND ${IS_SOMETHING}) AS open,
         count(doc ->> '$.voice') AS voices
       FROM leftMessages WHERE destinationId = ?`,
    ),
    insertVoice: database.prepare('INSERT INTO leftVoices (id, sound) VALUES (?, ?)'),
    voice: database.prepare('SELECT sound FROM leftVoices WHERE id = ?'),
    // By the index of the key: the sounds themselves are not read.
    voices: database.prepare('SELECT count(id) AS kept FROM leftVoices'),
    forget: database.prepare(
      `DELETE FROM leftMessages WHERE doneAtMs < ? OR (createdAtMs < ? AND NOT ${IS_SOMETHING})`,
    ),
  };
}

function asVisit(row: Record<string, Value> | undefined): VisitRecord | undefined {
  return row && parseDoc<VisitRecord>(row);
}

function asLeft(row: Record<string, Value> | undefined): LeftRecord | undefined {
  return row && parseDoc<LeftRecord>(row);
}
