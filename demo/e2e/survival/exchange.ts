// The telephone exchange as tests break it: killed, started again in its place, asked what it knows of a browser.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import {
  findAsterisk,
  type RunningAsterisk,
  type StartAsteriskOptions,
  startAsterisk,
} from '@ringtag/asterisk';
import { createSoftphone, type Softphone, type SoftphoneCall } from '../../src/softphone/index.ts';
import { deskPhonePassword } from '../../src/telephone.ts';
import type { World } from '../../src/world.ts';
import type { Person, PersonId } from '../person.ts';
import type { Address } from './relay.ts';

/** What Bruno's desk phone plays. */
export const PHONE_HZ = 700;

/** What a telephone dials to ring that person's browsers. */
export const EXTENSIONS: Readonly<Record<PersonId, string>> = {
  alice: '1001',
  bruno: '1002',
  carla: '1003',
  duarte: '1004',
  elsa: '1005',
};

/** Caller id of a telephone call that comes from Bruno. */
export const BRUNO = '"Bruno Barros" <1002>';

const PORT_FREE_MS = 15_000;

export interface Exchange {
  /** Where phones reach it, over UDP. */
  readonly sip: Address;
  /** `kill -9`: nobody is told anything. */
  crash(): Promise<void>;
  /** On the same ports, with the same secrets. Settles when it is fully booted. */
  start(): Promise<void>;
  /** `online` when Asterisk has a contact of this endpoint that answers. */
  stateOf(endpoint: string | undefined): Promise<string>;
  /** Contacts that would ring. */
  contactsOf(endpoint: string | undefined): Promise<number>;
  /** Legs of calls that this endpoint has now. */
  legsOf(endpoint: string | undefined): Promise<number>;
  /** Rings this browser by telephone, as `caller`; who answers is in the echo test and hears herself. */
  ringWithEcho(endpoint: string | undefined, caller: string): Promise<void>;
  /** Ends what `start` began; the world ends only what it began itself. */
  close(): Promise<void>;
}

/** `undefined` where the world has no telephone exchange. */
export function exchangeOf(world: World): Exchange | undefined {
  const first = world.telephone?.asterisk;
  if (!first?.sipUdpPort) return undefined;
  const sip = { host: first.host, port: first.sipUdpPort };
  let current: RunningAsterisk = first;
  const login = Buffer.from(`${first.ariUser}:${first.ariPassword}`).toString('base64');
  const ask = async (path: string, method = 'GET'): Promise<Record<string, unknown> | undefined> => {
    try {
      const response = await fetch(`${first.ariUrl}/${path}`, {
        method,
        headers: { authorization: `Basic ${login}` },
      });
      return response.ok ? ((await response.json()) as Record<string, unknown>) : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    sip,
    async crash() {
      // The group of the shell that holds Asterisk on its leash.
      process.kill(-current.pid, 'SIGKILL');
      await current.exited;
    },
    async start() {
      current = await startAgain({
        dir: first.dir,
        host: sip.host,
        plainUdp: true,
        sipUdpPort: sip.port,
        sipTlsPort: first.sipTlsPort,
        httpPort: Number(new URL(first.ariUrl).port),
      });
    },
    async stateOf(endpoint) {
      return String((await ask(`endpoints/PJSIP/${endpoint}`))?.state ?? 'unknown');
    },
    async contactsOf(endpoint) {
      const asterisk = await findAsterisk();
      const [program = '', ...args] = asterisk?.command ?? [];
      const console = [...args, '-C', join(first.dir, 'etc/asterisk.conf'), '-rx', 'pjsip show contacts'];
      const { stdout } = await promisify(execFile)(program, console);
      return stdout.split('\n').filter((line) => line.includes(` ${endpoint}/`)).length;
    },
    async legsOf(endpoint) {
      const legs: unknown = await ask('channels');
      if (!Array.isArray(legs)) throw new Error('the exchange does not say which legs there are');
      return legs.filter(({ name }) => String(name).startsWith(`PJSIP/${endpoint}-`)).length;
    },
    async ringWithEcho(endpoint, caller) {
      const query = new URLSearchParams({
        endpoint: `PJSIP/${endpoint}`,
        context: 'employees',
        extension: '600',
        priority: '1',
        callerId: caller,
        // Seconds of ringing; as long as the hub's own calls.
        timeout: '45',
      });
      expect(await ask(`channels?${query}`, 'POST'), 'a call from the exchange').toBeTruthy();
    },
    async close() {
      if (current !== first) await current.stop();
    },
  };
}

/** While it is away its port may be in use for a moment: by whoever looks for it there from that very port. */
async function startAgain(options: StartAsteriskOptions): Promise<RunningAsterisk> {
  for (const deadline = Date.now() + PORT_FREE_MS; ; ) {
    try {
      return await startAsterisk(options);
    } catch (error) {
      if (Date.now() > deadline || !/is in use/.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Until Asterisk has a contact of this person's browser that answers. */
export async function expectRegistered(exchange: Exchange, person: Person, withinMs = 18_000): Promise<void> {
  await expect
    .poll(() => exchange.stateOf(person.sipEndpoint), {
      message: `${person.id} registered at Asterisk`,
      timeout: withinMs,
      intervals: [100],
    })
    .toBe('online');
}

/** Bruno's desk phone, registered; it rings and does not answer by itself. */
export async function openDeskPhone({ dataDir }: World, { sip }: Exchange): Promise<Softphone> {
  const password = await deskPhonePassword(dataDir, 'p-bruno');
  if (!password) throw new Error('the hub made no password for p-bruno');
  const phone = await createSoftphone({
    server: sip,
    host: sip.host,
    user: 'p-bruno',
    password,
    toneHz: PHONE_HZ,
  });
  expect(await phone.register()).toBe(200);
  return phone;
}

/** The phone hears this tone. */
export async function expectPhoneHears(call: SoftphoneCall, hz: number): Promise<void> {
  await expect
    .poll(() => Math.abs(call.heard(500).hz - hz), { message: `${hz} Hz in the phone`, timeout: 15_000 })
    .toBeLessThan(15);
}

/** Types a number where people are searched for, and calls it. */
export async function dial(person: Person, number: string): Promise<void> {
  await person.openPane();
  await person.search.fill(number);
  await expect(person.pane.getByText('Call this number').first()).toBeVisible();
  await person.search.press('Enter');
}
