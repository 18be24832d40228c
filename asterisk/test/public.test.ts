// Visitors' calls on a real Asterisk: whom a ticket rings, with which headers, and how it ends.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Softphone } from '../../demo/src/softphone/index.ts';
import { createGate, type Gate } from '../../server/src/gate/gate.ts';
import type { AsteriskPbx } from '../../server/src/pbx/asterisk/pbx.ts';
import { createRecordTail } from '../../server/src/pbx/asterisk/records.ts';
import type { GuestCall, GuestCallEvent } from '../../server/src/pbx/guest-line.ts';
import { systemClock } from '../../server/src/platform/clock.ts';
import { silentLogger } from '../../server/src/platform/logger.ts';
import { createRecordKeeping } from '../../server/src/records/keeping.ts';
import type { CallEntry, Entry } from '../../server/src/records/record.ts';
import { openSqliteStorage } from '../../server/src/storage/sqlite/open.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import {
  channelsOf,
  grantPhone,
  heardSpeech,
  heardTone,
  openPbx,
  openPhone,
  openVisitorPhone,
  soon,
  until,
} from './scene.ts';

vi.setConfig({ testTimeout: 60_000 });

const SECRET = 'a secret of thirty-two characters or more';
const ORIGIN = 'https://shop.example';
const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

describe.skipIf(skip)(`visitors’ calls${skip ? ` (${skip})` : ''}`, () => {
  let gate: Gate;
  let pbx: AsteriskPbx;
  let visits = 0;
  const events: GuestCallEvent[] = [];
  const phones: Softphone[] = [];

  function openLine(): void {
    const url = `http://127.0.0.1:${gate.port}`;
    pbx = openPbx(asterisk, { url, secret: SECRET, publicUrl: `ws://127.0.0.1:${gate.port}/sip` });
    pbx.guestLine.on((event) => events.push(event));
  }

  beforeAll(async () => {
    gate = await createGate({ asteriskUrl: asterisk.wsUrl, secret: SECRET });
    openLine();
    await until(pbx, () => pbx.guestLine.available);
  });

  afterEach(async () => {
    await Promise.all(phones.splice(0).map((phone) => phone.close()));
    await pbx.guestLine.closeAllBut([]);
  });

  afterAll(async () => {
    await pbx?.close();
    await gate?.close();
    await asterisk?.stop();
  });

  async function agent(endpoint: string, extension: string, toneHz = 700): Promise<Softphone> {
    await grantPhone(pbx, { endpoint, extension });
    const phone = await openPhone(asterisk, endpoint, { toneHz });
    phones.push(phone);
    expect(await phone.register()).toBe(200);
    await until(pbx, () => pbx.isRegistered(endpoint));
    return phone;
  }

  function callOf(change: Partial<GuestCall> = {}): GuestCall {
    visits += 1;
    return {
      visitId: `v-${visits}`,
      origin: ORIGIN,
      callerName: 'Sales',
      turns: [['1001']],
      ringSeconds: 20,
      maxSeconds: 60,
      language: 'en',
      headers: {},
      ...change,
    };
  }

  /** A visitor whose browser is a scripted phone: plain RTP instead of WebRTC, all else alike. */
  async function visitor(call: GuestCall, options: { host?: string } = {}): Promise<Softphone> {
    const { endpoint } = await pbx.guestLine.open(call);
    const phone = await openVisitorPhone(asterisk, endpoint, options);
    phones.push(phone);
    return phone;
  }

  const toldOf = (visitId: string) =>
    events.filter((event) => event.visitId === visitId).map(({ visitId: _, ...event }) => event);

  it('P5 rings the destination, carries sound both ways, and tells of ringing, answer and end', async () => {
    const alice = await agent('p-alice', '1001');
    const call = callOf();
    const outgoing = await (await visitor(call)).call('visit');
    const incoming = await alice.nextCall();
    incoming.answer();
    expect(await outgoing.answered).toBe(true);
    await Promise.all([heardTone(outgoing, 700), heardTone(incoming, 500)]);
    incoming.hangUp();
    await outgoing.ended;
    await soon(() => expect(toldOf(call.visitId)).toHaveLength(3));
    expect(toldOf(call.visitId)).toEqual([
      { kind: 'ringing' },
      { kind: 'answered', personId: 'u-1001' },
      { kind: 'ended', cause: 16, tooLong: false },
    ]);
  });

  it('P6 a telephone gets the hub’s headers, byte for byte, and nothing in them is read as an expression', async () => {
    const alice = await agent('p-alice', '1001');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a page may say
    const url = 'https://shop.example/a?utm_source=x,y;z=%20"q"&b=${EXTEN}';
    const context =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what a page may say
      'title=Café “Ünï” 中文 👟; data-cart="3, 4"; x=${SHELL(id)} $[1+1] ${GLOBAL(RING_SECONDS)} ^3B \\; <a>&b|c';
    const headers = { url, context, geolocation: 'geo:38.72,-9.13;u=30' };
    await (await visitor(callOf({ headers }))).call('visit');
    const incoming = await alice.nextCall();
    const sent = Object.fromEntries(incoming.headers);
    expect(sent).toMatchObject({
      'X-Ringtag-Visit': `v-${visits}`,
      'X-Ringtag-Url': url,
      'X-Ringtag-Context': context,
      Geolocation: '<geo:38.72,-9.13;u=30>',
      'Geolocation-Routing': 'no',
    });
    expect(incoming.peer).toMatch(/^"Sales" <sip:visitor@/);
    expect(JSON.stringify(sent)).not.toMatch(/\bg-[0-9a-z]{16}/);
  });

  it('a visit without an address, a context or a place has none of their headers', async () => {
    const alice = await agent('p-alice', '1001');
    await (await visitor(callOf())).call('visit');
    const names = (await alice.nextCall()).headers.map(([name]) => name);
    expect(names).toContain('X-Ringtag-Visit');
    expect(names.filter((name) => /Geolocation|X-Ringtag-(Url|Context)/.test(name))).toEqual([]);
  });

  it('context as long as it may be arrives whole', async () => {
    const alice = await agent('p-alice', '1001');
    const context = '中'.repeat(1_000);
    await (await visitor(callOf({ headers: { context } }))).call('visit');
    expect(Object.fromEntries((await alice.nextCall()).headers)['X-Ringtag-Context']).toBe(context);
  });

  it('those of one turn ring together, turn after turn, and who wants no calls is left out', async () => {
    const [alice, bruno, carla] = [
      await agent('p-alice', '1001'),
      await agent('p-bruno', '1002'),
      await agent('p-carla', '1003'),
    ];
    const dora = await agent('p-dora', '1004');
    await pbx.route([
      { extension: '1004', personId: 'u-1004', endpoints: ['p-dora'], busyUntilMs: Number.POSITIVE_INFINITY },
    ]);
    const call = callOf({ turns: [['1001', '1002', '1004'], ['1003']], ringSeconds: 2 });
    const outgoing = await (await visitor(call)).call('visit');
    const first = [await alice.nextCall(), await bruno.nextCall()];
    expect(carla.calls).toHaveLength(0);
    const last = await carla.nextCall();
    for (const { ended } of first) expect(await ended).toMatchObject({ by: 'remote', status: 487 });
    last.answer();
    expect(await outgoing.answered).toBe(true);
    expect(dora.calls).toHaveLength(0);
    await soon(() => expect(toldOf(call.visitId)[1]).toEqual({ kind: 'answered', personId: 'u-1003' }));
  });

  it('a device that registers while the turn before it rings is rung', async () => {
    const alice = await agent('p-alice', '1001');
    await grantPhone(pbx, { endpoint: 'p-bruno', extension: '1002' });
    await (await visitor(callOf({ turns: [['1001'], ['1002']], ringSeconds: 4 }))).call('visit');
    await alice.nextCall();
    const bruno = await agent('p-bruno', '1002');
    expect((await bruno.nextCall()).peer).toContain('Sales');
  });

  it.each<[string, number, number, (alice: Softphone) => Promise<unknown>]>([
    ['answers in time', 480, 19, (alice) => alice.nextCall()],
    ['is free', 486, 17, async (alice) => (await alice.nextCall()).decline(486)],
    ['wants the call', 403, 21, async (alice) => (await alice.nextCall()).decline(603)],
    ['is there', 480, 20, (alice) => alice.unregister()],
  ])('where nobody %s the visitor hears %i (Q.850 cause %i)', async (_, status, cause, react) => {
    const alice = await agent('p-alice', '1001');
    const call = callOf({ ringSeconds: 2 });
    const phone = await visitor(call);
    if (cause === 20) await react(alice);
    const outgoing = await phone.call('visit');
    if (cause !== 20) await react(alice);
    const end = await outgoing.ended;
    expect(end).toMatchObject({ by: 'remote', status });
    expect(end.reason).toContain(`cause=${cause}`);
    await soon(() => expect(toldOf(call.visitId).at(-1)).toEqual({ kind: 'ended', cause, tooLong: false }));
  });

  it('where everybody wants no calls the visitor hears busy', async () => {
    await agent('p-alice', '1001');
    const busyUntilMs = Number.POSITIVE_INFINITY;
    await pbx.route([{ extension: '1001', personId: 'u-1001', endpoints: ['p-alice'], busyUntilMs }]);
    const end = await (await (await visitor(callOf())).call('visit')).ended;
    expect(end).toMatchObject({ status: 486 });
  });

  it('who declines hands the call to the next turn at once', async () => {
    const [alice, bruno] = [await agent('p-alice', '1001'), await agent('p-bruno', '1002')];
    await (await visitor(callOf({ turns: [['1001'], ['1002']], ringSeconds: 60 }))).call('visit');
    (await alice.nextCall()).decline(603);
    expect(await bruno.nextCall()).toBeDefined();
  });

  it('who declines beside others stops their own devices, and the others ring on', async () => {
    const [desk, other] = [await agent('p-alice', '1001'), await agent('p-alice-2', '1001')];
    const bruno = await agent('p-bruno', '1002');
    await pbx.route([{ extension: '1001', personId: 'u-1001', endpoints: ['p-alice', 'p-alice-2'] }]);
    await (await visitor(callOf({ turns: [['1001', '1002']] }))).call('visit');
    const [first, second, third] = [await desk.nextCall(), await other.nextCall(), await bruno.nextCall()];
    first.decline(603);
    expect(await second.ended).toMatchObject({ by: 'remote', status: 487 });
    expect(third.state).toBe('ringing');
  });

  it('P8 the call is cut at its limit', async () => {
    const alice = await agent('p-alice', '1001');
    const call = callOf({ maxSeconds: 3 });
    const outgoing = await (await visitor(call)).call('visit');
    const incoming = await alice.nextCall();
    incoming.answer();
    await outgoing.answered;
    const answeredMs = Date.now();
    await Promise.all([outgoing.ended, incoming.ended]);
    expect(Date.now() - answeredMs).toBeGreaterThan(2_500);
    await soon(() => expect(toldOf(call.visitId).at(-1)).toMatchObject({ kind: 'ended', tooLong: true }));
  });

  it.each(['en', 'pt', 'es', 'fr'])(
    'P8 both hear it spoken 30 s before, in the visitor’s language (%s)',
    async (language) => {
      const alice = await agent('p-alice', '1001');
      const outgoing = await (await visitor(callOf({ maxSeconds: 34, language }))).call('visit');
      const incoming = await alice.nextCall();
      incoming.answer();
      await outgoing.answered;
      await Promise.all([heardTone(outgoing, 700), heardTone(incoming, 500)]);
      const spoken = (await channelsOf(asterisk)).map((channel) => channel.language);
      expect(spoken).toEqual([language, language]);
      await Promise.all([heardSpeech(outgoing, 700), heardSpeech(incoming, 500)]);
      // And each other again.
      await Promise.all([heardTone(outgoing, 700), heardTone(incoming, 500)]);
    },
  );

  it('P5 a ticket is one call: not two at the same time, and none after it', async () => {
    const alice = await agent('p-alice', '1001');
    const call = callOf();
    const phone = await visitor(call);
    const first = await phone.call('visit');
    const incoming = await alice.nextCall();
    expect(await (await phone.call('visit')).ended).toMatchObject({ by: 'remote', status: 403 });
    incoming.answer();
    expect(await first.answered).toBe(true);
    first.hangUp();
    await incoming.ended;
    await soon(() => expect(toldOf(call.visitId).at(-1)).toMatchObject({ kind: 'ended' }));
    expect(await (await phone.call('visit')).ended).toMatchObject({ by: 'remote', status: 403 });
    expect(alice.calls).toHaveLength(0);
    expect(toldOf(call.visitId)).toHaveLength(3);
  });

  it('a visitor’s account is good through the gate alone, not from the network', async () => {
    const alice = await agent('p-alice', '1001');
    const phone = await visitor(callOf(), { host: '127.0.0.2' });
    const end = await (await phone.call('visit')).ended;
    expect(end).toMatchObject({ by: 'remote', status: 401 });
    expect(alice.calls).toHaveLength(0);
  });

  it('D2 the call record names the visit, who answered, and nothing of the gate', async () => {
    const storage = await openSqliteStorage({ file: ':memory:' });
    await storage.people.seed([{ key: 'alice', name: 'Alice', extension: '1001', deskPhone: 'p-alice' }]);
    const [person] = await storage.people.byNumbers(['1001']);
    const personId = person?.id ?? '';
    await storage.pbx.put({ endpoint: 'p-alice', kind: 'phone', personId, auths: [] });
    const shared = { clock: systemClock, logger: silentLogger };
    const hasChannel = (id: string) => pbx.hasChannel?.(id);
    const records = createRecordKeeping({
      ...{ storage, ...shared, systemId: 'hub-1' },
      openTail: (options) =>
        createRecordTail({ ...options, ...shared, dir: `${asterisk.dir}/log`, hasChannel }),
    });
    const alice = await agent('p-alice', '1001');
    const call = callOf();
    const outgoing = await (await visitor(call)).call('visit', [['X-Ringtag-Call', 'c-forged']]);
    (await alice.nextCall()).answer();
    await outgoing.answered;
    outgoing.hangUp();
    records.start();
    const entry = await vi.waitFor(
      async () => {
        const all = (await storage.records.after(0, 1_000)) as Entry<CallEntry>[];
        const own = all.find(({ visitId }) => visitId === call.visitId);
        expect(own).toBeDefined();
        return own;
      },
      { timeout: 30_000, interval: 100 },
    );
    expect(entry).toMatchObject({
      ...{ result: 'answered', endedBy: 'caller', people: [personId] },
      ...{ caller: { name: 'Sales' }, callee: { personId, endpoint: 'p-alice' } },
    });
    expect(entry).not.toHaveProperty('callId');
    expect(entry?.caller).not.toHaveProperty('address');
    await records.stop();
    await storage.close();
  });

  it('P5 the credentials are refused from 10 s after the call', async () => {
    const call = callOf();
    const phone = await visitor(call);
    const outgoing = await phone.call('visit');
    await outgoing.ended;
    await soon(() => expect(toldOf(call.visitId).at(-1)).toMatchObject({ kind: 'ended' }));
    expect(await (await phone.call('visit')).ended).toMatchObject({ status: 403 });
    await vi.waitFor(
      async () => expect(await (await phone.call('visit')).ended).toMatchObject({ status: 401 }),
      { timeout: 30_000, interval: 500 },
    );
  });

  it('closing ends the call that is up, refuses the account at once, and tells nothing more', async () => {
    const alice = await agent('p-alice', '1001');
    const call = callOf();
    const phone = await visitor(call);
    const outgoing = await phone.call('visit');
    const incoming = await alice.nextCall();
    await soon(() => expect(toldOf(call.visitId)).toEqual([{ kind: 'ringing' }]));
    incoming.answer();
    await outgoing.answered;
    await soon(() => expect(toldOf(call.visitId)).toHaveLength(2));
    await pbx.guestLine.close(call.visitId);
    await Promise.all([outgoing.ended, incoming.ended]);
    expect(await (await phone.call('visit')).ended).toMatchObject({ status: 401 });
    await pbx.guestLine.close(call.visitId);
    expect(toldOf(call.visitId)).toHaveLength(2);
  });

  it('opening again gives a new account, and the one before it is refused', async () => {
    const call = callOf();
    const phone = await visitor(call);
    const again = await pbx.guestLine.open(call);
    expect(again.endpoint).toMatch(/^g-/);
    expect(await (await phone.call('visit')).ended).toMatchObject({ status: 401 });
  });

  it('a hub that starts while a call goes on hears of its end, and forgets whom it is not told to keep', async () => {
    const alice = await agent('p-alice', '1001');
    const [kept, dropped] = [callOf(), callOf()];
    const [phone, other] = [await visitor(kept), await visitor(dropped)];
    const outgoing = await phone.call('visit');
    const incoming = await alice.nextCall();
    await soon(() => expect(toldOf(kept.visitId)).toEqual([{ kind: 'ringing' }]));
    incoming.answer();
    await outgoing.answered;
    await soon(() => expect(toldOf(kept.visitId)).toHaveLength(2));
    await pbx.close();
    events.length = 0;
    openLine();
    await pbx.replaceAll([], []);
    await pbx.guestLine.closeAllBut([kept.visitId]);
    await until(pbx, () => pbx.guestLine.available);
    expect(await (await other.call('visit')).ended).toMatchObject({ status: 401 });
    incoming.hangUp();
    await outgoing.ended;
    await soon(() => expect(toldOf(kept.visitId)).toEqual([{ kind: 'ended', cause: 16, tooLong: false }]));
  });

  it('a hub that was away when a call ended is told so when it is back', async () => {
    const alice = await agent('p-alice', '1001');
    const call = callOf();
    const outgoing = await (await visitor(call)).call('visit');
    const incoming = await alice.nextCall();
    await soon(() => expect(toldOf(call.visitId)).toEqual([{ kind: 'ringing' }]));
    incoming.answer();
    await outgoing.answered;
    await soon(() => expect(toldOf(call.visitId)).toHaveLength(2));
    await pbx.close();
    incoming.hangUp();
    await outgoing.ended;
    events.length = 0;
    openLine();
    await soon(() => expect(toldOf(call.visitId)).toMatchObject([{ kind: 'ended' }]));
  });
});
