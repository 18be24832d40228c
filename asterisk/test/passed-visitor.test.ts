// A visitor who is passed on, on a real Asterisk: whom the second desk sees, how long the call may last there, and what
// the hub is told of it. Alice's line is the widget's own.
import { DatabaseSync } from '@photostructure/sqlite';
import * as jssip from 'jssip';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Softphone, SoftphoneCall } from '../../demo/src/softphone/index.ts';
import { createGate, type Gate } from '../../server/src/gate/gate.ts';
import type { AsteriskPbx } from '../../server/src/pbx/asterisk/pbx.ts';
import { createRecordTail } from '../../server/src/pbx/asterisk/records.ts';
import { digestHa1 } from '../../server/src/pbx/credentials.ts';
import type { GuestCall, GuestCallEvent } from '../../server/src/pbx/guest-line.ts';
import { systemClock } from '../../server/src/platform/clock.ts';
import { silentLogger } from '../../server/src/platform/logger.ts';
import { createRecordKeeping } from '../../server/src/records/keeping.ts';
import type { CallEntry, Entry } from '../../server/src/records/record.ts';
import { openSqliteStorage } from '../../server/src/storage/sqlite/open.ts';
import type { IncomingCall, Leg, LegEvent } from '../../widget/src/call/call.ts';
import { browserClock } from '../../widget/src/call/clock.ts';
import { createLine } from '../../widget/src/sip/line.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { grantPhone, openPbx, openPhone, REALM, until } from './scene.ts';
import { SilentConnection, SilentStream } from './silent-connection.ts';

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
    class Description {
      constructor(init: object) {
        Object.assign(this, init);
      }
    }
    vi.stubGlobal('RTCPeerConnection', SilentConnection);
    vi.stubGlobal('RTCSessionDescription', Description);
    vi.stubGlobal('window', globalThis);
    vi.stubGlobal('WebSocket', WebSocket);
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

  async function desk(endpoint: string, extension: string, toneHz: number): Promise<Softphone> {
    await grantPhone(pbx, { endpoint, extension });
    const phone = await openPhone(asterisk, endpoint, { toneHz });
    closers.push(() => phone.close());
    expect(await phone.register()).toBe(200);
    await until(pbx, () => pbx.isRegistered(endpoint));
    return phone;
  }

  /** The line of a browser's page. */
  async function page(endpoint: string, extension: string) {
    await grantPhone(pbx, { endpoint, extension });
    const rung: IncomingCall[] = [];
    const ha1 = digestHa1({ user: endpoint, realm: REALM, password: 'secret' });
    const account = { endpoint, realm: REALM, ha1, extension, gateUrl: asterisk.wsUrl };
    const line = createLine({
      account: async () => ({ ok: true, value: account }),
      clock: browserClock,
      busy: () => false,
      incoming: (call) => rung.push(call),
      tellHub: () => {},
      load: async () => ((jssip as { default?: unknown }).default ?? jssip) as never,
    });
    line.open();
    closers.push(() => line.close());
    await until(pbx, () => pbx.isRegistered(endpoint));
    return { line, rung };
  }

  /** A visitor whose browser is a scripted phone: plain RTP instead of WebRTC, all else alike. */
  async function visitor(change: Partial<GuestCall> = {}) {
    visits += 1;
    const visitId = `v-passed-${visits}`;
    const { endpoint } = await pbx.guestLine.open({
      ...{ visitId, origin: 'https://shop.example', callerName: 'Sales', turns: [['1001']] },
      ...{ ringSeconds: 20, maxSeconds: 60, language: 'en', headers: HEADERS, ...change },
    });
    const ha1 = digestHa1({ user: endpoint, realm: REALM, password: 'secret' });
    const db = new DatabaseSync(asterisk.projection);
    db.exec('PRAGMA busy_timeout = 2000');
    db.prepare("UPDATE ps_endpoints SET webrtc = 'no', media_encryption = 'no' WHERE id = ?").run(endpoint);
    db.prepare('UPDATE ps_auths SET password_digest = ? WHERE username = ?').run(`MD5:${ha1}`, endpoint);
    db.close();
    const phone = await openPhone(asterisk, endpoint, { toneHz: 500 });
    closers.push(() => phone.close());
    return { visitId, phone };
  }

  function start(leg: Leg) {
    const heard: LegEvent[] = [];
    leg.start((event) => heard.push(event));
    leg.setMedia(new SilentStream() as unknown as MediaStream);
    return { leg, isAnswered: () => heard.some(({ type }) => type === 'answered') };
  }

  /** Alice has answered the visitor, and the hub knows. */
  async function talk(change: Partial<GuestCall> = {}) {
    const alice = await page('p-alice', '1001');
    const { visitId, phone } = await visitor(change);
    const outgoing = await phone.call('visit', [['X-Ringtag-Url', 'https://forged.example']]);
    await soon(() => expect(alice.rung).toHaveLength(1));
    const [incoming] = alice.rung;
    incoming?.leg.accept();
    const first = start(incoming?.leg as Leg);
    expect(await outgoing.answered).toBe(true);
    await soon(() => expect(toldOf(visitId)).toHaveLength(2));
    return { alice, visitId, outgoing, first };
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
    const { visitId, first } = await talk();
    void first.leg.refer?.({ dial: '1002' });
    await soon(() => expect(bruno.rung).toHaveLength(1));
    expect(bruno.rung[0]?.visit).toMatchObject({ visitId, url: HEADERS.url });
    bruno.rung[0]?.leg.accept();
    const second = start(bruno.rung[0]?.leg as Leg);
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ personId: 'u-1002' }));
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

  it('an attended transfer is told alike, and the visitor hears the limit spoken', async () => {
    const bruno = await desk('p-bruno', '1002', 900);
    const { alice, visitId, outgoing, first } = await talk({ maxSeconds: 40 });
    first.leg.setHeld(true);
    const placed = await alice.line.placed({
      ...{ via: 'pbx', callId: 'c-1002', peer: { name: 'Bruno' }, dial: '1002', iceServers: [] },
    });
    if (!placed.ok) throw new Error(placed.code);
    const second = start(placed.value);
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
    expect(await first.leg.refer?.({ replaces: second.leg })).toMatchObject({ ok: true });
    await Promise.all([heardTone(outgoing, 900), heardTone(call, 500)]);
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'passed', personId: 'u-1002' }));
    await heardSpeech(outgoing, 900);
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
        const placed = await alice.line.placed({
          ...{ via: 'pbx', callId: 'c-1002', peer: { name: 'Bruno' }, dial: '1002', iceServers: [] },
        });
        if (!placed.ok) throw new Error(placed.code);
        const second = start(placed.value);
        (await bruno.nextCall()).answer();
        await soon(() => expect(second.isAnswered()).toBe(true));
        await first.leg.refer?.({ replaces: second.leg });
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
    const alices = {
      call: async (dial: string) => {
        const placed = await alice.line.placed({
          ...{ via: 'pbx', callId: `c-${dial}`, peer: { name: 'Carla' }, dial, iceServers: [] },
        });
        if (placed.ok) start(placed.value);
      },
    };
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
    const joined = await bruno.line.placed({
      ...{
        via: 'pbx',
        callId: 'c-1',
        peer: { name: 'Sales' },
        dial: '1001',
        replaces: dialog,
        iceServers: [],
      },
    });
    if (!joined.ok) throw new Error(joined.code);
    const second = start(joined.value);
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

async function heardTone(call: SoftphoneCall, hz: number): Promise<void> {
  await soon(() => {
    const heard = call.heard(300);
    expect(Math.abs(heard.hz - hz) <= 2 && heard.levelDb > -30).toBe(true);
  });
}

/** Something loud that is not the other's tone. */
async function heardSpeech(call: SoftphoneCall, hz: number): Promise<void> {
  await soon(() => {
    const heard = call.heard(200);
    expect(Math.abs(heard.hz - hz) > 20 && heard.levelDb > -40).toBe(true);
  });
}

function soon(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 25 });
}
