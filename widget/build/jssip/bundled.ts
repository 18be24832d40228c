// One file of JsSIP as the build slims it, with all that it needs, as a module that Node can run: for tests.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import nodeResolve from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import { slimJsSip } from '../slim-jssip.mjs';

/** Not minified, so that private names are those of the original. */
export async function bundled<Module>(input: string): Promise<Module> {
  const plugins = [slimJsSip, nodeResolve({ browser: true, preferBuiltins: false })];
  const bundle = await rollup({ input, plugins, onwarn: () => {} });
  const { output } = await bundle.generate({ format: 'es' });
  const file = join(mkdtempSync(join(tmpdir(), 'jssip-')), 'bundle.mjs');
  writeFileSync(file, output[0].code);
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Module;
}
