// End-to-end tests from the outside: real browsers, a real hub, identity provider and Asterisk. No retries: a call
// that connects at the second try is a bug.
import { defineConfig } from '@playwright/test';

/** What mostly waits: for timers, for somebody who does not answer, for what was broken to come back. */
const WAITING = [
  ...['**/survival/*.spec.ts', '**/calls/not-now.spec.ts', '**/{quality,records,ringing}.spec.ts'],
  '**/public/queue.spec.ts',
];

export default defineConfig({
  testDir: 'e2e',
  outputDir: '../test-results/e2e',
  // Every worker starts a world of its own, and two cores carry no more than two. One of them waits, beside one that
  // computes; when there is nothing left to wait for, both compute.
  workers: 2,
  projects: [
    { name: 'waiting', testMatch: WAITING, workers: 1 },
    { name: 'calling', testMatch: '**/*.spec.ts', testIgnore: WAITING },
  ],
  retries: 0,
  // Against hanging, not a measure: two share what one had.
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  forbidOnly: true,
});
