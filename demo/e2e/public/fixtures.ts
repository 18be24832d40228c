// What specs of the public part start from: visitors beside the people of the other specs, in a world of their own.
import { test as base } from '../fixtures.ts';
import { type VisitOptions, Visitor } from './visitor.ts';

export interface PublicFixtures {
  /** Opens a browser of a stranger at the shop. */
  readonly visitor: (options?: VisitOptions) => Promise<Visitor>;
}

export const test = base.extend<PublicFixtures>({
  visitor: async ({ world }, use) => {
    base.skip(!world.telephone, 'no Asterisk on this machine');
    const visitors: Visitor[] = [];
    await use(async (options) => {
      const one = await Visitor.at(world, options);
      visitors.push(one);
      return one;
    });
    await Promise.all(visitors.map(({ browser }) => browser.close()));
  },
});
export { expect, PEOPLE, type Person } from '../fixtures.ts';
