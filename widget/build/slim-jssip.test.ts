// The slimmed JsSIP against a far end made of strings: what it sends, and what it makes of what it is sent.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { transform } from 'esbuild';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { bundled } from './bundled.ts';
import { CUTS, INNER, INNER_NAMES, REASONS } from './jssip/cuts.mjs';
import { slimJsSip, slimmed } from './slim-jssip.mjs';

interface Session {
  on(name: string, listener: (event: never) => void): void;
  isEstablished(): boolean;
  refer(target: string, options: object): Session;
}
interface Agent extends Session {
  start(): void;
  stop(): void;
  isRegistered(): boolean;
  call(target: string, options: object): Session;
}

const HA1 = '939e7578ed9e3c518a452acee763bce9';
const OFFER = 'v=0\r\ns=-\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=sendrecv\r\n';

class Connection extends EventTarget {
  iceGatheringState = 'new';
  signalingState = 'stable';
  localDescription: object | undefined;
  addTrack(): void {}
  getSenders(): object[] {
    return [];
  }
  async createOffer(): Promise<object> {
    return { type: 'offer', sdp: OFFER };
  }
  async setLocalDescription(description: object): Promise<void> {
    this.localDescription = description;
    this.signalingState = 'have-local-offer';
    this.iceGatheringState = 'complete';
  }
  async setRemoteDescription(): Promise<void> {
    this.signalingState = 'stable';
  }
  close(): void {}
}

/** The far end: keeps what it hears, and says what the test has it say. */
class FarEnd {
  readonly url = 'wss://gate.invalid/sip';
  readonly sip_uri = 'sip:gate.invalid;transport=ws';
  readonly via_transport = 'WSS';
  readonly heard: string[] = [];
  onconnect = () => {};
  ondata = (_message: string) => {};
  #waiting = () => {};
  #read = 0;

  connect(): void {
    queueMicrotask(() => this.onconnect());
  }
  disconnect(): void {}
  send(message: string): boolean {
    this.heard.push(message);
    this.#waiting();
    return true;
  }

  async next(start: string): Promise<string> {
    for (;;) {
      const message = this.heard[this.#read];
      if (message === undefined) {
        await new Promise<void>((resolve) => {
          this.#waiting = resolve;
        });
        continue;
      }
      this.#read++;
      if (message.startsWith(start)) return message;
    }
  }

  answer(request: string, status: string, more: readonly string[] = [], body = ''): void {
    const copied = ['Via', 'From', 'Call-ID', 'CSeq'].map((name) => `${name}: ${header(request, name)}`);
    const to = header(request, 'To');
    const tagged = to.includes('tag=') ? to : `${to};tag=far`;
    this.say([`SIP/2.0 ${status}`, ...copied, `To: ${tagged}`, ...more], body);
  }

  /** A request within the call that `invite` began. */
  ask(invite: string, method: string, cseq: number, more: readonly string[] = [], body = ''): void {
    const target = /<([^>]*)>/.exec(header(invite, 'Contact'))?.[1];
    this.say(
      [
        `${method} ${target} SIP/2.0`,
        `Via: SIP/2.0/WSS far.invalid;branch=z9hG4bK${method}${cseq}`,
        `From: ${header(invite, 'To')};tag=far`,
        `To: ${header(invite, 'From')}`,
        `Call-ID: ${header(invite, 'Call-ID')}`,
        `CSeq: ${cseq} ${method}`,
        'Contact: <sip:far@127.0.0.1;transport=ws>',
        ...more,
      ],
      body,
    );
  }

  say(lines: readonly string[], body: string): void {
    this.ondata(`${[...lines, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`);
  }
}

function header(message: string, name: string): string {
  const value = new RegExp(`^${name}: (.*)\\r$`, 'm').exec(message)?.[1];
  if (value === undefined) throw new Error(`no ${name} in ${message}`);
  return value;
}

let UA: new (options: object) => Agent;
let far: FarEnd;
let agent: Agent;

beforeAll(async () => {
  // With its names made short, as the build does.
  const renderChunk = async (code: string) => (await transform(code, { mangleProps: INNER })).code;
  ({ UA } = await bundled<{ UA: typeof UA }>('jssip', { ...slimJsSip, renderChunk }));
});

beforeEach(() => {
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('RTCPeerConnection', Connection);
  vi.stubGlobal('RTCSessionDescription', class {});
  far = new FarEnd();
  agent = new UA({
    sockets: [far],
    uri: 'sip:alice@pbx.invalid',
    authorization_user: 'alice',
    realm: 'ringtag',
    ha1: HA1,
    register_expires: 120,
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 10,
    user_agent: 'Ringtag',
  });
  agent.on('newRTCSession', () => {});
});

afterEach(() => {
  agent.stop();
  vi.unstubAllGlobals();
});

async function established(): Promise<{ session: Session; invite: string }> {
  agent.start();
  await far.next('REGISTER');
  const session = agent.call('2001', {
    mediaStream: { getTracks: () => [] },
    extraHeaders: ['Replaces: other@call;to-tag=a;from-tag=b'],
  });
  const invite = await far.next('INVITE');
  const confirmed = new Promise<void>((resolve) => session.on('confirmed', () => resolve()));
  const more = ['Contact: <sip:far@127.0.0.1;transport=ws>', 'Content-Type: application/sdp'];
  far.answer(invite, '200 OK', more, OFFER);
  await confirmed;
  return { session, invite };
}

test('it registers, and answers a challenge with the digest of RFC 2617', async () => {
  const registered = new Promise<void>((resolve) => agent.on('registered', () => resolve()));
  agent.start();
  const challenge =
    'WWW-Authenticate: Digest realm="ringtag",nonce="1/2",opaque="3",algorithm=MD5,qop="auth"';
  far.answer(await far.next('REGISTER'), '401 Unauthorized', [challenge]);

  const register = await far.next('REGISTER');
  const authorization = header(register, 'Authorization');
  const [cnonce, response] = ['cnonce', 'response'].map(
    (name) => new RegExp(`${name}="([^"]*)"`).exec(authorization)?.[1],
  );
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  expect(response).toBe(md5(`${HA1}:1/2:00000001:${cnonce}:auth:${md5('REGISTER:sip:pbx.invalid')}`));

  far.answer(register, '200 OK', [
    `Contact: ${header(register, 'Contact')}`,
    'Session-Expires: 90;refresher=uas',
  ]);
  await registered;
  expect(agent.isRegistered()).toBe(true);
});

test('a call takes headers of ours along and is established by the answer', async () => {
  const { session, invite } = await established();
  expect(header(invite, 'Replaces')).toBe('other@call;to-tag=a;from-tag=b');
  expect(invite).toContain(OFFER);
  expect(session.isEstablished()).toBe(true);
  expect(await far.next('ACK')).toContain('tag=far');
});

test('a blind transfer asks with REFER and hears in NOTIFY how it went', async () => {
  const { session, invite } = await established();
  const progress: string[] = [];
  const eventHandlers = Object.fromEntries(
    ['requestSucceeded', 'trying', 'progress', 'accepted', 'failed', 'requestFailed'].map((name) => [
      name,
      () => progress.push(name),
    ]),
  );
  session.refer('2002', { eventHandlers });
  const refer = await far.next('REFER');
  expect(header(refer, 'Refer-To')).toBe('<sip:2002@pbx.invalid>');
  far.answer(refer, '202 Accepted', ['Contact: <sip:far@127.0.0.1;transport=ws>']);
  const fragments = ['100 Trying', '180 Ringing', '200 OK'];
  for (const [index, status] of fragments.entries()) {
    const more = ['Event: refer', 'Subscription-State: active', 'Content-Type: message/sipfrag;version=2.0'];
    far.ask(invite, 'NOTIFY', 100 + index, more, `SIP/2.0 ${status}\r\n`);
    expect(header(await far.next('SIP/2.0 200'), 'CSeq')).toBe(`${100 + index} NOTIFY`);
  }
  expect(progress).toEqual(['requestSucceeded', 'trying', 'progress', 'accepted']);
});

test('a transfer that the far end refuses, or that leads nowhere, is told and the call goes on', async () => {
  const { session, invite } = await established();
  const failures: string[] = [];
  const eventHandlers = {
    failed: () => failures.push('failed'),
    requestFailed: () => failures.push('requestFailed'),
  };
  session.refer('2002', { eventHandlers });
  far.answer(await far.next('REFER'), '603 Decline');
  session.refer('2003', { eventHandlers });
  far.answer(await far.next('REFER'), '202 Accepted');
  far.ask(invite, 'NOTIFY', 100, ['Event: refer'], 'SIP/2.0 486 Busy Here\r\n');
  await far.next('SIP/2.0 200');
  expect(failures).toEqual(['requestFailed', 'failed']);
  expect(session.isEstablished()).toBe(true);
});

test('an attended transfer names the call that the new one replaces', async () => {
  const { session } = await established();
  session.refer('2002', { replaces: session });
  const referTo = header(await far.next('REFER'), 'Refer-To');
  expect(decodeURIComponent(referTo)).toMatch(
    /^<sip:2002@pbx\.invalid\?Replaces=\w+;to-tag=far;from-tag=\w+>$/,
  );
});

test.each(['REFER', 'INFO', 'PUBLISH'])(
  '%s from the far end is not allowed, and it is told what is',
  async (method) => {
    const { session, invite } = await established();
    far.ask(invite, method, 100, ['Refer-To: <sip:evil@example.com>', 'Content-Type: text/plain'], 'x');
    expect(header(await far.next('SIP/2.0 405'), 'Allow')).toBe('INVITE,ACK,CANCEL,BYE,UPDATE,NOTIFY');
    expect(session.isEstablished()).toBe(true);
  },
);

test('an INVITE that would replace a call is a call as any other, for we do not say that we support it', async () => {
  const { invite } = await established();
  expect(header(invite, 'Supported')).not.toContain('replaces');
  const called = new Promise<void>((resolve) => agent.on('newRTCSession', () => resolve()));
  far.say(
    [
      `INVITE ${/<([^>]*)>/.exec(header(invite, 'Contact'))?.[1]} SIP/2.0`,
      'Via: SIP/2.0/WSS far.invalid;branch=z9hG4bK1',
      'From: <sip:other@far.invalid>;tag=other',
      'To: <sip:alice@pbx.invalid>',
      'Call-ID: another',
      'CSeq: 1 INVITE',
      'Contact: <sip:other@127.0.0.1;transport=ws>',
      `Replaces: ${header(invite, 'Call-ID')};to-tag=x;from-tag=far`,
      'Content-Type: application/sdp',
    ],
    OFFER,
  );
  await called;
  expect(header(await far.next('SIP/2.0 180'), 'Supported')).not.toContain('replaces');
});

test.each(Object.keys(CUTS))('%s gives no answer that would lack its reason', (file) => {
  const code = slimmed(file);
  for (const [, status] of code.matchAll(/(?:reply(?:_sl)?\(|status_code: )(\d{3})/g)) {
    expect(REASONS).toContain(Number(status));
  }
});

test('OPTIONS, with which Asterisk asks whether we are there, is answered with 200', async () => {
  const { invite } = await established();
  far.ask(invite, 'OPTIONS', 100);
  expect(header(await far.next('SIP/2.0 200'), 'CSeq')).toBe('100 OPTIONS');
});

const SPEAKERS = [
  ...readdirSync(new URL('../src/sip', import.meta.url))
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => `sip/${name}`),
  'visitor/call-leg.ts',
  'visits/called.ts',
];

test.each(SPEAKERS)('%s uses no name of JsSIP that the build makes short', (file) => {
  const code = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8');
  expect(INNER_NAMES.filter((name) => new RegExp(`\\.${name}\\b|\\b${name}\\??:`).test(code))).toEqual([]);
});
