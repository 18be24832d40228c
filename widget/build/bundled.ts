// A library as the build slims it, as one module that Node can run: for tests.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import nodeResolve from '@rollup/plugin-node-resolve';
import { type Plugin, rollup } from 'rollup';

/** Those of the build (`rollup.config.mjs`). */
const CONDITIONS = ['browser', 'import', 'module', 'production', 'default'];

/** Not minified, so that private names are those of the original. */
export async function bundled<Module>(input: string, slim: Plugin): Promise<Module> {
  const plugins = [slim, nodeResolve({ browser: true, preferBuiltins: false, exportConditions: CONDITIONS })];
  const bundle = await rollup({ input, plugins, onwarn: () => {} });
  const { output } = await bundle.generate({ format: 'es' });
  const file = join(mkdtempSync(join(tmpdir(), 'bundled-')), 'bundle.mjs');
  writeFileSync(file, output[0].code);
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Module;
}
