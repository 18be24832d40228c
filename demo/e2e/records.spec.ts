// Call records as an auditor finds them in the hub's storage: every call of either kind is there once, numbered without
// a gap, whatever was killed meanwhile.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importServer } from '../bench/server-parts.ts';
import type { World } from '../src/world.ts';
import { advanceClock, connectedDevices } from './fixtures.ts';
import { expectRegistered, openDeskPhone, PHONE_HZ } from './survival/exchange.ts';
import { expect, PEOPLE, type Person, test } from './survival/fixtures.ts';
import { nextCallId } from './survival/records.ts';
import { killBrowser } from './survival/sleep.ts';

interface Party {
  readonly name?: string;
  readonly number?: string;
  readonly endpoint?: string;
}

/** Of an entry, what is looked at here. */
interface KeptRecord {
  readonly sequence: number;
  readonly kind: 'call' | 'amendment';
  readonly key: string;
  readonly via: 'room' | 'pbx';
  readonly callId?: string;
  readonly caller: Party;
  readonly callee: Party;
  readonly result: string;
  readonly cause: number;
  readonly answerMs?: number;
  readonly endMs: number;
  readonly endedBy?: string;
  readonly estimated?: true;
}

interface StorageModule {
  openStorage(options: { dataDir: string }): Promise<{
    readonly records: { after(sequence: number, limit: number): Promise<KeptRecord[]> };
    close(): Promise<void>;
  }>;
}

/** Everything that was written; its numbers have no gap, its keys no double. */
async function entriesOf({ dataDir }: World): Promise<KeptRecord[]> {
  const { openStorage } = await importServer<StorageModule>('storage/open.js');
  const storage = await openStorage({ dataDir: join(dataDir, 'hub') });
  try {
    const all = await storage.records.after(0, 10_000);
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1));
    expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
    return all;
  } finally {
    await storage.close();
  }
}

/** The records of calls beyond the first `before` entries, once there are so many. */
async function callsSince(world: World, before: number, count: number, withinMs = 20_000) {
  const calls = async () =>
    (await entriesOf(world)).slice(before).filter((entry): boolean => entry.kind === 'call');
  await expect
    .poll(async () => (await calls()).length, { message: 'call records', timeout: withinMs })
    .toBeGreaterThanOrEqual(count);
  return calls();
}

async function talkInRoom(alice: Person, bruno: Person): Promise<string> {
  const placed = nextCallId(alice);
  await alice.call('bruno');
  await bruno.answer('alice');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  return placed;
}

test('G1: the hub is away while a room call and telephone calls begin and end: each is recorded once', async ({
  signedIn,
  exchange,
  world,
}) => {
  test.setTimeout(150_000);
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const carla = await signedIn('carla', 'intranet');
  const phone = await openDeskPhone(world, exchange);
  await expectRegistered(exchange, carla);
  const before = (await entriesOf(world)).length;
  const roomCall = await talkInRoom(alice, bruno);
  const across = await phone.call('1003');
  await carla.answer('bruno');
  await carla.expectToHear(PHONE_HZ);

  await world.hub.kill();
  await alice.hangUp();
  across.hangUp();
  const within = await phone.call('600');
  expect(await within.answered).toBe(true);
  within.hangUp();
  await alice.hear(10_000);
  await world.hub.start();
  await Promise.all([alice, bruno, carla].map((person) => person.expectNoCall()));

  const calls = await callsSince(world, before, 3);
  expect(calls).toHaveLength(3);
  const find = (fits: (entry: KeptRecord) => boolean) => calls.find(fits);
  expect(find(({ callId }) => callId === roomCall)).toMatchObject({
    ...{ via: 'room', result: 'answered', cause: 16, endedBy: 'caller' },
    ...{ caller: { name: PEOPLE.alice.name }, callee: { name: PEOPLE.bruno.name } },
  });
  expect(find(({ callee }) => callee.number === '1003')).toMatchObject({
    ...{ via: 'pbx', result: 'answered', cause: 16, endedBy: 'caller' },
    caller: { name: PEOPLE.bruno.name, endpoint: 'p-bruno' },
    callee: { name: PEOPLE.carla.name, endpoint: carla.sipEndpoint },
  });
  expect(find(({ callee }) => callee.number === '600')).toMatchObject({ via: 'pbx', result: 'answered' });
  for (const { estimated } of calls) expect(estimated).toBeUndefined();
  await phone.close();
});

test('G1: a telephone call from the page is one record, of the hub’s call and the exchange’s', async ({
  signedIn,
  deskPhone,
  world,
}) => {
  const alice = await signedIn('alice');
  const before = (await entriesOf(world)).length;
  const placed = nextCallId(alice);
  await alice.call('bruno');
  const call = await deskPhone.nextCall(10_000);
  call.answer();
  await alice.expectToHear(PHONE_HZ);
  call.hangUp();
  await alice.expectNoCall();
  // What the page said to the exchange, from which the two are joined.
  const events = await readFile(world.telephone?.asterisk.celFile ?? '', 'utf8');
  expect(events).toContain(` ${await placed}""}"`);
  const calls = await callsSince(world, before, 1);
  expect(calls).toMatchObject([
    {
      ...{ via: 'pbx', callId: await placed, result: 'answered', cause: 16, endedBy: 'callee' },
      caller: { name: PEOPLE.alice.name, endpoint: alice.sipEndpoint },
      callee: { name: PEOPLE.bruno.name, endpoint: 'p-bruno' },
    },
  ]);
});

test('G1: both browsers of a call are killed: its record ends when they were last seen, and says so', async ({
  signedIn,
  world,
}) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const before = (await entriesOf(world)).length;
  const callId = await talkInRoom(alice, bruno);
  await Promise.all([killBrowser(alice.browser.profile), killBrowser(bruno.browser.profile)]);
  const killedMs = Date.now();
  await expect.poll(() => connectedDevices(world)).toBe(0);
  // The room's window is 30 s (SPEC R5).
  expect((await entriesOf(world)).length).toBe(before);
  advanceClock(world, 30_000);
  const calls = await callsSince(world, before, 1);
  expect(calls).toMatchObject([{ callId, via: 'room', result: 'answered', cause: 102, estimated: true }]);
  expect(Math.abs((calls[0]?.endMs ?? 0) - killedMs)).toBeLessThan(15_000);
});
