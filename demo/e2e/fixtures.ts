// What every spec starts from: one world a worker, and people whose browsers are closed when the test ends.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base } from '@playwright/test';
import { freeBasePort, portsFrom } from '../src/ports.ts';
import type { SiteName } from '../src/sites/site.ts';
import { startWorld, type World, type WorldOptions } from '../src/world.ts';
import type { BrowserOptions } from './browser.ts';
import { closeFirefoxes } from './firefox.ts';
import { KeptBrowsers } from './kept-browsers.ts';
import { Person, type PersonId } from './person.ts';

export { expect } from '@playwright/test';
export { PEOPLE, Person, type PersonId } from './person.ts';

/** Opens a browser of that person, signed in. */
export type SignedIn = (id: PersonId, site?: SiteName, options?: Partial<BrowserOptions>) => Promise<Person>;

export interface TestFixtures {
  /** Opens a browser of that person, not signed in. */
  readonly visit: SignedIn;
  /** Without options: in a browser that goes from test to test. What is to have a new one visits, and signs in. */
  readonly signedIn: SignedIn;
  /** Starts a hub anew whose clock a test has moved: to a call of the next test it would go back. */
  readonly trueTime: undefined;
}

export interface WorkerFixtures {
  readonly world: World;
  /** Ends the browsers that one test leaves to the next. */
  readonly borrowedBrowsers: undefined;
  readonly kept: KeptBrowsers;
}

/** A world in a new directory, and its end with everything in it. */
export async function openWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ringtag-world-'));
  const world = await startWorld({
    ports: portsFrom(await freeBasePort()),
    dataDir,
    telephone: process.env.RINGTAG_E2E_TELEPHONE !== '0',
    say: () => {},
    hubScript: fileURLToPath(new URL('hub-with-clock.mjs', import.meta.url)),
    onDeath: (name, how) => console.error(`The ${name} died: ${how}`),
    ...options,
  }).catch(async (cause: unknown) => {
    console.error(await readFile(join(dataDir, 'logs', 'hub.log'), 'utf8').catch(() => 'no hub log'));
    await rm(dataDir, { recursive: true, force: true });
    throw cause;
  });
  return {
    ...world,
    async stop() {
      await world.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Pages that are connected to the hub now, as its metrics say. */
export async function connectedDevices({ hubOrigin }: World): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${new URL(hubOrigin).port}/metrics`);
  return Number(/^ringtag_devices(?:\{[^}]*\})? (\d+)$/m.exec(await answer.text())?.[1] ?? -1);
}

/** Hubs whose clock is ahead. */
const ahead = new WeakSet<World['hub']>();

/** What was due in between happens at once. When the test is over, the time is the true one again. */
export function advanceClock({ hub }: World, ms: number): void {
  ahead.add(hub);
  hub.tell(`advance ${ms}`);
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      // All visitors of all tests come from one address, and none of them is a flood.
      const calm = { perMinute: { ticket: { network: 500 }, visit: { network: 500 } } };
      // A chat that a test leaves open keeps its place for a while, as a visitor who went away does.
      const room = { atOnce: { network: 100 }, streams: { network: 200 } };
      const limits = {
        ...calm,
        ...room,
        workFrom: { network: 100, origin: 500, destination: 500, hub: 500 },
      };
      const world = await openWorld({ hubEnv: { PUBLIC_LIMITS: JSON.stringify(limits) } });
      await use(world);
      await world.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  borrowedBrowsers: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      await use(undefined);
      await closeFirefoxes();
    },
    { scope: 'worker', auto: true },
  ],
  kept: [
    async ({ world }, use) => {
      const kept = new KeptBrowsers(world);
      await use(kept);
      await kept.close();
    },
    { scope: 'worker' },
  ],
  trueTime: [
    async ({ world }, use) => {
      await use(undefined);
      if (!ahead.delete(world.hub)) return;
      await world.hub.stop();
      await world.hub.start();
    },
    { auto: true },
  ],
  visit: async ({ world }, use) => {
    const people: Person[] = [];
    await use(async (id, site, options) => {
      const person = await Person.at(world, id, site, options);
      people.push(person);
      return person;
    });
    await Promise.all(people.map((person) => person.browser.close()));
  },
  signedIn: async ({ visit, kept }, use) => {
    const lent: Person[] = [];
    await use(async (id, site, options) => {
      if (!options) {
        const person = await kept.lend(id, site);
        lent.push(person);
        return person;
      }
      const person = await visit(id, site, options);
      await person.signIn();
      return person;
    });
    await Promise.all(lent.map((person) => person.browser.close()));
  },
});
