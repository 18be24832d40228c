// Writes src/elements/icons.ts from lucide-static: only the icons in the list, as Lit templates. Run after changing it.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const names = [
  'circle-alert',
  'grid-3x3',
  'log-out',
  'mic',
  'mic-off',
  'pause',
  'phone',
  'phone-forwarded',
  'phone-off',
  'play',
  'search',
  'user',
  'video',
  'video-off',
  'volume-x',
  'wifi-off',
  'x',
];

const nodes = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('lucide-static/icon-nodes.json'), 'utf8'),
);
const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
const shape = ([tag, attributes]) =>
  `<${tag} ${Object.entries(attributes)
    .filter(([name]) => name !== 'key')
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')}/>`;

const lines = names.map((name) => `  ${camel(name)}: icon(svg\`${nodes[name].map(shape).join('')}\`),`);
writeFileSync(
  new URL('../src/elements/icons.ts', import.meta.url),
  `// Icons of lucide (ISC licence), written by build/icons.mjs. They are decoration: the name is on the button.
import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';

function icon(shapes: SVGTemplateResult): TemplateResult {
  return html\`<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">\${shapes}</svg>\`;
}

/** Drawn at 20 px with the stroke of the stylesheet. */
export const icons = {
${lines.join('\n')}
} as const satisfies Record<string, TemplateResult>;
`,
);
