// The suite's part about visits of the public and what was left.
import { limits } from '@ringtag/server/protocol';
import { describe, expect, test } from 'vitest';
import type { KeptMessage, VisitRecord } from '../../public-calls/visit.ts';
import type { LeftRecord } from '../../public-calls/visit-store.ts';
import type { Stage } from '../contract.ts';
import { HOSTILE, NOW, twenty } from './samples.ts';

const visit = (over: Partial<VisitRecord> = {}): VisitRecord => ({
  id: 'v-1',
  keyHash: 'key',
  ticketId: 'ticket',
  destinationId: 'sales',
  before: [],
  intent: 'call',
  source: { address: '192.0.2.7', port: 40_000, network: '192.0.2.7', origin: 'https://shop.example' },
  context: { url: 'https://shop.example/', data: [{ key: '$set', value: '{"$ne": null}' }] },
  visitor: 'visitor-1',
  createdAtMs: NOW,
  stage: { state: 'open' },
  messages: [],
  ...over,
});
const message = (over: Partial<KeptMessage> = {}): KeptMessage => ({
  id: 'm-1',
  from: 'visitor',
  text: 'Hello',
  atMs: NOW,
  ...over,
});
const ended = (atMs: number, talkedMs?: number): VisitRecord['stage'] => ({
  state: 'ended',
  end: 'hangup',
  atMs,
  ...(talkedMs === undefined ? {} : { talkedMs }),
});
const left = (over: Partial<LeftRecord> = {}): LeftRecord => ({
  id: 'l-1',
  visitId: 'v-1',
  destinationId: 'sales',
  intent: 'message',
  kind: 'voice',
  name: 'Rita',
  reach: '+351910000000',
  text: '',
  context: { data: [] },
  createdAtMs: NOW,
  ...over,
});

export function visitPromises(stage: Stage): void {
  describe('visits', () => {
    keeping(stage);
    talking(stage);
    looking(stage);
  });
  describe('what visitors left', () => leaving(stage));
}

function keeping(stage: Stage): void {
  test('P13 a visit is kept whole, and moves as it is told', async () => {
    const { visits } = stage.storage;
    await visits.create(visit());
    expect(await visits.byId('v-1')).toEqual(visit());
    expect(await visits.byId('v-2')).toBeUndefined();
    const change = {
      stage: { state: 'waiting', sinceMs: NOW },
      destinationId: 'desk',
      before: ['sales'],
    } as const;
    expect(await visits.move('v-1', change)).toEqual(visit(change));
    expect(await visits.byId('v-1')).toEqual(visit(change));
    expect(await visits.move('v-2', change)).toBeUndefined();
  });

  test('P9 one of twenty has it, and another one only in that one’s place', async () => {
    const { visits } = stage.storage;
    await visits.create(visit());
    const taken = await twenty((index) => visits.take('v-1', { personId: `u-${index}`, name: 'Alice' }));
    const holder = (await visits.byId('v-1'))?.agent?.personId ?? '';
    expect(new Set(taken.map((one) => one?.agent?.personId))).toEqual(new Set([holder]));
    const bruno = { personId: 'u-bruno', name: 'Bruno' };
    expect((await visits.take('v-1', bruno, 'u-nobody'))?.agent?.personId).toBe(holder);
    expect((await visits.take('v-1', bruno, holder))?.agent).toEqual(bruno);
    expect(await visits.take('v-2', bruno)).toBeUndefined();
  });

  test('is rated once, by one of twenty', async () => {
    const { visits } = stage.storage;
    await visits.create(visit());
    const rated = await twenty((index) => visits.rate('v-1', { stars: 5, text: `${index}` }));
    expect(rated.filter(Boolean)).toHaveLength(1);
    expect((await visits.byId('v-1'))?.rating?.stars).toBe(5);
    expect(await visits.rate('v-2', { stars: 1 })).toBe(false);
  });

  test('tells how visits of late were rated, by destination', async () => {
    const { visits } = stage.storage;
    await visits.create(visit({ id: 'v-1', rating: { stars: 5, text: 'Fine' } }));
    await visits.create(visit({ id: 'v-2' }));
    await visits.create(visit({ id: 'v-3', before: ['sales'], destinationId: 'desk' }));
    await visits.create(visit({ id: 'v-4' }));
    await visits.create(visit({ id: 'v-5', createdAtMs: NOW - 100, rating: { stars: 1 } }));
    await visits.rate('v-2', { stars: 2 });
    await visits.rate('v-3', { stars: 3 });
    expect(await visits.ratings(NOW - 100)).toEqual([
      { destinationId: 'desk', count: 1, stars: 3 },
      { destinationId: 'sales', count: 2, stars: 7 },
    ]);
    expect(await visits.ratings(NOW)).toEqual([]);
    expect(await visits.ratedSince(NOW - 101)).toEqual(['v-5', 'v-1', 'v-2', 'v-3']);
    expect(await visits.ratedSince(NOW - 100)).toEqual(['v-1', 'v-2', 'v-3']);
  });

  test('P15 is forgotten when its end is long ago, and not while it goes on', async () => {
    const { visits } = stage.storage;
    await visits.create(visit({ stage: ended(NOW) }));
    await visits.create(visit({ id: 'v-2', createdAtMs: NOW - 1_000_000 }));
    expect(await visits.forget(NOW)).toBe(0);
    expect(await visits.forget(NOW + 1)).toBe(1);
    expect(await visits.byId('v-1')).toBeUndefined();
    expect(await visits.byId('v-2')).toBeDefined();
  });
}

function talking(stage: Stage): void {
  test('the same message is kept once, and all of twenty at once are kept', async () => {
    const { visits } = stage.storage;
    await visits.create(visit());
    expect(await visits.say('v-1', message())).toEqual({
      kind: 'said',
      visit: visit({ messages: [message()] }),
    });
    expect((await visits.say('v-1', message({ text: 'other' })))?.kind).toBe('known');
    expect((await visits.say('v-1', message({ from: 'agent', name: 'Alice' })))?.kind).toBe('said');
    await twenty((index) => visits.say('v-1', message({ id: `n-${index}` })));
    const { messages = [] } = (await visits.byId('v-1')) ?? {};
    expect(messages).toHaveLength(22);
    expect(messages[0]).toEqual(message());
    expect(await visits.say('v-2', message())).toBeUndefined();
  });

  test('a visit holds so many messages and no more', async () => {
    const { visits } = stage.storage;
    const messages = Array.from({ length: limits.VISIT_MESSAGES }, (_, n) => message({ id: `m-${n}` }));
    await visits.create(visit({ messages }));
    expect((await visits.say('v-1', message({ id: 'more' })))?.kind).toBe('full');
    expect((await visits.say('v-1', message({ id: 'm-3' })))?.kind).toBe('known');
    expect((await visits.byId('v-1'))?.messages).toHaveLength(limits.VISIT_MESSAGES);
  });

  test('P10 a visitor writes so much in one visit and no more, whoever answers as much as they like', async () => {
    const { visits } = stage.storage;
    await visits.create(visit());
    const text = 'x'.repeat(limits.VISIT_CHARS / 4);
    const say = async (id: string, from: KeptMessage['from'] = 'visitor', said = text) =>
      (await visits.say('v-1', message({ id, from, text: said })))?.kind;
    for (const id of ['1', '2', '3', '4']) expect(await say(id)).toBe('said');
    expect(await say('5', 'visitor', 'x')).toBe('full');
    expect([await say('1'), await say('6', 'agent')]).toEqual(['known', 'said']);
  });

  test('any text is only text', async () => {
    const { visits } = stage.storage;
    for (const text of HOSTILE) {
      const record = visit({
        id: text,
        visitor: text,
        destinationId: text,
        context: { url: text, data: [] },
      });
      await visits.create(record);
      await visits.say(text, message({ id: text, text }));
      expect(await visits.byId(text)).toEqual({ ...record, messages: [message({ id: text, text })] });
      expect(await visits.ofVisitor(text, 10)).toHaveLength(1);
      expect(await visits.since([text], 0, 10)).toHaveLength(1);
    }
  });
}

function looking(stage: Stage): void {
  test('finds those that go on, oldest first, also after a restart', async () => {
    await stage.storage.visits.create(visit({ id: 'v-2', createdAtMs: NOW + 2 }));
    await stage.storage.visits.create(visit({ id: 'v-1', createdAtMs: NOW + 1 }));
    await stage.storage.visits.create(visit({ id: 'v-3', stage: ended(NOW) }));
    const ids = async () => (await stage.storage.visits.live()).map(({ id }) => id);
    expect(await ids()).toEqual(['v-1', 'v-2']);
    await stage.storage.visits.move('v-1', { stage: ended(NOW + 5) });
    expect(await ids()).toEqual(['v-2']);
    await stage.storage.visits.move('v-3', { stage: { state: 'waiting', sinceMs: NOW + 9 } });
    expect(await ids()).toEqual(['v-3', 'v-2']);
  });

  test('P9 finds those of a destination, also where they went on elsewhere', async () => {
    const { visits } = stage.storage;
    await visits.create(visit({ id: 'v-1', destinationId: 'desk', before: ['sales'] }));
    await visits.create(visit({ id: 'v-2', createdAtMs: NOW + 1 }));
    await visits.create(visit({ id: 'v-3', destinationId: 'desk' }));
    await visits.create(visit({ id: 'v-4', createdAtMs: NOW - 100 }));
    const ids = async (destinations: string[], limit = 10) =>
      (await visits.since(destinations, NOW - 100, limit)).map(({ id }) => id);
    expect(await ids(['sales'])).toEqual(['v-2', 'v-1']);
    expect(await ids(['sales', 'desk'], 2)).toEqual(['v-2', 'v-3']);
    expect(await ids([])).toEqual([]);
  });

  test('finds those of one visitor, newest first', async () => {
    const { visits } = stage.storage;
    await visits.create(visit());
    await visits.create(visit({ id: 'v-2', createdAtMs: NOW + 1 }));
    await visits.create(visit({ id: 'v-3', visitor: 'visitor-2' }));
    const ids = async (limit: number) => (await visits.ofVisitor('visitor-1', limit)).map(({ id }) => id);
    expect(await ids(10)).toEqual(['v-2', 'v-1']);
    expect(await ids(1)).toEqual(['v-2']);
    await visits.say('v-2', message({ name: 'Alice' }));
    expect((await visits.ofVisitor('visitor-1', 1))[0]).toEqual({
      ...{ id: 'v-2', intent: 'call', createdAtMs: NOW + 1, destinationId: 'sales', before: [] },
      ...{ stage: { state: 'open' }, messages: 1 },
    });
  });

  test('P7 tells how long the last calls of a destination were', async () => {
    const { visits } = stage.storage;
    await visits.create(visit({ id: 'v-1', stage: ended(NOW, 1_000) }));
    await visits.create(visit({ id: 'v-2', stage: ended(NOW + 2, 3_000) }));
    await visits.create(visit({ id: 'v-3', stage: ended(NOW + 3) }));
    await visits.create(visit({ id: 'v-4', stage: ended(NOW + 4, 9_000), destinationId: 'desk' }));
    expect(await visits.talkedMs('sales', 10)).toEqual([3_000, 1_000]);
    expect(await visits.talkedMs('sales', 1)).toEqual([3_000]);
    expect(await visits.talkedMs('nowhere', 1)).toEqual([]);
  });
}

function leaving(stage: Stage): void {
  test('is kept whole and listed by destination and visit, newest first', async () => {
    const { left: store } = stage.storage;
    await store.create(left());
    await store.create(left({ id: 'l-2', createdAtMs: NOW + 1 }));
    await store.create(left({ id: 'l-3', destinationId: 'desk', visitId: 'v-2' }));
    expect(await store.byId('l-1')).toEqual(left());
    expect(await store.byId('l-9')).toBeUndefined();
    expect((await store.of(['sales'], 10)).map(({ id }) => id)).toEqual(['l-2', 'l-1']);
    expect((await store.of(['sales', 'desk'], 1)).map(({ id }) => id)).toEqual(['l-2']);
    expect((await store.ofVisit('v-1')).map(({ id }) => id)).toEqual(['l-2', 'l-1']);
  });

  test('a voice is kept once, byte for byte, and goes with its message', async () => {
    const { left: store } = stage.storage;
    await store.create(left());
    const sound = Uint8Array.from({ length: limits.VOICE_BYTES }, (_, n) => n % 256);
    const voice = { type: 'audio/webm', lengthMs: 4_000 };
    expect(await store.voices()).toBe(0);
    expect(await store.putVoice('l-1', voice, sound)).toEqual(left({ voice }));
    expect(await store.voices()).toBe(1);
    expect(await store.putVoice('l-1', voice, Uint8Array.of(1))).toBeUndefined();
    expect(await store.putVoice('l-9', voice, sound)).toBeUndefined();
    expect(Buffer.from((await store.voice('l-1')) ?? []).equals(sound)).toBe(true);
    expect(await store.voice('l-9')).toBeUndefined();
    expect(await store.setDone('l-1', NOW)).toEqual(left({ voice, doneAtMs: NOW }));
    expect(await store.forget({ doneMs: NOW, nothingMs: NOW + 1 })).toBe(0);
    expect(await store.forget({ doneMs: NOW + 1, nothingMs: 0 })).toBe(1);
    expect(await store.voice('l-1')).toBeUndefined();
    expect(await store.voices()).toBe(0);
    expect(await store.byId('l-1')).toBeUndefined();
  });

  test('P15 what waits comes before what is done, and is counted; a voice without sound or word is nothing', async () => {
    const { left: store } = stage.storage;
    const silent = { name: '', reach: '' };
    const ids = async (limit: number) => (await store.of(['sales', 'desk'], limit)).map(({ id }) => id);
    expect(await store.kept('sales')).toEqual({ open: 0, voices: 0 });
    await store.create(left({ id: 'l-1', kind: 'message' }));
    await store.create(left({ id: 'l-2', createdAtMs: NOW + 1 }));
    await store.create(left({ id: 'l-3', ...silent, createdAtMs: NOW + 2 }));
    await store.create(left({ id: 'l-4', ...silent, createdAtMs: NOW + 3 }));
    await store.create(left({ id: 'l-5', destinationId: 'desk', kind: 'callback', createdAtMs: NOW + 4 }));
    await store.putVoice('l-3', { type: 'audio/webm', lengthMs: 1 }, Uint8Array.of(1));
    await store.setDone('l-3', NOW);
    expect([await ids(9), await ids(4), await ids(2)]).toEqual([
      ['l-5', 'l-2', 'l-1', 'l-3'],
      ['l-5', 'l-2', 'l-1', 'l-3'],
      ['l-5', 'l-2'],
    ]);
    expect(await store.kept('sales')).toEqual({ open: 2, voices: 1 });
    expect(await store.kept('desk')).toEqual({ open: 1, voices: 0 });
    expect(await store.forget({ doneMs: NOW, nothingMs: NOW + 3 })).toBe(0);
    expect(await store.forget({ doneMs: NOW, nothingMs: NOW + 4 })).toBe(1);
    expect(await store.byId('l-4')).toBeUndefined();
  });

  test('who called back is kept with it, the last of them, done or not', async () => {
    const { left: store } = stage.storage;
    await store.create(left());
    const alice = { personId: 'p-1', name: 'Alice', atMs: NOW + 1 };
    const bruno = { personId: 'p-2', name: 'Bruno', atMs: NOW + 2 };
    expect(await store.setCalled('l-1', alice)).toEqual(left({ called: alice }));
    await store.setDone('l-1', NOW + 2);
    expect(await store.setCalled('l-1', bruno)).toEqual(left({ called: bruno, doneAtMs: NOW + 2 }));
    await store.setDone('l-1');
    expect(await store.byId('l-1')).toEqual(left({ called: bruno }));
    expect(await store.setCalled('l-9', bruno)).toBeUndefined();
  });

  test('P15 what is not done, or is to be done again, stays', async () => {
    const { left: store } = stage.storage;
    await store.create(left());
    await store.create(left({ id: 'l-2' }));
    await store.setDone('l-2', NOW);
    expect(await store.setDone('l-2')).toEqual(left({ id: 'l-2' }));
    expect(await store.setDone('l-9', NOW)).toBeUndefined();
    expect(await store.forget({ doneMs: NOW + 1_000_000, nothingMs: NOW + 1_000_000 })).toBe(0);
  });
}
