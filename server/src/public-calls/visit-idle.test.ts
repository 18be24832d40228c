// Chats in which nobody writes, as the visitor's page and those who answer see them end.
import { limits, type Visit } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { OFFICE, openVisitsStage, type VisitorPage, type VisitsStage } from './stage.ts';

let stage: VisitsStage;
beforeEach(async () => {
  stage = await openVisitsStage(await openSqliteStorage({ file: ':memory:' }));
});
afterEach(() => stage.close());

const { CHAT_IDLE_MS, CHAT_AWAITED_MS } = limits;
let count = 0;
const write = (page: VisitorPage) => {
  count += 1;
  return page.ask('POST', '/messages', { id: `m-${count}`, text: 'Hello' });
};
const answer = (visitId: string) =>
  stage.ask(`/api/visits/${visitId}/messages`, {
    ...{ method: 'POST', origin: OFFICE, bearer: 'alice' },
    body: { id: 'a-1', text: 'Good day' },
  });
const isOver = (page: VisitorPage) => page.types().includes('ended');

describe('a chat in which nobody writes', () => {
  test('P14 ends after ten minutes, gives its place back, and says why to both sides', async () => {
    const alice = stage.device('alice');
    alice.connect();
    const { left } = stage.share;
    const page = await stage.visit('chat');
    expect(stage.share.left).toBe(left - 1);
    await stage.pass(CHAT_IDLE_MS - 1_000);
    expect(isOver(page)).toBe(false);
    await stage.pass(2_000);
    expect(page.heard('ended')).toMatchObject({ end: 'idle', offers: { chat: true, message: true } });
    expect(stage.share.left).toBe(left);
    const shown: Visit | undefined = alice.heard('visit:changed').at(-1);
    expect(shown).toMatchObject({ id: page.visitId, state: 'ended', end: 'idle' });
  });

  test('P14 goes on for ten minutes after each word of either side', async () => {
    stage.device('alice').connect();
    const page = await stage.visit('chat');
    await stage.pass(CHAT_IDLE_MS - 2_000);
    await write(page);
    await stage.pass(CHAT_IDLE_MS - 2_000);
    expect((await answer(page.visitId)).status).toBe(201);
    await stage.pass(CHAT_IDLE_MS - 2_000);
    expect(isOver(page)).toBe(false);
    await stage.pass(4_000);
    expect(page.heard('ended').end).toBe('idle');
  });

  test('P14 may be written in again after that, and has its ten minutes anew', async () => {
    const page = await stage.visit('chat');
    await stage.pass(CHAT_IDLE_MS + 1_000);
    expect((await write(page)).status).toBe(201);
    expect(page.heard('snapshot')).toMatchObject({ state: 'open' });
    await stage.pass(CHAT_IDLE_MS + 1_000);
    expect(page.events.at(-1)?.type).not.toBe('ended');
  });
});

describe('who waits for an answer', () => {
  test('P14 has half an hour while it is open there', async () => {
    const page = await stage.visit('chat');
    await write(page);
    await stage.pass(CHAT_AWAITED_MS - 10_000);
    expect(isOver(page)).toBe(false);
    await stage.pass(20_000);
    expect(page.heard('ended').end).toBe('idle');
  });

  test('P14 has ten minutes where it has closed meanwhile', async () => {
    const page = await stage.visit('chat');
    await write(page);
    await stage.destinations.setOpening('sales', 'closed');
    await stage.pass(CHAT_IDLE_MS + 10_000);
    expect(page.heard('ended').end).toBe('idle');
  });
});

test('P14 a call is not ended because nobody writes, and a restart of the hub counts anew', async () => {
  const [talk, chat] = [await stage.visit('call'), await stage.visit('chat')];
  const { personId } = stage.device('alice').device;
  await stage.line.tell({ kind: 'answered', visitId: talk.visitId, personId });
  await stage.pass(CHAT_IDLE_MS - 30_000);
  await stage.restart();
  await chat.listen();
  await stage.pass(60_000);
  expect([isOver(talk), isOver(chat)]).toEqual([false, false]);
  await stage.pass(CHAT_IDLE_MS);
  expect(chat.heard('ended').end).toBe('idle');
});
