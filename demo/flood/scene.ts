// The scene of the flood: the demo's world with desks that answer, employees who are signed in, and a sink beside it.
// All of it on loopback.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importServer } from '../bench/server-parts.ts';
import { openStage, type Stage } from '../bench/stage.ts';
import { seedFileText } from '../src/people.ts';
import { freeBasePort, portsFrom } from '../src/ports.ts';
import { createSoftphone, type Softphone } from '../src/softphone/index.ts';
import { deskPhonePassword } from '../src/telephone.ts';
import type { Employee, EmployeesOptions } from './employees.ts';

export const DESK_TONE_HZ = 700;
const DESKS = 10;
const PAIRS = 20;
const COUNTER = 'counter';
/** Desks that answer at the counter as well: as many as the calls that it takes at a time. */
const AT_COUNTER = 5;
/** Beside the sources of what is compiled. */
const withGauge = fileURLToPath(new URL('../../flood/hub-with-gauge.mjs', import.meta.url));
const DAY_MS = 24 * 3_600_000;
/** A bearer lasts as long as the hub would let it, or a report of many steps. */
const BEARER_MS = 2 * 3_600_000;

export interface Scene {
  readonly dataDir: string;
  readonly stage: Stage;
  readonly hubPort: number;
  readonly gatePort: number;
  /** Origin of the page with the buttons. */
  readonly origin: string;
  readonly destinations: readonly string[];
  /** One more, with the places that the hub gives it by default. */
  readonly counter: string;
  readonly employees: EmployeesOptions;
  /** Absent where no Asterisk can be had: visitors then only chat. */
  readonly projection: string | undefined;
  close(): Promise<void>;
}

export interface SceneOptions {
  /** Also listens for IPv6. */
  readonly hasIpv6: boolean;
  readonly say: (line: string) => void;
  /** Starts the hub in place of its own script, to look into it. */
  readonly hubScript?: string;
}

interface StorageModule {
  openStorage(options: { dataDir: string }): Promise<{
    readonly people: {
      seed(people: readonly object[]): Promise<void>;
      byEmails(emails: readonly string[]): Promise<readonly { readonly id: string }[]>;
    };
    readonly sessions: { create(session: object): Promise<void>; putBearer(bearer: object): Promise<void> };
    close(): Promise<void>;
  }>;
}
interface IdsModule {
  hashSecret(secret: string): string;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const desks = numbers(DESKS).map((index) => ({
  key: `desk-${index}`,
  name: `Desk ${index}`,
  email: `desk.${index}@flood.example`,
  extension: String(2_000 + index),
  deskPhone: `p-desk-${index}`,
  numbers: [],
}));
const staff = numbers(2 * PAIRS).map((index) => ({
  key: `staff-${index}`,
  name: `Person ${index}`,
  email: `person.${index}@flood.example`,
  numbers: [],
}));

export async function openScene({ hasIpv6, say, hubScript = withGauge }: SceneOptions): Promise<Scene> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ringtag-flood-'));
  const ports = portsFrom(await freeBasePort());
  const origin = `http://shop.localhost:${ports.shop}`;
  const pages = `http://mail.localhost:${ports.webmail}`;
  const [people, destinations] = [join(dataDir, 'all-people.json'), join(dataDir, 'flood-destinations.json')];
  const demo = JSON.parse(seedFileText(`http://id.localhost:${ports.identity}`)) as object[];
  await writeFile(people, JSON.stringify([...demo, ...desks, ...staff]));
  await writeFile(
    destinations,
    JSON.stringify({
      destinations: [...desks.map((desk) => destinationOf(desk, origin)), counterAt(origin)],
    }),
  );
  const signedIn = await signIn(join(dataDir, 'hub'), pages);
  const stage = await openStage({
    telephone: true,
    say,
    world: {
      ...{ ports, dataDir, hubScript },
      hubEnv: {
        SEED_FILE: people,
        DESTINATIONS_FILE: destinations,
        ...(hasIpv6 ? { HOST: '::' } : {}),
      },
    },
  });
  const { telephone } = stage.world;
  const phones: Softphone[] = [];
  const scene: Scene = {
    ...{ dataDir, stage, origin, hubPort: ports.hub, gatePort: ports.gate },
    destinations: desks.map(({ key }) => key),
    counter: COUNTER,
    employees: { hubPort: ports.hub, origin: pages, pairs: pairsOf(signedIn) },
    projection: telephone?.asterisk.projection,
    async close() {
      await Promise.all(phones.map((phone) => phone.close()));
      await stage.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  try {
    if (telephone?.asterisk.sipUdpPort) {
      const server = { host: telephone.asterisk.host, port: telephone.asterisk.sipUdpPort };
      for (const { deskPhone } of desks) phones.push(await openDesk(dataDir, server, deskPhone));
    }
    return scene;
  } catch (error) {
    await scene.close();
    throw error;
  }
}

function destinationOf({ key, name, email }: (typeof desks)[number], origin: string): object {
  // What an operator would write, and room for all that the step sends.
  return { id: key, texts: { en: { label: name } }, ring: { people: [email] }, queue: 50, origins: [origin] };
}

function counterAt(origin: string): object {
  const people = desks.slice(0, AT_COUNTER).map(({ email }) => email);
  return { id: COUNTER, texts: { en: { label: 'Counter' } }, ring: { people }, origins: [origin] };
}

async function openDesk(
  dataDir: string,
  server: { host: string; port: number },
  user: string,
): Promise<Softphone> {
  const password = (await deskPhonePassword(dataDir, user)) ?? '';
  const phone = await createSoftphone({ server, user, password, toneHz: DESK_TONE_HZ, answerAfterMs: 100 });
  const status = await phone.register();
  if (status === 200) return phone;
  await phone.close();
  throw new Error(`The desk phone ${user} could not register: ${status}`);
}

/** Their sessions are put into storage before the hub starts, as if they had come through the popup. */
async function signIn(dataDir: string, origin: string): Promise<Employee[]> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const { openStorage } = await importServer<StorageModule>('storage/open.js');
  const { hashSecret } = await importServer<IdsModule>('platform/ids.js');
  const storage = await openStorage({ dataDir });
  await storage.people.seed(staff);
  const nowMs = Date.now();
  const signedIn: Employee[] = [];
  for (const [index, { email }] of staff.entries()) {
    const [person] = await storage.people.byEmails([email]);
    if (!person) throw new Error('A seeded person is not in storage');
    const sessionId = `s-flood${index}`;
    await storage.sessions.create({
      ...{ id: sessionId, personId: person.id, origin, deviceName: 'Flood' },
      publicKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
      ...{ createdAtMs: nowMs, endsAtMs: nowMs + DAY_MS },
    });
    const bearer = `bearer-of-person-${index}-${'x'.repeat(20)}`;
    const expiresAtMs = nowMs + BEARER_MS;
    await storage.sessions.putBearer({ hash: hashSecret(bearer), sessionId, origin, expiresAtMs });
    signedIn.push({ personId: person.id, bearer });
  }
  await storage.close();
  return signedIn;
}

function pairsOf(all: readonly Employee[]): (readonly [Employee, Employee])[] {
  return numbers(all.length / 2).flatMap((index) => {
    const [from, to] = [all[2 * index], all[2 * index + 1]];
    return from && to ? [[from, to] as const] : [];
  });
}
