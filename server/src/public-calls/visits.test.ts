// Visits as the visitor's page and the telephone exchange see them, over HTTP.
import { limits } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { BLOG, destination, OFFICE, openVisitsStage, SHOP, type VisitsStage } from './stage.ts';

let stage: VisitsStage;

let storage: Storage;

/** A page's report of how its call sounded. */
const HEARD = {
  mosMean: 4,
  mosMin: 3,
  samples: 9,
  lossPercent: 0,
  jitterMs: 1,
  roundTripMs: 9,
  sipCallId: 'c',
};

const open = async (...all: Parameters<typeof destination>[0][]) => {
  storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openVisitsStage(storage, all.length === 0 ? [destination()] : all.map(destination));
};
afterEach(() => stage.close());

describe('a call', () => {
  beforeEach(() => open());

  test('P5 goes from the ticket over its turn, ringing and talking to its end', async () => {
    const page = await stage.visit('call');
    expect(page.events[0]).toMatchObject({ type: 'snapshot', state: 'waiting', ahead: 0 });
    expect(page.events[0]).toMatchObject({ destination: { id: 'sales', name: 'Fale com as vendas' } });
    const { account } = page.heard('ready');
    expect(account).toMatchObject({ endpoint: `g-${page.visitId}`, dial: 'visit' });
    expect(account.iceServers).toEqual([{ urls: 'stun:stun.example.test' }]);
    // Its turn, one turn of ringing, ten minutes of talk and one to spare.
    expect(stage.relays).toEqual([15_000 + 30_000 + 11 * 60_000]);
    expect(stage.line.calls.get(page.visitId)).toEqual({
      visitId: page.visitId,
      origin: SHOP,
      callerName: 'Talk to sales',
      turns: [['1001', '1002']],
      ringSeconds: 30,
      maxSeconds: 600,
      language: 'pt',
      headers: { url: `${SHOP}/boots`, context: 'language=pt; cart=3' },
    });
    const { visitId } = page;
    await stage.line.tell({ kind: 'ringing', visitId });
    expect(page.types().at(-1)).toBe('ringing');
    const personId = stage.device('alice').device.personId;
    await stage.line.tell({ kind: 'answered', visitId, personId });
    expect(page.heard('talking')).toEqual({ type: 'talking', agent: 'alice', endsInMs: 600_000 });
    await stage.pass(60_000);
    await stage.line.tell({ kind: 'ended', visitId, cause: 16, tooLong: false });
    expect(page.heard('ended')).toMatchObject({ end: 'hangup', offers: { message: true } });
    // The exchange takes the account back by itself, so that the browser can still say good-bye.
    expect(stage.line.closed).toEqual([]);
    expect(stage.share.left).toBe(100);
  });

  test('P2 keeps the visit with its context, source and place, and the key as a hash alone', async () => {
    const place = { latitude: 38.7, longitude: -9.1, accuracy: 12.5 };
    const body = { ticket: stage.ticket(), place };
    const { body: grant } = await stage.ask('/api/public/visits', { origin: SHOP, body });
    const kept = await stage.visits.visitOf(grant.visitId);
    expect(kept).toMatchObject({
      destinationId: 'sales',
      source: { address: '192.0.2.7', port: 40_000, origin: SHOP },
      context: { place, data: [{ key: 'cart', value: '3' }] },
    });
    expect(JSON.stringify(kept)).not.toContain(grant.key);
    expect(await stage.visits.visitOf('v-unknown')).toBeUndefined();
  });

  test('P8 is told 30 s before its limit, and is over at it', async () => {
    const page = await stage.visit('call');
    const { visitId } = page;
    await stage.line.tell({ kind: 'answered', visitId });
    await stage.pass(600_000 - limits.VISIT_WARNING_MS - 500);
    expect(page.types()).not.toContain('ending');
    await stage.pass(500);
    expect(page.heard('ending')).toEqual({ type: 'ending', endsInMs: 30_000 });
    await stage.pass(30_000);
    await stage.line.tell({ kind: 'ended', visitId, cause: 16, tooLong: true });
    expect(page.heard('ended').end).toBe('too-long');
  });

  test('P8 is over soon after its limit even where the exchange says nothing', async () => {
    const page = await stage.visit('call');
    await stage.line.tell({ kind: 'answered', visitId: page.visitId });
    await stage.pass(620_000);
    expect(page.heard('ended').end).toBe('too-long');
    expect(stage.line.closed).toEqual([page.visitId]);
  });

  test.each([
    [17, 'busy'],
    [19, 'no-answer'],
    [20, 'no-answer'],
    [21, 'declined'],
    [16, 'hangup'],
    [38, 'failed'],
  ])('that ends ringing with cause %i is %s', async (cause, end) => {
    const page = await stage.visit('call');
    const { visitId } = page;
    await stage.line.tell({ kind: 'ringing', visitId });
    await stage.line.tell({ kind: 'ended', visitId, cause, tooLong: false });
    expect(page.heard('ended').end).toBe(end);
  });

  test('P13 passes the turn on where the browser does not call within 15 s', async () => {
    stage.reachable.delete('bruno');
    const [slow, next] = [await stage.visit('call'), await stage.visit('call')];
    expect(next.types()).not.toContain('ready');
    await stage.pass(limits.VISIT_TURN_MS);
    expect(slow.heard('ended').end).toBe('failed');
    expect(stage.line.closed).toEqual([slow.visitId]);
    expect(next.heard('ready').account.endpoint).toBe(`g-${next.visitId}`);
  });

  test('is ended by the visitor, once, and its line closed', async () => {
    const page = await stage.visit('call');
    expect((await page.ask('POST', '/end')).status).toBe(200);
    expect((await page.ask('POST', '/end', { reason: 'left' })).status).toBe(200);
    expect(page.events.filter(({ type }) => type === 'ended')).toMatchObject([{ end: 'hangup' }]);
    expect(stage.line.closed).toEqual([page.visitId]);
  });

  test('can be asked for again after nobody answered', async () => {
    const page = await stage.visit('call');
    const { visitId } = page;
    expect((await page.ask('POST', '/call')).body).toMatchObject({ code: 'CONFLICT', state: 'ready' });
    await stage.line.tell({ kind: 'ended', visitId, cause: 19, tooLong: false });
    page.events.splice(0);
    expect((await page.ask('POST', '/call')).status).toBe(200);
    // Counted like the first, which rang the same people.
    expect(stage.acts.filter((act) => act === 'visit')).toHaveLength(3);
    expect(page.types()).toEqual(['snapshot', 'ready']);
    expect(stage.share.left).toBe(99);
  });

  test('is over as failed where no line can be opened', async () => {
    stage.line.failsToOpen = true;
    const page = await stage.visit('call');
    expect(page.heard('ended').end).toBe('failed');
  });

  test('is refused where there is no telephone exchange, and a chat is not', async () => {
    stage.line.available = false;
    const begin = (intent: 'call' | 'chat') =>
      stage.ask('/api/public/visits', { origin: SHOP, body: { ticket: stage.ticket(intent) } });
    expect((await begin('call')).body.code).toBe('PBX_UNAVAILABLE');
    expect((await begin('chat')).status).toBe(201);
  });

  test('P10 is refused with Retry-After where the public holds its share already', async () => {
    stage.share.left = 0;
    const body = { ticket: stage.ticket() };
    const { status, headers, body: problem } = await stage.ask('/api/public/visits', { origin: SHOP, body });
    expect([status, problem.code, problem.state]).toEqual([429, 'RATE_LIMITED', 'hub']);
    expect(headers.get('Retry-After')).toBe('5');
  });
});

describe('the page of a visit', () => {
  beforeEach(() => open());

  test('P13 hears a snapshot first, and a newer stream takes over', async () => {
    const page = await stage.visit('chat');
    await page.ask('POST', '/messages', { id: 'm-1', text: 'Hello' });
    const older = page.events.length;
    await page.listen();
    expect(page.events[older]).toMatchObject({
      type: 'snapshot',
      state: 'open',
      messages: [{ id: 'm-1', from: 'visitor', text: 'Hello' }],
    });
    await page.ask('POST', '/messages', { id: 'm-2', text: 'again' });
    expect(page.events.slice(older + 1)).toMatchObject([{ type: 'message', message: { id: 'm-2' } }]);
  });

  test('P7 has left the queue when it was silent for 10 s, and not before', async () => {
    stage.busy.add('alice').add('bruno');
    const page = await stage.visit('call');
    await page.vanish();
    await stage.pass(limits.VISITOR_AWAY_MS - 500);
    await page.listen();
    expect(page.heard('snapshot')).toMatchObject({ state: 'waiting' });
    await page.vanish();
    await stage.pass(limits.VISITOR_AWAY_MS);
    await page.listen();
    expect(page.heard('snapshot')).toMatchObject({ state: 'ended', end: 'left' });
  });

  test('ends the call 15 s after it was closed without a word, so that nobody talks to nobody', async () => {
    const page = await stage.visit('call');
    await stage.line.tell({ kind: 'answered', visitId: page.visitId });
    await page.vanish();
    await stage.pass(14_500);
    expect(stage.line.closed).toEqual([]);
    await stage.pass(500);
    expect(stage.line.closed).toEqual([page.visitId]);
    expect((await stage.visits.visitOf(page.visitId))?.stage).toMatchObject({
      end: 'left',
      talkedMs: 15_000,
    });
  });

  test('a chat outlives a walk through the shop', async () => {
    const page = await stage.visit('chat');
    await page.vanish();
    await stage.pass(5 * 60_000);
    await page.listen();
    expect(page.heard('snapshot').state).toBe('open');
  });

  test('is not silent when it asks again minutes after it stopped listening', async () => {
    const page = await stage.visit('call');
    await page.ask('POST', '/end');
    await page.vanish();
    await stage.pass(5 * 60_000);
    expect((await page.ask('POST', '/call')).status).toBe(200);
    await stage.pass(limits.VISITOR_AWAY_MS - 500);
    await page.listen();
    expect(page.types()).toContain('ready');
    expect(page.heard('snapshot').state).toBe('waiting');
  });

  test('gets a sign of life every 15 s', async () => {
    const page = await stage.visit('chat');
    await page.vanish();
    const { visitId, key } = page;
    const path = `/api/public/visits/${visitId}/events`;
    // Through the page's own way one cannot see comments.
    const answer = stage.ask(path, { origin: SHOP, bearer: key });
    await stage.settle();
    await stage.pass(16_000);
    stage.visits.farewell();
    const text = Buffer.from((await answer).body).toString();
    expect(text.startsWith('data: {"type":"snapshot"')).toBe(true);
    expect(text).toContain('\n\n:\n\n');
  });

  test('P4 is let in for 10 minutes after the end, and rates it once', async () => {
    const page = await stage.visit('chat');
    expect((await page.ask('POST', '/rating', { stars: 5 })).body.code).toBe('CONFLICT');
    stage.device('alice');
    const answer = { id: 'm-1', text: 'Good day' };
    await stage.ask(`/api/visits/${page.visitId}/messages`, {
      ...{ method: 'POST', origin: OFFICE, bearer: 'alice', body: answer },
    });
    await page.ask('POST', '/end');
    const odd = ' k\u202Ei\u0000nd\u0007 ';
    expect((await page.ask('POST', '/rating', { stars: 5, text: odd })).status).toBe(201);
    expect((await page.ask('POST', '/rating', { stars: 1 })).body).toMatchObject({ state: 'rated' });
    const rating = { stars: 5, text: 'kind' };
    expect((await stage.visits.visitOf(page.visitId))?.rating).toEqual(rating);
    expect(stage.told).toEqual([{ visitId: page.visitId, rating }]);
    expect(await stage.visits.ratings()).toEqual([{ destinationId: 'sales', count: 1, mean: 5 }]);
    await stage.pass(limits.RATING_MS);
    expect((await page.ask('POST', '/rating', { stars: 1 })).body.code).toBe('NOT_FOUND');
    expect(page.isOpen()).toBe(false);
  });

  test('P9 what nobody answered is rated by nobody', async () => {
    const page = await stage.visit('chat');
    await page.ask('POST', '/messages', { id: 'm-1', text: 'Hello?' });
    await page.ask('POST', '/end');
    const { status, body } = await page.ask('POST', '/rating', { stars: 1 });
    expect([status, body.code, body.state]).toEqual([409, 'CONFLICT', 'unanswered']);
    expect(await stage.visits.ratings()).toEqual([]);
  });
});

test('G2 how a call sounded to the visitor is taken of one that was answered, and counted', async () => {
  await open();
  const page = await stage.visit('call');
  expect((await page.ask('POST', '/quality', HEARD)).body).toMatchObject({
    ...{ code: 'CONFLICT', state: 'ready' },
  });
  const { visitId } = page;
  await stage.line.tell({ kind: 'answered', visitId });
  expect((await page.ask('POST', '/quality', HEARD)).status).toBe(200);
  await stage.line.tell({ kind: 'ended', visitId, cause: 16, tooLong: false });
  expect((await page.ask('POST', '/quality', HEARD)).status).toBe(200);
  expect(stage.told).toEqual([
    { visitId, report: HEARD },
    { visitId, report: HEARD },
  ]);
  expect(stage.acts.filter((act) => act === 'message')).toHaveLength(3);
});

describe('bad input', () => {
  beforeEach(() => open());

  test.each([
    ['nothing', undefined],
    ['no ticket', {}],
    ['an operator for a ticket', { ticket: { $ne: null } }],
    ['a place off the earth', { ticket: 'x'.repeat(40), place: { latitude: 91, longitude: 0, accuracy: 1 } }],
    ['an unknown field', { ticket: 'x'.repeat(40), key: 'mine' }],
  ])('%s is INVALID_INPUT', async (_, body) => {
    const answer = await stage.ask('/api/public/visits', { method: 'POST', origin: SHOP, body });
    expect([answer.status, answer.body.code]).toEqual([400, 'INVALID_INPUT']);
  });

  test('P3 a ticket that is not one is TICKET_INVALID, one of another page TICKET_FOREIGN', async () => {
    const begin = (origin: string, ticket: string) =>
      stage.ask('/api/public/visits', { origin, body: { ticket } }).then(({ body }) => body.code);
    expect(await begin(SHOP, 'x'.repeat(43))).toBe('TICKET_INVALID');
    expect(await begin(BLOG, stage.ticket())).toBe('TICKET_FOREIGN');
    const bare = await stage.ask('/api/public/visits', { body: { ticket: stage.ticket() } });
    expect(bare.body.code).toBe('ORIGIN_NOT_ALLOWED');
  });

  test.each([
    ['an empty message', '/messages', { id: 'm-1', text: ' ' }],
    ['an endless message', '/messages', { id: 'm-1', text: 'x'.repeat(1_001) }],
    ['a path for an id', '/messages', { id: '../1', text: 'x' }],
    ['a message without an id', '/messages', { text: 'x' }],
    ['a quality out of bounds', '/quality', { ...HEARD, mosMean: 9 }],
    ['a sixth star', '/rating', { stars: 6 }],
    ['a star in words', '/rating', { stars: '5' }],
    ['an end that only operators make', '/end', { reason: 'ended-by-operator' }],
  ])('%s is INVALID_INPUT', async (_, path, body) => {
    const page = await stage.visit('chat');
    expect((await page.ask('POST', path, body)).body.code).toBe('INVALID_INPUT');
  });

  test('P4 no key, another visit’s key and another origin open nothing', async () => {
    const [mine, other] = [await stage.visit('chat'), await stage.visit('chat')];
    const paths = [
      '/events',
      '/messages',
      '/call',
      '/end',
      '/left',
      '/quality',
      '/rating',
      '/voice?lengthMs=1',
    ];
    const bodies: Record<string, unknown> = {
      '/messages': { id: 'm', text: 'x' },
      '/left': { kind: 'message', text: 'x' },
      '/quality': HEARD,
      '/rating': { stars: 5 },
    };
    for (const path of paths) {
      const method = path === '/events' ? 'GET' : 'POST';
      const at = async (visitId: string, as: { bearer?: string; origin: string }) => {
        const body = bodies[path];
        const init = { method, ...as, ...(body === undefined ? {} : { body }) };
        return (await stage.ask(`/api/public/visits/${visitId}${path}`, init)).body.code;
      };
      expect([path, await at(mine.visitId, { origin: SHOP })]).toEqual([path, 'SIGNED_OUT']);
      expect([path, await at(mine.visitId, { origin: SHOP, bearer: other.key })]).toEqual([
        path,
        'NOT_FOUND',
      ]);
      expect([path, await at('v-none', { origin: SHOP, bearer: mine.key })]).toEqual([path, 'NOT_FOUND']);
      const elsewhere = { origin: BLOG, bearer: mine.key };
      expect([path, await at(mine.visitId, elsewhere)]).toEqual([path, 'NOT_FOUND']);
    }
    expect((await stage.visits.visitOf(mine.visitId))?.stage.state).toBe('open');
  });
});

describe('a full disk', () => {
  beforeEach(() => open());

  const refuseWrites = (name: 'create' | 'move' | 'say') =>
    vi.spyOn(storage.visits, name).mockRejectedValue(new Error('disk full'));

  test('begins no visit, and gives back what was held for it', async () => {
    refuseWrites('create');
    await expect(stage.visit('call')).rejects.toThrow('INTERNAL');
    expect(stage.share.left).toBe(100);
    expect(stage.visits.live()).toEqual([]);
  });

  test('keeps no message, and says so: it can be sent again', async () => {
    const page = await stage.visit('chat');
    const broken = refuseWrites('say');
    expect((await page.ask('POST', '/messages', { id: 'm-1', text: 'x' })).status).toBe(500);
    expect(page.types()).not.toContain('message');
    broken.mockRestore();
    expect((await page.ask('POST', '/messages', { id: 'm-1', text: 'x' })).status).toBe(201);
    expect(page.types()).toContain('message');
  });

  test('does not keep a call that goes on from being told as it is', async () => {
    const page = await stage.visit('call');
    const { visitId } = page;
    refuseWrites('move');
    await stage.line.tell({ kind: 'answered', visitId });
    expect(page.types()).toContain('talking');
    await stage.line.tell({ kind: 'ended', visitId, cause: 16, tooLong: false });
    expect(page.heard('ended').end).toBe('hangup');
    expect(stage.share.left).toBe(100);
  });
});
