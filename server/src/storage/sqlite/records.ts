// Call records in SQLite: numbered under the write lock, with the tail's position in the same transaction.
import type { CallRecord } from '../../calls/call.ts';
import type { AppendBatch, CallEntry, Entry, Quality, TailPosition } from '../../records/record.ts';
import type { RecordStore } from '../../records/store.ts';
import { type Database, parseDoc, type Value } from './database.ts';

export function createRecordStore(database: Database): RecordStore {
  const statements = prepare(database);

  function appendAll({ writer, atMs, entries, tail }: AppendBatch): Entry[] {
    let last = Number(statements.last.get()?.sequence ?? 0);
    const written: Entry[] = [];
    for (const entry of entries) {
      if (statements.byKey.get(entry.key)) continue;
      last += 1;
      const kept: Entry = { ...entry, sequence: last, writer, writtenAtMs: atMs };
      statements.insert.run(last, entry.key, JSON.stringify(kept));
      if (kept.kind === 'call') {
        for (const id of new Set(kept.people)) statements.insertPerson.run(id, kept.startMs, last);
      }
      written.push(kept);
    }
    if (tail) statements.putTail.run(tail.source, JSON.stringify(tail.position));
    return written;
  }

  return {
    async append(batch) {
      return database.write(() => appendAll(batch));
    },
    async byKey(key) {
      return asEntry(statements.byKey.get(key));
    },
    async byCallId(callId) {
      return asEntry<Entry<CallEntry>>(statements.byCallId.get(callId));
    },
    async ofVisit(visitId) {
      return statements.ofVisit.all(visitId).map((row) => parseDoc<Entry<CallEntry>>(row));
    },
    async amendmentsTo(sequence) {
      return statements.amendments.all(sequence).map((row) => parseDoc<Entry>(row));
    },
    async after(sequence, limit) {
      return statements.after.all(sequence, limit).map((row) => parseDoc<Entry>(row));
    },
    async ofPerson(personId, { before, limit }) {
      const { startMs, sequence } = before ?? { startMs: Number.MAX_SAFE_INTEGER, sequence: 0 };
      const rows = statements.ofPerson.all(personId, startMs, sequence, limit);
      return rows.map((row) => parseDoc<Entry<CallEntry>>(row));
    },
    async tail(source) {
      const row = statements.tail.get(source);
      return row && parseDoc<TailPosition>(row);
    },
    async putQuality(key, quality, atMs) {
      statements.putQuality.run(key, JSON.stringify(quality), atMs);
    },
    async qualities(keys) {
      const rows = statements.qualities.all(JSON.stringify(keys));
      return new Map(rows.map((row) => [String(row.key), parseDoc<Quality>(row)]));
    },
    async forgetQualities(beforeMs) {
      statements.forgetQualities.run(beforeMs);
    },
    async unrecorded(via, limit) {
      return statements.unrecorded.all(via, limit).map((row) => parseDoc<CallRecord>(row));
    },
    async markRecorded(callIds) {
      statements.markRecorded.run(JSON.stringify(callIds));
    },
  };
}

function prepare(database: Database) {
  return {
    last: database.prepare('SELECT max(sequence) AS sequence FROM records'),
    insert: database.prepare('INSERT INTO records (sequence, key, doc) VALUES (?, ?, ?)'),
    insertPerson: database.prepare('INSERT INTO recordPeople (personId, startMs, sequence) VALUES (?, ?, ?)'),
    byKey: database.prepare('SELECT doc FROM records WHERE key = ?'),
    byCallId: database.prepare('SELECT doc FROM records WHERE callId = ? ORDER BY sequence LIMIT 1'),
    ofVisit: database.prepare('SELECT doc FROM records WHERE visitId = ? ORDER BY sequence'),
    amendments: database.prepare('SELECT doc FROM records WHERE amends = ? ORDER BY sequence'),
    after: database.prepare('SELECT doc FROM records WHERE sequence > ? ORDER BY sequence LIMIT ?'),
    ofPerson: database.prepare(
      `SELECT doc FROM recordPeople JOIN records USING (sequence)
       WHERE personId = ? AND (recordPeople.startMs, sequence) < (?, ?)
       ORDER BY recordPeople.startMs DESC, sequence DESC LIMIT ?`,
    ),
    tail: database.prepare('SELECT doc FROM recordTails WHERE source = ?'),
    putTail: database.prepare('INSERT OR REPLACE INTO recordTails (source, doc) VALUES (?, ?)'),
    putQuality: database.prepare('INSERT OR REPLACE INTO qualityReports (key, doc, atMs) VALUES (?, ?, ?)'),
    qualities: database.prepare(
      'SELECT key, doc FROM qualityReports WHERE key IN (SELECT value FROM json_each(?))',
    ),
    forgetQualities: database.prepare('DELETE FROM qualityReports WHERE atMs < ?'),
    unrecorded: database.prepare(
      "SELECT doc FROM calls WHERE isRecorded = 0 AND state = 'ended' AND via = ? ORDER BY id LIMIT ?",
    ),
    markRecorded: database.prepare(
      'UPDATE calls SET isRecorded = 1 WHERE id IN (SELECT value FROM json_each(?))',
    ),
  };
}

function asEntry<E extends Entry = Entry>(row: Record<string, Value> | undefined): E | undefined {
  return row && parseDoc<E>(row);
}
