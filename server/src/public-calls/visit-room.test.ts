// Places of the public that silent pages hold, as somebody sees it who comes when all are taken.
import { refuse } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { openVisitsStage, SHOP, type VisitorPage, type VisitsStage } from './stage.ts';
import type { LiveVisit } from './visit-live.ts';
import { createRoomyCapacity } from './visit-room.ts';

let stage: VisitsStage;
beforeEach(async () => {
  stage = await openVisitsStage(await openSqliteStorage({ file: ':memory:' }));
  stage.device('alice').connect();
  stage.share.left = 2;
});
afterEach(() => stage.close());

const begin = (intent: 'call' | 'chat' = 'call') =>
  stage.ask('/api/public/visits', { origin: SHOP, body: { ticket: stage.ticket(intent) } });
const write = (page: VisitorPage) => page.ask('POST', '/messages', { id: 'm-1', text: 'Hello' });

describe('where all places of the public are taken', () => {
  test('P10 the oldest chat without a word of its visitor gives its place to who comes', async () => {
    const [first, second] = [await stage.visit('chat'), await stage.visit('chat')];
    await stage.pass(16_000);
    expect((await begin()).status).toBe(201);
    expect(first.heard('ended')).toMatchObject({ end: 'idle', offers: { chat: true } });
    expect(second.types()).not.toContain('ended');
    expect(stage.share.left).toBe(0);
  });

  test('P10 chats in which somebody wrote, and those that have just begun, keep theirs', async () => {
    const talkative = await stage.visit('chat');
    await write(talkative);
    await stage.pass(60_000);
    const fresh = await stage.visit('chat');
    await stage.pass(5_000);
    expect(await begin()).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    await stage.pass(11_000);
    expect((await begin()).status).toBe(201);
    expect(fresh.heard('ended').end).toBe('idle');
    expect(await begin()).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect(talkative.types()).not.toContain('ended');
  });

  test('P10 calls that wait, however long, keep theirs', async () => {
    stage.busy.add('alice').add('bruno');
    const pages = [await stage.visit('call'), await stage.visit('call')];
    await stage.pass(5 * 60_000);
    expect((await begin('chat')).status).toBe(429);
    for (const page of pages) expect(page.types()).not.toContain('ended');
  });

  test('P10 whose chat gave its place may write in it again, in the place of a silent one', async () => {
    const first = await stage.visit('chat');
    await stage.visit('chat');
    await stage.pass(16_000);
    await begin('chat');
    expect(first.heard('ended').end).toBe('idle');
    expect((await write(first)).status).toBe(201);
    expect(first.heard('snapshot')).toMatchObject({ state: 'open' });
    expect(stage.share.left).toBe(0);
  });
});

test.each([
  ['address', false],
  ['destination', true],
  ['origin', true],
  ['hub', true],
] as const)(
  'P10 where the %s has no place left, whether a silent chat of it ends: %s',
  async (state, ends) => {
    const source = { address: '192.0.2.9', network: '192.0.2.9', origin: SHOP };
    const record = { source, destinationId: 'sales', intent: 'chat', messages: [], createdAtMs: 0 };
    const silent = { record: { ...record, stage: { state: 'open' } }, turn: Promise.resolve() };
    const ended: unknown[] = [];
    const roomy = createRoomyCapacity({
      capacity: { hold: async () => refuse('RATE_LIMITED', { state, retryAfterMs: 5_000 }) },
      live: { in: () => [silent as unknown as LiveVisit] },
      conductor: { note: async (visit) => ended.push(visit) > 0 },
      clock: { now: () => 60_000 },
    });
    await roomy.hold({ network: '192.0.2.7', origin: SHOP, destinationId: 'sales' });
    expect(ended.length === 1).toBe(ends);
    await roomy.hold({ network: '192.0.2.7', origin: 'https://other.example.test', destinationId: 'other' });
    expect(ended.length).toBe(state === 'hub' ? 2 : ends ? 1 : 0);
  },
);
