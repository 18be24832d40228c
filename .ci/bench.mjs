// `npm run bench`: gets what is missing, builds what is stale, measures. Arguments go on: --json, --only id,id.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { installAsterisk, installBrowsers, installPackages } from './prepare.mjs';
import { root, run } from './run-step.mjs';

function newest(path) {
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((entry) => newest(join(path, entry))));
}

/** Types cost half a second when fresh; only the bundles need to be asked. */
function widgetIsStale() {
  const sizes = join(root, 'widget/dist/sizes.json');
  if (!existsSync(sizes)) return true;
  const sources = ['widget/src', 'widget/build', 'widget/rollup.config.mjs', 'server/protocol'];
  return sources.some((path) => newest(join(root, path)) > statSync(sizes).mtimeMs);
}

await installPackages();
await installBrowsers();
await installAsterisk();
await run('types and servers', 'npx', ['tsc', '-b']);
if (widgetIsStale()) await run('widget', 'npm', ['run', 'build', '--silent', '-w', '@ringtag/widget']);
const code = await run(
  'benchmarks',
  process.execPath,
  [join(root, 'demo/dist/bench/main.js'), ...process.argv.slice(2)],
  {
    quiet: true,
    allowFailure: true,
  },
);
process.exit(code);
