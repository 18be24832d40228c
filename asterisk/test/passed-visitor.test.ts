// A visitor who is passed on, on a real Asterisk: whom the second desk sees, how long the call may last there, and what
// the hub is told of it. Alice's line is the widget's own.
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
import type { Leg } from '../../widget/src/call/call.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { openPageLine, type PageLine, placeCall, startLeg, stubBrowser } from './page-line.ts';
import {
  channelsOf,
  grantPhone,
  heardAlone,
  heardSilence,
  heardSpeech,
  heardTone,
  heardVoiceOver,
  joined,
  openDesk,
  openPbx,
  openVisitorPhone,
  soon,
  until,
} from './scene.ts';

// A deadline against hanging, not a measure: machines that run tests are busy.
vi.setConfig({ testTimeout: 90_000 });

const SECRET = 'a secret of thirty-two characters or more';
const HEADERS = {
  url: 'https://shop.example/boots',
  context: 'title=Boots; product=b-7',
  geolocation: 'geo:38.72,-9.13;u=30',
};
const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

describe.skipIf(skip)(`visitors who are passed on${skip ? ` (${skip})` : ''}`, () => {
  let gate: Gate;
  let pbx: AsteriskPbx;
  let visits = 0;
  const events: GuestCallEvent[] = [];
  const closers: (() => unknown)[] = [];

  function openLine(): void {
    const url = `http://127.0.0.1:${gate.port}`;
    pbx = openPbx(asterisk, { url, secret: SECRET, publicUrl: `ws://127.0.0.1:${gate.port}/sip` });
    pbx.guestLine.on((event) => events.push(event));
  }

  beforeAll(async () => {
    stubBrowser();
    gate = await createGate({ asteriskUrl: asterisk.wsUrl, secret: SECRET });
    openLine();
    await until(pbx, () => pbx.guestLine.available);
  });

  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
    await pbx.guestLine.closeAllBut([]);
  });

  afterAll(async () => {
    await pbx?.close();
    await gate?.close();
    await asterisk?.stop();
    vi.unstubAllGlobals();
  });

  const desk = (endpoint: string, extension: string, toneHz: number): Promise<Softphone> =>
    openDesk({ asterisk, pbx, closers }, { endpoint, extension, toneHz });

  /** The line of a browser's page. */
  const page = (endpoint: string, extension: string): Promise<PageLine> =>
    openPageLine({ asterisk, pbx, closers }, { endpoint, extension });

  /** A visitor whose browser is a scripted phone: plain RTP instead of WebRTC, all else alike. */
  async function visitor(change: Partial<GuestCall> = {}) {
    visits += 1;
    const visitId = `v-passed-${visits}`;
    const { endpoint } = await pbx.guestLine.open({
      ...{ visitId, origin: 'https://shop.example', callerName: 'Sales', turns: [['1001']] },
      ...{ ringSeconds: 20, maxSeconds: 60, language: 'en', headers: HEADERS, ...change },
    });
    const phone = await openVisitorPhone(asterisk, endpoint);
    closers.push(() => phone.close());
    return { endpoint, visitId, phone };
  }

  /** Alice has answered the visitor, and the hub knows. */
  async function talk(change: Partial<GuestCall> = {}) {
    const alice = await page('p-alice', '1001');
    const { endpoint, visitId, phone } = await visitor(change);
    const outgoing = await phone.call('visit', [['X-Ringtag-Url', 'https://forged.example']]);
    await soon(() => expect(alice.rung).toHaveLength(1));
    // Nobody answers before it rings, and the exchange tells of the two by different ways.
    await soon(() => expect(toldOf(visitId)).toEqual([{ kind: 'ringing' }]));
    const [incoming] = alice.rung;
    incoming?.leg.accept();
    const first = startLeg(incoming?.leg as Leg);
    expect(await outgoing.answered).toBe(true);
    await soon(() => expect(toldOf(visitId)).toHaveLength(2));
    await joined(asterisk, 'p-alice', endpoint);
    return { alice, endpoint, visitId, outgoing, first };
  }

  const toldOf = (visitId: string) =>
    events.filter((event) => event.visitId === visitId).map(({ visitId: _, ...event }) => event);

  it('P6 whoever the call goes on to is shown the page, the context and the place as well', async () => {
    const bruno = await desk('p-bruno', '1002', 900);
    const { visitId, outgoing, first } = await talk();
    void first.leg.refer?.({ dial: '1002' });
    const second = await bruno.nextCall();
    expect(Object.fromEntries(second.headers)).toMatchObject({
      'X-Ringtag-Visit': visitId,
      'X-Ringtag-Url': HEADERS.url,
      'X-Ringtag-Context': HEADERS.context,
      Geolocation: `<${HEADERS.geolocation}>`,
      'Geolocation-Routing': 'no',
    });
    expect(second.peer).toMatch(/^"Sales" <sip:visitor@/);
    await soon(() => expect(toldOf(visitId).at(-1)).toEqual({ kind: 'parted' }));
    second.answer();
    await Promise.all([heardTone(outgoing, 900), heardTone(second, 500)]);
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'passed', personId: 'u-1002' }));
    second.hangUp();
    await outgoing.ended;
    await soon(() => expect(toldOf(visitId).at(-1)).toEqual({ kind: 'ended', cause: 16, tooLong: false }));
    expect(toldOf(visitId).map(({ kind }) => kind)).toEqual([
      'ringing',
      'answered',
      // While it is passed on.
      'held',
      'parted',
      'passed',
      'ended',
    ]);
  });

  it('P6 and whoever that one passes it on to', async () => {
    const carla = await desk('p-carla', '1003', 900);
    const bruno = await page('p-bruno', '1002');
    const { endpoint, visitId, first } = await talk();
    void first.leg.refer?.({ dial: '1002' });
    await soon(() => expect(bruno.rung).toHaveLength(1));
    expect(bruno.rung[0]?.visit).toMatchObject({ visitId, url: HEADERS.url });
    bruno.rung[0]?.leg.accept();
    const second = startLeg(bruno.rung[0]?.leg as Leg);
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ personId: 'u-1002' }));
    await joined(asterisk, 'p-bruno', endpoint);
    void second.leg.refer?.({ dial: '1003' });
    const third = await carla.nextCall();
    expect(Object.fromEntries(third.headers)).toMatchObject({ 'X-Ringtag-Context': HEADERS.context });
    third.answer();
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ personId: 'u-1003' }));
  });

  it('P8 its limit goes on there: spoken 30 s before to both, and cut', async () => {
    const bruno = await desk('p-bruno', '1002', 900);
    const { visitId, outgoing, first } = await talk({ maxSeconds: 36 });
    const answeredMs = Date.now();
    void first.leg.refer?.({ dial: '1002' });
    const second = await bruno.nextCall();
    second.answer();
    await Promise.all([heardTone(outgoing, 900), heardTone(second, 500)]);
    await Promise.all([heardSpeech(outgoing, 900), heardSpeech(second, 500)]);
    expect(Date.now() - answeredMs).toBeLessThan(15_000);
    await Promise.all([outgoing.ended, second.ended]);
    expect(Date.now() - answeredMs).toBeGreaterThan(33_000);
    expect(Date.now() - answeredMs).toBeLessThan(60_000);
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'ended', tooLong: true }));
  });

  it('P8 passed on with less than 30 s left, both hear at once that it ends soon', async () => {
    const bruno = await desk('p-bruno', '1002', 900);
    const { outgoing, first } = await talk({ maxSeconds: 35, language: 'fr' });
    await heardSpeech(outgoing, 900);
    await heardSilence(outgoing);
    void first.leg.refer?.({ dial: '1002' });
    const second = await bruno.nextCall();
    second.answer();
    await Promise.all([heardSpeech(outgoing, 900), heardSpeech(second, 500)]);
    await Promise.all([heardTone(outgoing, 900), heardTone(second, 500)]);
  });

  it('P8 joined with less than 30 s left, who was asked hears at once that it ends soon', async () => {
    const bruno = await desk('p-bruno', '1002', 900);
    const { alice, outgoing, first } = await talk({ maxSeconds: 35 });
    await heardSpeech(outgoing, 900);
    await heardSilence(outgoing);
    first.leg.setHeld(true);
    const second = await placeCall(alice.line, '1002');
    const call = await bruno.nextCall();
    call.answer();
    await soon(() => expect(second.isAnswered()).toBe(true));
    await joined(asterisk, 'p-alice', 'p-bruno');
    expect(await first.leg.refer?.({ replaces: second.leg })).toMatchObject({ ok: true });
    await heardVoiceOver(call, 500);
    await heardAlone(call, 500);
  });

  it('an attended transfer is told alike, and both hear the limit spoken', async () => {
    const bruno = await desk('p-bruno', '1002', 900);
    const { alice, visitId, outgoing, first } = await talk({ maxSeconds: 40 });
    first.leg.setHeld(true);
    const second = await placeCall(alice.line, '1002');
    const call = await bruno.nextCall();
    // It is Alice who calls, and she has that visitor.
    expect(call.peer).toMatch(/^"p-alice" <sip:1001@/);
    expect(Object.fromEntries(call.headers)).toMatchObject({
      'X-Ringtag-Visit': visitId,
      'X-Ringtag-Url': HEADERS.url,
      'X-Ringtag-Context': HEADERS.context,
    });
    call.answer();
    await soon(() => expect(second.isAnswered()).toBe(true));
    await joined(asterisk, 'p-alice', 'p-bruno');
    expect(await first.leg.refer?.({ replaces: second.leg })).toMatchObject({ ok: true });
    await Promise.all([heardTone(outgoing, 900), heardTone(call, 500)]);
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'passed', personId: 'u-1002' }));
    await heardAlone(call, 500);
    await Promise.all([heardSpeech(outgoing, 900), heardVoiceOver(call, 500)]);
    // What spoke to the colleague goes when it has spoken.
    await soon(async () => expect(await channelsOf(asterisk)).toHaveLength(2));
    call.hangUp();
    await outgoing.ended;
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'ended', tooLong: false }));
  });

  it.each(['at once', 'asked first'])(
    'T5 the record of the visit says to whom it was passed on, %s',
    async (how) => {
      const storage = await openSqliteStorage({ file: ':memory:' });
      const seeds = ['alice', 'bruno'].map((key, at) => ({ key, name: key, extension: `100${at + 1}` }));
      await storage.people.seed(seeds.map((seed) => ({ ...seed, deskPhone: `p-${seed.key}` })));
      const [callee, goal] = await Promise.all(
        seeds.map(async ({ key, extension }) => {
          const [person] = await storage.people.byNumbers([extension]);
          const personId = person?.id ?? '';
          await storage.pbx.put({ endpoint: `p-${key}`, kind: 'phone', personId, auths: [] });
          return personId;
        }),
      );
      const bruno = await desk('p-bruno', '1002', 900);
      const { alice, visitId, outgoing, first } = await talk();
      if (how === 'at once') {
        void first.leg.refer?.({ dial: '1002' });
        (await bruno.nextCall()).answer();
      } else {
        const second = await placeCall(alice.line, '1002');
        (await bruno.nextCall()).answer();
        await soon(() => expect(second.isAnswered()).toBe(true));
        await joined(asterisk, 'p-alice', 'p-bruno');
        expect(await first.leg.refer?.({ replaces: second.leg })).toMatchObject({ ok: true });
      }
      await heardTone(outgoing, 900);
      outgoing.hangUp();
      const shared = { clock: systemClock, logger: silentLogger };
      const hasChannel = (id: string) => pbx.hasChannel?.(id);
      const records = createRecordKeeping({
        ...{ storage, ...shared, systemId: 'hub-1' },
        openTail: (options) =>
          createRecordTail({ ...options, ...shared, dir: `${asterisk.dir}/log`, hasChannel }),
      });
      records.start();
      await vi.waitFor(
        async () => {
          const all = (await storage.records.after(0, 1_000)) as Entry<CallEntry>[];
          const own = all.filter((entry) => entry.visitId === visitId);
          expect(own).toMatchObject([
            { callee: { personId: callee }, transferredToParty: { personId: goal }, people: [callee, goal] },
          ]);
        },
        { timeout: 30_000, interval: 100 },
      );
      await records.stop();
      await storage.close();
    },
  );

  it('P9 whoever has no visitor, or no longer, says nothing of one when they call', async () => {
    const [bruno, carla] = [await desk('p-bruno', '1002', 900), await desk('p-carla', '1003', 700)];
    const { alice, visitId, outgoing, first } = await talk();
    const names = async (by: { call(number: string): Promise<unknown> }) => {
      await by.call('1003');
      const call = await carla.nextCall();
      call.decline();
      return call.headers.map(([name]) => name).filter((name) => /X-Ringtag|Geolocation/.test(name));
    };
    const alices = { call: (dial: string) => placeCall(alice.line, dial) };
    expect(await names(bruno)).toEqual([]);
    expect(await names(alices)).toContain('X-Ringtag-Visit');
    first.leg.end('hangup');
    await outgoing.ended;
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'ended' }));
    expect(await names(alices)).toEqual([]);
  });

  it('T4 a browser that takes the place of who answered has the visitor then', async () => {
    const bruno = await page('p-bruno', '1002');
    const { visitId, outgoing, first } = await talk();
    const { dialog } = first.leg;
    if (!dialog) throw new Error('no dialog');
    const taken = await bruno.line.placed({
      ...{
        via: 'pbx',
        callId: 'c-1',
        peer: { name: 'Sales' },
        dial: '1001',
        replaces: dialog,
        iceServers: [],
      },
    });
    if (!taken.ok) throw new Error(taken.code);
    const second = startLeg(taken.value);
    await soon(() => expect(second.isAnswered()).toBe(true));
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'passed', personId: 'u-1002' }));
    second.leg.end('hangup');
    await outgoing.ended;
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'ended' }));
  });

  it('where nobody is there for it the visitor is told why', async () => {
    await grantPhone(pbx, { endpoint: 'p-bruno', extension: '1002' });
    const { visitId, outgoing, first } = await talk();
    void first.leg.refer?.({ dial: '1002' });
    await outgoing.ended;
    await soon(() => expect(toldOf(visitId).at(-1)).toEqual({ kind: 'ended', cause: 20, tooLong: false }));
  });

  it('a hub that was away while it was passed on is told who has it when it is back', async () => {
    const bruno = await desk('p-bruno', '1002', 900);
    const { visitId, outgoing, first } = await talk();
    await pbx.close();
    void first.leg.refer?.({ dial: '1002' });
    (await bruno.nextCall()).answer();
    await heardTone(outgoing, 900);
    events.length = 0;
    openLine();
    await soon(() => expect(toldOf(visitId)).toMatchObject([{ kind: 'passed', personId: 'u-1002' }]));
    await until(pbx, () => pbx.guestLine.available);
  });
});
