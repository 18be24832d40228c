// A stranger with a valid account of a visitor, and with all that SIP can say: nothing but his one destination is
// reached, Asterisk lives, and the call of two employees goes on with sound. Asterisk's own walls are tried without the
// gate in front of it; what it would let through is the gate's to stop.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Softphone, SoftphoneCall } from '../../demo/src/softphone/index.ts';
import { createGate, type Gate } from '../../server/src/gate/gate.ts';
import type { AsteriskPbx } from '../../server/src/pbx/asterisk/pbx.ts';
import { digestHa1 } from '../../server/src/pbx/credentials.ts';
import type { GuestCall } from '../../server/src/pbx/guest-line.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { dialStrings } from './dial-strings.ts';
import { monsters } from './monsters.ts';
import { openRawSip, type RawAnswer, type RawRequest, type RawSip, WEBRTC_OFFER } from './raw-sip.ts';
import { grantPhone, openPbx, openPhone, REALM, until } from './scene.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

const SECRET = 'a secret of thirty-two characters or more';
const ORIGIN = 'https://shop.example';
const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

describe.skipIf(skip)(`a hostile visitor${skip ? ` (${skip})` : ''}`, () => {
  let gate: Gate;
  let pbx: AsteriskPbx;
  let visits = 0;
  let alice: Softphone;
  let bruno: Softphone;
  let sales: Softphone;
  let talk: { outgoing: SoftphoneCall; incoming: SoftphoneCall };
  let ari: WebSocket;
  /** Names of all channels that were made. */
  const channels: string[] = [];
  const strangers: RawSip[] = [];

  beforeAll(async () => {
    gate = await createGate({ asteriskUrl: asterisk.wsUrl, secret: SECRET });
    const url = `http://127.0.0.1:${gate.port}`;
    pbx = openPbx(asterisk, { url, secret: SECRET, publicUrl: `ws://127.0.0.1:${gate.port}/sip` });
    await until(pbx, () => pbx.guestLine.available);
    alice = await employee('p-alice', '1001', 500);
    bruno = await employee('p-bruno', '1002', 900);
    sales = await employee('p-sales', '1009', 700);
    const outgoing = await alice.call('1002');
    const incoming = await bruno.nextCall();
    incoming.answer();
    await outgoing.answered;
    talk = { outgoing, incoming };
    ari = await watchChannels(channels);
  });

  afterEach(async () => {
    for (const stranger of strangers.splice(0)) stranger.close();
    await pbx.guestLine.closeAllBut([]);
    for (const call of sales.calls) call.hangUp();
    // Whatever was tried: the employees talk on, and nobody's telephone was touched.
    expect(await Promise.race([asterisk.exited, 'runs'])).toBe('runs');
    await Promise.all([heardTone(talk.outgoing, 900), heardTone(talk.incoming, 500)]);
    expect([alice.calls.length, bruno.calls.length]).toEqual([1, 1]);
    channels.length = 0;
  });

  afterAll(async () => {
    ari?.terminate();
    await Promise.all([alice, bruno, sales].map((phone) => phone?.close()));
    await pbx?.close();
    await gate?.close();
    await asterisk?.stop();
  });

  async function employee(endpoint: string, extension: string, toneHz: number): Promise<Softphone> {
    await grantPhone(pbx, { endpoint, extension });
    const phone = await openPhone(asterisk, endpoint, { toneHz });
    expect(await phone.register()).toBe(200);
    await until(pbx, () => pbx.isRegistered(endpoint));
    return phone;
  }

  function callOf(): GuestCall {
    visits += 1;
    const headers = { url: 'https://shop.example/' };
    return {
      ...{ visitId: `v-${visits}`, origin: ORIGIN, callerName: 'Sales', turns: [['1009']], headers },
      ...{ ringSeconds: 60, maxSeconds: 120, language: 'en' },
    };
  }

  /** With an account that is good; `by` the gate, or straight to Asterisk, where no visitor gets. */
  async function stranger(
    by: 'gate' | 'asterisk',
  ): Promise<RawSip & { readonly endpoint: string; visitId: string }> {
    const call = callOf();
    const { endpoint, ha1, gateUrl } = await pbx.guestLine.open(call);
    const url = by === 'gate' ? gateUrl : asterisk.wsUrl;
    const opened = await openRawSip({ url, origin: ORIGIN, user: endpoint, ha1 });
    strangers.push(opened);
    return Object.assign(opened, { endpoint, visitId: call.visitId });
  }

  const foreign = () => channels.filter((name) => !/^PJSIP\/(g-|p-sales-)/.test(name));

  /** What a proper answer to nonsense may be, or none at all. */
  const refuses = (answer: RawAnswer | undefined) =>
    answer === undefined || (answer.status >= 400 && answer.status < 700 && answer.status !== 401);

  it('10,000 dial strings reach nothing', async () => {
    const lines = await Promise.all(Array.from({ length: 12 }, () => stranger('asterisk')));
    const strings = dialStrings(10_000);
    expect(new Set(strings).size).toBe(10_000);
    const reached: string[] = [];
    let next = 0;
    let unanswered = 0;
    await Promise.all(
      lines.map(async (line) => {
        for (let dialled = strings[next++]; dialled !== undefined; dialled = strings[next++]) {
          const uri = `sip:${dialled}@ringtag`;
          const answer = await line.ask({ method: 'INVITE', uri, body: WEBRTC_OFFER }, 4_000);
          if (!refuses(answer)) reached.push(`${dialled} ${answer?.status}`);
          if (!answer) unanswered += 1;
        }
      }),
    );
    expect(reached).toEqual([]);
    // What is no SIP address gets no answer; all else was looked up and not found.
    expect(unanswered).toBeLessThan(20);
    expect(channels).toEqual([]);
    expect(sales.calls).toHaveLength(0);
  });

  it.each([
    'sip:ringtag',
    'sips:1001@ringtag',
    'tel:+351210000000',
    'sip:1001@127.0.0.1;transport=udp',
    'sip:p-alice@127.0.0.1',
    'urn:service:sos',
  ])('the address %s reaches nothing', async (uri) => {
    const line = await stranger('asterisk');
    expect(refuses(await line.ask({ method: 'INVITE', uri, body: WEBRTC_OFFER }, 4_000))).toBe(true);
    expect(channels).toEqual([]);
  });

  it('another host in the address reaches the one destination all the same, and no other', async () => {
    const line = await stranger('asterisk');
    const asked = line.ask({ method: 'INVITE', uri: 'sip:visit@evil.example', body: WEBRTC_OFFER });
    (await sales.nextCall()).decline(486);
    expect(await asked).toMatchObject({ status: 486 });
    expect(foreign()).toEqual([]);
  });

  it.each([
    'REGISTER',
    'OPTIONS',
    'MESSAGE',
    'SUBSCRIBE',
    'PUBLISH',
    'REFER',
    'INFO',
    'NOTIFY',
    'UPDATE',
    'PRACK',
    'BYE',
    'CANCEL',
    'FOO',
  ])('%s outside a call is refused', async (method) => {
    const line = await stranger('asterisk');
    const headers = ['Refer-To: <sip:1001@ringtag>', 'Event: presence', 'Expires: 60', 'RAck: 1 1 INVITE'];
    for (const user of ['1001', 'visit', 'p-alice'])
      expect(refuses(await line.ask({ method, uri: `sip:${user}@ringtag`, headers }))).toBe(
        method !== 'OPTIONS' || user !== 'visit',
      );
    expect(channels).toEqual([]);
  });

  /** The visitor's own call, answered. */
  async function inCall(line: RawSip, headers: readonly string[] = []) {
    const callId = `own-${visits}`;
    const asked = line.ask({
      method: 'INVITE',
      uri: 'sip:visit@ringtag',
      body: WEBRTC_OFFER,
      callId,
      headers,
    });
    const incoming = await sales.nextCall();
    incoming.answer();
    const answer = await asked;
    expect(answer?.status).toBe(200);
    const to = /^To: *(.*)$/m.exec(answer?.text ?? '')?.[1]?.trim() ?? '';
    const uri = /^Contact:.*<(.*)>/m.exec(answer?.text ?? '')?.[1] ?? '';
    let cseq = 10;
    const inside = (request: Omit<RawRequest, 'uri'>) => {
      cseq += 10;
      return line.ask({ ...request, uri, to, callId, cseq }, 2_000);
    };
    return { incoming, inside };
  }

  it('REFER and all else inside the own call are refused, and the call goes on', async () => {
    const line = await stranger('asterisk');
    const { incoming, inside } = await inCall(line);
    const stolen = `sip:1002@ringtag?Replaces=${talk.outgoing.callId}%3Bto-tag%3Da%3Bfrom-tag%3Db`;
    for (const target of ['sip:1001@ringtag', 'sip:600@ringtag', 'sip:visit@ringtag', stolen]) {
      const answer = await inside({
        method: 'REFER',
        headers: [`Refer-To: <${target}>`, `Referred-By: <sip:1001@ringtag>`],
      });
      expect(refuses(answer), target).toBe(true);
    }
    for (const method of ['MESSAGE', 'SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'FOO']) {
      const headers = ['Event: refer', 'Expires: 60', 'Subscription-State: active'];
      expect(refuses(await inside({ method, headers })), method).toBe(true);
    }
    // Harmless inside a call.
    for (const method of ['INFO', 'OPTIONS', 'UPDATE']) await inside({ method });
    expect(incoming.state).toBe('active');
    expect(foreign()).toEqual([]);
  });

  it('nobody’s name but the destination’s is shown, whatever From and its like say', async () => {
    const line = await stranger('asterisk');
    const spoofed = await line.ask({
      method: 'INVITE',
      uri: 'sip:visit@ringtag',
      from: '<sip:p-alice@ringtag>;tag=a',
      body: WEBRTC_OFFER,
    });
    expect(spoofed).toMatchObject({ status: 401 });
    const lies = [
      'P-Asserted-Identity',
      'P-Preferred-Identity',
      'Remote-Party-ID',
      'Diversion',
      'Referred-By',
      'History-Info',
    ];
    const { incoming } = await inCall(line, [
      ...lies.map((name) => `${name}: "Alice Almeida" <sip:1001@ringtag>`),
      'X-Ringtag-Visit: v-evil',
      'X-Ringtag-Url: https://evil.example/',
      'X-Ringtag-Call: c-evil',
      'Geolocation: <geo:0,0>',
      'Subject: evil',
      'Call-Info: <https://evil.example/>',
      'Alert-Info: <https://evil.example/>',
    ]);
    const shown = JSON.stringify(incoming.headers);
    expect(shown).not.toMatch(/evil|Alice|1001|geo:/);
    expect(Object.fromEntries(incoming.headers)).toMatchObject({
      'X-Ringtag-Visit': line.visitId,
      'X-Ringtag-Url': 'https://shop.example/',
    });
    expect(incoming.peer).toMatch(/^"Sales" <sip:visitor@/);
  });

  it('P5 two calls at the same time are one', async () => {
    const line = await stranger('asterisk');
    await inCall(line);
    const second = await line.ask({ method: 'INVITE', uri: 'sip:visit@ringtag', body: WEBRTC_OFFER });
    expect(second).toMatchObject({ status: 403 });
    expect(sales.calls).toHaveLength(1);
  });

  it.each([
    ['takes a running call over', 'INVITE', 'Replaces: known;to-tag=a;from-tag=b'],
    ['sends it elsewhere', 'REFER', 'Refer-To: <sip:1001@ringtag>'],
    ['writes a message', 'MESSAGE', 'X-A: 1'],
    ['registers', 'REGISTER', 'Expires: 60'],
  ])('who %s at the gate is cut off before Asterisk hears of it', async (_, method, header) => {
    const line = await stranger('gate');
    await line.ask({ method, uri: 'sip:visit@ringtag', headers: [header], body: WEBRTC_OFFER }, 500);
    expect(await line.closed).toBe(1008);
    expect(line.received).toEqual([]);
    expect(channels).toEqual([]);
  });

  it('an employee’s call cannot be taken over by who knows everything of it', async () => {
    const ha1 = digestHa1({ user: 'd-dora', realm: REALM, password: 'p' });
    const auths = [{ id: 'd-dora-1', ha1 }];
    await pbx.grant({ endpoint: 'd-dora', kind: 'device', callerName: '', callerNumber: '', auths }, []);
    const dora = await openRawSip({ url: asterisk.wsUrl, user: 'd-dora', ha1 });
    strangers.push(dora);
    const answer = await dora.ask({
      method: 'INVITE',
      uri: 'sip:601@ringtag',
      body: WEBRTC_OFFER,
      callId: 'dora',
    });
    const toTag = /^To:.*tag=(.*)$/m.exec(answer?.text ?? '')?.[1]?.trim();
    expect(toTag).toBeDefined();
    const line = await stranger('gate');
    const headers = [`Replaces: dora;to-tag=${toTag};from-tag=d-dora`];
    await line.ask({ method: 'INVITE', uri: 'sip:visit@ringtag', headers, body: WEBRTC_OFFER }, 500);
    expect(await line.closed).toBe(1008);
    expect(pbx.isTalking('d-dora')).toBe(true);
    expect(dora.received.some((text) => text.startsWith('BYE'))).toBe(false);
  });

  it('messages of 20 kB, of 10,000 headers, and torn ones change nothing', async () => {
    for (const message of monsters()) {
      const line = await stranger('asterisk');
      line.send(message(line.endpoint));
      // It answers whoever comes next, whatever became of this one.
      const after = await stranger('asterisk');
      expect(
        await after.ask({ method: 'INVITE', uri: 'sip:1001@ringtag', body: WEBRTC_OFFER }),
      ).toMatchObject({ status: 404 });
    }
    expect(foreign()).toEqual([]);
    expect(sales.calls).toHaveLength(0);
  });
});

async function watchChannels(names: string[]): Promise<WebSocket> {
  const { ariUrl, ariUser, ariPassword } = asterisk;
  const authorization = `Basic ${Buffer.from(`${ariUser}:${ariPassword}`).toString('base64')}`;
  const url = `${ariUrl.replace('http', 'ws')}/events?app=watch&subscribeAll=true`;
  const socket = new WebSocket(url, { headers: { authorization } });
  socket.on('message', (data) => {
    const { type, channel } = JSON.parse(String(data));
    if (type === 'ChannelCreated') names.push(channel.name);
  });
  await new Promise((resolve) => socket.on('open', resolve));
  return socket;
}

async function heardTone(call: SoftphoneCall, hz: number): Promise<void> {
  const check = () => {
    const heard = call.heard(300);
    expect(Math.abs(heard.hz - hz) <= 2 && heard.levelDb > -30).toBe(true);
  };
  await vi.waitFor(check, { timeout: 15_000, interval: 25 });
}
