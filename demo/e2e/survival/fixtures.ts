// What the survival tests start from: lines that each browser can lose alone, and a telephone exchange that can be
// killed and started again.
import type { Softphone } from '../../src/softphone/index.ts';
import { test as base } from '../fixtures.ts';
import { type Exchange, exchangeOf, openDeskPhone } from './exchange.ts';
import { type Lines, openLines } from './lines.ts';

export { expect, PEOPLE, type Person } from '../fixtures.ts';

export interface SurvivalFixtures {
  /** Lines for one browser; closed when the test ends. */
  readonly newLines: () => Promise<Lines>;
  /** Skips the test where there is none. */
  readonly exchange: Exchange;
  /** Bruno's desk phone, registered; it rings and does not answer by itself. */
  readonly deskPhone: Softphone;
}

export const test = base.extend<SurvivalFixtures, { readonly anyExchange: Exchange | undefined }>({
  anyExchange: [
    async ({ world }, use) => {
      const exchange = exchangeOf(world);
      await use(exchange);
      await exchange?.close();
    },
    { scope: 'worker' },
  ],
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
