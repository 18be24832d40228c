// A visitor whose agent is lost in the middle of the call, on a real Asterisk: who is rung again, what the visitor
// hears, and that whoever hangs up has hung up. Alice's line is the widget's own.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Softphone } from '../../demo/src/softphone/index.ts';
import { createGate, type Gate } from '../../server/src/gate/gate.ts';
import type { AsteriskPbx } from '../../server/src/pbx/asterisk/pbx.ts';
import type { GuestCall, GuestCallEvent } from '../../server/src/pbx/guest-line.ts';
import type { Leg } from '../../widget/src/call/call.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { openPageLine, type PageLine, placeCall, startLeg, stubBrowser } from './page-line.ts';
import {
  heardSpeech,
  heardTone,
  joined,
  openDesk,
  openPbx,
  openVisitorPhone,
  type Scene,
  soon,
  until,
} from './scene.ts';

// A deadline against hanging, not a measure: machines that run tests are busy.
vi.setConfig({ testTimeout: 120_000 });

const SECRET = 'a secret of thirty-two characters or more';
const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

describe.skipIf(skip)(`visitors who lose whom they talk to${skip ? ` (${skip})` : ''}`, () => {
  let gate: Gate;
  let pbx: AsteriskPbx;
  let visits = 0;
  const events: GuestCallEvent[] = [];
  const closers: (() => unknown)[] = [];
  const scene = (): Scene => ({ asterisk, pbx, closers });

  beforeAll(async () => {
    stubBrowser();
    gate = await createGate({ asteriskUrl: asterisk.wsUrl, secret: SECRET });
    const url = `http://127.0.0.1:${gate.port}`;
    pbx = openPbx(asterisk, { url, secret: SECRET, publicUrl: `ws://127.0.0.1:${gate.port}/sip` });
    pbx.guestLine.on((event) => events.push(event));
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

  const desk = (endpoint: string, extension: string): Promise<Softphone> =>
    openDesk(scene(), { endpoint, extension, toneHz: 900 });
  const page = (): Promise<PageLine> => openPageLine(scene(), { endpoint: 'p-alice', extension: '1001' });

  /** The browser has loaded the page anew, which knows nothing of the call that the one before it had. */
  const reload = page;

  async function accepted({ rung }: PageLine) {
    await soon(() => expect(rung).toHaveLength(1));
    rung[0]?.leg.accept();
    return startLeg(rung[0]?.leg as Leg);
  }

  /** Alice has answered a visitor on her page, and the hub knows. */
  async function talk(change: Partial<GuestCall> = {}) {
    visits += 1;
    const visitId = `v-lost-${visits}`;
    const alice = await page();
    const { endpoint } = await pbx.guestLine.open({
      ...{ visitId, origin: 'https://shop.example', callerName: 'Sales', turns: [['1001', '1002']] },
      ...{ ringSeconds: 20, maxSeconds: 90, language: 'en', headers: {}, ...change },
    });
    const phone = await openVisitorPhone(asterisk, endpoint);
    closers.push(() => phone.close());
    const outgoing = await phone.call('visit');
    // Nobody answers before it rings, and the exchange tells of the two by different ways.
    await soon(() => expect(toldOf(visitId)).toEqual([{ kind: 'ringing' }]));
    const first = await accepted(alice);
    expect(await outgoing.answered).toBe(true);
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'answered' }));
    await joined(asterisk, 'p-alice', endpoint);
    return { alice, visitId, outgoing, first };
  }

  const toldOf = (visitId: string) =>
    events.filter((event) => event.visitId === visitId).map(({ visitId: _, ...event }) => event);

  it('P16 a page that is loaded anew is rung again, and has the visitor back', async () => {
    const { visitId, outgoing } = await talk();
    const again = await reload();
    await heardSpeech(outgoing, 900);
    const second = await accepted(again);
    expect(again.rung[0]?.visit).toMatchObject({ visitId });
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'passed', personId: 'u-1001' }));
    expect(toldOf(visitId).map(({ kind }) => kind)).toEqual(['ringing', 'answered', 'lost', 'passed']);
    // Who hangs up now has hung up.
    second.leg.end('hangup');
    await outgoing.ended;
    await soon(() => expect(toldOf(visitId).at(-1)).toEqual({ kind: 'ended', cause: 16, tooLong: false }));
    expect(again.rung).toHaveLength(1);
  });

  it('P16 a page that goes, and says so, has not hung up', async () => {
    const bruno = await desk('p-bruno', '1002');
    const { alice, visitId, outgoing, first } = await talk();
    first.leg.end('left');
    alice.line.close();
    const call = await bruno.nextCall(20_000);
    call.answer();
    await Promise.all([heardTone(outgoing, 900), heardTone(call, 500)]);
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'passed' }));
    expect(toldOf(visitId).map(({ kind }) => kind)).toEqual(['ringing', 'answered', 'lost', 'passed']);
  });

  it('P16 where that one does not come back to it, the others are rung as well', async () => {
    const bruno = await desk('p-bruno', '1002');
    const { visitId, outgoing } = await talk();
    const again = await reload();
    await soon(() => expect(again.rung).toHaveLength(1));
    again.rung[0]?.leg.decline();
    const call = await bruno.nextCall(20_000);
    call.answer();
    await Promise.all([heardTone(outgoing, 900), heardTone(call, 500)]);
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'passed', personId: 'u-1002' }));
    call.hangUp();
    await outgoing.ended;
  });

  it('P16 a browser that crashed is missed once nothing has come from it for half a minute', async () => {
    const bruno = await desk('p-bruno', '1002');
    // Alice's page has no sound of its own: to Asterisk it is gone, but for its registration.
    const { visitId, outgoing, alice } = await talk();
    await vi.waitFor(() => expect(alice.rung).toHaveLength(2), { timeout: 60_000, interval: 100 });
    expect(toldOf(visitId).at(-1)).toEqual({ kind: 'lost' });
    const call = await bruno.nextCall(30_000);
    call.answer();
    await Promise.all([heardTone(outgoing, 900), heardTone(call, 500)]);
  });

  it('P16 with whomever the visitor was joined since: that one is rung first', async () => {
    const { alice, visitId, outgoing, first } = await talk();
    const carlas = { endpoint: 'p-carla', extension: '1003' };
    const carla = await openPageLine(scene(), carlas);
    first.leg.setHeld(true);
    const asked = await placeCall(alice.line, '1003');
    await accepted(carla);
    await soon(() => expect(asked.isAnswered()).toBe(true));
    await joined(asterisk, 'p-alice', 'p-carla');
    expect(await first.leg.refer?.({ replaces: asked.leg })).toMatchObject({ ok: true });
    await soon(() => expect(toldOf(visitId).at(-1)).toMatchObject({ kind: 'passed', personId: 'u-1003' }));
    const again = await openPageLine(scene(), carlas);
    await accepted(again);
    await soon(() =>
      expect(
        toldOf(visitId)
          .map(({ kind }) => kind)
          .slice(-2),
      ).toEqual(['lost', 'passed']),
    );
    expect(alice.rung).toHaveLength(1);
    outgoing.hangUp();
  });

  it('P14 where nobody comes, the visitor is told that nobody answered', async () => {
    const { alice, visitId, outgoing } = await talk({ turns: [['1001']] });
    const again = await reload();
    await soon(() => expect(again.rung).toHaveLength(1));
    again.line.close();
    alice.line.close();
    expect((await outgoing.ended).by).toBe('remote');
    await soon(() => {
      const [lost, ended] = toldOf(visitId).slice(-2);
      expect(lost).toEqual({ kind: 'lost' });
      expect(ended).toMatchObject({ kind: 'ended', tooLong: false });
      expect([19, 20, 21]).toContain((ended as { cause: number }).cause);
    });
  });
});
