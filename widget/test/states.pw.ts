import { showState } from '../shots/stage.mjs';
import { axeProblems, expect, states, test } from './browser.ts';

for (const state of states) {
  test(`${state.name} passes axe in light and dark and fits 320 px`, async ({ page, server }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.emulateMedia({ colorScheme: 'light' });
    await showState(page, server, state);
    expect(await axeProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeProblems(page, 'color-contrast')).toEqual([]);
    expect(await page.evaluate(overflowing)).toEqual([]);
  });
}

/** Elements that stick out of the page sideways, in all shadow roots. */
function overflowing(): string[] {
  const found: string[] = [];
  const visit = (root: Document | ShadowRoot) => {
    for (const element of root.querySelectorAll('*')) {
      const { left, right, width } = element.getBoundingClientRect();
      if (width > 1 && (right > innerWidth + 0.5 || left < -0.5))
        found.push(`${element.localName}.${element.className}`);
      if (element.shadowRoot !== null) visit(element.shadowRoot);
    }
  };
  visit(document);
  if (document.documentElement.scrollWidth > innerWidth) found.push('page');
  return found;
}
