// The records of visitors' calls, and what those who answer see of them.
import { limits } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExchangeCall, ExchangeLeg, KeepCalls } from '../pbx/exchange-call.ts';
import { createManualClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/logger.ts';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { createRecordKeeping, type RecordKeeping } from './keeping.ts';
import type { CallEntry, Entry } from './record.ts';

const clock = createManualClock();
const START_MS = clock.now();
let storage: Storage;
let records: RecordKeeping;
let keep: KeepCalls;
let alice: string;
let bruno: string;

beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
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
  records = createRecordKeeping({
    ...{ storage, clock, logger: silentLogger, systemId: 'hub-1' },
    openTail(options) {
      keep = options.keep;
      const none = { start() {}, poll: async () => {}, stop: async () => {} };
      return { ...none, isCurrent: true, hasLeg: () => false, isCalling: () => false };
    },
  });
});
afterEach(async () => {
  await records.stop();
  await storage.close();
});

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

const visit = (context: object = {}) =>
  storage.visits.create({
    ...{
      id: 'v-1',
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

  test('D2 a rating goes to the record, whichever of the two comes first, and once', async () => {
    const { visitRatings } = records;
    visitRatings.rated('v-1', { stars: 2, text: 'Slow' });
    await keep([told(), told({ linkedId: '2.1', visitId: 'v-2' })], {});
    visitRatings.rated('v-2', { stars: 5 });
    visitRatings.rated('v-2', { stars: 1 });
    visitRatings.rated('v-3', { stars: 1 });
    await expect.poll(async () => (await all()).length).toBe(4);
    expect((await all()).slice(2)).toMatchObject([
      { kind: 'amendment', amends: 1, rating: { stars: 2, text: 'Slow' } },
      { kind: 'amendment', amends: 2, rating: { stars: 5 } },
    ]);
  });

  test('a rating for which no record comes is forgotten', async () => {
    records.visitRatings.rated('v-1', { stars: 2 });
    clock.advance(limits.RATING_MS + 1);
    await keep([told()], {});
    await records.ratings.rateVisit('v-1', { ...report, sipCallId: 'leg-g' });
    expect((await all()).map(({ kind }) => kind)).toEqual(['call', 'amendment']);
    expect((await all())[1]).not.toHaveProperty('rating');
  });
});
