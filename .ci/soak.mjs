// `npm run soak`: gets what is missing, builds, and runs what takes minutes. Arguments go on: --minutes N.
import { join } from 'node:path';
import { installAsterisk, installBrowsers, installPackages } from './prepare.mjs';
import { root, run } from './run-step.mjs';

await installPackages();
await installBrowsers();
await installAsterisk();
await run('build', 'node', ['.ci/build.mjs'], { quiet: true });
const soak = [join(root, 'demo/dist/soak/main.js'), ...process.argv.slice(2)];
process.exit(await run('soak', process.execPath, soak, { quiet: true, allowFailure: true }));
