// Writes `dist/custom-elements.json`: the public elements as their TSDoc describes them, for editors and readers
// (custom-elements-manifest schema 1.0.0). Runs after rollup; the private elements are left out.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const widget = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const cli = join(dirname(require.resolve('@custom-elements-manifest/analyzer/package.json')), 'cem.js');
const elements = [
  'src/elements/launcher/launcher.ts',
  'src/elements/phone/phone-element.ts',
  'src/elements/call/call-element.ts',
  'src/elements/surface.ts',
  'src/elements/themed.ts',
];

execFileSync(process.execPath, [cli, 'analyze', '--quiet', '--outdir', 'dist', '--globs', ...elements], {
  cwd: widget,
  stdio: ['ignore', 'ignore', 'inherit'],
});

const file = join(widget, 'dist', 'custom-elements.json');
const manifest = JSON.parse(readFileSync(file, 'utf8'));
/** What another file of ours needs, and no page. */
const internal = new Set([
  'adoptedStyleSheets',
  'button',
  'className',
  'dock',
  'hidden',
  'language',
  'mountedPanes',
  'onclick',
  'opener',
  'refresh',
  'root',
  'say',
  'show',
  'showFace',
  'type',
  'warm',
]);
for (const module of manifest.modules) {
  module.declarations = module.declarations.filter(({ tagName }) => tagName !== undefined);
  module.exports = module.exports.filter(({ declaration }) =>
    module.declarations.some(({ name }) => name === declaration.name),
  );
  for (const element of module.declarations) {
    element.members = element.members.filter(
      ({ name, privacy, static: isStatic }) => !isStatic && privacy === undefined && !internal.has(name),
    );
    element.events = element.events.filter(({ name }) => name.startsWith('ringtag-'));
  }
}
manifest.modules = manifest.modules.filter(({ declarations }) => declarations.length > 0);
const tags = manifest.modules
  .flatMap(({ declarations }) => declarations ?? [])
  .flatMap(({ tagName }) => tagName ?? []);
for (const tag of ['ringtag-call', 'ringtag-launcher', 'ringtag-phone']) {
  if (!tags.includes(tag)) throw new Error(`the manifest lacks <${tag}>`);
}
writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
