import { beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/logger.ts';
import { createLastSeen, type LastSeen } from './last-seen.ts';

let clock: ReturnType<typeof createManualClock>;
let lastSeen: LastSeen;
let writes: { ids: string[]; atMs: number }[];
let isAway: boolean;

beforeEach(() => {
  clock = createManualClock(0);
  writes = [];
  isAway = false;
  const seen = async (ids: readonly string[], atMs: number): Promise<void> => {
    if (isAway) throw new Error('away');
    writes.push({ ids: [...ids], atMs });
  };
  const storage = { sessions: { seen } } as unknown as Parameters<typeof createLastSeen>[0]['storage'];
  lastSeen = createLastSeen({ storage, clock, logger: silentLogger });
  lastSeen.start();
});

/** Moves the clock as time does: what was begun meanwhile is done. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    clock.advance(1_000);
    await Promise.resolve();
    await Promise.resolve();
  }
}

test('devices that come and go within a moment are one write', async () => {
  for (const id of ['s-1', 's-2', 's-3']) lastSeen.came(id);
  lastSeen.gone('s-2');
  await pass(10_000);
  expect(writes).toEqual([{ ids: ['s-1', 's-2', 's-3'], atMs: 2_000 }]);
});

test('a device that stays is written again every five minutes, one that went is not', async () => {
  lastSeen.came('s-stays');
  lastSeen.came('s-goes');
  await pass(60_000);
  lastSeen.gone('s-goes');
  await pass(11 * 60_000);
  const times = (id: string) => writes.filter(({ ids }) => ids.includes(id)).map(({ atMs }) => atMs);
  expect(times('s-goes')).toEqual([2_000, 62_000]);
  expect(times('s-stays')).toEqual([2_000, 302_000, 602_000]);
});

test('ten thousand that come at once are written in small batches', async () => {
  for (let index = 0; index < 10_000; index += 1) lastSeen.came(`s-${index}`);
  await pass(4 * 60_000);
  expect(Math.max(...writes.map(({ ids }) => ids.length))).toBeLessThanOrEqual(200);
  expect(new Set(writes.flatMap(({ ids }) => ids)).size).toBe(10_000);
});

test('what storage could not take is written once it is back', async () => {
  isAway = true;
  lastSeen.came('s-1');
  await pass(5_000);
  isAway = false;
  await pass(5_000);
  expect(writes.flatMap(({ ids }) => ids)).toEqual(['s-1']);
});

test('when the hub stops, those that are connected were seen just now', async () => {
  lastSeen.came('s-1');
  clock.advance(100_000);
  await lastSeen.stop();
  expect(writes.at(-1)).toEqual({ ids: ['s-1'], atMs: 100_000 });
});
