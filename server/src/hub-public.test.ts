// The public's way through a whole hub over real sockets: card, ticket, visit, its stream of events, and what other
// origins see of it. The telephone exchange is a stand-in.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VisitEvent } from '@ringtag/server/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settle } from './calls/stage.ts';
import { createFakeLine } from './testing/fake-line.ts';
import { ALICE, BRUNO, MAIL, startTestHub, type TestHub } from './testing/hub.ts';

const SHOP = 'http://shop.localhost:4003';
const NEVER = { timeZone: 'Europe/Lisbon', weekly: [] };
const line = createFakeLine();
let world: TestHub;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ringtag-public-'));
  const file = join(dir, 'destinations.json');
  const sales = {
    id: 'sales',
    texts: { en: { label: 'Talk to sales' } },
    // Nobody's extension: whom it rings is the exchange's business.
    ring: { extension: '700' },
    origins: [SHOP],
  };
  const desk = { ...sales, id: 'desk', ring: { people: [ALICE.email] } };
  const annex = { ...desk, id: 'annex', hours: NEVER, closed: { to: 'sales' } };
  await writeFile(file, JSON.stringify({ destinations: [sales, desk, annex] }));
  const limits = JSON.stringify({ workFrom: { network: 100 } });
  world = await startTestHub({ env: { DESTINATIONS_FILE: file, PUBLIC_LIMITS: limits }, guestLine: line });
});
afterAll(async () => {
  await world.close();
  await rm(dir, { recursive: true, force: true });
});

interface Page {
  readonly visitId: string;
  readonly key: string;
  readonly headers: Headers;
  readonly events: VisitEvent[];
  readonly over: Promise<void>;
  close(): void;
}

async function begin(intent: 'call' | 'chat', to = 'sales'): Promise<{ visitId: string; key: string }> {
  const context = { url: `${SHOP}/boots?utm_source=mail&secret=1`, title: 'Boots', language: 'en' };
  const ticket = await world.api('/api/public/tickets', { origin: SHOP, body: { to, intent, context } });
  expect([ticket.status, ticket.body.code]).toEqual([201, undefined]);
  const body = { ticket: ticket.body.ticket };
  const visit = await world.api('/api/public/visits', { origin: SHOP, body });
  expect([visit.status, visit.body.code]).toEqual([201, undefined]);
  const again = await world.api('/api/public/visits', { origin: SHOP, body });
  expect([again.status, again.body.code]).toEqual([409, 'TICKET_USED']);
  return visit.body;
}

async function listen({ visitId, key }: { visitId: string; key: string }): Promise<Page> {
  const aborter = new AbortController();
  const response = await fetch(`${world.hub.url}/api/public/visits/${visitId}/events`, {
    headers: { Origin: SHOP, Authorization: `Bearer ${key}` },
    signal: aborter.signal,
  });
  expect(response.status).toBe(200);
  const events: VisitEvent[] = [];
  async function read(): Promise<void> {
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block.startsWith('data: ')) events.push(JSON.parse(block.slice(6)) as VisitEvent);
      }
    }
  }
  const over = read().catch(() => {});
  return { visitId, key, headers: response.headers, events, over, close: () => aborter.abort() };
}

/** What a test waits for, over real sockets. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('it did not come to pass');
    await settle();
  }
}
const heard = (page: Page, type: VisitEvent['type']) =>
  until(() => page.events.some((event) => event.type === type));

describe('a visitor', () => {
  test('P5 goes from the card over ticket and visit to a call, and hears all of it', async () => {
    const card = await world.api('/api/public/destinations/sales?lang=pt', { origin: SHOP });
    expect(card.body).toMatchObject({ label: 'Talk to sales', state: 'open', call: true, waiting: 0 });
    const page = await listen(await begin('call'));
    await heard(page, 'ready');
    const { visitId } = page;
    expect(line.calls.get(visitId)).toMatchObject({
      turns: [['700']],
      headers: { url: `${SHOP}/boots?utm_source=mail` },
    });
    await line.tell({ kind: 'ringing', visitId });
    await line.tell({ kind: 'answered', visitId });
    await heard(page, 'talking');
    const metrics = (await world.api('/metrics', {})).body as string;
    expect(metrics).toContain('ringtag_visits{state="talking"} 1');
    await line.tell({ kind: 'ended', visitId, cause: 16, tooLong: false });
    await heard(page, 'ended');
    expect(page.events.map(({ type }) => type)).toEqual(['snapshot', 'ready', 'ringing', 'talking', 'ended']);
    expect((await world.api('/metrics', {})).body).toContain('ringtag_visits_ended_total{end="hangup"} 1');
    page.close();
  });

  test('P14 is sent on from a closed destination to the one that the operator named', async () => {
    const card = await world.api('/api/public/destinations/annex', { origin: SHOP });
    expect(card.body).toMatchObject({ state: 'closed', call: true });
    const page = await listen(await begin('call', 'annex'));
    await heard(page, 'ready');
    expect(page.events[0]).toMatchObject({ destination: { id: 'sales', name: 'Talk to sales' } });
    await line.tell({ kind: 'ended', visitId: page.visitId, cause: 16, tooLong: false });
    page.close();
  });

  test('P1 is heard by the page’s own origin, and by no other', async () => {
    const page = await listen(await begin('chat'));
    expect(page.headers.get('Access-Control-Allow-Origin')).toBe(SHOP);
    expect(page.headers.get('Content-Type')).toBe('text/event-stream');
    expect(page.headers.get('Cache-Control')).toContain('no-store');
    const path = `/api/public/visits/${page.visitId}/events`;
    const elsewhere = await world.api(path, { origin: MAIL, bearer: page.key });
    expect([elsewhere.status, elsewhere.body.code]).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
    expect(elsewhere.headers.get('Access-Control-Allow-Origin')).toBeNull();
    // The shop's origin is good for nothing of employees'.
    const visits = await world.api('/api/visits', { origin: SHOP, bearer: page.key });
    expect(visits.body.code).toBe('ORIGIN_NOT_ALLOWED');
    page.close();
  });

  test('P7 has left when the page is closed', async () => {
    const page = await listen(await begin('call'));
    await heard(page, 'ready');
    page.close();
    await page.over;
    const left = async () => {
      world.clock.advance(1_000);
      return (await world.api('/metrics', {})).body.includes('ringtag_visits_ended_total{end="left"} 1');
    };
    await until(left);
    expect(line.closed).toContain(page.visitId);
  });

  test('P9 chats with whoever answers the destination', async () => {
    const alice = await world.signIn(ALICE);
    const page = await listen(await begin('chat', 'desk'));
    const as = { origin: MAIL, bearer: await world.renew(alice) };
    const message = { id: 'm-1', text: '<b>Hello</b>' };
    await world.api(`/api/public/visits/${page.visitId}/messages`, {
      ...{ origin: SHOP, bearer: page.key, body: message },
    });
    const { body } = await world.api('/api/visits', as);
    expect(body.visits.find(({ id }: { id: string }) => id === page.visitId)).toMatchObject({
      context: { title: 'Boots', url: `${SHOP}/boots?utm_source=mail` },
      messages: [{ text: '<b>Hello</b>' }],
    });
    const reply = { id: 'm-2', text: 'Good day' };
    await world.api(`/api/visits/${page.visitId}/messages`, { ...as, body: reply });
    await until(() => page.events.filter(({ type }) => type === 'message').length === 2);
    expect(page.events.at(-1)).toMatchObject({ message: { from: 'agent', name: 'Alice Almeida' } });
    page.close();
  });

  test('P9 says with the bearer who answers visitors, and who need not ask for any', async () => {
    const [alice, bruno] = [await world.signIn(ALICE), await world.signIn(BRUNO)];
    expect(alice.grant.me.answersVisitors).toBe(true);
    expect(bruno.grant.me.answersVisitors).toBe(false);
  });

  test('P10 leaves a voice in their own visit alone: nobody waits for the sound of a stranger', async () => {
    const headers = { Origin: SHOP, 'Content-Type': 'audio/webm', 'Content-Length': '900000' };
    const asked = request(`${world.hub.url}/api/public/visits/v-nobody/voice?lengthMs=1`, {
      ...{ method: 'POST', headers: { ...headers, Authorization: 'Bearer not-the-key-of-it' } },
    });
    asked.flushHeaders();
    const [response] = await once(asked, 'response');
    expect(response.statusCode).toBe(404);
    asked.destroy();
  });

  test('P13 finds the visit again after a restart of the hub, which ends the stream at once', async () => {
    const grant = await begin('call');
    const page = await listen(grant);
    await heard(page, 'ready');
    await line.tell({ kind: 'answered', visitId: page.visitId });
    await heard(page, 'talking');
    await world.restart();
    await page.over;
    const next = await listen(grant);
    await heard(next, 'snapshot');
    expect(next.events[0]).toMatchObject({ state: 'talking' });
    expect(line.keptAtStart).toEqual([page.visitId]);
    next.close();
  });
});
