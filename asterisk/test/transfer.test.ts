// The widget's own telephone line against a real Asterisk: calls joined by REFER, and calls that take another's place.
// Its sound is not carried here (Node has no WebRTC); what the telephones at the far ends hear is.
import * as jssip from 'jssip';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Softphone, SoftphoneCall } from '../../demo/src/softphone/index.ts';
import { digestHa1 } from '../../server/src/pbx/credentials.ts';
import type { Pbx } from '../../server/src/pbx/port.ts';
import type { IncomingCall, Leg, LegEvent } from '../../widget/src/call/call.ts';
import { browserClock } from '../../widget/src/call/clock.ts';
import { createLine, type Line } from '../../widget/src/sip/line.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { grantPhone, openPbx, openPhone, REALM, until } from './scene.ts';
import { SilentConnection, SilentStream } from './silent-connection.ts';

// A deadline against hanging, not a measure: machines that run tests are busy.
vi.setConfig({ testTimeout: 40_000 });

const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

describe.skipIf(skip)(`transfers through Asterisk${skip ? ` (${skip})` : ''}`, () => {
  let pbx: Pbx;
  const closers: (() => unknown)[] = [];

  beforeAll(async () => {
    vi.stubGlobal('RTCPeerConnection', SilentConnection);
    vi.stubGlobal(
      'RTCSessionDescription',
      class {
        constructor(init: object) {
          Object.assign(this, init);
        }
      },
    );
    vi.stubGlobal('window', globalThis);
    pbx = openPbx(asterisk);
    await until(pbx, () => pbx.available);
  });

  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  afterAll(async () => {
    await pbx?.close();
    await asterisk?.stop();
    vi.unstubAllGlobals();
  });

  async function phone(endpoint: string, extension: string, toneHz: number): Promise<Softphone> {
    await grantPhone(pbx, { endpoint, extension });
    const opened = await openPhone(asterisk, endpoint, { toneHz });
    closers.push(() => opened.close());
    expect(await opened.register()).toBe(200);
    await until(pbx, () => pbx.isRegistered(endpoint));
    return opened;
  }

  /** The line of a browser's page. */
  async function browser(endpoint: string, extension: string) {
    await grantPhone(pbx, { endpoint, extension });
    const rung: IncomingCall[] = [];
    const account = {
      endpoint,
      realm: REALM,
      ha1: digestHa1({ user: endpoint, realm: REALM, password: 'secret' }),
      extension,
      gateUrl: asterisk.wsUrl,
    };
    vi.stubGlobal('WebSocket', WebSocket);
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

  /** Calls `number` from that line, and its telephone picks up. */
  async function talk(line: Line, number: string, telephone: Softphone) {
    const placed = await line.placed({
      via: 'pbx',
      callId: `c-${number}`,
      peer: { name: number },
      dial: number,
      iceServers: [],
    });
    if (!placed.ok) throw new Error(placed.code);
    const started = start(placed.value);
    const call = await telephone.nextCall();
    call.answer();
    await eventually(() => started.kinds().includes('answered'));
    return { ...started, call };
  }

  function start(leg: Leg) {
    const events: LegEvent[] = [];
    leg.start((event) => events.push(event));
    leg.setMedia(new SilentStream() as unknown as MediaStream);
    const end = () => events.flatMap((event) => (event.type === 'over' ? [event.end.reason] : []))[0];
    return { leg, events, end, kinds: () => events.map(({ type }) => type) };
  }

  it('an attended transfer joins the two telephones, and both calls here end as transferred', async () => {
    const bruno = await phone('p-bruno', '1002', 700);
    const carla = await phone('p-carla', '1003', 900);
    const { line } = await browser('p-alice', '1001');
    const first = await talk(line, '1002', bruno);
    first.leg.setHeld(true);
    const second = await talk(line, '1003', carla);
    expect(await first.leg.refer?.({ replaces: second.leg })).toMatchObject({ ok: true });
    await Promise.all([heardTone(first.call, 900), heardTone(second.call, 700)]);
    expect([first.end(), second.end()]).toEqual(['transferred', 'transferred']);
    first.call.hangUp();
    await second.call.ended;
  });

  it('who is transferred to sees whom they talk to now', async () => {
    const bruno = await phone('p-bruno', '1002', 700);
    const carla = await browser('p-carla', '1003');
    const { line } = await browser('p-alice', '1001');
    const first = await talk(line, '1002', bruno);
    const placed = await line.placed({
      via: 'pbx',
      callId: 'c-1003',
      peer: { name: 'Carla' },
      dial: '1003',
      iceServers: [],
    });
    if (!placed.ok) throw new Error(placed.code);
    const second = start(placed.value);
    await eventually(() => carla.rung.length > 0);
    const incoming = carla.rung[0] as IncomingCall;
    expect(incoming.peer.number).toBe('1001');
    incoming.leg.accept();
    const third = start(incoming.leg);
    await eventually(() => second.kinds().includes('answered'));
    const named = () => third.events.flatMap((event) => (event.type === 'peer' ? [event.peer] : []));
    expect(named()).toEqual([]);
    expect(await first.leg.refer?.({ replaces: second.leg })).toMatchObject({ ok: true });
    await eventually(() => named().length > 0);
    expect(named()).toEqual([{ name: 'p-bruno', number: '1002' }]);
    first.call.hangUp();
    await eventually(() => third.end() === 'hangup');
  });

  it('a telephone that is passed on at once hears it ring there, and then who answers', async () => {
    const bruno = await phone('p-bruno', '1002', 700);
    const carla = await phone('p-carla', '1003', 900);
    const { line } = await browser('p-alice', '1001');
    const { leg, call } = await talk(line, '1002', bruno);
    const referred = leg.refer?.({ dial: '1003' });
    const ringing = await carla.nextCall();
    // The tones of indications.conf.
    await eventually(() => {
      const { hz, levelDb } = call.heard(300);
      return levelDb > -40 && [440, 480].some((tone) => Math.abs(hz - tone) <= 5);
    });
    ringing.answer();
    await Promise.all([heardTone(call, 900), heardTone(ringing, 700)]);
    expect(await referred).toMatchObject({ ok: true });
    call.hangUp();
    await ringing.ended;
  });

  it('a call that came in is transferred, and transferred to, alike', async () => {
    const bruno = await phone('p-bruno', '1002', 700);
    const carla = await phone('p-carla', '1003', 900);
    const { line, rung } = await browser('p-alice', '1001');
    for (const isTarget of [false, true]) {
      const call = await bruno.call('1001');
      await eventually(() => rung.length > 0);
      const incoming = rung.shift() as IncomingCall;
      expect(incoming.peer).toEqual({ name: 'p-bruno', number: '1002' });
      incoming.leg.accept();
      const first = start(incoming.leg);
      expect(await call.answered).toBe(true);
      const second = await talk(line, '1003', carla);
      const [referred, target] = isTarget ? [second, first] : [first, second];
      expect(await referred.leg.refer?.({ replaces: target.leg })).toMatchObject({ ok: true });
      await Promise.all([heardTone(call, 900), heardTone(second.call, 700)]);
      call.hangUp();
      await second.call.ended;
    }
  });

  it('a transfer to a call that is gone is refused and leaves the call as it was', async () => {
    const bruno = await phone('p-bruno', '1002', 700);
    const { line } = await browser('p-alice', '1001');
    const first = await talk(line, '1002', bruno);
    const gone = { dialog: { callId: 'gone', localTag: 'a', remoteTag: 'b' } } as Leg;
    expect(await first.leg.refer?.({ replaces: gone })).toMatchObject({
      ok: false,
      code: 'TRANSFER_REFUSED',
    });
    first.leg.setHeld(true);
    first.leg.setHeld(false);
    await eventually(() => pbx.isInCall('p-bruno'));
    expect(first.end()).toBeUndefined();
    first.leg.end('hangup');
    expect(await first.call.ended).toMatchObject({ by: 'remote' });
  });

  it('M2: another device takes a running call over; the telephone notices nothing', async () => {
    const bruno = await phone('p-bruno', '1002', 700);
    const page = await browser('p-alice', '1001');
    const popOut = await browser('p-alice-2', '1011');
    const first = await talk(page.line, '1002', bruno);
    const { dialog } = first.leg;
    if (!dialog) throw new Error('no dialog');
    const peer = { name: 'Bruno' };
    const taken = await popOut.line.take(
      { via: 'pbx', callId: 'c-1002', peer, dial: '1002', replaces: dialog, iceServers: [] },
      () => {},
    );
    if (!taken.ok) throw new Error(taken.code);
    const second = start(taken.value);
    await eventually(() => second.kinds().includes('answered') && first.end() !== undefined);
    expect(bruno.calls).toHaveLength(1);
    second.leg.end('hangup');
    expect(await first.call.ended).toMatchObject({ by: 'remote' });
  });

  it('T4: another person’s device takes the place of a call, and talks to its far end', async () => {
    const bruno = await phone('p-bruno', '1002', 700);
    const carla = await browser('p-carla', '1003');
    const { rung } = await browser('p-alice', '1001');
    const call = await bruno.call('1001');
    await eventually(() => rung.length > 0);
    const incoming = rung[0] as IncomingCall;
    incoming.leg.accept();
    const first = start(incoming.leg);
    await call.answered;
    const { dialog } = first.leg;
    if (!dialog) throw new Error('no dialog');
    const joined = await carla.line.placed({
      via: 'pbx',
      callId: 'c-1',
      peer: { name: 'Bruno' },
      dial: '1002',
      replaces: dialog,
      iceServers: [],
    });
    if (!joined.ok) throw new Error(joined.code);
    const second = start(joined.value);
    await eventually(() => second.kinds().includes('answered') && first.end() !== undefined);
    await eventually(() => pbx.isInCall('p-carla') && !pbx.isInCall('p-alice'));
    call.hangUp();
    await eventually(() => second.end() === 'hangup');
  });

  it('a call that is gone is replaced by nobody: nobody rings instead', async () => {
    const bruno = await phone('p-bruno', '1002', 700);
    const { line } = await browser('p-alice', '1001');
    const placed = await line.placed({
      via: 'pbx',
      callId: 'c-1',
      peer: { name: 'Bruno' },
      dial: '1002',
      replaces: { callId: 'gone', localTag: 'a', remoteTag: 'b' },
      iceServers: [],
    });
    if (!placed.ok) throw new Error(placed.code);
    const { end } = start(placed.value);
    await eventually(() => end() !== undefined);
    expect(bruno.calls).toHaveLength(0);
  });
});

/** Waits for the tone at the far end: within 2 Hz, and louder than a whisper. */
async function heardTone(call: SoftphoneCall, wantedHz: number): Promise<void> {
  await eventually(() => {
    const { hz, levelDb } = call.heard(300);
    return Math.abs(hz - wantedHz) <= 2 && levelDb > -30;
  });
}

async function eventually(check: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(check()).toBe(true), { timeout: 15_000, interval: 25 });
}
