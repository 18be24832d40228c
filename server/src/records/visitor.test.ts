// The records of visitors' calls, and what those who answer see of them. The storage is a file: it outlives restarts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExchangeCall, ExchangeLeg, KeepCalls } from '../pbx/exchange-call.ts';
import { createManualClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/logger.ts';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { createRecordKeeping, type RecordKeeping } from './keeping.ts';
import type { CallEntry, Entry } from './record.ts';

/** Of what is put to a record after it was asked for; on a busy machine as well. */
const PATIENCE = { timeout: 10_000 };
const clock = createManualClock();
const START_MS = clock.now();
let dir: string;
let storage: Storage;
let records: RecordKeeping;
let keep: KeepCalls;
let alice: string;
let bruno: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ringtag-visitors-'));
  await start();
  await storage.people.seed([
    { key: 'alice', name: 'Alice', extension: '1001', deskPhone: 'p-alice' },
    { key: 'bruno', name: 'Bruno', extension: '1002', deskPhone: 'p-bruno' },
  ]);
  const [first, second] = await Promise.all(
    ['1001', '1002'].map((number) => storage.people.byNumbers([number])),
  );
  [alice, bruno] = [first?.[0]?.id ?? '', second?.[0]?.id ?? ''];
  for (const [endpoint, personId] of [
    ['p-alice', alice],
    ['p-bruno', bruno],
  ] as const)
    await storage.pbx.put({ endpoint, kind: 'phone', personId, auths: [] });
});
afterEach(async () => {
  await stop();
  await rm(dir, { recursive: true });
});

/** A hub's part that keeps records, on what is there. */
async function start(): Promise<void> {
  storage = await openSqliteStorage({ file: join(dir, 'ringtag.sqlite') });
  records = createRecordKeeping({
    ...{ storage, clock, logger: silentLogger, systemId: 'hub-1' },
    openTail(options) {
      keep = options.keep;
      const none = { start() {}, poll: async () => {}, stop: async () => {} };
      return { ...none, isCurrent: true, hasLeg: () => false, isCalling: () => false };
    },
  });
  records.start();
}

async function stop(): Promise<void> {
  await records.stop();
  await storage.close();
}

async function restart(): Promise<void> {
  await stop();
  await start();
}

const leg = (endpoint: string, answerMs?: number): ExchangeLeg => ({
  ...{ uniqueId: endpoint, endpoint, startMs: START_MS },
  ...(answerMs === undefined ? {} : { answerMs }),
});

/** As the exchange tells of it: who called is the gate, and what was dialled a name. */
const publicCall = (over: Partial<ExchangeCall> = {}): ExchangeCall => ({
  linkedId: '1.1',
  legs: [leg('g-1', START_MS + 2_000), leg('p-alice'), leg('p-bruno', START_MS + 2_000)],
  ...{ callerName: 'Sales', callerNumber: 'visitor', callerAddress: '127.0.0.1:40000', dialled: 'visit' },
  ...{ startMs: START_MS, answerMs: START_MS + 2_000, endMs: START_MS + 9_000, cause: 16, visitId: 'v-1' },
  ...over,
});

const visit = (context: object = {}, id = 'v-1') =>
  storage.visits.create({
    ...{
      id,
      keyHash: 'k',
      ticketId: 'ticket-hash',
      destinationId: 'sales',
      before: [],
      intent: 'call',
    },
    source: { address: '203.0.113.9', port: 50_123, network: '203.0.113.9', origin: 'https://shop.example' },
    context: { data: [], ...context },
    ...{ createdAtMs: START_MS, stage: { state: 'open' }, messages: [] },
  });

async function written(): Promise<Entry<CallEntry>> {
  const all = await storage.records.after(0, 10);
  expect(all).toHaveLength(1);
  return all[0] as Entry<CallEntry>;
}

test('D2 the record has the visitor’s address, ticket, destination and context, and nothing of the gate', async () => {
  await visit({
    ...{
      url: 'https://shop.example/shoes',
      title: 'Shoes',
      place: { latitude: 38.7, longitude: -9.1, accuracy: 30 },
    },
    data: [
      { key: 'url', value: 'mine' },
      { key: 'cart', value: '3' },
    ],
  });
  await keep([publicCall()], {});
  const entry = await written();
  expect(entry).toMatchObject({
    ...{ visitId: 'v-1', ticket: 'ticket-hash', destination: 'sales', result: 'answered' },
    context: {
      ...{ url: 'https://shop.example/shoes', title: 'Shoes', place: 'geo:38.7,-9.1;u=30' },
      ...{ 'data.url': 'mine', 'data.cart': '3' },
    },
    callee: { personId: bruno, name: 'Bruno', number: '1002' },
    people: [bruno],
  });
  expect(entry.caller).toEqual({ name: 'Sales', endpoint: 'g-1', address: '203.0.113.9', port: 50_123 });
});

test('a visit that is forgotten leaves a record without an address', async () => {
  await keep([publicCall()], {});
  const entry = await written();
  expect(entry.caller).toEqual({ name: 'Sales', endpoint: 'g-1' });
  expect(entry).not.toHaveProperty('ticket');
});

test('G3 who answered sees a call of the destination without a number; who only rang has missed nothing', async () => {
  await visit();
  await keep([publicCall()], {});
  const of = async (personId: string) => {
    const answer = await records.history.page(personId, { limit: 10 });
    return answer.ok ? answer.page.calls : [];
  };
  const visitor = { visitId: 'v-1', peer: { name: 'Sales' } };
  expect(await of(bruno)).toMatchObject([{ direction: 'in', result: 'answered', ...visitor }]);
  expect((await of(bruno))[0]?.peer).not.toHaveProperty('number');
  expect((await of(bruno))[0]).not.toHaveProperty('stars');
  await storage.visits.rate('v-1', { stars: 4 });
  expect((await of(bruno))[0]?.stars).toBe(4);
  expect(await of(alice)).toEqual([]);
});

test('T5 a visitor who is passed on is a visitor’s call in both histories', async () => {
  await visit();
  const legs = [
    leg('g-1', START_MS + 2_000),
    leg('p-alice', START_MS + 2_000),
    leg('p-bruno', START_MS + 5_000),
  ];
  await keep([publicCall({ legs })], {});
  expect(await written()).toMatchObject({
    ...{ callee: { personId: alice }, transferredToParty: { personId: bruno }, people: [alice, bruno] },
  });
  for (const [personId, goal] of [
    [alice, { personId: bruno }],
    [bruno, undefined],
  ] as const) {
    const answer = await records.history.page(personId, { limit: 10 });
    const [call] = answer.ok ? answer.page.calls : [];
    expect(call).toMatchObject({
      direction: 'in',
      result: 'answered',
      visitId: 'v-1',
      peer: { name: 'Sales' },
    });
    expect(call?.transferredTo?.personId).toBe(goal?.personId);
  }
});

describe('G3 of a visitor who was passed on', () => {
  const SECOND_MS = 1_000;
  const at = (seconds: number) => START_MS + seconds * SECOND_MS;
  const talk = (endpoint: string, [from, to]: readonly [number, number]): ExchangeLeg => ({
    ...{ uniqueId: `${endpoint}-${from}`, endpoint, startMs: at(from) },
    ...{ answerMs: at(from), endMs: at(to), cause: 16 },
  });
  /** It leaves for another call. */
  const gone = (leg: ExchangeLeg): ExchangeLeg => {
    const { cause: _, ...rest } = leg;
    return rest;
  };
  /** Alice talks from 2 s on; what is asked of Bruno begins at 100 s. */
  const passedOn = (legs: readonly ExchangeLeg[], askedFor: number): ExchangeCall[] => [
    {
      ...{
        linkedId: '2.1',
        legs: [talk('p-alice', [90, 100]), gone(talk('p-bruno', [100, 100 + askedFor]))],
      },
      ...{ callerNumber: '1001', dialled: '1002', startMs: at(90), answerMs: at(100) },
      ...{ endMs: at(100 + askedFor), cause: 16, joinedTo: '1.1' },
    },
    publicCall({ legs: [talk('g-1', [2, 147]), ...legs], answerMs: at(2), endMs: at(147) }),
  ];
  const shownTo = async (personId: string, limit = 10) => {
    const answer = await records.history.page(personId, { limit });
    if (!answer.ok) throw new Error(answer.code);
    return answer.page.calls.map(({ peer, lengthMs = 0, transferredTo }) => [
      peer.name,
      lengthMs / SECOND_MS,
      transferredTo?.name,
    ]);
  };

  test('each sees how long they talked themselves, and nobody the call by which that was done', async () => {
    await visit();
    await keep(passedOn([talk('p-alice', [2, 101]), talk('p-bruno', [101, 147])], 1), {});
    expect(await shownTo(alice)).toEqual([['Sales', 99, 'Bruno']]);
    expect(await shownTo(bruno)).toEqual([['Sales', 46, undefined]]);
    expect(await shownTo(alice, 1)).toEqual([['Sales', 99, 'Bruno']]);
    // The records themselves are whole.
    expect(await storage.records.after(0, 10)).toMatchObject([
      { key: 'pbx:2.1', people: [alice, bruno], transferredTo: 'pbx:1.1' },
      { key: 'pbx:1.1', answerMs: at(2), endMs: at(147) },
    ]);
  });

  test('so it is where the exchange tells of the join only when all is over', async () => {
    await visit();
    const [{ joinedTo: _, ...asked } = publicCall(), talked = publicCall()] = passedOn(
      [talk('p-alice', [2, 101]), talk('p-bruno', [146, 147])],
      1,
    );
    await keep([asked], {});
    expect(await shownTo(alice)).toEqual([]);
    await keep([talked], {});
    expect(await shownTo(alice)).toEqual([['Sales', 99, 'Bruno']]);
    expect(await shownTo(bruno)).toEqual([['Sales', 46, undefined]]);
  });

  test('a call that was only short is shown', async () => {
    const [{ joinedTo: _, ...asked } = publicCall()] = passedOn([], 1);
    const [first, second] = [talk('p-alice', [90, 101]), talk('p-bruno', [100, 101])];
    await keep([{ ...asked, legs: [first, second] }], {});
    await keep([{ ...asked, linkedId: '3.1', legs: [gone(first), gone(second)] }], {});
    await keep([{ ...asked, linkedId: '4.1', legs: [first, gone(second)], estimated: true }], {});
    expect((await shownTo(alice)).map(([name]) => name)).toEqual(['Bruno', 'Bruno', 'Bruno']);
  });

  test('a colleague who was asked first has been called, and that is shown', async () => {
    await visit();
    await keep(passedOn([talk('p-alice', [2, 130]), talk('p-bruno', [130, 147])], 30), {});
    expect(await shownTo(alice)).toEqual([
      ['Bruno', 30, undefined],
      ['Sales', 128, 'Bruno'],
    ]);
  });

  test('who had moved to another device, or got it back, has talked as long as with all of them', async () => {
    await visit();
    const alices = [talk('p-alice', [2, 52]), talk('p-alice', [51, 100]), talk('p-alice', [140, 150])];
    await keep(passedOn([...alices, talk('p-bruno', [100, 140])], 1), {});
    expect(await shownTo(alice)).toEqual([['Sales', 105, 'Bruno']]);
  });

  test('what is not shown takes no place on a page', async () => {
    const many = Array.from({ length: 7 }, (_, i): ExchangeCall[] => {
      const [asked, talked] = passedOn([talk('p-alice', [2, 101]), talk('p-bruno', [101, 147])], 1);
      if (!asked || !talked) throw new Error('no calls');
      const isOwn = i === 0 || i === 6;
      return [{ ...asked, linkedId: `2.${i}` }, ...(isOwn ? [{ ...talked, linkedId: `1.${i}` }] : [])];
    });
    await keep(many.flat(), {});
    const first = await records.history.page(alice, { limit: 1 });
    if (!first.ok) throw new Error(first.code);
    expect(first.page.calls).toHaveLength(1);
    const second = await records.history.page(alice, { before: first.page.next, limit: 1 });
    if (!second.ok) throw new Error(second.code);
    expect(second.page).toMatchObject({ calls: [{ peer: { name: 'Sales' } }] });
    expect(second.page).not.toHaveProperty('next');
  });
});

test('G3 everybody whom an unanswered visitor rang has missed the call', async () => {
  await visit();
  const legs = [leg('g-1'), leg('p-alice'), leg('p-bruno')];
  const { answerMs: _, ...unanswered } = publicCall({ legs, cause: 19 });
  await keep([unanswered], {});
  expect(await written()).toMatchObject({ result: 'no-answer', people: [alice, bruno] });
  const answer = await records.history.page(alice, { limit: 10 });
  expect(answer.ok && answer.page.calls).toMatchObject([{ result: 'missed', peer: { name: 'Sales' } }]);
});

describe('what the visitor’s page tells of the call', () => {
  const report = { mosMean: 4.2, mosMin: 3.9, samples: 12, lossPercent: 0, jitterMs: 2, roundTripMs: 30 };
  const told = (over: Partial<ExchangeCall> = {}) =>
    publicCall({
      legs: [{ ...leg('g-1', START_MS + 2_000), sipCallId: 'leg-g' }, leg('p-bruno', 0)],
      ...over,
    });
  const rate = (sipCallId?: string, over: object = {}) =>
    records.ratings.rateVisit('v-1', { ...report, ...(sipCallId ? { sipCallId } : {}), ...over });
  const all = () => storage.records.after(0, 10);

  test('G2 is how it sounded there: the newest before the record is in it, one after it amends it', async () => {
    expect(await rate('leg-g', { mosMean: 1.5, mosMin: 1 })).toEqual({ ok: true });
    await rate('leg-g');
    await keep([told()], {});
    expect(await written()).toMatchObject({ quality: { caller: report } });
    await rate('leg-g', { mosMean: 4 });
    await rate('leg-g', { mosMean: 3 });
    expect(await all()).toMatchObject([
      { kind: 'call', quality: { caller: report } },
      { kind: 'amendment', amends: 1, quality: { caller: { mosMean: 4 } } },
    ]);
    expect(await all()).toHaveLength(2);
  });

  test('G2 without a Call-ID is refused, and of another visit or call it is nobody’s', async () => {
    expect(await rate()).toMatchObject({ code: 'INVALID_INPUT', field: 'sipCallId' });
    await rate('leg-x');
    await keep([told(), told({ linkedId: '2.1', visitId: 'v-2' })], {});
    for (const entry of await all()) expect(entry).not.toHaveProperty('quality');
  });

  /** As the visit keeps it, and tells of it. */
  async function rateStars(id: string, stars: number, text?: string): Promise<void> {
    const isFirst = await storage.visits.rate(id, { stars, ...(text === undefined ? {} : { text }) });
    if (isFirst) records.visitRatings.rated(id);
  }
  const ratings = async () => (await all()).filter((entry) => 'rating' in entry);

  test('D2 a rating goes to the record, whichever of the two comes first, and once', async () => {
    for (const id of ['v-1', 'v-2', 'v-3']) await visit({}, id);
    await rateStars('v-1', 2, 'Slow');
    await keep([told(), told({ linkedId: '2.1', visitId: 'v-2' })], {});
    await rateStars('v-2', 5);
    await rateStars('v-2', 1);
    await rateStars('v-3', 1);
    // Called anew in a visit that was rated: the rating was of the call before.
    await keep([told({ linkedId: '3.1' })], {});
    await expect.poll(ratings, PATIENCE).toMatchObject([
      { kind: 'amendment', amends: 1, rating: { stars: 2, text: 'Slow' } },
      { kind: 'amendment', amends: 2, rating: { stars: 5 } },
    ]);
    await restart();
    expect(await ratings()).toHaveLength(2);
  });

  test.each([
    ['after the record and the restart', ['record', 'restart', 'rating']],
    ['before the record, with the restart between', ['rating', 'restart', 'record']],
  ])('P9 a rating given %s reaches the record, which stays as it was', async (_, steps) => {
    await visit();
    for (const step of steps) {
      if (step === 'record') await keep([told()], {});
      if (step === 'rating') await rateStars('v-1', 3);
      if (step === 'restart') await restart();
    }
    await expect
      .poll(ratings, PATIENCE)
      .toMatchObject([{ key: 'rating:v-1', amends: 1, rating: { stars: 3 } }]);
    const [record] = await all();
    expect(record).toMatchObject({ sequence: 1, kind: 'call', visitId: 'v-1' });
    expect(record).not.toHaveProperty('rating');
    await restart();
    await records.stop();
    expect(await ratings()).toHaveLength(1);
  });

  test('P9 a rating that a killed hub had not yet put to the record is put there at the next start', async () => {
    await visit();
    await visit({}, 'v-2');
    await keep([told()], {});
    await storage.visits.rate('v-1', { stars: 4 });
    await storage.visits.rate('v-2', { stars: 1 });
    await restart();
    await expect.poll(ratings, PATIENCE).toMatchObject([{ amends: 1, rating: { stars: 4 } }]);
  });

  test('a rating that storage refuses is put to the record later', async () => {
    await visit();
    await keep([told()], {});
    const { append } = storage.records;
    let refused = 0;
    storage.records.append = () => {
      refused += 1;
      return Promise.reject(new Error('full'));
    };
    await rateStars('v-1', 4);
    await expect.poll(() => refused, PATIENCE).toBeGreaterThan(0);
    storage.records.append = append;
    // Until it has noticed, there is nothing that waits for the time to pass.
    const passed = async () => {
      clock.advance(30_000);
      return ratings();
    };
    await expect.poll(passed, PATIENCE).toMatchObject([{ amends: 1, rating: { stars: 4 } }]);
  });

  test('G2 how it sounded reaches the record over a restart of the hub, before it and after it', async () => {
    await visit();
    await rate('leg-g', { mosMean: 2 });
    await restart();
    await keep([told()], {});
    await restart();
    expect(await rate('leg-g', { mosMean: 3 })).toEqual({ ok: true });
    await restart();
    await rate('leg-g', { mosMean: 1 });
    expect(await all()).toMatchObject([
      { kind: 'call', quality: { caller: { mosMean: 2 } } },
      { kind: 'amendment', amends: 1, quality: { caller: { mosMean: 3 } } },
    ]);
    expect(await all()).toHaveLength(2);
  });

  test('G2 a report long after the end changes no record, restarted or not', async () => {
    await visit();
    await keep([told()], {});
    await restart();
    clock.advance(limits.QUALITY_REPORT_MS + 60_000);
    await rate('leg-g');
    expect(await all()).toHaveLength(1);
  });
});
