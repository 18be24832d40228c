// End-to-end tests from the outside: real browsers, a real hub, identity provider and Asterisk. No retries: a call
// that connects at the second try is a bug.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results/e2e',
  // Every worker starts a world of its own; two cores carry no more than one, with two browsers in it.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  forbidOnly: true,
});
