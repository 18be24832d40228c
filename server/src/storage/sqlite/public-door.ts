// What stands before a visit of the public, in SQLite: tickets and proofs, destinations made by administrators, blocked
// networks. A ticket is spent by one UPDATE whose WHERE is the compare of compare-and-set.
import type { Destination } from '@ringtag/server/protocol';
import type { BlockRecord, BlockStore } from '../../public-calls/block-store.ts';
import type { DestinationStore, Opening } from '../../public-calls/destination-store.ts';
import type { TicketRecord } from '../../public-calls/ports.ts';
import type { TicketStore } from '../../public-calls/ticket-store.ts';
import { refusedSpending } from '../ticket-rules.ts';
import { type Database, parseDoc } from './database.ts';

interface Waiting {
  readonly ticket: TicketRecord;
  resolve(): void;
  reject(error: unknown): void;
}

export function createTicketStore(database: Database): TicketStore {
  const insert = database.prepare('INSERT INTO tickets (id, doc) VALUES (?, ?)');
  const take = database.prepare(
    'UPDATE tickets SET spentAtMs = ?1 WHERE id = ?2 AND spentAtMs IS NULL AND expiresAtMs > ?1 RETURNING doc',
  );
  const byId = database.prepare('SELECT doc, spentAtMs FROM tickets WHERE id = ?');
  const restore = database.prepare('UPDATE tickets SET spentAtMs = NULL WHERE id = ?');
  const insertProof = database.prepare('INSERT OR IGNORE INTO proofs (id, expiresAtMs) VALUES (?, ?)');
  const insertKey = database.prepare("INSERT OR IGNORE INTO hubKeys (name, value) VALUES ('proof', ?)");
  const key = database.prepare("SELECT value FROM hubKeys WHERE name = 'proof'");
  const sweeps = ['tickets', 'proofs'].map((table) =>
    database.prepare(`DELETE FROM ${table} WHERE expiresAtMs <= ?`),
  );

  let waiting: Waiting[] = [];
  async function commit(): Promise<void> {
    const batch = waiting;
    waiting = [];
    try {
      await database.lockWait.run(async () =>
        database.write(() => {
          for (const { ticket } of batch) insert.run(ticket.id, JSON.stringify(ticket));
        }),
      );
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    // Those of one turn of the event loop together: when many press at once, the disk is waited for once.
    put(ticket) {
      return new Promise((resolve, reject) => {
        waiting.push({ ticket, resolve, reject });
        if (waiting.length === 1) setImmediate(() => void commit());
      });
    },
    async spend(id, { origin, nowMs }) {
      return database.write(() => {
        const taken = take.get(nowMs, id);
        const row = taken ?? byId.get(id);
        const ticket = row && parseDoc<TicketRecord>(row);
        if (ticket && taken && ticket.source.origin === origin) return { kind: 'spent', ticket };
        const isSpent = row !== undefined && row.spentAtMs !== null;
        return refusedSpending(ticket, { origin, isSpent });
      });
    },
    async restore(id) {
      restore.run(id);
    },
    async spendProof(id, expiresAtMs) {
      return insertProof.run(id, expiresAtMs) === 1;
    },
    async proofKey(candidate) {
      insertKey.run(candidate);
      return String(key.get()?.value);
    },
    async sweep(beforeMs) {
      for (const sweep of sweeps) sweep.run(beforeMs);
    },
  };
}

export function createDestinationStore(database: Database): DestinationStore {
  const all = database.prepare('SELECT doc FROM destinations ORDER BY id');
  const put = database.prepare('INSERT OR REPLACE INTO destinations (id, doc) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM destinations WHERE id = ?');
  const openings = database.prepare('SELECT id, opening FROM destinationOpenings');
  const setOpening = database.prepare(
    'INSERT OR REPLACE INTO destinationOpenings (id, opening) VALUES (?, ?)',
  );
  const removeOpening = database.prepare('DELETE FROM destinationOpenings WHERE id = ?');

  return {
    async all() {
      return all.all().map((row) => parseDoc<Destination>(row));
    },
    async put(destination) {
      put.run(destination.id, JSON.stringify(destination));
    },
    async remove(id) {
      return database.write(() => {
        const isThere = remove.run(id) === 1;
        if (isThere) removeOpening.run(id);
        return isThere;
      });
    },
    async openings() {
      return new Map(openings.all().map(({ id, opening }) => [String(id), opening as Opening]));
    },
    async setOpening(id, opening) {
      if (opening === 'by-hours') removeOpening.run(id);
      else setOpening.run(id, opening);
    },
  };
}

export function createBlockStore(database: Database): BlockStore {
  const over = database.prepare('DELETE FROM blocks WHERE endsAtMs <= ?');
  const all = database.prepare('SELECT doc FROM blocks ORDER BY createdAtMs DESC, id');
  const put = database.prepare('INSERT OR IGNORE INTO blocks (id, doc) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM blocks WHERE id = ?');

  return {
    async all(nowMs) {
      over.run(nowMs);
      return all.all().map((row) => parseDoc<BlockRecord>(row));
    },
    async put(block) {
      put.run(block.id, JSON.stringify(block));
    },
    async remove(id) {
      return remove.run(id) === 1;
    },
  };
}
