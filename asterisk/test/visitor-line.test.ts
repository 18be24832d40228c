// The widget's own line of a visitor, through the gate, to a real Asterisk: what its browser says passes, also after the
// way to the gate broke. Its sound is not carried here (Node has no WebRTC).
import { DatabaseSync } from '@photostructure/sqlite';
import * as jssip from 'jssip';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Softphone } from '../../demo/src/softphone/index.ts';
import { createGate, type Gate } from '../../server/src/gate/gate.ts';
import type { AsteriskPbx } from '../../server/src/pbx/asterisk/pbx.ts';
import type { LegEvent } from '../../widget/src/call/call.ts';
import { browserClock } from '../../widget/src/call/clock.ts';
import { type CallLeg, startLeg } from '../../widget/src/visitor/call-leg.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { grantPhone, openPbx, openPhone, until } from './scene.ts';
import { SilentConnection, SilentStream } from './silent-connection.ts';

vi.setConfig({ testTimeout: 60_000 });

const SECRET = 'a secret of thirty-two characters or more';
const ORIGIN = 'https://shop.example';
const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

/** As a browser says from which page it is. */
class PageSocket extends WebSocket {
  constructor(url: string, protocols: string | string[]) {
    super(url, protocols, { origin: ORIGIN });
  }
}

describe.skipIf(skip)(`a visitor’s line${skip ? ` (${skip})` : ''}`, () => {
  let gate: Gate;
  let pbx: AsteriskPbx;
  let agent: Softphone;
  let visits = 0;
  const barred: string[] = [];
  const legs: CallLeg[] = [];

  const openGate = (port = 0) =>
    createGate({
      ...{ asteriskUrl: asterisk.wsUrl, secret: SECRET, port },
      log: (fields, message) => message.includes('of a visitor') && barred.push(JSON.stringify(fields)),
    });

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
    vi.stubGlobal('WebSocket', PageSocket);
    gate = await openGate();
    const url = `http://127.0.0.1:${gate.port}`;
    pbx = openPbx(asterisk, { url, secret: SECRET, publicUrl: `ws://127.0.0.1:${gate.port}/sip` });
    await until(pbx, () => pbx.guestLine.available);
    await grantPhone(pbx, { endpoint: 'p-agent', extension: '1001' });
    agent = await openPhone(asterisk, 'p-agent');
    await agent.register();
    await until(pbx, () => pbx.isRegistered('p-agent'));
  });

  afterEach(async () => {
    for (const leg of legs.splice(0)) leg.end();
    await pbx.guestLine.closeAllBut([]);
    expect(barred).toEqual([]);
  });

  afterAll(async () => {
    await agent?.close();
    await pbx?.close();
    await gate?.close();
    await asterisk?.stop();
    vi.unstubAllGlobals();
  });

  /** A page that calls, and what its leg tells. */
  async function callFromPage() {
    visits += 1;
    const opened = await pbx.guestLine.open({
      ...{ visitId: `v-${visits}`, origin: ORIGIN, callerName: 'Sales', turns: [['1001']], headers: {} },
      ...{ ringSeconds: 20, maxSeconds: 60, language: 'en' },
    });
    const account = { ...opened, iceServers: [] };
    const db = new DatabaseSync(asterisk.projection);
    db.exec('PRAGMA busy_timeout = 2000');
    // Node's stand-in for a browser's connection speaks plain RTP.
    db.prepare("UPDATE ps_endpoints SET webrtc = 'no', media_encryption = 'no' WHERE id = ?").run(
      opened.endpoint,
    );
    db.close();
    const events: LegEvent[] = [];
    const stream = new SilentStream() as unknown as MediaStream;
    const leg = await startLeg(
      {
        account,
        stream,
        clock: browserClock,
        sounded() {},
        report: (event) => events.push(event),
      },
      async () => ((jssip as { default?: unknown }).default ?? jssip) as never,
    );
    legs.push(leg);
    const kinds = () => events.map(({ type }) => type);
    return { leg, kinds, heard: (kind: string) => vi.waitFor(() => expect(kinds()).toContain(kind), 15_000) };
  }

  it('P5 calls without registering, is answered, and hangs up', async () => {
    const page = await callFromPage();
    const incoming = await agent.nextCall();
    await page.heard('peer-rings');
    incoming.answer();
    await page.heard('answered');
    page.leg.end();
    expect(await incoming.ended).toMatchObject({ by: 'remote' });
  });

  it('comes back by the same address after the gate was away, and can still hang up', async () => {
    const page = await callFromPage();
    const incoming = await agent.nextCall();
    incoming.answer();
    await page.heard('answered');
    const { port } = gate;
    await gate.close();
    gate = await openGate(port);
    await vi.waitFor(async () => {
      const health = (await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as {
        connections: object;
      };
      expect(health.connections).toEqual({ employees: 0, guests: 1 });
    }, 20_000);
    expect(incoming.state).toBe('active');
    page.leg.end();
    expect(await incoming.ended).toMatchObject({ by: 'remote' });
  });
});
