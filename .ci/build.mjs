// Builds everything that runs: types and servers by tsc, browser bundles by rollup (which fails over the size budgets).
import { run } from './run-step.mjs';

await run('types and servers', 'npx', ['tsc', '-b']);
await run('widget', 'npm', ['run', 'build', '--silent', '-w', '@ringtag/widget']);
