// What axe finds wrong on a page, by WCAG 2.2 AA: nothing, in either colours.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function expectNothing(axe: AxeBuilder, state: string): Promise<void> {
  // In the page itself: these have no frames, and a page of its own for each report is half of the work.
  const { violations } = await axe.setLegacyMode().analyze();
  const found = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary})`).join(', ')}`,
  );
  expect(found, state).toEqual([]);
}

/** The whole page, so that a state of ours cannot spoil the page around it either; or the part `within` it. */
export function expectAccessible(page: Page, state: string, within?: string): Promise<void> {
  const axe = new AxeBuilder({ page }).withTags(TAGS);
  return expectNothing(within === undefined ? axe : axe.include(within), state);
}

/** As it is, and then dark, in which nothing but the contrast is another. */
export async function expectAccessibleInBothColours(page: Page, state: string): Promise<void> {
  await expectAccessible(page, state);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectNothing(new AxeBuilder({ page }).withRules(['color-contrast']), `${state}, dark`);
  await page.emulateMedia({ colorScheme: 'light' });
}
