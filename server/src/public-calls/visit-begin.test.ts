// What becomes of a ticket where no visit comes of it.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { openVisitsStage, SHOP, type VisitsStage } from './stage.ts';

let stage: VisitsStage;
let storage: Storage;
beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openVisitsStage(storage);
});
afterEach(() => stage.close());

describe('a ticket', () => {
  const begin = async (ticket: string) => {
    const { body, status } = await stage.ask('/api/public/visits', { origin: SHOP, body: { ticket } });
    return body.code ?? status;
  };

  test.each<[string, string, (isSo: boolean) => unknown]>([
    ['the destination is closed', 'DESTINATION_CLOSED', (isSo) => setClosed(isSo)],
    ['too many visits begin', 'RATE_LIMITED', (isSo) => stage.tooOften[isSo ? 'add' : 'delete']('visit')],
    ['too many go on', 'RATE_LIMITED', (isSo) => Object.assign(stage.share, { left: isSo ? 0 : 1 })],
    ['the exchange is away', 'PBX_UNAVAILABLE', (isSo) => Object.assign(stage.line, { available: !isSo })],
  ])('P3 is still good after a refusal because %s, and then once', async (_, code, set) => {
    const ticket = stage.ticket();
    await set(true);
    expect([await begin(ticket), await begin(ticket)]).toEqual([code, code]);
    await set(false);
    expect([await begin(ticket), await begin(ticket)]).toEqual([201, 'TICKET_USED']);
  });

  test('P3 is still good where the visit could not be kept, and nothing is held for it', async () => {
    const ticket = stage.ticket();
    const create = vi.spyOn(storage.visits, 'create').mockRejectedValueOnce(new Error('the disk is full'));
    expect(await begin(ticket)).toBe('INTERNAL');
    expect([create.mock.calls.length, stage.share.left, stage.visits.live()]).toEqual([1, 100, []]);
    expect([await begin(ticket), await begin(ticket)]).toEqual([201, 'TICKET_USED']);
  });

  const setClosed = (isClosed: boolean) =>
    stage.destinations.setOpening('sales', isClosed ? 'closed' : 'by-hours');
});
