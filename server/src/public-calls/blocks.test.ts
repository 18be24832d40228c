// Blocked networks, by whichever of its addresses somebody comes.
import { expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { randomIds } from '../platform/ids.ts';
import { silentLogger } from '../platform/logger.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { createBlocks } from './blocks.ts';

test('P10 a block of an IPv4 address is one of whoever comes from it through a translator', async () => {
  const storage = await openSqliteStorage({ file: ':memory:' });
  const clock = createManualClock();
  const blocks = createBlocks({ store: storage.blocks, clock, ids: randomIds, logger: silentLogger });
  await blocks.add({ network: '192.0.2.7', reason: 'noise', by: 'p-1' });
  expect(['192.0.2.7', '64:ff9b::c000:207', '::ffff:192.0.2.7'].map(blocks.isBlocked)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['192.0.2.8', '64:ff9b::c000:208', '2001:db8::c000:207'].map(blocks.isBlocked)).toEqual([
    false,
    false,
    false,
  ]);
  await storage.close();
});
