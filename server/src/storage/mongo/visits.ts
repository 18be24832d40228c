// Visits of the public in MongoDB, and what visitors left. A visit is one document; a change of it is one conditional
// write that names the revision it was made from, tried again where another one came first.
import { Binary } from 'mongodb';
import type { VisitRecord } from '../../public-calls/visit.ts';
import type {
  EarlierVisit,
  LeftRecord,
  LeftStore,
  RatedDestination,
  VisitStore,
} from '../../public-calls/visit-store.ts';
import { withAgent, withMessage } from '../visit-rules.ts';
import { type Collections, type VisitDoc, withId } from './collections.ts';
import type { InTurn } from './in-turn.ts';

/** Of messages, that they are there. */
const NOTHING_WRITTEN = { 'messages.text': 0, 'messages.name': 0, context: 0 } as const;
const NEWEST = { createdAtMs: -1, _id: -1 } as const;

export function createVisitStore(
  { publicVisits }: Pick<Collections, 'publicVisits'>,
  inTurn: InTurn,
): VisitStore {
  const find = async (id: string) => publicVisits.findOne({ _id: id });
  const listed = (docs: VisitDoc[]) => docs.map(toVisit);

  function edit<T extends { visit: VisitRecord }>(
    id: string,
    change: (visit: VisitRecord) => T,
  ): Promise<T | undefined> {
    return inTurn(`visit ${id}`, async () => {
      for (;;) {
        const doc = await find(id);
        if (!doc) return undefined;
        const before = toVisit(doc);
        const result = change(before);
        if (result.visit === before) return result;
        const { _id, ...next } = toDoc(result.visit, doc.revision + 1);
        const { matchedCount } = await publicVisits.replaceOne({ _id, revision: doc.revision }, next);
        if (matchedCount === 1) return result;
      }
    });
  }

  return {
    async create(visit) {
      await publicVisits.insertOne(toDoc(visit, 1));
    },
    async byId(id) {
      const doc = await find(id);
      return doc ? toVisit(doc) : undefined;
    },
    async move(id, change) {
      return (await edit(id, (visit) => ({ visit: { ...visit, ...change } })))?.visit;
    },
    say: (id, message) => edit(id, (visit) => withMessage(visit, message)),
    async take(id, agent, insteadOf) {
      return (await edit(id, (visit) => ({ visit: withAgent(visit, agent, insteadOf) })))?.visit;
    },
    async rate(id, rating) {
      const result = await edit(id, (visit) =>
        visit.rating ? { visit, isRated: false } : { visit: { ...visit, rating }, isRated: true },
      );
      return result?.isRated ?? false;
    },
    async ratings(sinceMs) {
      const filter = { 'rating.stars': { $gte: 1 }, createdAtMs: { $gt: sinceMs } };
      const projection = { destinationId: 1, 'rating.stars': 1 } as const;
      return ratedIn(await publicVisits.find(filter, { projection }).toArray());
    },
    async ratedSince(sinceMs) {
      const filter = { 'rating.stars': { $gte: 1 }, createdAtMs: { $gt: sinceMs } };
      const found = publicVisits.find(filter, { projection: { _id: 1 } }).sort({ createdAtMs: 1, _id: 1 });
      return (await found.toArray()).map(({ _id }) => _id);
    },
    async live() {
      return listed(await publicVisits.find({ endedAtMs: null }).sort({ createdAtMs: 1, _id: 1 }).toArray());
    },
    async since(destinationIds, sinceMs, limit) {
      const filter = { createdAtMs: { $gt: sinceMs }, destinationIds: { $in: [...destinationIds] } };
      return listed(await publicVisits.find(filter).sort(NEWEST).limit(limit).toArray());
    },
    async ofVisitor(visitor, limit) {
      const found = publicVisits.find({ visitor }, { projection: NOTHING_WRITTEN });
      return (await found.sort(NEWEST).limit(limit).toArray()).map(toEarlier);
    },
    async talkedMs(destinationId, limit) {
      const filter = { destinationId, talkedMs: { $gte: 0 } };
      const docs = await publicVisits.find(filter).sort({ endedAtMs: -1 }).limit(limit).toArray();
      return docs.map(({ talkedMs }) => talkedMs ?? 0);
    },
    async forget(endedBeforeMs) {
      return (await publicVisits.deleteMany({ endedAtMs: { $lt: endedBeforeMs } })).deletedCount;
    },
  };
}

function ratedIn(docs: readonly Pick<VisitDoc, 'destinationId' | 'rating'>[]): RatedDestination[] {
  const all = new Map<string, RatedDestination>();
  for (const { destinationId, rating } of docs) {
    const { count, stars } = all.get(destinationId) ?? { count: 0, stars: 0 };
    all.set(destinationId, { destinationId, count: count + 1, stars: stars + (rating?.stars ?? 0) });
  }
  return [...all.values()].sort((a, b) => (a.destinationId < b.destinationId ? -1 : 1));
}

function toDoc({ id, ...visit }: VisitRecord, revision: number): VisitDoc {
  const { stage } = visit;
  return {
    _id: id,
    ...visit,
    revision,
    destinationIds: [...visit.before, visit.destinationId],
    endedAtMs: stage.state === 'ended' ? stage.atMs : null,
    talkedMs: stage.state === 'ended' ? (stage.talkedMs ?? null) : null,
  };
}

function toVisit(doc: VisitDoc): VisitRecord {
  const { revision: _r, destinationIds: _d, endedAtMs: _e, talkedMs: _t, ...rest } = doc;
  return withId(rest);
}

function toEarlier(doc: VisitDoc): EarlierVisit {
  const { _id: id, intent, createdAtMs, stage, destinationId, before, messages } = doc;
  return { id, intent, createdAtMs, stage, destinationId, before, messages: messages.length };
}

const IS_SOMETHING = {
  $or: [
    { kind: { $ne: 'voice' as const } },
    { voice: { $exists: true } },
    ...[{ name: { $ne: '' } }, { reach: { $ne: '' } }, { text: { $ne: '' } }],
  ],
};

export function createLeftStore(
  all: Pick<Collections, 'leftMessages' | 'leftVoices'>,
  inTurn: InTurn,
): LeftStore {
  const { leftMessages, leftVoices } = all;
  const after = { returnDocument: 'after' } as const;
  const change = (id: string, filter: object, update: object): Promise<LeftRecord | undefined> =>
    inTurn(`left ${id}`, async () => {
      const doc = await leftMessages.findOneAndUpdate({ _id: id, ...filter }, update, after);
      return doc ? withId(doc) : undefined;
    });

  return {
    async create({ id, ...rest }) {
      await leftMessages.insertOne({ _id: id, ...rest });
    },
    async byId(id) {
      const doc = await leftMessages.findOne({ _id: id });
      return doc ? withId(doc) : undefined;
    },
    async ofVisit(visitId) {
      return (await leftMessages.find({ visitId }).sort(NEWEST).toArray()).map(withId);
    },
    async of(destinationIds, limit) {
      const filter = { destinationId: { $in: [...destinationIds] }, ...IS_SOMETHING };
      const find = (isDone: boolean, most: number) =>
        leftMessages
          .find({ ...filter, doneAtMs: { $exists: isDone } })
          .sort(NEWEST)
          .limit(most)
          .toArray();
      const open = await find(false, limit);
      // To the database a limit of 0 is none.
      const done = open.length < limit ? await find(true, limit - open.length) : [];
      return [...open, ...done].map(withId);
    },
    async kept(destinationId) {
      const [open, voices] = await Promise.all([
        leftMessages.countDocuments({ destinationId, doneAtMs: { $exists: false }, ...IS_SOMETHING }),
        leftMessages.countDocuments({ destinationId, voice: { $exists: true } }),
      ]);
      return { open, voices };
    },
    async putVoice(id, voice, sound) {
      // The sound first: a record that names one has it, whatever happens in between.
      const before = await leftMessages.findOne({ _id: id });
      if (!before || before.voice) return undefined;
      await leftVoices.updateOne({ _id: id }, { $set: { sound: new Binary(sound) } }, { upsert: true });
      return change(id, { voice: { $exists: false } }, { $set: { voice } });
    },
    async voice(id) {
      const doc = await leftVoices.findOne({ _id: id });
      return doc ? new Uint8Array(doc.sound.buffer) : undefined;
    },
    voices: () => leftVoices.countDocuments({}),
    setDone: (id, doneAtMs) =>
      change(id, {}, doneAtMs === undefined ? { $unset: { doneAtMs: '' } } : { $set: { doneAtMs } }),
    setCalled: (id, called) => change(id, {}, { $set: { called } }),
    async forget({ doneMs, nothingMs }) {
      const isNothing = { kind: 'voice', voice: { $exists: false }, name: '', reach: '', text: '' } as const;
      const isOver = {
        $or: [{ doneAtMs: { $lt: doneMs } }, { createdAtMs: { $lt: nothingMs }, ...isNothing }],
      };
      const over = await leftMessages.find(isOver).toArray();
      const ids = over.map(({ _id }) => _id);
      await leftVoices.deleteMany({ _id: { $in: ids } });
      return (await leftMessages.deleteMany({ _id: { $in: ids } })).deletedCount;
    },
  };
}
