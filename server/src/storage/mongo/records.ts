// Call records in MongoDB. A batch is one document, named by its own number: who inserts the last number plus one has
// appended after everything there is, anybody else starts anew. So numbers are gap-free without transactions, and what
// was looked at before the insert (keys that are there already) still holds when it succeeds.
import type { AppendBatch, CallEntry, Entry, HistoryCursor } from '../../records/record.ts';
import type { RecordStore } from '../../records/store.ts';
import { toCall } from './calls.ts';
import { type Collections, type RecordBatchDoc, unlessThere } from './collections.ts';
import type { InTurn } from './in-turn.ts';

type Used = Pick<Collections, 'records' | 'qualities' | 'calls'>;

export function createRecordStore(all: Used, inTurn: InTurn): RecordStore {
  const { records, qualities, calls } = all;

  /** Undefined when another process was faster. */
  async function tryAppend(batch: AppendBatch): Promise<Entry[] | undefined> {
    const last = await records.findOne({}, { sort: { _id: -1 }, projection: { nextSequence: 1 } });
    const keys = batch.entries.map(({ key }) => key);
    const there = await records
      .find({ 'entries.key': { $in: keys } }, { projection: { 'entries.key': 1 } })
      .toArray();
    const known = new Set(there.flatMap(({ entries }) => entries.map(({ key }) => key)));
    let sequence = last?.nextSequence ?? 1;
    const written: Entry[] = [];
    for (const entry of batch.entries) {
      if (known.has(entry.key)) continue;
      known.add(entry.key);
      written.push({ ...entry, sequence, writer: batch.writer, writtenAtMs: batch.atMs });
      sequence += 1;
    }
    if (written.length === 0 && !batch.tail) return [];
    const doc: RecordBatchDoc = {
      _id: (last?._id ?? 0) + 1,
      nextSequence: sequence,
      ...summaryOf(written),
      entries: written,
      ...(batch.tail === undefined ? {} : { tail: batch.tail }),
    };
    return (await unlessThere(records.insertOne(doc))) ? written : undefined;
  }

  const entryWhere = async (filter: object, fits: (entry: Entry) => boolean) =>
    (await records.findOne(filter, { sort: { _id: 1 } }))?.entries.find(fits);

  return {
    append: (batch) =>
      inTurn('records', async () => {
        for (;;) {
          const written = await tryAppend(batch);
          if (written) return written;
        }
      }),
    byKey: (key) => entryWhere({ 'entries.key': key }, (entry) => entry.key === key),
    async byCallId(callId) {
      const isOfCall = (entry: Entry) => entry.kind === 'call' && entry.callId === callId;
      return (await entryWhere({ 'entries.callId': callId }, isOfCall)) as Entry<CallEntry> | undefined;
    },
    async ofVisit(visitId) {
      const docs = await records.find({ 'entries.visitId': visitId }).sort({ _id: 1 }).toArray();
      return docs
        .flatMap(({ entries }) => entries)
        .filter((entry) => entry.kind === 'call' && entry.visitId === visitId) as Entry<CallEntry>[];
    },
    async amendmentsTo(sequence) {
      const docs = await records.find({ 'entries.amends': sequence }).sort({ _id: 1 }).toArray();
      return docs
        .flatMap(({ entries }) => entries)
        .filter((entry) => entry.kind === 'amendment' && entry.amends === sequence);
    },
    async after(sequence, limit) {
      const filter = { nextSequence: { $gt: sequence + 1 } };
      const docs = await records.find(filter).sort({ _id: 1 }).limit(limit).toArray();
      return docs
        .flatMap(({ entries }) => entries)
        .filter((entry) => entry.sequence > sequence)
        .slice(0, limit);
    },
    ofPerson: (personId, page) => ofPerson(all, personId, page),
    async tail(source) {
      const doc = await records.findOne({ 'tail.source': source }, { sort: { _id: -1 } });
      return doc?.tail?.position;
    },
    async putQuality(key, quality, atMs) {
      await inTurn(`quality ${key}`, () =>
        qualities.replaceOne({ _id: key }, { quality, atMs }, { upsert: true }),
      );
    },
    async qualities(keys) {
      const docs = await qualities.find({ _id: { $in: [...keys] } }).toArray();
      return new Map(docs.map(({ _id, quality }) => [_id, quality]));
    },
    async forgetQualities(beforeMs) {
      await qualities.deleteMany({ atMs: { $lt: beforeMs } });
    },
    async unrecorded(via, limit) {
      const filter = { state: 'ended' as const, isRecorded: { $ne: true }, via };
      return (await calls.find(filter).sort({ _id: 1 }).limit(limit).toArray()).map(toCall);
    },
    async markRecorded(callIds) {
      await calls.updateMany({ _id: { $in: [...callIds] } }, { $set: { isRecorded: true } });
    },
  };
}

/** What a batch is found by: whose calls are in it, and when they began. */
function summaryOf(entries: readonly Entry[]): Pick<RecordBatchDoc, 'people' | 'earliestMs' | 'latestMs'> {
  const ofCalls = entries.filter((entry) => entry.kind === 'call');
  const starts = ofCalls.map(({ startMs }) => startMs);
  return {
    people: [...new Set(ofCalls.flatMap(({ people }) => people))],
    earliestMs: starts.length > 0 ? Math.min(...starts) : 0,
    latestMs: starts.length > 0 ? Math.max(...starts) : 0,
  };
}

/** Batches by their latest start, until nothing in the next one could still come before what was found. */
async function ofPerson(
  { records }: Pick<Used, 'records'>,
  personId: string,
  { before, limit }: { before?: HistoryCursor; limit: number },
): Promise<Entry<CallEntry>[]> {
  const range = before ? { earliestMs: { $lte: before.startMs } } : {};
  const found: Entry<CallEntry>[] = [];
  const cursor = records.find({ people: personId, ...range }).sort({ latestMs: -1, _id: -1 });
  for await (const doc of cursor) {
    const last = found[limit - 1];
    if (last && last.startMs > doc.latestMs) break;
    for (const entry of doc.entries) {
      if (entry.kind !== 'call' || !entry.people.includes(personId)) continue;
      if (!before || compare(entry, before) > 0) found.push(entry);
    }
    found.sort(compare);
  }
  return found.slice(0, limit);
}

/** Newest first. */
function compare(a: HistoryCursor, b: HistoryCursor): number {
  return b.startMs - a.startMs || b.sequence - a.sequence;
}
