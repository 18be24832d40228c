// Networks whose visitors let their turns pass, as they find the queue when they come again.
import { limits } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { destination, openVisitsStage, SHOP, type VisitorPage, type VisitsStage } from './stage.ts';

let stage: VisitsStage;
beforeEach(async () => {
  const storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openVisitsStage(storage, [
    destination({ queue: 4 }),
    destination({ id: 'support', queue: 4 }),
  ]);
});
afterEach(() => stage.close());

const from = (network: string) => ({ source: { address: network, port: 40_000, network, origin: SHOP } });
const begin = async (network: string, destinationId = 'sales') => {
  const ticket = stage.ticket('call', { ...from(network), destinationId });
  return stage.ask('/api/public/visits', { origin: SHOP, body: { ticket } });
};
const LIAR = '198.51.100.7';

async function letTurnsPass(...networks: readonly string[]): Promise<void> {
  for (const network of networks) {
    const page = await stage.visit('call', from(network));
    page.heard('ready');
    await stage.pass(limits.VISIT_TURN_MS + 1_000);
    expect(page.heard('ended').end).toBe('failed');
    await page.vanish();
  }
}

/** Nobody is free, and two of four places are taken. */
async function fillHalf(destinationId = 'sales'): Promise<void> {
  stage.busy.add('alice').add('bruno');
  for (const network of ['203.0.113.1', '192.0.2.200'])
    await stage.visit('call', { ...from(network), destinationId });
}

describe('a network that lets turns pass', () => {
  test('P7 has no place in a queue that is half full, where everybody else has one', async () => {
    await letTurnsPass(LIAR, LIAR);
    await fillHalf();
    expect((await begin(LIAR)).body).toMatchObject({ code: 'DESTINATION_BUSY' });
    expect((await begin('198.51.100.8')).status).toBe(201);
  });

  test('P7 has one while the queue is not half full, and after ten minutes', async () => {
    await letTurnsPass(LIAR, LIAR);
    expect((await begin(LIAR)).status).toBe(201);
    await stage.pass(10 * 60_000);
    await fillHalf();
    expect((await begin(LIAR)).status).toBe(201);
  });

  test('P7 may do so once: a microphone may be missing', async () => {
    await letTurnsPass(LIAR);
    await fillHalf();
    expect((await begin(LIAR)).status).toBe(201);
  });
});

describe('a visitor who calls when the turn has come', () => {
  test.each([17, 20, 21])(
    'P7 has let none pass, where the exchange finds nobody to ring (%i)',
    async (cause) => {
      for (let count = 0; count < 2; count += 1) {
        const page = await stage.visit('call', from(LIAR));
        page.heard('ready');
        await stage.line.tell({ kind: 'ended', visitId: page.visitId, cause, tooLong: false });
        page.heard('ended');
      }
      await fillHalf();
      expect((await begin(LIAR)).status).toBe(201);
    },
  );
});

/** Each from a neighbourhood of its own, and all within a minute. */
const LIARS = [LIAR, '198.51.101.7', '198.51.102.7'] as const;

describe('a destination where turn after turn is let pass', () => {
  /** The turn comes to two of three at the same time. */
  async function giveTurns(): Promise<readonly VisitorPage[]> {
    stage.busy.add('alice').add('bruno');
    const pages = [await stage.visit(), await stage.visit(), await stage.visit()];
    stage.busy.clear();
    await stage.pass(1_000);
    for (const page of pages.slice(0, 2)) page.heard('ready');
    return pages;
  }

  /** Late, and looked at once more. */
  const SHORT_MS = limits.VISIT_SHORT_TURN_MS + 2_000;

  test('P13 ends a turn early, as long as somebody waits behind', async () => {
    await letTurnsPass(...LIARS);
    const [first, second, last] = await giveTurns();
    expect(last?.types()).not.toContain('ready');
    await stage.pass(SHORT_MS);
    for (const page of [first, second]) expect(page?.heard('ended').end).toBe('failed');
    // Nobody is behind this one.
    last?.heard('ready');
    await stage.pass(limits.VISIT_TURN_MS - SHORT_MS);
    expect(last?.types()).not.toContain('ended');
    await stage.pass(SHORT_MS);
    expect(last?.heard('ended').end).toBe('failed');
  });

  test('P13 is seen as soon as those who have their turns are late together', async () => {
    await letTurnsPass(LIAR);
    const [first] = await giveTurns();
    await stage.pass(SHORT_MS);
    expect(first?.types()).toContain('ended');
  });

  test('P13 lets whoever calls call, late or not', async () => {
    await letTurnsPass(...LIARS);
    const [first, second] = await giveTurns();
    await stage.line.tell({ kind: 'ringing', visitId: first?.visitId ?? '' });
    await stage.pass(SHORT_MS);
    expect(first?.types()).not.toContain('ended');
    expect(second?.types()).toContain('ended');
  });

  test('P13 gives whole turns where one passes now and then, and again when a minute has gone by', async () => {
    const rare = await giveTurns();
    await stage.pass(SHORT_MS);
    for (const page of rare) expect(page.types()).not.toContain('ended');
    for (const page of rare) await page.ask('POST', '/end', {});
    await stage.pass(60_000);
    const later = await giveTurns();
    await stage.pass(SHORT_MS);
    for (const page of later) expect(page.types()).not.toContain('ended');
  });

  test('P7 has no place in a half full queue for a network that did so once, and has one for others', async () => {
    await letTurnsPass(...LIARS);
    await fillHalf();
    expect((await begin(LIAR)).body).toMatchObject({ code: 'DESTINATION_BUSY' });
    expect((await begin('198.51.100.8')).status).toBe(201);
  });

  test('P7 nor for the neighbours of three that did', async () => {
    await letTurnsPass('198.51.100.1', '198.51.100.2', '198.51.100.3');
    await fillHalf();
    expect((await begin('198.51.100.4')).body).toMatchObject({ code: 'DESTINATION_BUSY' });
    expect((await begin('198.51.101.4')).status).toBe(201);
  });

  test('P7 another destination keeps nobody out for that', async () => {
    await letTurnsPass(...LIARS);
    await fillHalf('support');
    expect((await begin(LIAR, 'support')).status).toBe(201);
  });
});
