// Visitors' calls on a real Asterisk: whom a ticket rings, with which headers, and how it ends.
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Softphone, SoftphoneCall } from '../../demo/src/softphone/index.ts';
import { createGate, type Gate } from '../../server/src/gate/gate.ts';
import type { AsteriskPbx } from '../../server/src/pbx/asterisk/pbx.ts';
import { digestHa1 } from '../../server/src/pbx/credentials.ts';
import type { GuestCall, GuestCallEvent } from '../../server/src/pbx/guest-line.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { grantPhone, openPbx, openPhone, REALM, until } from './scene.ts';

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

  beforeAll(async () => {
    gate = await createGate({ asteriskUrl: asterisk.wsUrl, secret: SECRET });
    const url = `http://127.0.0.1:${gate.port}`;
    pbx = openPbx(asterisk, { url, secret: SECRET, publicUrl: `ws://127.0.0.1:${gate.port}/sip` });
    pbx.guestLine.on((event) => events.push(event));
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
  async function visitor(call: GuestCall, toneHz = 500): Promise<Softphone> {
    const { endpoint } = await pbx.guestLine.open(call);
    const ha1 = digestHa1({ user: endpoint, realm: REALM, password: 'secret' });
    const db = new DatabaseSync(asterisk.projection);
    db.exec('PRAGMA busy_timeout = 2000');
    db.prepare("UPDATE ps_endpoints SET webrtc = 'no', media_encryption = 'no' WHERE id = ?").run(endpoint);
    db.prepare('UPDATE ps_auths SET password_digest = ? WHERE username = ?').run(`MD5:${ha1}`, endpoint);
    db.close();
    const phone = await openPhone(asterisk, endpoint, { toneHz });
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
    console.log(incoming.headers);
    incoming.answer();
    expect(await outgoing.answered).toBe(true);
    await Promise.all([heardTone(outgoing, 700), heardTone(incoming, 500)]);
    incoming.hangUp();
    await outgoing.ended;
    await vi.waitFor(() => expect(toldOf(call.visitId)).toHaveLength(3));
    expect(toldOf(call.visitId)).toEqual([
      { kind: 'ringing' },
      { kind: 'answered', personId: 'u-1001' },
      { kind: 'ended', cause: 16, tooLong: false },
    ]);
  });
});

async function heardTone(call: SoftphoneCall, hz: number): Promise<void> {
  await eventually(() => {
    const heard = call.heard(300);
    return Math.abs(heard.hz - hz) <= 2 && heard.levelDb > -30;
  });
}

async function eventually(check: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(check()).toBe(true), { timeout: 15_000, interval: 25 });
}
