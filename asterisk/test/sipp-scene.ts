// The scene of the tests with sipp: an Asterisk, the gate, one telephone that visitors ring, and a list of everything
// that was reached. Who tries has a good ticket; places at the gate are not what is tried here.
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Softphone, SoftphoneCall } from '../../demo/src/softphone/index.ts';
import { createGate } from '../../server/src/gate/gate.ts';
import { digestHa1 } from '../../server/src/pbx/credentials.ts';
import type { RunningAsterisk } from '../index.mjs';
import { grantPhone, openPbx, openPhone, REALM, until } from './scene.ts';
import { openSippRelay, type SippRelay } from './sipp-relay.ts';
import { runSipp, type SippResult, type SippRun } from './sipp-run.ts';

export const SECRET = 'a secret of thirty-two characters or more';
export const ORIGIN = 'https://shop.example';

const QUOTAS = { perEndpoint: 1_000, guests: 1_000, guestsPerNetwork: 1_000, guestStartsPerMinute: 100_000 };
/** Guards against hanging alone. */
const SOON = { timeout: 60_000, interval: 25 };

/** The telephone's channel: it dials nothing. */
const RUNG = 'PJSIP/p-sales employees/s';

/** An account of a visitor, whose password sipp knows. */
export interface Ticket {
  readonly user: string;
  /** With the gate's token. */
  readonly gateUrl: string;
}

export interface SippScene {
  readonly gatePort: number;
  ticket(): Promise<Ticket>;
  /** A way for sipp to a WebSocket; closed by `tidy`. */
  relay(url: string): Promise<SippRelay>;
  /**
   * The ticket's own call, made by sipp, rings the one telephone, which hangs up on it; nothing else was reached since
   * the last time, by anybody. What Asterisk tells comes in order, so what went before is told before.
   */
  expectNothingButVisit(ticket: Ticket, call: Pick<SippRun, 'port' | 'spoilt'>): Promise<SoftphoneCall>;
  tidy(): Promise<void>;
  close(): Promise<void>;
}

export async function openSippScene(asterisk: RunningAsterisk): Promise<SippScene> {
  const gate = await createGate({ asteriskUrl: asterisk.wsUrl, secret: SECRET, quotas: QUOTAS });
  const url = `http://127.0.0.1:${gate.port}`;
  const pbx = openPbx(asterisk, { url, secret: SECRET, publicUrl: `ws://127.0.0.1:${gate.port}/sip` });
  await until(pbx, () => pbx.guestLine.available);
  await grantPhone(pbx, { endpoint: 'p-sales', extension: '1009' });
  const sales: Softphone = await openPhone(asterisk, 'p-sales');
  expect(await sales.register()).toBe(200);
  const reached: string[] = [];
  const ari = await listenForChannels(asterisk, reached);
  const relays: SippRelay[] = [];
  let visits = 0;

  return {
    gatePort: gate.port,
    async ticket() {
      visits += 1;
      const { endpoint, gateUrl } = await pbx.guestLine.open({
        ...{ visitId: `v-${visits}`, origin: ORIGIN, callerName: 'Sales', turns: [['1009']], headers: {} },
        ...{ ringSeconds: 60, maxSeconds: 120, language: 'en' },
      });
      setPassword(asterisk.projection, endpoint);
      return { user: endpoint, gateUrl };
    },
    async relay(to) {
      const relay = await openSippRelay({ url: to, origin: ORIGIN });
      relays.push(relay);
      return relay;
    },
    async expectNothingButVisit({ user }, { port, spoilt = {} }) {
      await until(pbx, () => pbx.isRegistered('p-sales'), SOON.timeout);
      const uris = ['sip:visit@ringtag'];
      const asked = runSipp({ port, transport: 'connection', user, uris, spoilt });
      const incoming = await Promise.race([sales.nextCall(SOON.timeout), failure(asked, reached)]);
      incoming.decline(486);
      expect(await asked).toEqual({ begun: 1, completed: 1 });
      // ARI tells it on a connection of its own.
      await vi.waitFor(() => expect(reached).toContain(RUNG), SOON);
      expect(reached.splice(0)).toEqual([`PJSIP/${user} public/visit`, RUNG]);
      await vi.waitFor(() => expect(sales.calls).toHaveLength(0), SOON);
      return incoming;
    },
    async tidy() {
      await Promise.all(relays.splice(0).map((relay) => relay.close()));
      await pbx.guestLine.closeAllBut([]);
      reached.length = 0;
    },
    async close() {
      ari.terminate();
      await sales.close();
      await pbx.close();
      await gate.close();
    },
  };
}

/** A run that failed is said at once, not by a telephone that does not ring. */
async function failure(run: Promise<SippResult>, reached: readonly string[]): Promise<never> {
  const result = JSON.stringify(await run);
  throw new Error(`The call was over before it rang: ${result}; reached so far: ${reached.join(', ')}`);
}

/** sipp knows passwords only, and the line gives out what is made of one. */
function setPassword(projection: string, user: string): void {
  const db = new DatabaseSync(projection);
  db.exec('PRAGMA busy_timeout = 5000');
  const ha1 = digestHa1({ user, realm: REALM, password: 'secret' });
  db.prepare('UPDATE ps_auths SET password_digest = ? WHERE username = ?').run(`MD5:${ha1}`, user);
  db.close();
}

/** Adds every channel: whose it is, and which name in which context it begins at: of whom calls, what was dialled. */
async function listenForChannels(asterisk: RunningAsterisk, reached: string[]): Promise<WebSocket> {
  const { ariUrl, ariUser, ariPassword } = asterisk;
  const authorization = `Basic ${btoa(`${ariUser}:${ariPassword}`)}`;
  const url = `${ariUrl.replace('http', 'ws')}/events?app=sipp&subscribeAll=true`;
  const socket = new WebSocket(url, { headers: { authorization } });
  socket.on('message', (data) => {
    const { type, channel } = JSON.parse(String(data));
    if (type !== 'ChannelCreated') return;
    const { context, exten } = channel.dialplan;
    reached.push(`${channel.name.replace(/-[0-9a-f]{8}$/, '')} ${context}/${exten}`);
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => resolve());
    socket.on('error', reject);
  });
  return socket;
}
