// What a visit that goes on is promised, also by a hub that was started in the middle of it.
import { limits } from '@ringtag/server/protocol';
import { expect, test } from 'vitest';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { openVisitsStage } from './stage.ts';

test('P8 is told, and over at its limit, also where the hub was started anew meanwhile', async () => {
  const stage = await openVisitsStage(await openSqliteStorage({ file: ':memory:' }));
  const page = await stage.visit('call');
  await stage.line.tell({ kind: 'answered', visitId: page.visitId });
  await stage.restart(60_000);
  await page.listen();
  expect(page.events.at(-1)).toMatchObject({ type: 'snapshot', state: 'talking', endsInMs: 540_000 });
  await stage.pass(540_000 - limits.VISIT_WARNING_MS - 500);
  expect(page.types()).not.toContain('ending');
  await stage.pass(1_000);
  expect(page.heard('ending').endsInMs).toBe(30_000);
  await stage.pass(50_000);
  expect(page.heard('ended').end).toBe('too-long');
  expect(stage.line.closed).toEqual([page.visitId]);
  await stage.close();
});
