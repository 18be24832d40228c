// Networks whose visitors let their turns pass, as they find the queue when they come again.
import { limits } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { destination, openVisitsStage, SHOP, type VisitsStage } from './stage.ts';

let stage: VisitsStage;
beforeEach(async () => {
  const storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openVisitsStage(storage, [destination({ queue: 4 })]);
});
afterEach(() => stage.close());

const from = (network: string) => ({ source: { address: network, port: 40_000, network, origin: SHOP } });
const begin = async (network: string) => {
  const ticket = stage.ticket('call', from(network));
  return stage.ask('/api/public/visits', { origin: SHOP, body: { ticket } });
};
const LIAR = '198.51.100.7';

async function letTurnsPass(count: number): Promise<void> {
  for (let each = 0; each < count; each += 1) {
    const page = await stage.visit('call', from(LIAR));
    page.heard('ready');
    await stage.pass(limits.VISIT_TURN_MS + 1_000);
    expect(page.heard('ended').end).toBe('failed');
    await page.vanish();
  }
}

/** Nobody is free, and two of four places are taken. */
async function fillHalf(): Promise<void> {
  stage.busy.add('alice').add('bruno');
  await stage.visit('call', from('203.0.113.1'));
  await stage.visit('call', from('192.0.2.200'));
}

describe('a network that lets turns pass', () => {
  test('P7 has no place in a queue that is half full, where everybody else has one', async () => {
    await letTurnsPass(2);
    await fillHalf();
    expect((await begin(LIAR)).body).toMatchObject({ code: 'DESTINATION_BUSY' });
    expect((await begin('198.51.100.8')).status).toBe(201);
  });

  test('P7 has one while the queue is not half full, and after ten minutes', async () => {
    await letTurnsPass(2);
    expect((await begin(LIAR)).status).toBe(201);
    await stage.pass(10 * 60_000);
    await fillHalf();
    expect((await begin(LIAR)).status).toBe(201);
  });

  test('P7 may do so once: a microphone may be missing', async () => {
    await letTurnsPass(1);
    await fillHalf();
    expect((await begin(LIAR)).status).toBe(201);
  });
});
