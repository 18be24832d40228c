// What stands before a visit of the public, in MongoDB: tickets and proofs, destinations made by administrators,
// blocked networks. A ticket is spent by one update whose filter is the compare of compare-and-set.
import type { Destination } from '@ringtag/server/protocol';
import type { BlockStore } from '../../public-calls/block-store.ts';
import type { DestinationStore, Opening } from '../../public-calls/destination-store.ts';
import type { TicketStore } from '../../public-calls/ticket-store.ts';
import { refusedSpending } from '../ticket-rules.ts';
import { type Collections, unlessThere, withId } from './collections.ts';
import type { InTurn } from './in-turn.ts';

type TicketCollections = Pick<Collections, 'tickets' | 'proofs' | 'hubKeys'>;

export function createTicketStore(all: TicketCollections, inTurn: InTurn): TicketStore {
  const { tickets, proofs, hubKeys } = all;
  return {
    async put({ id, ...rest }) {
      await tickets.insertOne({ _id: id, ...rest });
    },
    spend: (id, { origin, nowMs }) =>
      inTurn(`ticket ${id}`, async () => {
        const filter = { _id: id, spentAtMs: { $exists: false }, expiresAtMs: { $gt: nowMs } };
        const taken = await tickets.findOneAndUpdate(filter, { $set: { spentAtMs: nowMs } });
        const found = taken ?? (await tickets.findOne({ _id: id }));
        const { spentAtMs, ...doc } = found ?? { spentAtMs: undefined };
        const ticket = '_id' in doc ? withId(doc) : undefined;
        if (ticket && taken && ticket.source.origin === origin) return { kind: 'spent', ticket };
        return refusedSpending(ticket, { origin, isSpent: spentAtMs !== undefined });
      }),
    async restore(id) {
      await inTurn(`ticket ${id}`, () => tickets.updateOne({ _id: id }, { $unset: { spentAtMs: '' } }));
    },
    spendProof: (id, expiresAtMs) => unlessThere(proofs.insertOne({ _id: id, expiresAtMs })),
    async proofKey(candidate) {
      await unlessThere(hubKeys.insertOne({ _id: 'proof', value: candidate }));
      return (await hubKeys.findOne({ _id: 'proof' }))?.value ?? candidate;
    },
    async sweep(beforeMs) {
      const isOver = { expiresAtMs: { $lte: beforeMs } };
      await Promise.all([tickets.deleteMany(isOver), proofs.deleteMany(isOver)]);
    },
  };
}

type DestinationCollections = Pick<Collections, 'destinations' | 'destinationOpenings'>;

export function createDestinationStore(all: DestinationCollections, inTurn: InTurn): DestinationStore {
  const { destinations, destinationOpenings } = all;
  return {
    async all() {
      const docs = await destinations.find({}).sort({ _id: 1 }).toArray();
      return docs.map(({ json }) => JSON.parse(json) as Destination);
    },
    async put(destination) {
      const { id: _id } = destination;
      const json = JSON.stringify(destination);
      const isNew = await unlessThere(destinations.insertOne({ _id, json }));
      if (!isNew) await inTurn(`destination ${_id}`, () => destinations.replaceOne({ _id }, { json }));
    },
    async remove(id) {
      const { deletedCount } = await destinations.deleteOne({ _id: id });
      if (deletedCount === 1) await destinationOpenings.deleteOne({ _id: id });
      return deletedCount === 1;
    },
    async openings() {
      const docs = await destinationOpenings.find({}).toArray();
      return new Map(docs.map(({ _id, opening }) => [_id, opening as Opening]));
    },
    async setOpening(id, opening) {
      if (opening === 'by-hours') {
        await destinationOpenings.deleteOne({ _id: id });
        return;
      }
      const isNew = await unlessThere(destinationOpenings.insertOne({ _id: id, opening }));
      if (isNew) return;
      await inTurn(`opening ${id}`, () => destinationOpenings.replaceOne({ _id: id }, { opening }));
    },
  };
}

export function createBlockStore({ blocks }: Pick<Collections, 'blocks'>): BlockStore {
  return {
    async all(nowMs) {
      await blocks.deleteMany({ endsAtMs: { $lte: nowMs } });
      const docs = await blocks.find({}).sort({ createdAtMs: -1, _id: 1 }).toArray();
      return docs.map(withId);
    },
    async put({ id, ...rest }) {
      await unlessThere(blocks.insertOne({ _id: id, ...rest }));
    },
    async remove(id) {
      return (await blocks.deleteOne({ _id: id })).deletedCount === 1;
    },
  };
}
