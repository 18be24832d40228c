// Visits of the public on a real Asterisk: the queue gives turns, the exchange makes the calls, and who waits is called
// when the person who answers is free again. The visitor's browser is a scripted phone.
import { Destination, refuse, type VisitEvent } from '@ringtag/server/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Softphone } from '../../demo/src/softphone/index.ts';
import { createGate, type Gate } from '../../server/src/gate/gate.ts';
import type { AsteriskPbx } from '../../server/src/pbx/asterisk/pbx.ts';
import { systemClock } from '../../server/src/platform/clock.ts';
import { randomIds } from '../../server/src/platform/ids.ts';
import { silentLogger } from '../../server/src/platform/logger.ts';
import { createDestinationPeople } from '../../server/src/public-calls/destination-people.ts';
import { createDestinations } from '../../server/src/public-calls/destinations.ts';
import { createVisitHome } from '../../server/src/public-calls/visit-home.ts';
import type { LiveVisit } from '../../server/src/public-calls/visit-live.ts';
import { createPublicVisits, type PublicVisits } from '../../server/src/public-calls/visits.ts';
import type { Storage } from '../../server/src/storage/port.ts';
import { openSqliteStorage } from '../../server/src/storage/sqlite/open.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { grantPhone, openPbx, openPhone, openVisitorPhone, until } from './scene.ts';

vi.setConfig({ testTimeout: 60_000 });

const SECRET = 'a secret of thirty-two characters or more';
const ORIGIN = 'https://shop.example';
const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

interface Visitor {
  readonly visitId: string;
  readonly key: string;
  readonly events: VisitEvent[];
}

describe.skipIf(skip)(`visits of the public${skip ? ` (${skip})` : ''}`, () => {
  let gate: Gate;
  let pbx: AsteriskPbx;
  let storage: Storage;
  let visits: PublicVisits;
  let alice: Softphone;
  const phones: Softphone[] = [];
  const sales = Destination.parse({
    id: 'sales',
    texts: { en: { label: 'Sales' } },
    ring: { people: ['alice@example.test'] },
    maxMinutes: 5,
    origins: [ORIGIN],
  });

  beforeAll(async () => {
    gate = await createGate({ asteriskUrl: asterisk.wsUrl, secret: SECRET });
    const url = `http://127.0.0.1:${gate.port}`;
    pbx = openPbx(asterisk, { url, secret: SECRET, publicUrl: `ws://127.0.0.1:${gate.port}/sip` });
    await until(pbx, () => pbx.guestLine.available);
  });

  beforeEach(async () => {
    storage = await openSqliteStorage({ file: ':memory:' });
    const seed = { key: 'alice', name: 'Alice', email: 'alice@example.test', extension: '1001' };
    await storage.people.seed([{ ...seed, deskPhone: 'p-alice' }]);
    visits = await openVisits();
    await grantPhone(pbx, { endpoint: 'p-alice', extension: '1001' });
    alice = await openPhone(asterisk, 'p-alice', { toneHz: 700 });
    phones.push(alice);
    expect(await alice.register()).toBe(200);
    await until(pbx, () => pbx.isRegistered('p-alice'));
  });

  afterEach(async () => {
    await Promise.all(phones.splice(0).map((phone) => phone.close()));
    await visits.stop();
    await pbx.guestLine.closeAllBut([]);
    await storage.close();
  });

  afterAll(async () => {
    await pbx?.close();
    await gate?.close();
    await asterisk?.stop();
  });

  async function openVisits(): Promise<PublicVisits> {
    const base = { clock: systemClock, logger: silentLogger };
    const destinations = createDestinations({ ...base, file: [sales], store: storage.destinations });
    const opened = createPublicVisits({
      ...{ ...base, storage, destinations, ids: randomIds, guestLine: pbx.guestLine },
      home: createVisitHome({ hubId: 'hub', ids: randomIds }),
      destinationPeople: createDestinationPeople({ people: storage.people, firstExtension: 1001 }),
      tickets: {
        spend: async (ticket, origin) =>
          origin !== ORIGIN
            ? refuse('TICKET_FOREIGN')
            : {
                ...{ id: ticket, destinationId: 'sales', intent: 'call', expiresAtMs: Date.now() + 90_000 },
                source: { address: '192.0.2.7', network: '192.0.2.7', origin },
                context: { url: `${ORIGIN}/boots`, language: 'en', data: [{ key: 'cart', value: '3' }] },
              },
        giveBack: async () => {},
      },
      capacity: { hold: async () => ({ ok: true, release() {} }) },
      attempts: {
        take: async () => ({ ok: true }),
        look: async () => ({ ok: true }),
        press: async () => ({ ok: true }),
      },
      toll: { ask: async () => undefined },
      connections: { devicesOf: () => [], send() {}, isOnline: () => true },
      isReachable: async ({ deskPhone = '' }) => pbx.isRegistered(deskPhone),
      isBusy: ({ deskPhone = '' }) => pbx.isInCall(deskPhone),
      iceServers: () => [],
    });
    await opened.start();
    return opened;
  }

  async function begin(): Promise<Visitor> {
    const result = await visits.service.begin(ORIGIN, { ticket: randomIds.secret() });
    if (!result.ok) throw new Error(result.code);
    const visitor = { ...result.grant, events: [] };
    await listen(visitor);
    return visitor;
  }

  async function listen({ visitId, key, events }: Visitor): Promise<void> {
    const visit = (await visits.service.admit(visitId, { key, origin: ORIGIN })) as LiveVisit;
    visits.service.listen(visit, { send: (event) => void events.push(event), close() {} });
  }

  const types = ({ events }: Visitor) => events.map(({ type }) => type);
  const heard = (visitor: Visitor, type: VisitEvent['type'], timeout = 10_000) =>
    vi.waitFor(() => expect(types(visitor)).toContain(type), { timeout });

  /** The browser's call with the account of its turn. */
  async function call(visitor: Visitor) {
    await heard(visitor, 'ready');
    const ready = visitor.events.findLast((event) => event.type === 'ready');
    if (ready?.type !== 'ready') throw new Error('no turn');
    const { endpoint, dial } = ready.account;
    const phone = await openVisitorPhone(asterisk, endpoint);
    phones.push(phone);
    return phone.call(dial);
  }

  it('P7 one who waits is called when the one before is done, and both hear how it goes', async () => {
    const [first, second] = [await begin(), await begin()];
    const outgoing = await call(first);
    const incoming = await alice.nextCall();
    await heard(first, 'ringing');
    const sent = Object.fromEntries(incoming.headers);
    expect(sent).toMatchObject({
      'X-Ringtag-Visit': first.visitId,
      'X-Ringtag-Url': `${ORIGIN}/boots`,
      'X-Ringtag-Context': 'language=en; cart=3',
    });
    expect(types(second)).not.toContain('ready');
    incoming.answer();
    expect(await outgoing.answered).toBe(true);
    await heard(first, 'talking');
    // However often the queue looks while they talk.
    await expect.poll(() => pbx.isInCall('p-alice')).toBe(true);
    visits.lookAgain();
    await vi.waitFor(() => expect(Math.abs(incoming.heard().hz - 500)).toBeLessThan(30), { timeout: 10_000 });
    visits.lookAgain();
    expect(types(second)).not.toContain('ready');
    incoming.hangUp();
    await heard(first, 'ended');
    expect(first.events.at(-1)).toMatchObject({ type: 'ended', end: 'hangup' });
    await call(second);
    const next = await alice.nextCall();
    expect(Object.fromEntries(next.headers)['X-Ringtag-Visit']).toBe(second.visitId);
    await visits.endByOperator(second.visitId);
    expect(await next.ended).toMatchObject({ by: 'remote' });
  });

  it('P14 a declined call is told as declined, and the visitor can try again', async () => {
    const visitor = await begin();
    await call(visitor);
    (await alice.nextCall()).decline();
    await heard(visitor, 'ended');
    expect(visitor.events.at(-1)).toMatchObject({ end: 'declined', offers: { message: true } });
    visitor.events.splice(0);
    const visit = (await visits.service.admit(visitor.visitId, { ...visitor, origin: ORIGIN })) as LiveVisit;
    expect(await visits.service.call(visit, {})).toEqual({ ok: true });
    await call(visitor);
    await alice.nextCall();
    await heard(visitor, 'ringing');
  });

  it('P13 a call goes on over a restart of the hub, and its end is heard after it', async () => {
    const visitor = await begin();
    const outgoing = await call(visitor);
    const incoming = await alice.nextCall();
    incoming.answer();
    await heard(visitor, 'talking');
    await visits.stop();
    visits = await openVisits();
    visitor.events.splice(0);
    await listen(visitor);
    expect(visitor.events[0]).toMatchObject({ type: 'snapshot', state: 'talking' });
    expect(outgoing.state).toBe('active');
    incoming.hangUp();
    await heard(visitor, 'ended');
    expect(visitor.events.at(-1)).toMatchObject({ end: 'hangup' });
  });
});
