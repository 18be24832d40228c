// The hub is killed while people talk, and is away for longer than any timer of either side. Calls go on without it;
// once it is back they end at both ends, and the records say how.

import { expectRegistered, openDeskPhone, PHONE_HZ } from './exchange.ts';
import { expect, PEOPLE, test } from './fixtures.ts';
import { type KeptCall, nextCallId, recordOf } from './records.ts';
import { expectNoEndWhile } from './witness.ts';

/** Past the 30 s of SPEC R5 and R7 and every pause of the page's. */
const LONG_OUTAGE_MS = 38_000;

/** Until the record is of an ended call. */
async function endOf(dataDir: string, callId: string): Promise<KeptCall | undefined> {
  await expect
    .poll(async () => (await recordOf(dataDir, callId))?.state, { message: 'the record', timeout: 15_000 })
    .toBe('ended');
  return recordOf(dataDir, callId);
}

test('R6: the hub is killed and back after a second: the tone goes on, hang-up works, the record says so', async ({
  signedIn,
  world,
}) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const placed = nextCallId(alice);
  await alice.call('bruno');
  await bruno.answer('alice');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  await expectNoEndWhile([alice, bruno], async () => {
    const gaps = await bruno.countGapsWhile(PEOPLE.alice.toneHz, async () => {
      await world.hub.kill();
      await alice.hear(1_000);
      await world.hub.start();
      await Promise.all([alice.expectReady(), bruno.expectReady()]);
    });
    expect(gaps).toBe(0);
  });
  await bruno.hangUp();
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall()]);
  const record = await endOf(world.dataDir, await placed);
  expect(record).toMatchObject({ endReason: 'hangup' });
  expect(record?.estimated ?? false).toBe(false);
  expect(record?.endedAtMs ?? 0).toBeGreaterThan(record?.answeredAtMs ?? Number.NaN);
});

test('R5, R6: the hub is away for longer than any timer: room and telephone call go on, and end when people end them', async ({
  signedIn,
  onLines,
  world,
  anyExchange: exchange,
}) => {
  test.setTimeout(240_000);
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const placed = nextCallId(alice);
  await alice.call('bruno');
  await bruno.answer('alice');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);

  const phone = exchange ? await openDeskPhone(world, exchange) : undefined;
  // In Firefox.
  const carla = exchange ? (await onLines('firefox')).person : undefined;
  if (exchange && carla) await expectRegistered(exchange, carla);
  const telephone = await phone?.call('1003');
  await carla?.answer('bruno');
  await carla?.expectToHear(PHONE_HZ);

  const people = carla ? [alice, bruno, carla] : [alice, bruno];
  await expectNoEndWhile(people, async () => {
    const outage = async () => {
      await world.hub.kill();
      await alice.hear(LONG_OUTAGE_MS);
      await world.hub.start();
      for (const { pane } of people) {
        await expect(pane.getByText('connecting', { exact: true })).toHaveCount(0, { timeout: 30_000 });
      }
    };
    const away = outage();
    const gaps = await Promise.all([
      bruno.countGapsWhile(PEOPLE.alice.toneHz, () => away),
      carla?.countGapsWhile(PHONE_HZ, () => away) ?? 0,
    ]);
    expect(gaps).toEqual([0, 0]);
  });
  telephone?.hangUp();
  await alice.hangUp();
  await Promise.all(people.map((person) => person.expectNoCall()));
  expect(await endOf(world.dataDir, await placed)).toMatchObject({ endReason: 'hangup' });
  await phone?.close();
});
