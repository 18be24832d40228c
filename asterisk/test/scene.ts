// The scene of these tests: a real Asterisk, the hub's adapter in front of it, and phones with accounts.
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, vi } from 'vitest';
import {
  createSoftphone,
  type Softphone,
  type SoftphoneCall,
  type SoftphoneOptions,
} from '../../demo/src/softphone/index.ts';
import { type AsteriskPbx, createAsteriskPbx } from '../../server/src/pbx/asterisk/pbx.ts';
import { digestHa1 } from '../../server/src/pbx/credentials.ts';
import type { Pbx, PbxRoute } from '../../server/src/pbx/port.ts';
import type { Clock } from '../../server/src/platform/clock.ts';
import { systemClock } from '../../server/src/platform/clock.ts';
import { randomIds } from '../../server/src/platform/ids.ts';
import { silentLogger } from '../../server/src/platform/logger.ts';
import type { RunningAsterisk } from '../index.mjs';

export const REALM = 'ringtag';

/** `gate.publicUrl`: where browsers find it, for visitors' calls. */
export function openPbx(
  asterisk: RunningAsterisk,
  gate?: { url: string; secret: string; publicUrl?: string },
): AsteriskPbx {
  const clock: Clock = systemClock;
  const guestGate = { url: gate?.publicUrl ?? '', secret: gate?.secret ?? '' };
  return createAsteriskPbx({
    projectionFile: asterisk.projection,
    ariUrl: asterisk.ariUrl,
    ariUser: asterisk.ariUser,
    ariPassword: asterisk.ariPassword,
    realm: REALM,
    ...(asterisk.mediaAddress === null ? {} : { mediaAddress: asterisk.mediaAddress }),
    ...(gate === undefined ? {} : { gateControl: gate }),
    ...(gate?.publicUrl === undefined ? {} : { guests: { gate: guestGate, ids: randomIds } }),
    clock,
    logger: silentLogger,
  });
}

/** Settles when `check` holds, asked again at each event of the PBX; rejects after `timeoutMs`. */
export function until(pbx: Pbx, check: () => boolean, timeoutMs = 20_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const again = (): void => {
      if (!check()) return;
      clearTimeout(timer);
      for (const off of offs) off();
      resolve();
    };
    const timer = setTimeout(() => {
      for (const off of offs) off();
      reject(new Error(`Not so within ${timeoutMs} ms: ${check}`));
    }, timeoutMs);
    const offs = [pbx.on('availability', again), pbx.on('endpoint', again)];
    again();
  });
}

export interface Account {
  readonly endpoint: string;
  readonly extension: string;
  readonly name?: string;
  readonly password?: string;
}

/** Grants a desk phone account (plain RTP, so that the test phone can speak) and its routes. */
export async function grantPhone(pbx: Pbx, account: Account, routes?: readonly PbxRoute[]): Promise<void> {
  const { endpoint, extension, name = endpoint, password = 'secret' } = account;
  const ha1 = digestHa1({ user: endpoint, realm: REALM, password });
  const own: PbxRoute = { extension, personId: `u-${extension}`, endpoints: [endpoint] };
  await pbx.grant(
    {
      endpoint,
      kind: 'phone',
      callerName: name,
      callerNumber: extension,
      auths: [{ id: `${endpoint}-1`, ha1 }],
    },
    routes ?? [own, { ...own, extension: `desk-${extension}` }],
  );
}

export function openPhone(
  asterisk: RunningAsterisk,
  user: string,
  options: Partial<SoftphoneOptions> = {},
): Promise<Softphone> {
  const port = asterisk.sipUdpPort;
  if (port === null) throw new Error('This Asterisk speaks no plain UDP');
  return createSoftphone({ server: { host: asterisk.host, port }, user, password: 'secret', ...options });
}

export interface Scene {
  readonly asterisk: RunningAsterisk;
  readonly pbx: Pbx;
  /** What is to be closed after the test. */
  readonly closers: (() => unknown)[];
}

/** A telephone with an extension, registered. */
export async function openDesk(
  { asterisk, pbx, closers }: Scene,
  { endpoint, extension, toneHz }: { endpoint: string; extension: string; toneHz: number },
): Promise<Softphone> {
  await grantPhone(pbx, { endpoint, extension });
  const phone = await openPhone(asterisk, endpoint, { toneHz });
  closers.push(() => phone.close());
  expect(await phone.register()).toBe(200);
  await until(pbx, () => pbx.isRegistered(endpoint));
  return phone;
}

/** A visitor's browser is a scripted phone: plain RTP instead of WebRTC, all else alike. */
export function openVisitorPhone(
  asterisk: RunningAsterisk,
  endpoint: string,
  options: Partial<SoftphoneOptions> = {},
): Promise<Softphone> {
  const ha1 = digestHa1({ user: endpoint, realm: REALM, password: 'secret' });
  const db = new DatabaseSync(asterisk.projection);
  db.exec('PRAGMA busy_timeout = 2000');
  db.prepare("UPDATE ps_endpoints SET webrtc = 'no', media_encryption = 'no' WHERE id = ?").run(endpoint);
  db.prepare('UPDATE ps_auths SET password_digest = ? WHERE username = ?').run(`MD5:${ha1}`, endpoint);
  db.close();
  return openPhone(asterisk, endpoint, { toneHz: 500, ...options });
}

/**
 * Waits until a bridge holds channels of all of these. A phone reads that its call is answered a tenth of a second or
 * more before Asterisk has joined the two, and what is passed on in between is refused.
 */
export async function joined(asterisk: RunningAsterisk, ...endpoints: string[]): Promise<void> {
  const authorization = `Basic ${btoa(`${asterisk.ariUser}:${asterisk.ariPassword}`)}`;
  const ask = async <T>(what: string): Promise<T[]> => {
    const answer = await fetch(`${asterisk.ariUrl}/${what}`, { headers: { authorization } });
    return (await answer.json()) as T[];
  };
  await vi.waitFor(
    async () => {
      const channels = await ask<{ id: string; name: string }>('channels');
      const bridges = await ask<{ channels: string[] }>('bridges');
      const names = bridges.map((bridge) =>
        channels.filter(({ id }) => bridge.channels.includes(id)).map(({ name }) => name),
      );
      const met = names.some((within) =>
        endpoints.every((endpoint) => within.some((name) => name.startsWith(`PJSIP/${endpoint}-`))),
      );
      expect({ met, names }).toMatchObject({ met: true });
    },
    { timeout: 15_000, interval: 25 },
  );
}

/** Waits for the tone of the far end: within 2 Hz, and louder than a whisper. */
export async function heardTone(call: SoftphoneCall, hz: number): Promise<void> {
  await soon(() => {
    const heard = call.heard(300);
    expect(Math.abs(heard.hz - hz) <= 2 && heard.levelDb > -30).toBe(true);
  });
}

/** Something loud that is not the other's tone, nor the exchange's own (`indications.conf`). */
export async function heardSpeech(call: SoftphoneCall, hz: number): Promise<void> {
  await soon(() => {
    const heard = call.heard(200);
    const isTone = [hz, 440, 480].some((tone) => Math.abs(heard.hz - tone) <= 20);
    expect(!isTone && heard.levelDb > -40).toBe(true);
  });
}

/** A voice over the other's tone, which goes on. */
export async function heardVoiceOver(call: SoftphoneCall, hz: number): Promise<void> {
  await soon(() => {
    const heard = call.heard(200);
    expect(Math.abs(heard.hz - hz) <= 20 && heard.purity < 0.95 && heard.levelDb > -30).toBe(true);
  });
}

/** The other's tone, and nothing beside it. */
export async function heardAlone(call: SoftphoneCall, hz: number): Promise<void> {
  await soon(() => {
    const heard = call.heard(300);
    expect(Math.abs(heard.hz - hz) <= 2 && heard.purity > 0.98).toBe(true);
  });
}

export async function heardSilence(call: SoftphoneCall): Promise<void> {
  await soon(() => expect(call.heard(500).levelDb).toBeLessThan(-50));
}

/** What Asterisk has at this moment, whoever asked for it. */
export async function channelsOf(asterisk: RunningAsterisk): Promise<{ name: string; language: string }[]> {
  const authorization = `Basic ${btoa(`${asterisk.ariUser}:${asterisk.ariPassword}`)}`;
  const response = await fetch(`${asterisk.ariUrl}/channels`, { headers: { authorization } });
  return (await response.json()) as { name: string; language: string }[];
}

export function soon(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 25 });
}
