// A device session's whole life against a real Asterisk and the gate, with the hub's storage: signed in, registered,
// in a call, signed out.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { answerChallenge } from '../../demo/src/softphone/digest.ts';
import type { Softphone } from '../../demo/src/softphone/index.ts';
import type { Caller } from '../../server/src/auth/authenticate.ts';
import { createGate, type Gate } from '../../server/src/gate/gate.ts';
import { createPbxAccounts, type PbxAccounts } from '../../server/src/pbx/accounts.ts';
import type { Pbx } from '../../server/src/pbx/port.ts';
import { systemClock } from '../../server/src/platform/clock.ts';
import { randomIds } from '../../server/src/platform/ids.ts';
import type { Storage } from '../../server/src/storage/port.ts';
import { openSqliteStorage } from '../../server/src/storage/sqlite/open.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { openPbx, openPhone, until } from './scene.ts';

// A deadline against hanging, not a measure: machines that run tests are busy.
vi.setConfig({ testTimeout: 40_000 });

const ORIGIN = 'https://mail.example';
const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

describe.skipIf(skip)(`a session and its telephone${skip ? ` (${skip})` : ''}`, () => {
  let storage: Storage;
  let gate: Gate;
  let pbx: Pbx;
  let accounts: PbxAccounts;
  let desk: Softphone;

  beforeAll(async () => {
    const secret = randomIds.secret();
    storage = await openSqliteStorage({ file: ':memory:' });
    gate = await createGate({ asteriskUrl: asterisk.wsUrl, secret });
    pbx = openPbx(asterisk, { url: `http://127.0.0.1:${gate.port}`, secret });
    accounts = createPbxAccounts({
      storage,
      pbx,
      clock: systemClock,
      ids: randomIds,
      gate: { url: `ws://127.0.0.1:${gate.port}/sip`, secret },
      deskPhones: { passwordFor: async () => 'secret' },
    });
    await storage.people.seed([
      { key: 'alice', name: 'Alice Almeida', email: 'alice@corp.example', extension: '1001' },
      {
        key: 'bruno',
        name: 'Bruno Barros',
        email: 'bruno@corp.example',
        extension: '1002',
        deskPhone: 'p-bruno',
      },
    ]);
    await accounts.syncAll();
    await until(pbx, () => pbx.available);
    desk = await openPhone(asterisk, 'p-bruno');
  });

  afterAll(async () => {
    await desk?.close();
    accounts?.stop();
    await pbx?.close();
    await gate?.close();
    await storage?.close();
    await asterisk?.stop();
  });

  async function signIn(): Promise<Caller> {
    const [person] = await storage.people.byEmails(['alice@corp.example']);
    if (!person) throw new Error('No Alice');
    const session = {
      id: randomIds.next('s'),
      personId: person.id,
      origin: ORIGIN,
      deviceName: 'Firefox on Linux',
      publicKey: { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) },
      createdAtMs: Date.now(),
      endsAtMs: Date.now() + 3_600_000,
    } as const;
    await storage.sessions.create(session);
    return { ok: true, session, person };
  }

  it('B3 S6 registers with what the hub gives, is rung by the desk phone, and is refused once signed out', async () => {
    const alice = await signIn();
    const account = await accounts.accountFor(alice);
    if ('ok' in account) throw new Error(account.code);
    const page = await openPage(account.gateUrl);
    expect(await page.register(account.endpoint, account.ha1)).toBe(200);
    await until(pbx, () => pbx.isRegistered(account.endpoint));

    expect(await desk.register()).toBe(200);
    const call = await desk.call('1001');
    expect(await page.next('INVITE')).toContain('From: "Bruno Barros" <sip:1002@');
    call.hangUp();
    await call.ended;

    await storage.sessions.end(alice.session.id, Date.now());
    await accounts.sessionEnded(alice.session.id);
    expect(await page.closed).toBe(1008);
    expect((await (await desk.call('1001')).ended).status).toBe(480);
    // The token would still be good; the credentials are not.
    const again = await openPage(account.gateUrl);
    expect(await again.register(account.endpoint, account.ha1)).toBe(401);
    again.close();
    expect(await accounts.accountFor(alice)).toMatchObject({ code: 'SIGNED_OUT' });
  });
});

/** As much of a browser's SIP as registering takes; INVITEs are only looked at. */
async function openPage(gateUrl: string) {
  const socket = new WebSocket(gateUrl, 'sip', { origin: ORIGIN });
  const waiting = new Map<string, (text: string) => void>();
  const seen = new Map<string, string>();
  socket.on('message', (data) => {
    const text = String(data);
    const kind = /^SIP\/2\.0/.test(text) ? 'response' : (text.split(' ')[0] ?? '');
    if (kind === 'OPTIONS') socket.send(answerTo(text));
    const resolve = waiting.get(kind);
    waiting.delete(kind);
    if (resolve) resolve(text);
    else seen.set(kind, text);
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  const next = (kind: string): Promise<string> => {
    const early = seen.get(kind);
    seen.delete(kind);
    return early === undefined
      ? new Promise((resolve) => waiting.set(kind, resolve))
      : Promise.resolve(early);
  };
  const ask = async (text: string): Promise<string> => {
    socket.send(text);
    return next('response');
  };
  return {
    closed,
    next,
    close: () => socket.close(),
    async register(user: string, ha1: string): Promise<number> {
      const challenge = /WWW-Authenticate: *(.*)/i.exec(await ask(registerRequest(user, 1)))?.[1] ?? '';
      const answer = answerChallenge(challenge, {
        user,
        ha1,
        method: 'REGISTER',
        uri: 'sip:ringtag.invalid',
      });
      const final = await ask(registerRequest(user, 2, [`Authorization: ${answer}`]));
      return Number(final.split(' ')[1]);
    },
  };
}

function registerRequest(user: string, cseq: number, extra: readonly string[] = []): string {
  return [
    'REGISTER sip:ringtag.invalid SIP/2.0',
    `Via: SIP/2.0/WSS browser.invalid;branch=z9hG4bK${Math.random().toString(36).slice(2)}`,
    'Max-Forwards: 70',
    `From: <sip:${user}@ringtag.invalid>;tag=1`,
    `To: <sip:${user}@ringtag.invalid>`,
    `Call-ID: ${Math.random()}`,
    `CSeq: ${cseq} REGISTER`,
    `Contact: <sip:${user}@browser.invalid;transport=ws>`,
    'Expires: 600',
    ...extra,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

function answerTo(request: string): string {
  const kept = request.split('\r\n').filter((line) => /^(via|from|to|call-id|cseq):/i.test(line));
  return ['SIP/2.0 200 OK', ...kept, 'Content-Length: 0', '', ''].join('\r\n');
}
