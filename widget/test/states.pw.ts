import { changeState, showState } from '../shots/stage.mjs';
import { axeProblems, expect, states, test } from './browser.ts';
import { overflowing } from './overflowing.ts';

/** States on one page: short enough to share two browsers evenly, long enough to spare most page loads. */
const STATES_A_PAGE = 6;

/** A side pane, two telephones held upright, and a tablet. */
const WIDTHS_PX = [300, 320, 360, 768];

const groups = ['pane', 'launcher'].flatMap((shows) => {
  const all = states.filter((state) => state.shows === shows);
  return Array.from({ length: Math.ceil(all.length / STATES_A_PAGE) }, (_, index) =>
    all.slice(index * STATES_A_PAGE, (index + 1) * STATES_A_PAGE),
  );
});

for (const group of groups) {
  const names = group.map(({ name }) => name).join(', ');
  test(`in light, in dark and from 300 to 768 px, axe finds nothing and nothing sticks out: ${names}`, async ({
    page,
    server,
  }) => {
    for (const [index, state] of group.entries()) {
      await test.step(state.name, async () => {
        await page.setViewportSize({ width: 320, height: 640 });
        await page.emulateMedia({ colorScheme: 'light' });
        if (index === 0) await showState(page, server, state);
        else await changeState(page, state);
        expect.soft(await axeProblems(page), state.name).toEqual([]);
        await page.emulateMedia({ colorScheme: 'dark' });
        expect.soft(await axeProblems(page, 'color-contrast'), `${state.name} in dark`).toEqual([]);
        for (const width of WIDTHS_PX) {
          await page.setViewportSize({ width, height: 640 });
          expect.soft(await page.evaluate(overflowing), `${state.name} at ${width} px`).toEqual([]);
        }
      });
    }
  });
}

for (const lang of ['pt', 'es', 'fr']) {
  for (const shows of ['pane', 'launcher']) {
    test(`nothing sticks out of any state at 300 px in ${lang}: ${shows}`, async ({ page, server }) => {
      // Many states: against hanging, on a busy machine.
      test.setTimeout(120_000);
      await page.setViewportSize({ width: 300, height: 640 });
      const all = states.filter((state) => state.shows === shows);
      for (const [index, state] of all.entries()) {
        if (index === 0) await showState(page, server, state, { lang });
        else await changeState(page, state);
        expect.soft(await page.evaluate(overflowing), state.name).toEqual([]);
      }
      await expect(page.locator('section.pane').first()).toHaveAttribute('lang', lang);
    });
  }
}
