// What the survival tests start from: a world of their own, and lines that each browser can lose alone.
import { test as base } from '../fixtures.ts';
import { type Lines, openLines } from './lines.ts';

export { expect, PEOPLE, type Person } from '../fixtures.ts';

interface SurvivalFixtures {
  /** Lines for one browser; closed when the test ends. */
  readonly newLines: () => Promise<Lines>;
}

export const test = base.extend<SurvivalFixtures>({
  newLines: async ({ world }, use) => {
    const opened: Lines[] = [];
    await use(async () => {
      const lines = await openLines(world);
      opened.push(lines);
      return lines;
    });
    await Promise.all(opened.map((lines) => lines.close()));
  },
});
