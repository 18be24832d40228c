// Writes src/elements/{icons,sheet-icons}.ts from lucide-static: only the icons in the lists, as Lit templates. Run after
// changing them.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const lists = {
  icons: [
    'arrow-left-right',
    'chevron-down',
    'chevron-left',
    'circle-alert',
    'ellipsis',
    'globe',
    'grid-3x3',
    'mic',
    'mic-off',
    'pause',
    'phone',
    'phone-forwarded',
    'phone-off',
    'picture-in-picture-2',
    'play',
    'search',
    'square-arrow-out-up-right',
    'user',
    'video',
    'video-off',
    'volume-x',
    'wifi-off',
    'x',
  ],
  // Of what is opened only sometimes: not in the phone.
  'sheet-icons': [
    'chevron-right',
    'circle-minus',
    'circle-dot',
    'log-out',
    'monitor-smartphone',
    'phone-incoming',
    'phone-missed',
    'phone-outgoing',
    'redo',
    'settings',
  ],
  // Of visitors and of people who answer them.
  'conversation/conversation-icons': ['send'],
  // Of people who answer visitors.
  'visits/visit-icons': ['check', 'message-square'],
  // Of visitors, whose pages load nothing of the phone.
  'visitor/visitor-icons': [
    'message-square',
    'mic',
    'mic-off',
    'phone',
    'phone-incoming',
    'phone-off',
    'voicemail',
    'x',
  ],
  // Of those who leave a message, and of those who were answered.
  'visitor/leave-icons': ['send', 'square'],
  'visitor/ended-icons': ['star'],
};

const nodes = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('lucide-static/icon-nodes.json'), 'utf8'),
);
const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
const shape = ([tag, attributes]) =>
  `<${tag} ${Object.entries(attributes)
    .filter(([name]) => name !== 'key')
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')}/>`;

const head = `// Icons of lucide (ISC licence), written by build/icons.mjs. They are decoration: the name is on the button.`;
const withIcon = `import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';

/** A drawing as an icon. */
export function icon(shapes: SVGTemplateResult): TemplateResult {
  return html\`<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">\${shapes}</svg>\`;
}`;
const withVisitorIcon = `import { svg, type TemplateResult } from 'lit';
import { icon } from './visitor-icons.ts';`;
const imports = {
  icons: withIcon,
  'visitor/visitor-icons': withIcon,
  'conversation/conversation-icons': `import { html, svg, type TemplateResult } from 'lit';

const icon = (shapes: ReturnType<typeof svg>) =>
  html\`<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">\${shapes}</svg>\`;`,
  'visitor/leave-icons': withVisitorIcon,
  'visitor/ended-icons': withVisitorIcon,
  'visits/visit-icons': `import { svg, type TemplateResult } from 'lit';
import { icon } from '../icons.ts';`,
  'sheet-icons': `import { svg, type TemplateResult } from 'lit';
import { icon } from './icons.ts';`,
};

for (const [file, names] of Object.entries(lists)) {
  const lines = names.map((name) => `  ${camel(name)}: icon(svg\`${nodes[name].map(shape).join('')}\`),`);
  writeFileSync(
    new URL(`../src/elements/${file}.ts`, import.meta.url),
    `${head}
${imports[file]}

/** Drawn at 20 px with the stroke of the stylesheet. */
export const ${camel(file.replace(/.*\//, ''))} = {
${lines.join('\n')}
} as const satisfies Record<string, TemplateResult>;
`,
  );
}
