// What the survival tests start from: lines that each browser can lose alone, and a telephone exchange that can be
// killed and started again.
import type { Softphone } from '../../src/softphone/index.ts';
import type { World } from '../../src/world.ts';
import { test as base, expect, Person } from '../fixtures.ts';
import { type Exchange, exchangeOf, openDeskPhone } from './exchange.ts';
import { type Lines, openLines } from './lines.ts';

export { expect, PEOPLE, Person } from '../fixtures.ts';

export const ENGINES = ['chromium', 'firefox'] as const;
export type Engine = (typeof ENGINES)[number];

/** Somebody whose browser talks to the hub and the exchange over lines that a test can break. */
export interface OnLines {
  readonly person: Person;
  readonly lines: Lines;
}

export interface SurvivalFixtures {
  /** Signed in, no call, nothing broken: Alice in Chromium, Carla in Firefox. */
  readonly onLines: (engine: Engine) => Promise<OnLines>;
  /** Lines for one browser; closed when the test ends. */
  readonly newLines: () => Promise<Lines>;
  /** Skips the test where there is none. */
  readonly exchange: Exchange;
  /** Bruno's desk phone, registered; it rings and does not answer by itself. */
  readonly deskPhone: Softphone;
}

export interface SurvivalWorkerFixtures {
  readonly anyExchange: Exchange | undefined;
  /** One for all tests: starting a Firefox is slow. */
  readonly carlaOnLines: () => Promise<OnLines>;
}

export const test = base.extend<SurvivalFixtures, SurvivalWorkerFixtures>({
  anyExchange: [
    async ({ world }, use) => {
      const exchange = exchangeOf(world);
      await use(exchange);
      await exchange?.close();
    },
    { scope: 'worker' },
  ],
  carlaOnLines: [
    async ({ world }, use) => {
      let opened: Promise<OnLines> | undefined;
      await use(() => {
        opened ??= openCarla(world);
        return opened;
      });
      const carla = await opened?.catch(() => undefined);
      await carla?.person.browser.close();
      await carla?.lines.close();
    },
    { scope: 'worker' },
  ],
  onLines: async ({ newLines, signedIn, carlaOnLines }, use) => {
    await use(async (engine) => {
      if (engine === 'firefox') {
        const carla = await carlaOnLines();
        await expectCalm(carla.person);
        return carla;
      }
      const lines = await newLines();
      return { lines, person: await signedIn('alice', 'webmail', lines.browser) };
    });
  },
  newLines: async ({ world }, use) => {
    const opened: Lines[] = [];
    await use(async () => {
      const lines = await openLines(world);
      opened.push(lines);
      return lines;
    });
    await Promise.all(opened.map((lines) => lines.close()));
  },
  exchange: async ({ anyExchange }, use) => {
    base.skip(!anyExchange, 'no Asterisk on this machine');
    if (anyExchange) await use(anyExchange);
  },
  deskPhone: async ({ exchange, world }, use) => {
    const phone = await openDeskPhone(world, exchange);
    await use(phone);
    await phone.close();
  },
});

/** What was said of the last call is no longer on the screen of a page that one test leaves to the next. */
export async function expectCalm(person: Person): Promise<void> {
  const words = /^(Call ended|Cancelled|Connection lost)|left the call|was lost|could not|Signed out/;
  const said = person.pane.getByText(words);
  // That a call was lost stays until somebody has read it.
  if ((await said.count()) > 0) {
    await person.page.reload();
    await person.openPane();
    await person.expectReady();
  }
  await expect(said).toHaveCount(0, { timeout: 15_000 });
  // The hub may just have been started anew.
  await expect(person.pane.getByText('connecting', { exact: true })).toHaveCount(0, { timeout: 15_000 });
}

async function openCarla(world: World): Promise<OnLines> {
  const lines = await openLines(world);
  const { apart } = lines.browser;
  const options = { engine: 'firefox', apart: { ...apart, tabs: true } } as const;
  const person = await Person.at(world, 'carla', 'webmail', options);
  await person.signIn();
  return { person, lines };
}
