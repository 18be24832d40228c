// Visits as those who answer them see them: over HTTP and on their sockets.
import { limits, type Visit } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StageDevice } from '../calls/stage.ts';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import {
  BLOG,
  destination,
  OFFICE,
  openVisitsStage,
  SHOP,
  type VisitorPage,
  type VisitsStage,
} from './stage.ts';

let stage: VisitsStage;
let storage: Storage;
let alice: StageDevice;
let bruno: StageDevice;
let carla: StageDevice;

beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
  // Carla answers another destination, dora none.
  stage = await openVisitsStage(storage, [
    destination(),
    destination({ id: 'help', ring: { people: ['carla@example.test'] } }),
  ]);
  [alice, bruno, carla] = [stage.device('alice'), stage.device('bruno'), stage.device('carla')];
  for (const device of [alice, bruno, carla]) device.connect();
});
afterEach(() => stage.close());

const ask = (key: string, path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') =>
  stage.ask(path, { method, origin: OFFICE, bearer: key, ...(body === undefined ? {} : { body }) });
const say = (key: string, visitId: string, text: string) =>
  ask(key, `/api/visits/${visitId}/messages`, { id: `m-${text.replace(' ', '-')}`, text });
const last = (device: StageDevice): Visit | undefined => device.heard('visit:changed').at(-1);

describe('P9 a visit', () => {
  test('is shown to those whom it rings as it begins, goes on and ends, and to nobody else', async () => {
    const page = await stage.visit('call');
    expect(last(alice)).toMatchObject({
      id: page.visitId,
      destination: { id: 'sales', name: 'Talk to sales' },
      state: 'ready',
      context: { url: `${SHOP}/boots`, data: [{ key: 'cart', value: '3' }] },
    });
    expect(last(bruno)?.id).toBe(page.visitId);
    const { personId } = bruno.device;
    await stage.line.tell({ kind: 'answered', visitId: page.visitId, personId });
    expect(last(alice)).toMatchObject({ state: 'talking', agent: { personId, name: 'bruno' } });
    await page.ask('POST', '/end');
    expect(last(alice)).toMatchObject({ state: 'ended', end: 'hangup' });
    expect(carla.heard('visit:changed')).toEqual([]);
  });

  test('tells nobody the visitor’s address, key or ticket', async () => {
    const page = await stage.visit('chat');
    const told = JSON.stringify([alice.heard('visit:changed'), (await ask('alice', '/api/visits')).body]);
    for (const secret of ['192.0.2.7', page.key, 'hash-of-', 'keyHash']) expect(told).not.toContain(secret);
  });

  test('is listed while it goes on and for an hour after it began, newest first', async () => {
    const first = await stage.visit('chat');
    await stage.pass(1_000);
    const second = await stage.visit('call');
    const ids = async (key: string) => (await ask(key, '/api/visits')).body.visits.map(({ id }: Visit) => id);
    expect(await ids('alice')).toEqual([second.visitId, first.visitId]);
    expect(await ids('carla')).toEqual([]);
    stage.device('dora');
    expect(await ids('dora')).toEqual([]);
    await second.ask('POST', '/end');
    for (const id of ['m-1', 'm-2', 'm-3']) {
      await first.ask('POST', '/messages', { id, text: 'Hello?' });
      await stage.pass(1_200_000);
    }
    expect(await ids('alice')).toEqual([first.visitId]);
  });

  test('names earlier visits of the same visitor, only those that the reader may see', async () => {
    const visitor = 'visitor-0123456789';
    const helped = await stage.visit('chat', { visitor, destinationId: 'help' });
    await helped.ask('POST', '/messages', { id: 'm', text: 'x' });
    const sold = await stage.visit('chat', { visitor });
    await sold.ask('POST', '/end');
    await stage.pass(1_000);
    await stage.visit('chat', { visitor: 'another-0123456789' });
    const now = await stage.visit('call', { visitor });
    const { body } = await ask('alice', `/api/visits/${now.visitId}`);
    expect(body.earlier).toEqual([
      { id: sold.visitId, intent: 'chat', agoMs: 1_000, end: 'hangup', messages: 0 },
    ]);
  });
});

test('P9 how the visitor rated it is shown to those who answer, with the words', async () => {
  const page = await stage.visit('chat');
  await say('alice', page.visitId, 'Good day');
  await page.ask('POST', '/end');
  expect(last(alice)).not.toHaveProperty('rating');
  await page.ask('POST', '/rating', { stars: 4, text: '<b>kind</b>' });
  const rating = { stars: 4, text: '<b>kind</b>' };
  expect(last(alice)).toMatchObject({ id: page.visitId, rating });
  expect((await ask('bruno', `/api/visits/${page.visitId}`)).body.rating).toEqual(rating);
  expect(carla.heard('visit:changed')).toEqual([]);
});

describe('P9 a chat', () => {
  test('is had by the first who answers; the others see who, and are refused', async () => {
    const page = await stage.visit('chat');
    await page.ask('POST', '/messages', { id: 'm-1', text: 'Hello' });
    expect((await say('alice', page.visitId, 'hi')).status).toBe(201);
    expect(page.heard('message').message).toMatchObject({ from: 'agent', name: 'alice', text: 'hi' });
    expect(last(bruno)).toMatchObject({
      agent: { name: 'alice' },
      messages: [{ text: 'Hello' }, { text: 'hi' }],
    });
    expect((await say('bruno', page.visitId, 'me too')).body).toMatchObject({
      code: 'CONFLICT',
      state: 'taken',
    });
    const end = await ask('bruno', `/api/visits/${page.visitId}/end`, undefined, 'POST');
    expect(end.body.state).toBe('taken');
  });

  test('two who answer at once: one has it', async () => {
    const page = await stage.visit('chat');
    const answers = await Promise.all([say('alice', page.visitId, 'a'), say('bruno', page.visitId, 'b')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await stage.visits.visitOf(page.visitId))?.messages).toHaveLength(1);
  });

  test('goes over to a colleague when who had it is gone', async () => {
    const page = await stage.visit('chat');
    await say('alice', page.visitId, 'hi');
    alice.vanish();
    expect((await say('bruno', page.visitId, 'wait')).body.state).toBe('taken');
    await stage.pass(limits.RECONNECT_GRACE_MS);
    expect((await say('bruno', page.visitId, 'here')).status).toBe(201);
    expect(last(bruno)?.agent?.name).toBe('bruno');
  });

  test('the same message again is the same message', async () => {
    const page = await stage.visit('chat');
    const once = await say('alice', page.visitId, 'hi');
    await stage.pass(1_000);
    const again = await say('alice', page.visitId, 'hi');
    expect([again.status, again.body.id]).toEqual([201, once.body.id]);
    expect(page.types().filter((type) => type === 'message')).toHaveLength(1);
    const written = await page.ask('POST', '/messages', { id: 'm-1', text: 'x' });
    const repeated = await page.ask('POST', '/messages', { id: 'm-1', text: 'y' });
    expect([written.status, repeated.status, repeated.body.text]).toEqual([201, 201, 'x']);
  });

  test('P14 that nobody answers for 60 s says so, and not once somebody has', async () => {
    const [lonely, helped] = [await stage.visit('chat'), await stage.visit('chat')];
    for (const page of [lonely, helped]) await page.ask('POST', '/messages', { id: 'm-1', text: 'Hello?' });
    await stage.pass(limits.CHAT_UNANSWERED_MS - 500);
    await say('alice', helped.visitId, 'hi');
    await stage.pass(500);
    expect(lonely.heard('unanswered').offers).toMatchObject({ message: true, callback: true });
    expect(helped.types()).not.toContain('unanswered');
    await lonely.listen();
    expect(lonely.heard('snapshot').unanswered).toBe(true);
  });

  test('is ended by who has it, goes on when the visitor writes again, and can become a call', async () => {
    const page = await stage.visit('chat');
    await say('alice', page.visitId, 'bye');
    expect((await ask('alice', `/api/visits/${page.visitId}/end`, undefined, 'POST')).status).toBe(200);
    expect(page.heard('ended').end).toBe('hangup');
    expect((await say('alice', page.visitId, 'more')).body).toMatchObject({
      code: 'CONFLICT',
      state: 'ended',
    });
    await page.ask('POST', '/messages', { id: 'm-1', text: 'wait' });
    expect(page.heard('snapshot')).toMatchObject({
      state: 'open',
      messages: [{ text: 'bye' }, { text: 'wait' }],
    });
    expect((await page.ask('POST', '/call')).status).toBe(200);
    expect(page.types()).toContain('ready');
    expect((await stage.visits.visitOf(page.visitId))?.intent).toBe('call');
  });

  test('is text as people write it: lines and emoji, and nothing that steers', async () => {
    const page = await stage.visit('chat');
    const text = '<i>Olá</i>\r\n👩‍👩‍👧 \u202Egnp.exe\u0000\u001b[31m';
    await page.ask('POST', '/messages', { id: 'm-1', text });
    expect(last(alice)?.messages[0]?.text).toBe('<i>Olá</i>\n👩‍👩‍👧 gnp.exe[31m');
    const nothing = await page.ask('POST', '/messages', { id: 'm-2', text: '\u202E\u0000' });
    expect(nothing.body).toMatchObject({ code: 'INVALID_INPUT', field: 'text' });
  });

  test('goes on after closing time, and no new one begins', async () => {
    const page = await stage.visit('chat');
    await stage.destinations.setOpening('sales', 'closed');
    expect((await page.ask('POST', '/messages', { id: 'm-1', text: 'x' })).status).toBe(201);
    await page.ask('POST', '/end');
    expect((await page.ask('POST', '/messages', { id: 'm-2', text: 'x' })).body).toMatchObject({
      code: 'CONFLICT',
      state: 'no-chat',
      offers: { chat: false, message: true },
    });
    expect(stage.share.left).toBe(100);
  });

  test('holds so many messages and no more', async () => {
    const page = await stage.visit('chat');
    for (let n = 0; n < limits.VISIT_MESSAGES; n += 1) {
      await stage.visits.service.say(
        (await stage.visits.service.admit(page.visitId, { key: page.key, origin: SHOP })) as never,
        { id: `m-${n}`, text: 'x' },
      );
    }
    const more = await page.ask('POST', '/messages', { id: 'more', text: 'x' });
    expect(more.body).toMatchObject({ code: 'CONFLICT', state: 'full' });
  });
});

describe('P9 what was left', () => {
  const WEBM = Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3, ...Array.from({ length: 200 }, (_, n) => n)]);
  const leave = (page: Pick<VisitorPage, 'ask'>, body: object) => page.ask('POST', '/left', body);
  const putVoice = (
    page: { visitId: string; key: string },
    sound: Uint8Array,
    type = 'audio/webm;codecs=opus',
  ) =>
    stage.ask(`/api/public/visits/${page.visitId}/voice?lengthMs=4000`, {
      ...{ method: 'POST', origin: SHOP, bearer: page.key, body: sound },
      headers: { 'Content-Type': type },
    });

  test('reaches those who answer, who mark it done for all of them', async () => {
    const page = await stage.visit('message');
    expect(alice.heard('visit:changed')).toEqual([]);
    const made = await leave(page, { kind: 'callback', name: 'Rita', reach: '+351 910 000 000' });
    expect(made.status).toBe(201);
    const told = alice.heard('visit:left')[0];
    expect(told).toMatchObject({ id: made.body.leftId, kind: 'callback', name: 'Rita', done: false });
    expect(carla.heard('visit:left')).toEqual([]);
    const done = await ask('bruno', `/api/visits/left/${made.body.leftId}`, { done: true }, 'PUT');
    expect(done.body).toMatchObject({ id: made.body.leftId, done: true });
    expect(alice.heard('visit:left')).toMatchObject([{ done: true }]);
    expect((await ask('alice', '/api/visits/left')).body.left).toMatchObject([{ done: true }]);
  });

  test('a voice is kept, shown once it is there, and played as what it is', async () => {
    const page = await stage.visit('message');
    const { leftId } = (await leave(page, { kind: 'voice', name: 'Rita' })).body;
    expect(alice.heard('visit:left')).toEqual([]);
    expect((await putVoice(page, WEBM)).body).toEqual({ leftId });
    expect(alice.heard('visit:left')).toMatchObject([{ voice: { lengthMs: 4_000, type: 'audio/webm' } }]);
    const played = await ask('alice', `/api/visits/left/${leftId}/voice`);
    expect(Buffer.from(played.body).equals(WEBM)).toBe(true);
    expect(played.headers.get('Content-Type')).toBe('audio/webm');
    expect(played.headers.get('Content-Disposition')).toBe('inline');
    expect(played.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(played.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  });

  test('P10 no more voices are kept than the disk can spare, and words still are', async () => {
    const page = await stage.visit('message');
    vi.spyOn(storage.left, 'voices').mockResolvedValue(limits.VOICES_KEPT);
    expect((await putVoice(page, WEBM)).body).toMatchObject({ code: 'CONFLICT', state: 'full' });
    expect((await leave(page, { kind: 'message', text: 'Hello' })).status).toBe(201);
    expect((await ask('alice', '/api/visits/left')).body.left).toMatchObject([{ text: 'Hello' }]);
  });

  test('a voice is no page, whatever it says it is, and no longer than allowed', async () => {
    const page = await stage.visit('message');
    const html = Buffer.from('<script>alert(1)</script>'.padEnd(200));
    expect((await putVoice(page, html)).body).toMatchObject({ code: 'INVALID_INPUT', field: 'body' });
    expect((await putVoice(page, WEBM, 'text/html')).body.code).toBe('INVALID_INPUT');
    const long = new Uint8Array(limits.VOICE_BYTES + 1);
    long.set(WEBM);
    expect((await putVoice(page, long)).status).toBe(413);
    const most = long.subarray(0, limits.VOICE_BYTES);
    expect((await putVoice(page, most)).status).toBe(201);
    expect((await ask('alice', '/api/visits/left')).body.left).toHaveLength(1);
    // Other routes take no such bodies.
    const text = { kind: 'message', text: 'x'.repeat(limits.HTTP_BODY_BYTES) };
    expect((await leave(page, text)).status).toBe(413);
  });

  test.each([
    ['nothing to say', { kind: 'message', text: ' ' }, 'text'],
    ['nowhere to call', { kind: 'callback', reach: '' }, 'reach'],
    ['an address to call', { kind: 'callback', reach: 'rita@example.test' }, 'reach'],
    ['markup for an address', { kind: 'message', text: 'x', reach: '<b>@x.y' }, 'reach'],
    ['a header for a number', { kind: 'callback', reach: '+351\r\nX: y' }, 'reach'],
    ['an unknown kind', { kind: 'fax', text: 'x' }, 'kind'],
  ])('%s is INVALID_INPUT', async (_, body, field) => {
    const page = await stage.visit('message');
    expect((await leave(page, body)).body).toMatchObject({ code: 'INVALID_INPUT', field });
  });

  test('is so much from one visit and no more', async () => {
    const page = await stage.visit('message');
    for (let n = 0; n < limits.LEFT_PER_VISIT; n += 1) await leave(page, { kind: 'message', text: `${n}` });
    expect((await leave(page, { kind: 'message', text: 'more' })).body.state).toBe('full');
  });

  test('P15 is swept a week after it was done, and visits 30 days after their end', async () => {
    const page = await stage.visit('message');
    const { leftId } = (await leave(page, { kind: 'message', text: 'x' })).body;
    await page.ask('POST', '/end');
    await ask('alice', `/api/visits/left/${leftId}`, { done: true }, 'PUT');
    const days = async (count: number) => {
      for (const ms of [count * 24 * 3_600_000, 3_600_000]) {
        stage.clock.leap(ms);
        await stage.settle();
      }
    };
    await days(6);
    expect((await ask('alice', '/api/visits/left')).body.left).toHaveLength(1);
    await days(1);
    expect((await ask('alice', '/api/visits/left')).body.left).toEqual([]);
    expect(await stage.visits.visitOf(page.visitId)).toBeDefined();
    await days(24);
    expect(await stage.visits.visitOf(page.visitId)).toBeUndefined();
  });
});

describe('P9 nobody else', () => {
  test('sees or touches a visit, or what was left in it', async () => {
    const page = await stage.visit('chat');
    await page.ask('POST', '/left', { kind: 'message', text: 'secret' });
    const { id: leftId } = alice.heard('visit:left')[0] as { id: string };
    stage.device('dora');
    const routes: [string, string, unknown?][] = [
      ['GET', `/api/visits/${page.visitId}`],
      ['POST', `/api/visits/${page.visitId}/messages`, { id: 'm', text: 'x' }],
      ['POST', `/api/visits/${page.visitId}/end`],
      ['PUT', `/api/visits/left/${leftId}`, { done: true }],
      ['GET', `/api/visits/left/${leftId}/voice`],
    ];
    for (const [method, path, body] of routes) {
      const by = (init: { bearer?: string; origin: string }) =>
        stage.ask(path, { method, ...init, ...(body === undefined ? {} : { body }) });
      for (const key of ['carla', 'dora']) {
        const { body: answer } = await by({ origin: OFFICE, bearer: key });
        expect([key, path, answer.code]).toEqual([key, path, 'NOT_FOUND']);
      }
      expect((await by({ origin: OFFICE })).body.code).toBe('SIGNED_OUT');
      // The visitor's key opens nothing here, from no page.
      expect((await by({ origin: OFFICE, bearer: page.key })).body.code).toBe('SIGNED_OUT');
      for (const origin of [SHOP, BLOG]) {
        expect((await by({ origin, bearer: 'alice' })).body.code).toBe('ORIGIN_NOT_ALLOWED');
      }
    }
    expect((await stage.visits.visitOf(page.visitId))?.stage.state).toBe('open');
  });

  test('an administrator ends it by name', async () => {
    const page = await stage.visit('chat');
    expect(stage.visits.live().map(({ id }) => id)).toEqual([page.visitId]);
    expect(await stage.visits.endByOperator(page.visitId)).toBe(true);
    expect(page.heard('ended').end).toBe('ended-by-operator');
    expect(await stage.visits.endByOperator(page.visitId)).toBe(false);
  });
});
