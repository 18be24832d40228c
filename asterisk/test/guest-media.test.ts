// Where Asterisk sends its packets for a visitor: to the visitor, and to no other address that the visitor's session
// description names. Seen by who listens there.
import { createSocket, type Socket } from 'node:dgram';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Softphone } from '../../demo/src/softphone/index.ts';
import { createGate, type Gate } from '../../server/src/gate/gate.ts';
import type { AsteriskPbx } from '../../server/src/pbx/asterisk/pbx.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { openRawSip, type RawSip, WEBRTC_OFFER } from './raw-sip.ts';
import { grantPhone, openPbx, openPhone, until } from './scene.ts';

vi.setConfig({ testTimeout: 60_000 });

const SECRET = 'a secret of thirty-two characters or more';
const ORIGIN = 'https://shop.example';
/** The gate sees the visitor at 127.0.0.1. */
const [OWN, FOREIGN, DESK] = ['127.0.0.1', '127.0.0.9', '127.0.0.7'];
const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

interface Ear {
  readonly socket: Socket;
  readonly port: number;
  heard: number;
}

describe.skipIf(skip)(`a visitor’s media${skip ? ` (${skip})` : ''}`, () => {
  let gate: Gate;
  let pbx: AsteriskPbx;
  let desk: Softphone;
  let visits = 0;
  const closers: (() => unknown)[] = [];

  beforeAll(async () => {
    gate = await createGate({ asteriskUrl: asterisk.wsUrl, secret: SECRET });
    const url = `http://127.0.0.1:${gate.port}`;
    pbx = openPbx(asterisk, { url, secret: SECRET, publicUrl: `ws://127.0.0.1:${gate.port}/sip` });
    await until(pbx, () => pbx.guestLine.available);
    await grantPhone(pbx, { endpoint: 'p-desk', extension: '1001', name: 'Desk' });
    desk = await openPhone(asterisk, 'p-desk', { toneHz: 700, host: DESK });
    expect(await desk.register()).toBe(200);
    await until(pbx, () => pbx.isRegistered('p-desk'));
  });

  afterEach(async () => {
    for (const close of closers.splice(0)) close();
    await pbx.guestLine.closeAllBut([]);
    await until(pbx, () => !pbx.isInCall('p-desk'));
  });

  afterAll(async () => {
    await desk?.close();
    await pbx?.close();
    await gate?.close();
    await asterisk?.stop();
  });

  async function listenAt(address: string, port = 0): Promise<Ear> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(port, address, resolve));
    const ear: Ear = { socket, port: socket.address().port, heard: 0 };
    socket.on('message', () => {
      ear.heard += 1;
    });
    closers.push(() => socket.close());
    return ear;
  }

  /** `by` the gate, or straight to Asterisk, where no visitor gets. */
  async function stranger(by: 'gate' | 'asterisk'): Promise<RawSip> {
    visits += 1;
    const { endpoint, ha1, gateUrl } = await pbx.guestLine.open({
      ...{ visitId: `v-${visits}`, origin: ORIGIN, callerName: 'Sales', turns: [['1001']], headers: {} },
      ...{ ringSeconds: 20, maxSeconds: 60, language: 'en' },
    });
    const url = by === 'gate' ? gateUrl : asterisk.wsUrl;
    const opened = await openRawSip({ url, origin: ORIGIN, user: endpoint, ha1 });
    closers.push(opened.close);
    return opened;
  }

  /** An offer whose every address is a foreign one. */
  const offer = (port: number): string =>
    WEBRTC_OFFER.replaceAll(OWN, FOREIGN)
      .replace('m=audio 9', `m=audio ${port}`)
      .replace(/^a=candidate:.*$/m, (line) =>
        [
          line.replace(' 9 typ', ` ${port} typ`),
          `a=candidate:2 1 udp 2130706430 10.99.0.1 ${port} typ host`,
          'a=candidate:3 1 udp 2130706429 169.254.169.254 80 typ host',
          'a=candidate:4 1 udp 2130706428 metadata.internal 80 typ host',
        ].join('\r\n'),
      );

  async function call(line: RawSip, body: string): Promise<string> {
    const asked = line.ask({ method: 'INVITE', uri: 'sip:visit@ringtag', body }, 20_000);
    (await desk.nextCall()).answer();
    const answer = await asked;
    expect(answer?.status).toBe(200);
    return answer?.text ?? '';
  }

  it('P5 without the gate Asterisk would write wherever a description says', async () => {
    const foreign = await listenAt(FOREIGN);
    await call(await stranger('asterisk'), offer(foreign.port));
    await vi.waitFor(() => expect(foreign.heard).toBeGreaterThan(0), { timeout: 15_000 });
  });

  it('P5 nothing arrives at an address that is not the visitor’s, and checks go to the visitor', async () => {
    const foreign = await listenAt(FOREIGN);
    const own = await listenAt(OWN, foreign.port);
    const line = await stranger('gate');
    const answer = await call(line, offer(foreign.port));
    // It has not given up ICE, and says where it is itself.
    expect(answer).toMatch(/^a=candidate:.* typ host/m);
    await vi.waitFor(() => expect(own.heard).toBeGreaterThan(3), { timeout: 15_000 });
    expect(foreign.heard).toBe(0);
  });

  it('P5 nothing that a visitor is told names the desk’s address, number or account', async () => {
    const line = await stranger('gate');
    await call(line, WEBRTC_OFFER);
    const told = line.received.join('\n');
    expect(told).toMatch(/^SIP\/2\.0 180/m);
    expect(told).not.toMatch(/127\.0\.0\.7|p-desk|1001@|"Desk"/);
  });

  it('P5 what is no session description is refused with 488, and its connection goes on', async () => {
    const line = await stranger('gate');
    for (const body of ['v=0\r\n', 'a'.repeat(30_000), WEBRTC_OFFER.replaceAll('\r\n', '\n')]) {
      const answer = await line.ask({ method: 'INVITE', uri: 'sip:visit@ringtag', body });
      expect(answer?.status).toBe(488);
    }
    expect(line.isOpen).toBe(true);
    await call(line, WEBRTC_OFFER);
  });

  it('P5 a megabyte ends the connection', async () => {
    const line = await stranger('gate');
    void line.ask({
      method: 'INVITE',
      uri: 'sip:visit@ringtag',
      body: WEBRTC_OFFER + 'a=x\r\n'.repeat(200_000),
    });
    expect(await line.closed).toBe(1009);
    expect((await fetch(`http://127.0.0.1:${gate.port}/healthz`)).status).toBe(200);
  });
});
