// What the browser tests share: a server of test pages for each worker, and an axe run that sees into shadow roots.
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { changeState, showState } from '../shots/stage.mjs';
import { states } from '../shots/states.mjs';
import type { Harness } from './harness.ts';
import { serve } from './serve.mjs';

export interface TestServer {
  readonly url: string;
  readonly pages: Map<string, { body: string; headers?: Record<string, string> }>;
}

export const test = base.extend<object, { server: TestServer }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern.
    async ({}, use) => {
      const server = await serve();
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
});
export { expect, states };

/** Shows one of the states of `shots/states.mjs`. */
export async function show(
  page: Page,
  server: TestServer,
  name: string,
  options: object = {},
): Promise<void> {
  await showState(page, server, stateOf(name), options);
}

/** Shows another state on the same page. */
export async function change(page: Page, name: string): Promise<void> {
  await changeState(page, stateOf(name));
}

function stateOf(name: string) {
  const state = states.find((candidate) => candidate.name === name);
  if (state === undefined) throw new Error(`no state ${name}`);
  return state;
}

/** Opens a page of the test's own, with the harness and, unless told not to, the elements defined. */
export async function openPage(page: Page, server: TestServer, body: string, head = ''): Promise<void> {
  const path = `/page-${Math.random().toString(36).slice(2)}`;
  server.pages.set(path, {
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>${head}
<script src="/harness.js"></script></head><body>${body}</body></html>`,
  });
  await page.goto(server.url + path);
  await page.evaluate(() => window.harness.define());
}

/** What axe finds in our elements, in all their shadow roots; of one rule only where that is all that can have changed. */
export async function axeProblems(page: Page, rule?: string): Promise<readonly string[]> {
  // Without legacy mode each run opens a page of its own, for frames; our elements have none.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  for (const element of ['ringtag-phone', 'ringtag-launcher', 'ringtag-call']) {
    if ((await page.locator(element).count()) > 0) axe.include(element);
  }
  if (rule === undefined) axe.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']);
  else axe.withRules([rule]);
  const { violations } = await axe.analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`,
  );
}

/** Commands that the fake phone was given, without the searches. */
export function commands(page: Page): Promise<unknown[][]> {
  return page.evaluate(() => window.harness.phone.commands.filter(([name]) => name !== 'search'));
}

export function setPhone(page: Page, change: (harness: Harness) => void): Promise<void> {
  return page.evaluate(`(${change.toString()})(window.harness)`);
}
