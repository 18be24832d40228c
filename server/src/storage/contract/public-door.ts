// The suite's part about what stands before a visit of the public: tickets, proofs, destinations, blocks.
import { Destination } from '@ringtag/server/protocol';
import { describe, expect, test } from 'vitest';
import type { BlockRecord } from '../../public-calls/block-store.ts';
import type { TicketRecord } from '../../public-calls/ports.ts';
import type { Stage, StorageTraits } from '../contract.ts';
import { HOSTILE, NOW, twenty } from './samples.ts';

const SHOP = 'https://shop.example';
const inTime = { origin: SHOP, nowMs: NOW };

export function ticket(over: Partial<TicketRecord> = {}): TicketRecord {
  return {
    id: 'hash-1',
    destinationId: 'sales',
    intent: 'call',
    source: { address: '192.0.2.7', port: 40_000, network: '192.0.2.7', origin: SHOP },
    context: { url: `${SHOP}/shoes`, data: [{ key: '__proto__', value: '$where' }] },
    visitor: 'a-visitor-of-the-shop',
    expiresAtMs: NOW + 90_000,
    ...over,
  };
}

const destination = (over: object = {}) =>
  Destination.parse({
    id: 'sales',
    texts: { en: { label: 'Talk to sales' }, 'pt-BR': { label: 'Fale com vendas' } },
    ring: { people: ['alice@corp.example'] },
    origins: [SHOP],
    ...over,
  });

const block = (over: Partial<BlockRecord> = {}): BlockRecord => ({
  ...{ id: 'b-1', network: '192.0.2.0/24', reason: 'rings and says nothing', by: 'token', createdAtMs: NOW },
  ...over,
});

export function publicDoorPromises(stage: Stage, traits: StorageTraits): void {
  describe('tickets', () => {
    spending(stage, traits);
    proofs(stage, traits);
  });
  describe('destinations', () => destinations(stage));
  describe('blocks', () => blocks(stage));
}

function spending(stage: Stage, traits: StorageTraits): void {
  test('P2 of twenty who spend a ticket at once, one has it whole', async () => {
    const { tickets } = stage.storage;
    await tickets.put(ticket());
    const results = await twenty(() => tickets.spend('hash-1', inTime));
    const spent = results.filter(({ kind }) => kind === 'spent');
    expect(spent).toEqual([{ kind: 'spent', ticket: ticket() }]);
    const used = results.filter((result) => result.kind === 'refused' && result.reason === 'used');
    expect(used).toHaveLength(19);
  });

  test('P3 late, unknown and foreign ones say so, and a foreign hand spoils a good one', async () => {
    const { tickets } = stage.storage;
    const reason = async (id: string, by: { origin: string; nowMs: number }) => {
      const result = await tickets.spend(id, by);
      return result.kind === 'refused' ? result.reason : result.kind;
    };
    await tickets.put(ticket({ id: 'late' }));
    await tickets.put(ticket({ id: 'carried' }));
    expect(await reason('unknown', inTime)).toBe('unknown');
    expect(await reason('late', { ...inTime, nowMs: NOW + 90_000 })).toBe('expired');
    // The clock decides, not the first look: nothing was spent by being late.
    expect(await reason('late', { ...inTime, nowMs: NOW + 89_999 })).toBe('spent');
    expect(await reason('carried', { ...inTime, origin: 'https://evil.example' })).toBe('foreign');
    expect(await reason('carried', inTime)).toBe('used');
  });

  test('P3 one of which nothing came is good again, once and in time, and for its own origin', async () => {
    const { tickets } = stage.storage;
    await tickets.put(ticket());
    await tickets.spend('hash-1', inTime);
    await tickets.restore('hash-1');
    await tickets.restore('unknown');
    const late = { ...inTime, nowMs: NOW + 90_000 };
    expect(await tickets.spend('hash-1', late)).toEqual({ kind: 'refused', reason: 'expired' });
    expect(await tickets.spend('hash-1', inTime)).toEqual({ kind: 'spent', ticket: ticket() });
    expect(await tickets.spend('hash-1', inTime)).toEqual({ kind: 'refused', reason: 'used' });
    expect(await tickets.spend('unknown', inTime)).toEqual({ kind: 'refused', reason: 'unknown' });
  });

  test('what ran out is forgotten, and nothing else', async () => {
    const { tickets } = stage.storage;
    await tickets.put(ticket({ id: 'old', expiresAtMs: NOW }));
    await tickets.put(ticket({ id: 'new', expiresAtMs: NOW + 1 }));
    await tickets.spendProof('old', NOW);
    await tickets.spendProof('new', NOW + 1);
    await tickets.sweep(NOW);
    expect(await tickets.spend('old', inTime)).toEqual({ kind: 'refused', reason: 'unknown' });
    expect((await tickets.spend('new', inTime)).kind).toBe('spent');
    expect(await tickets.spendProof('old', NOW + 9)).toBe(true);
    expect(await tickets.spendProof('new', NOW + 9)).toBe(false);
  });

  test('any text is only text', async () => {
    const { tickets } = stage.storage;
    for (const text of HOSTILE) {
      const hostile = ticket({ id: text, visitor: text, context: { data: [{ key: text, value: text }] } });
      await tickets.put(hostile);
      expect(await tickets.spend(text, inTime)).toEqual({ kind: 'spent', ticket: hostile });
    }
  });

  if (traits.isTransient) return;
  test('P2 a ticket outlives a restart of the hub, unspent and spent', async () => {
    await stage.storage.tickets.put(ticket());
    await stage.storage.tickets.put(ticket({ id: 'hash-2' }));
    await stage.storage.tickets.spend('hash-2', inTime);
    await stage.reopen();
    const { tickets } = stage.storage;
    expect((await tickets.spend('hash-1', inTime)).kind).toBe('spent');
    expect(await tickets.spend('hash-2', inTime)).toEqual({ kind: 'refused', reason: 'used' });
  });

  const reason = traits.isSolitary ? ' (skipped: this server compares and sets in two steps)' : '';
  test.skipIf(traits.isSolitary)(`P2 two hubs on one database agree on who spent it${reason}`, async () => {
    const hubs = [stage.storage, await stage.another()] as const;
    await hubs[0].tickets.put(ticket());
    const results = await twenty((index) => hubs[index % 2 === 0 ? 0 : 1].tickets.spend('hash-1', inTime));
    expect(results.filter(({ kind }) => kind === 'spent')).toHaveLength(1);
  });
}

function proofs(stage: Stage, traits: StorageTraits): void {
  test('P11 a proof is noted once', async () => {
    const results = await twenty(() => stage.storage.tickets.spendProof('proof-1', NOW + 1));
    expect(results.filter((isFirst) => isFirst)).toHaveLength(1);
  });

  test('P11 the first key that anybody brings is everybody\u2019s', async () => {
    const keys = await twenty((index) => stage.storage.tickets.proofKey(`key-${index}`));
    expect(new Set(keys).size).toBe(1);
    if (traits.isTransient) return;
    await stage.reopen();
    expect(await stage.storage.tickets.proofKey('another')).toBe(keys[0]);
  });
}

function destinations(stage: Stage): void {
  test('are kept whole, by id, and one with the same id takes its place', async () => {
    const store = stage.storage.destinations;
    await store.put(destination({ id: 'support' }));
    await store.put(destination());
    await store.put(destination({ capacity: 3, hours: { timeZone: 'Europe/Lisbon', weekly: [] } }));
    const kept = destination({ capacity: 3, hours: { timeZone: 'Europe/Lisbon', weekly: [] } });
    expect(await store.all()).toEqual([kept, destination({ id: 'support' })]);
  });

  test('what is set by hand is kept apart, and forgotten with the destination', async () => {
    const store = stage.storage.destinations;
    await store.put(destination());
    await store.setOpening('sales', 'closed');
    await store.setOpening('sales', 'open');
    await store.setOpening('of-the-file', 'closed');
    expect([...(await store.openings())].sort()).toEqual([
      ['of-the-file', 'closed'],
      ['sales', 'open'],
    ]);
    expect(await store.remove('sales')).toBe(true);
    expect(await store.remove('sales')).toBe(false);
    await store.setOpening('of-the-file', 'by-hours');
    expect(await store.openings()).toEqual(new Map());
    expect(await store.all()).toEqual([]);
  });
}

function blocks(stage: Stage): void {
  test('hold until their end, the newest first, and can be lifted', async () => {
    const store = stage.storage.blocks;
    await store.put(block());
    await store.put(block({ id: 'b-2', createdAtMs: NOW + 1, endsAtMs: NOW + 1_000 }));
    expect(await store.all(NOW + 999)).toEqual([
      block({ id: 'b-2', createdAtMs: NOW + 1, endsAtMs: NOW + 1_000 }),
      block(),
    ]);
    expect(await store.all(NOW + 1_000)).toEqual([block()]);
    expect(await store.remove('b-1')).toBe(true);
    expect(await store.remove('b-1')).toBe(false);
    expect(await store.all(NOW)).toEqual([]);
  });

  test('any text is only text', async () => {
    const store = stage.storage.blocks;
    for (const text of HOSTILE) await store.put(block({ id: text, network: text, reason: text, by: text }));
    const kept = await store.all(NOW);
    expect(new Set(kept.map(({ reason }) => reason))).toEqual(new Set(HOSTILE));
  });
}
