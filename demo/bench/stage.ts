// The pages of the call benchmarks: a world of the demo, people signed in with stopwatches in their pages, and what is
// done in them. All is real; only the microphones play files.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type BrowserOptions, launchBrowser } from '../e2e/browser.ts';
import { PEOPLE, Person, type PersonId } from '../e2e/person.ts';
import { freeBasePort, portsFrom } from '../src/ports.ts';
import type { SiteName } from '../src/sites/site.ts';
import { startWorld, type World, type WorldOptions } from '../src/world.ts';
import { installStopwatch, type Mark } from './stopwatch.ts';

const PATIENCE_MS = 15_000;

export interface Stage {
  readonly world: World;
  enter(id: PersonId, site: SiteName, options?: Partial<BrowserOptions>): Promise<Person>;
  close(): Promise<void>;
}

export async function openStage(options: {
  telephone: boolean;
  say: (line: string) => void;
  world?: Partial<WorldOptions>;
}): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ringtag-bench-'));
  const people: Person[] = [];
  const world = await startWorld({
    ports: portsFrom(await freeBasePort()),
    dataDir,
    telephone: options.telephone,
    say: (line) => {
      if (line.startsWith('No telephone')) options.say(line);
    },
    onDeath: (name, how) => options.say(`the ${name} died: ${how}`),
    ...options.world,
  });
  return {
    world,
    async enter(id, site, browserOptions = {}) {
      const browser = await launchBrowser({ toneHz: PEOPLE[id].toneHz, ...browserOptions });
      await browser.context.addInitScript(installStopwatch);
      const page = browser.context.pages()[0] ?? (await browser.context.newPage());
      const person = new Person({ id, browser, world, page });
      people.push(person);
      await page.goto(world.sites[site].origin);
      await person.signIn();
      await page.evaluate(() => window.ringtagStopwatch?.warm());
      return person;
    },
    async close() {
      await Promise.all(people.map(({ browser }) => browser.close()));
      await world.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A page of the bare relay in this person's browser, in a window of its own so that it is painted as well. */
export async function openBarePage({ browser, page }: Person, url: string): Promise<Page> {
  const opened = browser.context.waitForEvent('page');
  const devtools = await browser.context.newCDPSession(page);
  await devtools.send('Target.createTarget', { url, newWindow: true });
  const bare = await opened;
  await bare.waitForFunction(() => document.title === 'connected');
  return bare;
}

export async function reset(...pages: readonly Page[]): Promise<void> {
  await Promise.all(pages.map((page) => page.evaluate(() => window.ringtagStopwatch?.reset())));
}

/** Marks of the page once there is one of these. */
export async function marksUntil(page: Page, what: Mark['what']): Promise<readonly Mark[]> {
  return page.evaluate(
    ([wanted, ms]) => {
      if (!window.ringtagStopwatch) throw new Error('no stopwatch in this page');
      return window.ringtagStopwatch.until(wanted, ms);
    },
    [what, PATIENCE_MS] as const,
  );
}

/** When it happened first; with `name`, the first of that name. */
export function at(marks: readonly Mark[], what: Mark['what'], name?: RegExp): number {
  const mark = marks.find((m) => m.what === what && (name === undefined || name.test(m.name ?? '')));
  if (!mark) throw new Error(`no mark "${what}" ${name ?? ''}: ${JSON.stringify(marks)}`);
  return mark.atMs;
}

/** The quiet button beside the name in the mail that is open. */
export async function clickName(person: Person, callee: PersonId): Promise<void> {
  const name = `Call ${PEOPLE[callee].name}`;
  await person.page.locator('#reading').getByRole('button', { name }).first().click();
}

/** When the page was first told of this event after `sinceMs`. */
export async function toldAfter(page: Page, name: string, sinceMs: number): Promise<number> {
  const found = await page.waitForFunction(
    ([event, since]) =>
      window.ringtagStopwatch
        ?.marks()
        .find((mark) => mark.what === 'told' && mark.name === event && mark.atMs >= since)?.atMs,
    [name, sinceMs] as const,
    { timeout: PATIENCE_MS * 2, polling: 20 },
  );
  return Number(await found.jsonValue());
}
