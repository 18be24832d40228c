// The widget's own telephone line against a real Asterisk: calls joined by REFER, and calls that take another's place.
// Its sound is not carried here (Node has no WebRTC); what the telephones at the far ends hear is.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Softphone } from '../../demo/src/softphone/index.ts';
import type { Pbx } from '../../server/src/pbx/port.ts';
import type { IncomingCall, Leg } from '../../widget/src/call/call.ts';
import type { Line } from '../../widget/src/sip/line.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { openPageLine, type PageLine, placeCall, startLeg, stubBrowser } from './page-line.ts';
import { heardTone, joined, openDesk, openPbx, soon, until } from './scene.ts';

// A deadline against hanging, not a measure: machines that run tests are busy.
vi.setConfig({ testTimeout: 40_000 });

const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

describe.skipIf(skip)(`transfers through Asterisk${skip ? ` (${skip})` : ''}`, () => {
  let pbx: Pbx;
  const closers: (() => unknown)[] = [];

  beforeAll(async () => {
    stubBrowser();
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

  const phone = (endpoint: string, extension: string, toneHz: number): Promise<Softphone> =>
    openDesk({ asterisk, pbx, closers }, { endpoint, extension, toneHz });

  /** The line of a browser's page. */
  const browser = (endpoint: string, extension: string): Promise<PageLine> =>
    openPageLine({ asterisk, pbx, closers }, { endpoint, extension });

  /** Calls `number` from Alice's line, and its telephone picks up. */
  async function talk(line: Line, number: string, telephone: Softphone) {
    const started = await placeCall(line, number);
    const call = await telephone.nextCall();
    call.answer();
    await eventually(started.isAnswered);
    await joined(asterisk, 'p-alice', number === '1002' ? 'p-bruno' : 'p-carla');
    return { ...started, call };
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
    const second = startLeg(placed.value);
    await eventually(() => carla.rung.length > 0);
    const incoming = carla.rung[0] as IncomingCall;
    expect(incoming.peer.number).toBe('1001');
    incoming.leg.accept();
    const third = startLeg(incoming.leg);
    await eventually(() => second.kinds().includes('answered'));
    await joined(asterisk, 'p-alice', 'p-carla');
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
      const first = startLeg(incoming.leg);
      expect(await call.answered).toBe(true);
      await joined(asterisk, 'p-alice', 'p-bruno');
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
    const second = startLeg(taken.value);
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
    const first = startLeg(incoming.leg);
    await call.answered;
    const { dialog } = first.leg;
    if (!dialog) throw new Error('no dialog');
    const taken = await carla.line.placed({
      via: 'pbx',
      callId: 'c-1',
      peer: { name: 'Bruno' },
      dial: '1002',
      replaces: dialog,
      iceServers: [],
    });
    if (!taken.ok) throw new Error(taken.code);
    const second = startLeg(taken.value);
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
    const { end } = startLeg(placed.value);
    await eventually(() => end() !== undefined);
    expect(bruno.calls).toHaveLength(0);
  });
});

function eventually(check: () => boolean): Promise<void> {
  return soon(() => expect(check()).toBe(true));
}
