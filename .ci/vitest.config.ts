import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// `source` makes workspace packages resolve to their TypeScript, so tests need no build.
const conditions = ['source', 'import', 'module', 'node', 'default'];

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{server,widget,ivr,demo,asterisk}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    maxWorkers: 2,
    testTimeout: 10_000,
  },
});
