import type { Page } from '@playwright/test';
import { enterVisit, showState } from '../shots/stage.mjs';
import { visitorStates } from '../shots/visitor-states.mjs';
import { axeProblems, expect, type TestServer, test } from './browser.ts';
import { overflowing } from './overflowing.ts';

/** So few that axe is done with them long before the time of a test is over, also on a busy machine. */
const STATES_A_PAGE = 4;
const groups = Array.from({ length: Math.ceil(visitorStates.length / STATES_A_PAGE) }, (_, index) =>
  visitorStates.slice(index * STATES_A_PAGE, (index + 1) * STATES_A_PAGE),
);

async function lookAtAll(page: Page, server: TestServer, states: typeof visitorStates): Promise<void> {
  for (const [index, state] of states.entries()) {
    await page.emulateMedia({ colorScheme: 'light' });
    if (index === 0) await showState(page, server, state);
    else await enterVisit(page, state, 'en');
    expect.soft(await axeProblems(page), state.name).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect.soft(await axeProblems(page, 'color-contrast'), `${state.name} in dark`).toEqual([]);
    expect.soft(await page.evaluate(overflowing), `${state.name} at 300 px`).toEqual([]);
  }
}

for (const [index, group] of groups.entries()) {
  test(`in light, in dark and at 300 px, axe finds nothing and nothing sticks out of a visitor's card, part ${index + 1}`, async ({
    page,
    server,
  }) => {
    await page.setViewportSize({ width: 300, height: 640 });
    await lookAtAll(page, server, group);
  });
}

for (const lang of ['pt', 'es', 'fr']) {
  test(`nothing sticks out of a visitor's card at 300 px in ${lang}, nor from right to left`, async ({
    page,
    server,
  }) => {
    await page.setViewportSize({ width: 300, height: 640 });
    for (const [index, state] of visitorStates.entries()) {
      if (index === 0) await showState(page, server, state, { lang, dir: lang === 'pt' ? 'rtl' : 'ltr' });
      else await enterVisit(page, state, lang);
      expect.soft(await page.evaluate(overflowing), state.name).toEqual([]);
    }
  });
}

/** Buttons in the card whose words take more than one line. */
function wrapped(): string[] {
  const roots: ParentNode[] = [document];
  const found: string[] = [];
  for (let root = roots.pop(); root; root = roots.pop()) {
    for (const element of root.querySelectorAll<HTMLElement>('*')) {
      if (element.shadowRoot) roots.push(element.shadowRoot);
      if (element.matches('.button') && element.offsetHeight > 50) found.push(element.textContent.trim());
    }
  }
  return found;
}

for (const lang of ['en', 'pt', 'es', 'fr']) {
  test(`at 320 px the words of every button of a visitor's card take one line in ${lang}`, async ({
    page,
    server,
  }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    for (const [index, state] of visitorStates.entries()) {
      if (index === 0) await showState(page, server, state, { lang });
      else await enterVisit(page, state, lang);
      expect.soft(await page.evaluate(wrapped), state.name).toEqual([]);
    }
  });
}
