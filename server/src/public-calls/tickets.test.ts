import { beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { randomIds } from '../platform/ids.ts';
import { silentLogger } from '../platform/logger.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import type { TicketStore } from './ticket-store.ts';
import { createTickets, type TicketOffice } from './tickets.ts';

const SHOP = 'https://shop.example';
const WISH: Parameters<TicketOffice['give']>[0] = {
  destinationId: 'sales',
  intent: 'call',
  source: { address: '192.0.2.7', port: 40_000, network: '192.0.2.7', origin: SHOP },
  context: { title: 'Shoes', data: [] },
};

let clock: ReturnType<typeof createManualClock>;
let store: TicketStore;
let asked: number;
let isDown: boolean;
let office: TicketOffice;

beforeEach(async () => {
  const kept = (await openSqliteStorage({ file: ':memory:' })).tickets;
  asked = 0;
  isDown = false;
  const reached = <T>(work: () => Promise<T>): Promise<T> => {
    asked += 1;
    return isDown ? Promise.reject(new Error('no storage')) : work();
  };
  store = {
    ...kept,
    put: (ticket) => reached(() => kept.put(ticket)),
    spend: (id, by) => reached(() => kept.spend(id, by)),
    restore: (id) => reached(() => kept.restore(id)),
  };
  clock = createManualClock();
  office = officeWith('a key');
});

const officeWith = (key: string): TicketOffice =>
  createTickets({ key, store, clock, ids: randomIds, logger: silentLogger });

const code = async (ticket: string, origin = SHOP, from = office): Promise<string> => {
  const spent = await from.spend(ticket, origin);
  return 'code' in spent ? spent.code : `${spent.destinationId} ${spent.intent}`;
};

describe('a clock that is wrong', () => {
  test('P3 put back, it makes no ticket good a second time, and put on, it ends those that were given', async () => {
    const [used, kept, late] = [await office.give(WISH), await office.give(WISH), await office.give(WISH)];
    expect(await code(used)).toBe('sales call');
    clock.advance(-3_600_000);
    expect([await code(used), await code(kept)]).toEqual(['TICKET_USED', 'sales call']);
    clock.advance(2 * 3_600_000);
    expect(await code(late)).toBe('TICKET_EXPIRED');
    expect(await code(await office.give(WISH))).toBe('sales call');
  });
});

describe('P3', () => {
  test('P3 a ticket is good once, and says so afterwards, on every hub of the same storage', async () => {
    const ticket = await office.give(WISH);
    const another = officeWith('a key');
    expect(await code(ticket, SHOP, another)).toBe('sales call');
    expect(await code(ticket)).toBe('TICKET_USED');
    expect(await code(ticket, SHOP, another)).toBe('TICKET_USED');
  });

  test('P2 it brings what it was given for', async () => {
    const spent = await office.spend(await office.give(WISH), SHOP);
    expect(spent).toMatchObject({ ...WISH, expiresAtMs: clock.now() + 90_000 });
  });

  test('P3 after 90 s of the hub\u2019s clock it is late, whatever the visitor\u2019s clock says', async () => {
    const [inTime, late] = [await office.give(WISH), await office.give(WISH)];
    clock.advance(89_999);
    expect(await code(inTime)).toBe('sales call');
    clock.advance(1);
    expect(await code(late)).toBe('TICKET_EXPIRED');
  });

  test('P3 on a page of another origin it is foreign, and then good nowhere', async () => {
    const ticket = await office.give(WISH);
    for (const origin of ['https://evil.example', 'http://shop.example', `${SHOP}:8443`, ''])
      expect(await code(ticket, origin), origin).toBe('TICKET_FOREIGN');
    expect(await code(ticket)).toBe('TICKET_USED');
  });

  test('P3 a forged one never gets as far as storage', async () => {
    const ticket = await office.give(WISH);
    const before = asked;
    const forged = [
      'x'.repeat(65),
      `${ticket}x`,
      ticket.slice(0, -1),
      ticket.slice(0, 43),
      `${ticket.startsWith('A') ? 'B' : 'A'}${ticket.slice(1)}`,
      '',
      '__proto__',
      '{"$ne":null}',
    ];
    for (const each of forged) expect(await code(each), each).toBe('TICKET_INVALID');
    expect(await code(await officeWith('another key').give(WISH))).toBe('TICKET_INVALID');
    expect(asked).toBe(before + 1);
    expect(await code(ticket)).toBe('sales call');
  });

  test('P3 one that is known to be used does not get as far either, on that page', async () => {
    const ticket = await office.give(WISH);
    await code(ticket);
    const before = asked;
    expect([await code(ticket), office.atSight(ticket, SHOP)]).toEqual(['TICKET_USED', 'TICKET_USED']);
    expect(asked).toBe(before);
    expect(office.atSight(ticket, 'https://evil.example')).toBeUndefined();
  });

  test('P3 one of which nothing came is good again, unless storage cannot note it', async () => {
    const ticket = await office.give(WISH);
    await code(ticket);
    await office.giveBack(ticket, SHOP);
    expect(office.atSight(ticket, SHOP)).toBeUndefined();
    expect(await code(ticket)).toBe('sales call');
    isDown = true;
    await office.giveBack(ticket, SHOP);
    isDown = false;
    expect(await code(ticket)).toBe('TICKET_USED');
  });

  test('P3 while storage does not answer, nothing is given and nothing is spent', async () => {
    const ticket = await office.give(WISH);
    isDown = true;
    expect(await code(ticket)).toBe('STORAGE_UNAVAILABLE');
    expect(await code(ticket, 'https://evil.example')).toBe('STORAGE_UNAVAILABLE');
    await expect(office.give(WISH)).rejects.toThrow('no storage');
    isDown = false;
    expect(await code(ticket)).toBe('sales call');
  });
});

test('old tickets are forgotten ten minutes after their time', async () => {
  office.start();
  const ticket = await office.give(WISH);
  const laterCode = async (ms: number) => {
    for (let minute = 0; minute < ms / 60_000; minute += 1) {
      clock.advance(60_000);
      // The sweep is on its way; the next one is planned when it is over.
      await new Promise(setImmediate);
    }
    return code(ticket);
  };
  expect(await laterCode(5 * 60_000)).toBe('TICKET_EXPIRED');
  expect(await laterCode(10 * 60_000)).toBe('TICKET_INVALID');
  office.stop();
});
