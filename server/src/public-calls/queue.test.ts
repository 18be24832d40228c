// The queue of a destination, as those who wait in it see it.
import { limits } from '@ringtag/server/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { destination, openVisitsStage, SHOP, type VisitorPage, type VisitsStage } from './stage.ts';

let stage: VisitsStage;

const open = async (...all: Parameters<typeof destination>[0][]) => {
  const storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openVisitsStage(storage, all.map(destination));
};
afterEach(() => stage.close());

const five = async () => {
  const pages: VisitorPage[] = [];
  for (let n = 0; n < 5; n += 1) {
    pages.push(await stage.visit('call'));
    await stage.pass(500);
  }
  return pages as [VisitorPage, VisitorPage, VisitorPage, VisitorPage, VisitorPage];
};
const over = ({ visitId }: VisitorPage, cause = 16) =>
  stage.line.tell({ kind: 'ended', visitId, cause, tooLong: false });
const places = (pages: readonly VisitorPage[]) => pages.map((page) => page.heard('waiting').ahead);

describe('P7 five visitors and one line', () => {
  test('are called in the order of coming, and told their places as others leave', async () => {
    await open({ capacity: 1 });
    const [a, b, c, d, e] = await five();
    expect(a.types()).toEqual(['snapshot', 'ready']);
    expect([b, c, d, e].map((page) => page.heard('snapshot').ahead)).toEqual([0, 1, 2, 3]);
    // Two of them leave: one says so, one closes the page.
    await b.ask('POST', '/end', { reason: 'left' });
    await d.vanish();
    await stage.line.tell({ kind: 'answered', visitId: a.visitId });
    await stage.pass(limits.VISITOR_AWAY_MS + 500);
    expect(places([c, e])).toEqual([0, 1]);
    expect(stage.line.calls.size).toBe(1);
    await over(a);
    expect(c.heard('ready').account.endpoint).toBe(`g-${c.visitId}`);
    expect(e.types()).not.toContain('ready');
    expect(places([e])).toEqual([0]);
    await over(c);
    expect(e.types()).toContain('ready');
    expect(d.types()).not.toContain('ready');
  });

  test('nobody is held up by one who asks this and that but never listens', async () => {
    await open({});
    const body = { ticket: stage.ticket('call') };
    const { visitId, key } = (await stage.ask('/api/public/visits', { origin: SHOP, body })).body;
    const next = await stage.visit('call');
    for (let seconds = 0; seconds < 12; seconds += 3) {
      const rating = { ...{ origin: SHOP, bearer: key }, body: { stars: 5 } };
      await stage.ask(`/api/public/visits/${visitId}/rating`, rating);
      await stage.pass(3_000);
    }
    expect(next.types()).toContain('ready');
  });

  test('nobody overtakes one whose page is away for a moment', async () => {
    await open({ capacity: 1 });
    const [a, b, c] = await five();
    await b.vanish();
    await over(a);
    await stage.pass(5_000);
    expect(c.types()).not.toContain('ready');
    await b.listen();
    expect(b.types()).toContain('ready');
    expect(c.types()).not.toContain('ready');
  });

  test('of twelve who come at once so many are let in as there is room for', async () => {
    await open({ capacity: 1, queue: 5 });
    const come = await Promise.allSettled(Array.from({ length: 12 }, () => stage.visit('call')));
    expect(come.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    expect(stage.share.left).toBe(94);
  });

  test('the sixth is told that it is busy, and what is left', async () => {
    await open({ capacity: 1, queue: 4, busy: { message: false, callback: true } });
    await five();
    const sixth = stage.visit('call');
    await expect(sixth).rejects.toThrow('DESTINATION_BUSY');
    await expect(sixth).rejects.toThrow('"callback":true');
    expect(await stage.visits.figures('sales')).toMatchObject({ waiting: 4, hasRoom: false });
    // A chat takes no place in the queue.
    await stage.visit('chat');
  });
});

describe('P7 people who are free', () => {
  test('no more calls ring than could be answered, and only theirs ring', async () => {
    await open({ capacity: 5 });
    stage.busy.add('bruno');
    const [a, b] = await five();
    expect(stage.line.calls.get(a.visitId)?.turns).toEqual([['1001']]);
    expect(b.types()).not.toContain('ready');
    // Alice answers: she is in a call now, and Bruno's is over.
    const { personId } = stage.device('alice').device;
    await stage.line.tell({ kind: 'answered', visitId: a.visitId, personId });
    expect(b.types()).not.toContain('ready');
    stage.busy.delete('bruno');
    await stage.pass(1_000);
    expect(stage.line.calls.get(b.visitId)?.turns).toEqual([['1002']]);
  });

  test('of two destinations that ring the same people, one at a time', async () => {
    await open(
      { ring: { people: ['alice@example.test'] } },
      { id: 'help', ring: { people: ['alice@example.test'] } },
    );
    const first = await stage.visit('call');
    const second = await stage.visit('call', { destinationId: 'help' });
    expect(first.types()).toContain('ready');
    expect(second.types()).not.toContain('ready');
    stage.busy.add('alice');
    await stage.line.tell({ kind: 'answered', visitId: first.visitId });
    await stage.pass(2_000);
    expect(second.types()).not.toContain('ready');
  });

  test('are rung in turn where the operator wants that', async () => {
    await open({
      ring: { people: ['bruno@example.test', 'alice@example.test'], order: 'in-turn', ringSeconds: 10 },
    });
    const page = await stage.visit('call');
    expect(stage.line.calls.get(page.visitId)).toMatchObject({
      turns: [['1002'], ['1001']],
      ringSeconds: 10,
    });
  });

  test('an extension that is nobody’s is rung as it is', async () => {
    await open({ ring: { extension: '700' } });
    const page = await stage.visit('call');
    expect(stage.line.calls.get(page.visitId)?.turns).toEqual([['700']]);
  });

  test('an extension that rings nothing is nobody there', async () => {
    await open({ ring: { extension: '7777' } });
    stage.line.unrouted.add('7777');
    expect(await stage.visits.figures('sales')).toMatchObject({ isAvailable: false });
    const page = await stage.visit('call');
    await stage.pass(11_000);
    expect(page.types()).not.toContain('ready');
    expect(page.heard('ended')).toMatchObject({ end: 'no-answer', offers: { message: true } });
  });

  test('P14 where nobody is there, the visitor does not wait for ever', async () => {
    await open({});
    stage.reachable.clear();
    expect(await stage.visits.figures('sales')).toMatchObject({ isAvailable: false });
    const page = await stage.visit('call');
    await stage.pass(5_000);
    expect(page.types()).toEqual(['snapshot']);
    await stage.pass(6_000);
    expect(page.heard('ended')).toMatchObject({ end: 'no-answer', offers: { message: true } });
  });

  test('somebody who reloads the page is not nobody', async () => {
    await open({});
    const isAvailable = async () => (await stage.visits.figures('sales')).isAvailable;
    expect(await isAvailable()).toBe(true);
    stage.reachable.clear();
    await stage.pass(5_000);
    expect(await isAvailable()).toBe(true);
    await stage.pass(5_000);
    expect(await isAvailable()).toBe(false);
  });

  test('somebody who comes back while a visitor waits is called', async () => {
    await open({});
    stage.reachable.clear();
    const page = await stage.visit('call');
    await stage.pass(5_000);
    stage.reachable.add('alice');
    await stage.pass(1_000);
    expect(page.types()).toContain('ready');
  });
});

describe('P7 the card', () => {
  test('says that everybody is in a call while it is so, to whoever has not called yet', async () => {
    await open({ capacity: 3, queue: 9 });
    const isTaken = async () => (await stage.visits.figures('sales')).isTaken ?? false;
    expect(await isTaken()).toBe(false);
    stage.busy.add('alice');
    await stage.pass(1_000);
    expect(await isTaken()).toBe(false);
    stage.busy.add('bruno');
    await stage.pass(1_000);
    expect(await stage.visits.figures('sales')).toMatchObject({ waiting: 0, hasRoom: true, isTaken: true });
    stage.busy.delete('alice');
    await stage.pass(1_000);
    expect(await isTaken()).toBe(false);
  });

  test('says nothing of the kind while all who are there load their pages anew', async () => {
    await open({ capacity: 3, queue: 9 });
    expect(await stage.visits.figures('sales')).toMatchObject({ isAvailable: true });
    stage.reachable.clear();
    await stage.pass(1_000);
    const figures = await stage.visits.figures('sales');
    expect([figures.isAvailable, figures.isTaken ?? false]).toEqual([true, false]);
  });
});

describe('P7 the estimate', () => {
  test('is absent before any call was seen, then the middle of them by those who answer', async () => {
    await open({ capacity: 1, queue: 9 });
    expect(await stage.visits.figures('sales')).toEqual({ waiting: 0, hasRoom: true, isAvailable: true });
    const lengths = [60_000, 240_000, 120_000];
    for (const length of lengths) {
      const page = await stage.visit('call');
      await stage.line.tell({ kind: 'answered', visitId: page.visitId });
      await stage.pass(length);
      await over(page);
    }
    const [, b, c] = await five();
    expect(b.heard('snapshot')).toMatchObject({ ahead: 0, waitMs: 120_000 });
    expect(c.heard('snapshot')).toMatchObject({ ahead: 1, waitMs: 240_000 });
    expect(await stage.visits.figures('sales')).toMatchObject({ waiting: 4, waitMs: 600_000 });
  });
});

describe('P14 another destination', () => {
  const two = [
    { unanswered: { to: 'help' } },
    {
      id: 'help',
      name: 'Help desk',
      texts: { en: { label: 'Help' } },
      ring: { people: ['carla@example.test'] },
    },
  ];

  test('takes the call by itself where nobody answered, and the visitor is told', async () => {
    await open(...two);
    stage.reachable.add('carla');
    const page = await stage.visit('call');
    await over(page, 19);
    expect(page.heard('forwarded').destination).toEqual({ id: 'help', name: 'Help' });
    expect(page.types().slice(-2)).toEqual(['forwarded', 'ready']);
    expect(stage.line.calls.get(page.visitId)).toMatchObject({ turns: [['1003']], callerName: 'Help desk' });
    await over(page, 19);
    expect(page.heard('ended').end).toBe('no-answer');
    expect(await stage.visits.visitOf(page.visitId)).toMatchObject({
      destinationId: 'help',
      before: ['sales'],
    });
  });

  test('takes who comes while nobody is at the first, after a moment', async () => {
    await open(...two);
    stage.reachable.clear();
    expect(await stage.visits.figures('sales')).toMatchObject({ isAvailable: false, goesOn: false });
    stage.reachable.add('carla');
    await stage.pass(1_000);
    expect(await stage.visits.figures('sales')).toMatchObject({ isAvailable: false, goesOn: true });
    const page = await stage.visit('call');
    await stage.pass(11_000);
    expect(page.types()).toEqual(['snapshot', 'forwarded', 'ready']);
  });

  test('is tried once each, however they point to each other', async () => {
    await open({ unanswered: { to: 'help' } }, { id: 'help', unanswered: { to: 'sales' } });
    const page = await stage.visit('call');
    await over(page, 21);
    await over(page, 21);
    expect(page.heard('ended').end).toBe('declined');
  });

  test('is not tried while it is closed', async () => {
    await open(...two);
    await stage.destinations.setOpening('help', 'closed');
    const page = await stage.visit('call');
    await over(page, 19);
    expect(page.heard('ended').end).toBe('no-answer');
  });

  test('takes who comes while the first is closed', async () => {
    await open({ closed: { to: 'help' } }, { id: 'help' });
    expect(await stage.visits.figures('sales')).not.toHaveProperty('goesOn');
    await stage.destinations.setOpening('sales', 'closed');
    expect(await stage.visits.figures('sales')).toMatchObject({ goesOn: true });
    const page = await stage.visit('call');
    expect(page.heard('snapshot').destination.id).toBe('help');
    expect(page.types()).toContain('ready');
  });
});

describe('P14 a destination that closes', () => {
  test('says so to who waits, and refuses who comes with what is left', async () => {
    await open({ closed: { message: true, callback: false } });
    stage.busy.add('alice').add('bruno');
    const page = await stage.visit('call');
    await stage.destinations.setOpening('sales', 'closed');
    await stage.settle();
    expect(page.heard('ended')).toMatchObject({
      end: 'closed',
      offers: { chat: false, message: true, callback: false },
    });
    await expect(stage.visit('call')).rejects.toThrow('DESTINATION_CLOSED');
    await expect(stage.visit('chat')).rejects.toThrow('"message":true');
    expect((await stage.visit('message')).heard('snapshot').state).toBe('open');
  });

  test('lets go on who talks', async () => {
    await open({});
    const page = await stage.visit('call');
    await stage.line.tell({ kind: 'answered', visitId: page.visitId });
    await stage.destinations.setOpening('sales', 'closed');
    await stage.pass(5_000);
    expect(page.types()).not.toContain('ended');
  });
});

describe('P13 a restart of the hub', () => {
  test('keeps the order of those who wait, whoever comes back first', async () => {
    await open({ capacity: 1 });
    const [a, b, c] = await five();
    await stage.line.tell({ kind: 'answered', visitId: a.visitId });
    await stage.restart(4_000);
    expect(stage.line.keptAtStart).toEqual([a.visitId]);
    await c.listen();
    await b.listen();
    expect([b, c].map((page) => page.heard('snapshot').ahead)).toEqual([0, 1]);
    await over(a);
    expect(b.types()).toContain('ready');
    expect(c.types()).not.toContain('ready');
  });

  test('gives a turn anew, and the old account is refused', async () => {
    await open({});
    const page = await stage.visit('call');
    await stage.restart();
    expect(stage.line.keptAtStart).toEqual([]);
    page.events.splice(0);
    await page.listen();
    expect(page.types()).toEqual(['snapshot', 'ready']);
  });

  test('ends no call, keeps its limit, and hears its end', async () => {
    await open({ maxMinutes: 2 });
    const page = await stage.visit('call');
    await stage.line.tell({ kind: 'answered', visitId: page.visitId });
    await stage.pass(30_000);
    await stage.restart(10_000);
    page.events.splice(0);
    await page.listen();
    expect(page.heard('snapshot')).toMatchObject({ state: 'talking', endsInMs: 80_000 });
    await stage.pass(50_500);
    expect(page.types()).toContain('ending');
    await over(page);
    expect(page.heard('ended').end).toBe('hangup');
  });

  test('forgets who does not come back', async () => {
    await open({ capacity: 1 });
    const [a, b] = await five();
    await stage.restart();
    await stage.pass(31_000);
    for (const { visitId } of [a, b]) {
      expect((await stage.visits.visitOf(visitId))?.stage).toMatchObject({ state: 'ended', end: 'left' });
    }
  });

  test('P4 leaves the key of an ended visit good for what is left of its time', async () => {
    await open({});
    const page = await stage.visit('call');
    await stage.line.tell({ kind: 'answered', visitId: page.visitId });
    await page.ask('POST', '/end');
    await stage.restart(limits.RATING_MS - 1_000);
    const leave = () =>
      page.ask('POST', '/left', { kind: 'message', text: 'Call me', reach: '+351 210 000 000' });
    expect((await leave()).status).toBe(201);
    await stage.restart(1_000);
    expect((await leave()).body.code).toBe('NOT_FOUND');
  });
});
