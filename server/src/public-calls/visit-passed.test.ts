// A visitor whom one colleague passes on to another, as the two, the page and the queue hear of it.
import type { Visit } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StageDevice } from '../calls/stage.ts';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { destination, OFFICE, openVisitsStage, type VisitorPage, type VisitsStage } from './stage.ts';

let stage: VisitsStage;
let storage: Storage;
let alice: StageDevice;
let bruno: StageDevice;
let carla: StageDevice;

beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
  // Carla answers no visitors.
  stage = await openVisitsStage(storage, [destination({ queue: 5, maxMinutes: 10 })]);
  [alice, bruno, carla] = [stage.device('alice'), stage.device('bruno'), stage.device('carla')];
  for (const device of [alice, bruno, carla]) device.connect();
});
afterEach(() => stage.close());

const ask = (key: string, path: string, body?: unknown) =>
  stage.ask(path, { origin: OFFICE, bearer: key, ...(body === undefined ? {} : { body }) });
const say = (key: string, visitId: string, text: string) =>
  ask(key, `/api/visits/${visitId}/messages`, { id: `m-${text}`, text });
const listed = async (key: string) => (await ask(key, '/api/visits')).body.visits.map(({ id }: Visit) => id);
const last = (device: StageDevice): Visit | undefined => device.heard('visit:changed').at(-1);

const answer = (page: VisitorPage, by: StageDevice) =>
  stage.line.tell({ kind: 'answered', visitId: page.visitId, personId: by.device.personId });
const part = ({ visitId }: VisitorPage) => stage.line.tell({ kind: 'parted', visitId });
const pass = ({ visitId }: VisitorPage, to?: StageDevice, pausedMs = 0) =>
  stage.line.tell({
    ...{ kind: 'passed', visitId, pausedMs },
    ...(to ? { personId: to.device.personId } : {}),
  });

describe('P5 a visitor who is held', () => {
  const hold = ({ visitId }: VisitorPage, isHeld: boolean) =>
    stage.line.tell({ kind: 'held', visitId, isHeld });

  test('is told, again in a stream that comes later, and no longer once somebody talks on', async () => {
    const page = await stage.visit();
    await hold(page, true);
    expect(page.types()).not.toContain('held');
    await answer(page, alice);
    await hold(page, true);
    expect(page.heard('held')).toEqual({ type: 'held', held: true });
    await page.listen();
    expect(page.heard('snapshot')).toMatchObject({ state: 'talking', held: true });
    await hold(page, false);
    expect(page.heard('held')).toEqual({ type: 'held', held: false });
    await page.listen();
    expect(page.heard('snapshot')).not.toHaveProperty('held');
  });

  test('while asked about is not held any more by whoever has it then', async () => {
    const page = await stage.visit();
    await answer(page, alice);
    await hold(page, true);
    await pass(page, bruno);
    await page.listen();
    expect(page.heard('snapshot')).toMatchObject({ agent: 'bruno' });
    expect(page.heard('snapshot')).not.toHaveProperty('held');
  });
});

describe('P16 a visitor whose agent is lost', () => {
  const lose = ({ visitId }: VisitorPage) => stage.line.tell({ kind: 'lost', visitId });

  test('waits on hold for who had the call, who is not free for the next one meanwhile', async () => {
    stage.reachable.delete('bruno');
    const [first, second] = [await stage.visit(), await stage.visit()];
    await answer(first, alice);
    await lose(first);
    expect(first.heard('held')).toEqual({ type: 'held', held: true });
    await stage.pass(5_000);
    expect(second.types()).not.toContain('ready');
    await pass(first, alice, 5_000);
    await first.listen();
    expect(first.heard('snapshot')).toMatchObject({ state: 'talking', agent: 'alice', endsInMs: 600_000 });
    expect(first.heard('snapshot')).not.toHaveProperty('held');
  });

  test('is no further in its time when somebody else has it, and is warned then', async () => {
    const page = await stage.visit();
    await answer(page, alice);
    await stage.pass(580_000);
    expect(page.types()).toContain('ending');
    await lose(page);
    await stage.pass(60_000);
    expect(page.types()).not.toContain('ended');
    await pass(page, bruno, 60_000);
    expect(page.heard('talking')).toMatchObject({ agent: 'bruno', endsInMs: 20_000 });
  });

  test('is told that nobody answered where nobody comes', async () => {
    const page = await stage.visit();
    await answer(page, alice);
    await lose(page);
    await stage.line.tell({ kind: 'ended', visitId: page.visitId, cause: 20, tooLong: false });
    expect(page.heard('ended')).toMatchObject({ end: 'no-answer' });
  });
});

describe('P9 a visitor who is passed on', () => {
  test('is the colleague’s then: both are shown it, the page is told, and the chat is theirs', async () => {
    const page = await stage.visit();
    await answer(page, alice);
    await say('alice', page.visitId, 'hi');
    await part(page);
    await pass(page, bruno);
    const agent = { personId: bruno.device.personId, name: 'bruno' };
    for (const device of [alice, bruno]) expect(last(device)).toMatchObject({ state: 'talking', agent });
    expect(page.heard('talking')).toMatchObject({ agent: 'bruno' });
    expect((await say('alice', page.visitId, 'more')).body.state).toBe('taken');
    expect((await say('bruno', page.visitId, 'good-day')).status).toBe(201);
    expect(page.heard('message').message).toMatchObject({ name: 'bruno', text: 'good-day' });
    expect(await storage.visits.byId(page.visitId)).toMatchObject({ agent });
  });

  test('leaves who passed it on free for the next one, from when it rings elsewhere', async () => {
    stage.reachable.delete('bruno');
    const [first, second] = [await stage.visit(), await stage.visit()];
    await answer(first, alice);
    await stage.pass(2_000);
    expect(second.types()).not.toContain('ready');
    await part(first);
    await stage.pass(2_000);
    expect(second.types()).toContain('ready');
  });

  test('keeps the colleague busy, and who has it again when it comes back', async () => {
    stage.reachable.delete('bruno');
    const page = await stage.visit();
    await answer(page, alice);
    await part(page);
    await pass(page, carla);
    await part(page);
    await pass(page, alice);
    const second = await stage.visit();
    await stage.pass(2_000);
    expect(second.types()).not.toContain('ready');
  });

  test('is one visit, and no other, to whoever answers no visitors otherwise', async () => {
    const [page, other] = [await stage.visit(), await stage.visit('chat')];
    await answer(page, alice);
    expect((await say('carla', page.visitId, 'x')).status).toBe(404);
    await pass(page, carla);
    expect(last(carla)).toMatchObject({ id: page.visitId, agent: { name: 'carla' } });
    expect(await listed('carla')).toEqual([page.visitId]);
    expect((await say('carla', page.visitId, 'hello')).status).toBe(201);
    expect((await ask('carla', `/api/visits/${other.visitId}`)).status).toBe(404);
    expect((await say('carla', other.visitId, 'x')).status).toBe(404);
    await pass(page, bruno);
    // Once more, so that her list does not keep it as hers.
    expect(last(carla)).toMatchObject({ agent: { name: 'bruno' } });
    const heard = carla.heard('visit:changed').length;
    await page.ask('POST', '/messages', { id: 'm-1', text: 'secret' });
    expect(carla.heard('visit:changed')).toHaveLength(heard);
    expect([await listed('carla'), (await ask('carla', `/api/visits/${page.visitId}`)).status]).toEqual([
      [],
      404,
    ]);
  });

  test('to a number that is nobody’s stays in the book as it was, and keeps nobody busy', async () => {
    stage.reachable.delete('bruno');
    const [page, second] = [await stage.visit(), await stage.visit()];
    await answer(page, alice);
    await pass(page);
    const { body } = await ask('alice', `/api/visits/${page.visitId}`);
    expect(body).toMatchObject({ state: 'talking', agent: { name: 'alice' } });
    await stage.pass(2_000);
    expect(second.types()).toContain('ready');
  });

  test('P8 has as long to talk as before: ringing the colleague takes none of it', async () => {
    const page = await stage.visit();
    await answer(page, alice);
    await stage.pass(60_000);
    await part(page);
    await stage.pass(20_000);
    await pass(page, bruno, 20_000);
    expect(page.heard('talking').endsInMs).toBe(9 * 60_000);
    await stage.pass(8.5 * 60_000 - 1_000);
    expect(page.types()).not.toContain('ending');
    await stage.pass(2_000);
    expect(page.types()).toContain('ending');
  });

  test('and whom nobody takes is told why, with what is left', async () => {
    const page = await stage.visit();
    await answer(page, alice);
    await part(page);
    await stage.line.tell({ kind: 'ended', visitId: page.visitId, cause: 19, tooLong: false });
    expect(page.heard('ended')).toMatchObject({ end: 'no-answer', offers: { message: true } });
  });
});

describe('a destination that is deleted', () => {
  const help = { ...destination({ id: 'help' }) };

  test('P8 takes nothing of the time of a call that rings for it', async () => {
    await stage.destinations.put(help);
    const page = await stage.visit('call', { destinationId: 'help' });
    await stage.destinations.remove('help');
    await stage.line.tell({ kind: 'ringing', visitId: page.visitId });
    await stage.pass(20_000);
    await answer(page, alice);
    expect(page.heard('talking').endsInMs).toBe(10 * 60_000);
    await stage.pass(60_000);
    expect(page.types()).not.toContain('ended');
  });

  test('P14 while the hub was away ends the chats there when it is back', async () => {
    await stage.destinations.put(help);
    const page = await stage.visit('chat', { destinationId: 'help' });
    await storage.destinations.remove('help');
    await stage.restart();
    await page.listen();
    expect(page.heard('snapshot')).toMatchObject({ state: 'ended', end: 'closed' });
  });

  test('P14 ends the chats there with a word, and no others', async () => {
    await stage.destinations.put(help);
    const page = await stage.visit('chat', { destinationId: 'help' });
    const other = await stage.visit('chat');
    await page.ask('POST', '/messages', { id: 'm-1', text: 'Hello?' });
    await stage.destinations.remove('help');
    await stage.settle();
    expect(page.heard('ended')).toMatchObject({
      end: 'closed',
      offers: { chat: false, message: false, voice: false, callback: false },
    });
    expect(other.types()).not.toContain('ended');
  });
});
