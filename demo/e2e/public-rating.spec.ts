// A visitor rates a call when the hub that carried it was killed meanwhile: the record, which never changes, has the
// stars beside it.
import { join } from 'node:path';
import { importServer } from '../bench/server-parts.ts';
import type { World } from '../src/world.ts';
import { answerVisitor } from './public/agent.ts';
import { expect, PEOPLE, test } from './public/fixtures.ts';
import { recordOfVisit } from './public/record.ts';

interface KeptEntry {
  readonly sequence: number;
  readonly visitId?: string;
  readonly amends?: number;
  readonly rating?: { readonly stars: number };
}

interface StorageModule {
  openStorage(options: { dataDir: string }): Promise<{
    readonly records: { after(sequence: number, limit: number): Promise<KeptEntry[]> };
    close(): Promise<void>;
  }>;
}

/** What the hub's storage has beside the records of that visit's calls. */
async function ratingsOf({ dataDir }: World, visitId: string | undefined) {
  const { openStorage } = await importServer<StorageModule>('storage/open.js');
  const storage = await openStorage({ dataDir: join(dataDir, 'hub') });
  try {
    const all = await storage.records.after(0, 10_000);
    const calls = all.filter((entry) => entry.visitId === visitId).map(({ sequence }) => sequence);
    return all.flatMap(({ amends, rating }) => (rating && calls.includes(amends ?? 0) ? rating.stars : []));
  } finally {
    await storage.close();
  }
}

test('P9: a visitor rates a call after the hub was killed and started again, and the record has it', async ({
  signedIn,
  visitor,
  world,
}) => {
  const alice = await signedIn('alice');
  const stranger = await visitor();
  await stranger.call();
  await answerVisitor(alice);
  await stranger.expectText(`You are talking to ${PEOPLE.alice.name}`);
  await stranger.expectToHear(PEOPLE.alice.toneHz);
  await stranger.press('Hang up');
  await stranger.expectText('The call has ended');
  const record = await recordOfVisit(world, stranger.visitId);
  expect(record.result).toBe('answered');
  await world.hub.kill();
  await world.hub.start();
  await stranger.page.getByRole('radio', { name: '4 of 5' }).check();
  await stranger.press('Send');
  await stranger.expectText('Thank you.');
  await expect.poll(() => ratingsOf(world, stranger.visitId), { timeout: 20_000 }).toEqual([4]);
  expect(await recordOfVisit(world, stranger.visitId)).toEqual(record);
});
