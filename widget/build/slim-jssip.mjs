// Leaves out of JsSIP what the phone does not use, puts smaller parts with the same results in the place of some
// (`jssip/`), and makes modules of the rest, so that unused functions fall away as well. Made for the files of one
// release: fails at the first that differs.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { withoutMembers } from './cut.mjs';
import { CUTS, MADE_FOR, REASONS } from './jssip/cuts.mjs';
import { compactGrammar } from './jssip/grammar.mjs';

const require = createRequire(import.meta.url);
const lib = dirname(require.resolve('jssip')) + sep;
const sourceOf = (file) => readFileSync(lib + file, 'utf8');
const own = (file) => readFileSync(new URL(`jssip/${file}`, import.meta.url), 'utf8');

const ENTRY = `export { default as UA } from './UA.js';`;
const LOG_LINE = /^(\s*)logger\w*\.(?:debug|warn|error)\((?:[^;]|\n)*?\);$/gm;
const LOGGER = /^const (?:Logger = require|logger\w* = new Logger)\(.*\);\n/gm;

/** Files in whose place comes another, see `slimmed`. */
const REPLACED = [
  'Config.js',
  'Constants.js',
  'Exceptions.js',
  'Grammar.js',
  'JsSIP.js',
  'Socket.js',
  'Timers.js',
];

/** What the phone tells others that it serves (RFC 3261 §20.5). */
const ALLOWED_METHODS = 'INVITE,ACK,CANCEL,BYE,UPDATE,NOTIFY';

/** Lists of constants by what files call them; `C` is the file's own. */
const constants = {
  JsSIP_C: { ...require(`${lib}Constants.js`), ALLOWED_METHODS },
  Timers: require(`${lib}Timers.js`),
  'Transactions.C': constantsOf('Transactions.js'),
  'Dialog.C': constantsOf('Dialog.js'),
  'UA.C': constantsOf('UA.js'),
};

export const slimJsSip = {
  name: 'slim-jssip',
  buildStart() {
    const hash = createHash('sha256');
    for (const file of [...REPLACED, ...Object.keys(CUTS)]) hash.update(sourceOf(file));
    const found = hash.digest('hex').slice(0, 16);
    if (found !== MADE_FOR) this.error(`JsSIP is no longer the one that the build slims (${found})`);
  },
  load(id) {
    if (/[\\/]events[\\/]events\.js$/.test(id)) return own('events.js');
    if (/[\\/]sdp-transform[\\/]lib[\\/]index\.js$/.test(id)) return own('sdp-transform.js');
    if (!id.startsWith(lib)) return null;
    return slimmed(id.slice(lib.length).replaceAll('\\', '/'));
  },
};

/** A module in the place of one file of JsSIP. */
export function slimmed(file) {
  switch (file) {
    case 'JsSIP.js':
      return ENTRY;
    case 'Config.js':
      return own('Config.js');
    case 'Constants.js':
      return constantsModule();
    case 'Exceptions.js':
      return 'export class InvalidStateError extends Error {} export { InvalidStateError as NotSupportedError };';
    case 'Grammar.js':
      return compactGrammar(sourceOf(file));
    default:
      return cut(file);
  }
}

function cut(file) {
  if (!(file in CUTS)) throw new Error(`JsSIP's ${file} was not needed when the build was made to slim it`);
  const { members = '', edits = [] } = CUTS[file];
  let code = sourceOf(file).replace(LOGGER, '').replace(LOG_LINE, '$1;');
  code = withoutMembers(code, members.split(/\s+/).filter(Boolean), file);
  for (const [from, to] of edits) {
    const edited = code.replace(from, to);
    if (edited === code) throw new Error(`JsSIP's ${file} has nothing like ${from}`);
    code = edited;
  }
  if (/\blogger\w*\./.test(code))
    throw new Error(`JsSIP's ${file} logs in a way that the build does not see`);
  return toModule(withConstants(code, file));
}

function constantsOf(file) {
  const [, list] = /^const C = (\{[\s\S]*?^\});/m.exec(sourceOf(file));
  return Object.fromEntries(
    [...list.matchAll(/(\w+): (\d+|'\w+')/g)].map(([, name, value]) => [
      name,
      JSON.parse(value.replaceAll("'", '"')),
    ]),
  );
}

/** Names of numbers and strings become these. */
function withConstants(code, file) {
  const lists = { ...constants };
  if (/^const C = \{/m.test(code)) lists.C = constantsOf(file);
  let inlined = lists.C ? code.replace(/^const C = \{[\s\S]*?^\};\n/m, '') : code;
  for (const [list, values] of Object.entries(lists)) {
    const name = new RegExp(`(?<![\\w.])${list.replace('.', '\\.')}\\.(?:(causes)\\.)?(\\w+)`, 'g');
    inlined = inlined.replace(name, (whole, causes, key) => {
      const value = (causes ? values.causes : values)[key];
      return /^(?:number|string)$/.test(typeof value) ? JSON.stringify(value) : whole;
    });
  }
  return inlined;
}

/** Those lists that are looked up by value; of the reasons only what the phone may send. */
function constantsModule() {
  const { causes, SIP_ERROR_CAUSES, REASON_PHRASE } = constants.JsSIP_C;
  const byCause = Object.entries(SIP_ERROR_CAUSES).map(([name, codes]) => [causes[name], codes]);
  const reasons = REASONS.map((code) => [code, REASON_PHRASE[code]]);
  return `export const SIP_ERROR_CAUSES = ${JSON.stringify(Object.fromEntries(byCause))};
    export const REASON_PHRASE = ${JSON.stringify(Object.fromEntries(reasons))};`;
}

function toModule(code) {
  const module = code
    .replace(/^"use strict";\n/, '')
    .replace(
      /^const EventEmitter = require\('events'\)\.EventEmitter;/m,
      "import { EventEmitter } from 'events';",
    )
    .replace(/^const (\w+) = require\('(\w[^']*)'\);/gm, "import * as $1 from '$2';")
    .replace(/^const (\w+) = require\('(\.[^']*)'\);/gm, (_, name, path) => {
      const one = /^module\.exports = (?:class|\(m,)/m.test(sourceOf(`${path.replace(/^\.+\//, '')}.js`));
      return `import ${one ? '' : '* as '}${name} from '${path}.js';`;
    })
    .replace(/^module\.exports = \{\n(?: +C,\n)?/m, 'export {\n')
    .replace(/^module\.exports = /m, 'export default ');
  const body = module.replace(/^import .*\n/gm, '');
  // Whose constants were all there was of interest.
  return module.replace(/^import (?:\* as )?(\w+) from .*\n/gm, (line, name) =>
    new RegExp(`\\b${name}(?:\\.\\w|\\()|(?:extends|instanceof) ${name}\\b`).test(body) ? line : '',
  );
}
