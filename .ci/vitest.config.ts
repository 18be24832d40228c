import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// `source` makes workspace packages resolve to their TypeScript, so tests need no build. `import` must not be listed:
// vitest hands these to Node as --conditions, and a CommonJS package's require('ws') would then get the ESM wrapper.
const conditions = ['source', 'module', 'node'];

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{server,widget,ivr,demo,asterisk}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    maxWorkers: 2,
    // Guards against hanging alone; a promise that names a time has a limit of its own.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A second, as it would be, is too short for what goes over real sockets on a busy machine.
    expect: { poll: { timeout: 15_000 } },
  },
});
