// What the browser tests share: a server of test pages for each worker, and an axe run that sees into shadow roots.
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { showState } from '../shots/stage.mjs';
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
  const state = states.find((candidate) => candidate.name === name);
  if (state === undefined) throw new Error(`no state ${name}`);
  await showState(page, server, state, options);
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

/** What axe finds, in all shadow roots; of one rule only where that is all that can have changed. */
export async function axeProblems(page: Page, rule?: string): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page });
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
