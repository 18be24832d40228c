// Builds the script tag: `dist/ringtag.js` and the chunks it loads on demand, and `dist/ringtag-keys.js` for pages
// that want the keyboard guard before anything else. Fails on a bare import left in an output and over the budgets.
import { fileURLToPath } from 'node:url';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import nodeResolve from '@rollup/plugin-node-resolve';
import { transform } from 'esbuild';
import { budget } from './build/budget.mjs';
import { INNER } from './build/jssip/cuts.mjs';
import { slimJsSip } from './build/slim-jssip.mjs';
import { slimSocketIo } from './build/slim-socket-io.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = 'es2022';

/** Style sheets in templates, `css` or marked by a comment; `${…}` in one would be a syntax error of CSS, and is told. */
const STYLE_SHEET = /(css|\/\* css \*\/ )`([^`]*)`/g;

/** What esbuild leaves as it was written: spaces in the values of custom properties and in what it does not know. */
const tight = (css) =>
  css
    .trim()
    .replace(/(?<=[,(]) +| +(?=\))/g, '')
    .replace(/(--[\w-]+): (?=[^;}])/g, '$1:');

const styleSheets = {
  name: 'style-sheets',
  async transform(code, id) {
    if (!/[\\/]src[\\/]elements[\\/].*\.ts$/.test(id)) return null;
    const sheets = await Promise.all(
      [...code.matchAll(STYLE_SHEET)].map(([, , css]) => transform(css, { loader: 'css', minify: true })),
    );
    for (const { warnings } of sheets) for (const { text } of warnings) this.error(text);
    return {
      code: code.replace(STYLE_SHEET, (_, tag) => `${tag}\`${tight(sheets.shift().code)}\``),
      map: null,
    };
  },
};

/** TypeScript in, JavaScript out; minified chunk by chunk. */
const esbuild = {
  name: 'esbuild',
  async transform(code, id) {
    if (!id.endsWith('.ts')) return null;
    const tsconfigRaw = { compilerOptions: { useDefineForClassFields: true } };
    const markup = /[\\/]src[\\/]elements[\\/]/.test(id);
    const { code: js } = await transform(code, {
      loader: 'ts',
      target,
      tsconfigRaw,
      sourcefile: id,
      minifyWhitespace: markup,
    });
    // What is left of line breaks there is in the templates of markup and style, where one space means the same. Not
    // so elsewhere: what a device signs and what SIP says have lines that count.
    return { code: markup ? js.trim().replace(/\n\s*/g, ' ') : js, map: null };
  },
  async renderChunk(code, chunk) {
    const format = chunk.isEntry && chunk.name === 'ringtag-keys' ? 'iife' : 'esm';
    // JsSIP's own names; nothing outside this chunk sees them. Not so Socket.IO's: with its names mangled it connects
    // once and never again.
    const mangle = chunk.name === 'JsSIP' ? { mangleProps: INNER } : {};
    const minified = await transform(code, {
      minify: true,
      target,
      format,
      // A module is UTF-8 wherever it is served; a plain script is what its page says.
      charset: format === 'esm' ? 'utf8' : 'ascii',
      legalComments: 'none',
      ...mangle,
    });
    return { code: minified.code.trim(), map: null };
  },
};

/** A page with a Lit of its own has a policy `lit-html` already, and its CSP may allow only `ringtag` (decision 13). */
const trustedTypesName = {
  name: 'trusted-types-name',
  transform(code, id) {
    if (!/lit-html\/(development\/)?lit-html\.js$/.test(id)) return null;
    const renamed = code.replace(/createPolicy\((["'])lit-html\1/, 'createPolicy("ringtag"');
    if (renamed === code) this.error('lit-html no longer creates its policy the way the build renames it');
    return { code: renamed, map: null };
  },
};

/** On a slow line each answer takes long: what a visitor's card imports is asked for along with it, not after it. */
const besideTheCard = {
  name: 'beside-the-card',
  renderDynamicImport({ targetModuleId, getTargetChunkImports }) {
    if (!/[\\/]visitor[\\/]visitor\.ts$/.test(targetModuleId ?? '')) return null;
    const paths = (getTargetChunkImports() ?? []).map(({ resolvedImportPath }) => resolvedImportPath);
    // The tag itself is there.
    const missing = paths.filter((path) => !/\bringtag\.js/.test(path));
    return {
      left: `(${missing.map((path) => `import(${path}).catch(()=>{}),`).join('')}import(`,
      right: '))',
    };
  },
};

const noBareImports = {
  name: 'no-bare-imports',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const bare = [...chunk.imports, ...chunk.dynamicImports].filter((name) => !(name in bundle));
      if (bare.length > 0)
        this.error(`${chunk.fileName} imports ${bare.join(', ')}, which no page can resolve`);
    }
  },
};

const plugins = () => [
  trustedTypesName,
  slimJsSip,
  slimSocketIo,
  nodeResolve({
    browser: true,
    // JsSIP wants the `events` package, not Node's own module of that name.
    preferBuiltins: false,
    exportConditions: ['source', 'browser', 'import', 'module', 'production', 'default'],
    extensions: ['.ts', '.mjs', '.js', '.json'],
  }),
  // The polyfill is a plain script; as a module of its own kind it would share helpers with JsSIP in a chunk more.
  commonjs({ extensions: ['.js', '.cjs'], exclude: /webcomponentsjs/ }),
  json(),
  styleSheets,
  esbuild,
  besideTheCard,
  noBareImports,
];

function onwarn(warning, warn) {
  if (warning.code === 'UNRESOLVED_IMPORT' || warning.code === 'MISSING_EXPORT')
    throw new Error(warning.message);
  if (warning.code === 'CIRCULAR_DEPENDENCY' && /node_modules/.test(warning.message)) return;
  if (warning.code === 'THIS_IS_UNDEFINED') return;
  warn(warning);
}

/** What the phone and a visitor's card both need is a chunk of its own, so that neither loads the other. */
const SHARED = new RegExp(
  [
    'node_modules/(lit/index|lit-html/(lit-html|is-server)|lit-element/lit-element|@lit/reactive-element/(css-tag|reactive-element))',
    'server/protocol/limits',
    'widget/src/call/(clock|errors|media|state|path-watch|self-watch)',
    'widget/src/host/(devices-chosen|sound|tones)',
    'widget/src/hub/(base64url|reach)',
    'widget/src/elements/(clock|tokens)',
    'widget/src/sip/(?!line)[^/]+',
  ]
    .map((path) => `/${path}\\.[jt]s$`)
    .join('|'),
);

export default [
  {
    input: { ringtag: here('src/loader.ts') },
    onwarn,
    moduleContext: (id) => (id.includes('webcomponentsjs') ? 'self' : undefined),
    plugins: [...plugins(), budget(here('dist'))],
    preserveEntrySignatures: false,
    output: {
      dir: here('dist'),
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      hashCharacters: 'base36',
      onlyExplicitManualChunks: true,
      // What the bundler writes itself, such as around a part of a chunk, in as few bytes as what we write.
      generatedCode: { arrowFunctions: true, constBindings: true, objectShorthand: true },
      manualChunks: (id) => (SHARED.test(id.replaceAll('\\', '/')) ? 'base' : undefined),
    },
  },
  {
    input: { 'ringtag-keys': here('src/host/keys-first.ts') },
    onwarn,
    plugins: [...plugins(), budget(here('dist'))],
    output: { dir: here('dist'), format: 'es', entryFileNames: '[name].js' },
  },
];
