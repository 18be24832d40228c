// `npm run demo`: checks, installs, builds and starts. Plain Node without dependencies, because it runs before
// anything is installed; what it starts lives in `src/main.ts`.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMPS = join(ROOT, 'node_modules', '.cache', 'ringtag-demo.json');
const USAGE = `npm run demo [-- --port 4000] [--reset] [--no-telephone]

  --port N         first of six ports (default 4000)
  --reset          forget everything that earlier runs kept in .ringtag/
  --no-telephone   do not look for an Asterisk`;

/** Ends with one sentence on stderr; nothing else has to be read to know what to do. */
class Sentence extends Error {}

function options(argv) {
  const found = { port: 4000, reset: false, telephone: true };
  const rest = [...argv];
  while (rest.length > 0) {
    const arg = rest.shift();
    if (arg === '--port' || arg.startsWith('--port=')) {
      const text = arg === '--port' ? rest.shift() : arg.slice('--port='.length);
      found.port = Number(text);
      if (!Number.isInteger(found.port) || found.port < 1 || found.port > 65_530) {
        throw new Sentence(`--port takes a number from 1 to 65530, not "${text ?? ''}".`);
      }
    } else if (arg === '--reset') found.reset = true;
    else if (arg === '--no-telephone') found.telephone = false;
    else if (arg === '--help' || arg === '-h') {
      console.log(USAGE);
      process.exit(0);
    } else throw new Sentence(`There is no option "${arg}".\n\n${USAGE}`);
  }
  return found;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Sentence(
    `Ringtag needs Node 20.19 or later; this is ${process.versions.node}. Get one from https://nodejs.org`,
  );
}

function stamps() {
  try {
    return JSON.parse(readFileSync(STAMPS, 'utf8'));
  } catch {
    return {};
  }
}

function stamp(change) {
  mkdirSync(dirname(STAMPS), { recursive: true });
  writeFileSync(STAMPS, JSON.stringify({ ...stamps(), ...change }));
}

let running;

/** Runs a step, showing its last line of output and the time, so that waiting is never silent. */
function step(title, command, args) {
  return new Promise((resolve, reject) => {
    const began = Date.now();
    const output = [];
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    running = child;
    const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
    const last = () => (output.at(-1) ?? '').trim().split('\n').at(-1).slice(0, 70);
    console.log(`· ${title}`);
    const ticker = setInterval(() => console.log(`  … ${seconds()} ${last()}`), 5_000);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => output.push(String(chunk)));
    child.on('error', (error) => {
      clearInterval(ticker);
      reject(error);
    });
    child.on('close', (code) => {
      clearInterval(ticker);
      running = undefined;
      if (code === 0) {
        console.log(`  done in ${seconds()}`);
        resolve();
      } else reject(Object.assign(new Error(`${title} failed`), { output: output.join('') }));
    });
  });
}

async function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  const present =
    existsSync(join(ROOT, 'node_modules', 'hono')) && existsSync(join(ROOT, 'node_modules', 'oidc-provider'));
  const known = stamps().lock;
  if (present && known === lock) return;
  // Installed by hand before the first run: trust npm's own record when it is newer than the lock file.
  const record = join(ROOT, 'node_modules', '.package-lock.json');
  const lockFile = join(ROOT, 'package-lock.json');
  if (present && !known && existsSync(record) && statSync(record).mtimeMs >= statSync(lockFile).mtimeMs)
    return stamp({ lock });
  try {
    await step('Installing packages (first run: about half a minute)', 'npm', [
      'ci',
      '--no-audit',
      '--no-fund',
      '--loglevel=http',
      '--fetch-retries=1',
      '--fetch-retry-mintimeout=2000',
    ]);
  } catch (error) {
    if (error.code === 'ENOENT')
      throw new Sentence('npm was not found; it comes with Node. Install it and run this again.');
    if (
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|network/i.test(error.output ?? '')
    ) {
      throw new Sentence(
        'The packages could not be downloaded: the npm registry cannot be reached. Connect to the network and run this again.',
      );
    }
    throw new Sentence(`The packages could not be installed. npm said:\n\n${tail(error.output)}`);
  }
  stamp({ lock, sources: '' });
}

function tail(text = '') {
  return text
    .trim()
    .split('\n')
    .filter((line) => !/^npm http/.test(line))
    .slice(-25)
    .join('\n');
}

const SOURCES = [
  'server',
  'widget',
  'demo',
  'ivr',
  'browser-extension',
  '.ci',
  'package.json',
  'tsconfig.json',
];
const SKIPPED = new Set([
  'node_modules',
  'dist',
  '.cache',
  '.shots',
  'test-results',
  'playwright-report',
  'e2e',
  'shots',
  'test',
]);

function hashSources() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const info = statSync(path);
    if (info.isDirectory()) {
      for (const entry of readdirSync(path).sort()) if (!SKIPPED.has(entry)) visit(join(path, entry));
    } else if (/\.(ts|mjs|js|json|svg|css|html)$/.test(path) && !path.endsWith('.test.ts')) {
      hash.update(relative(ROOT, path)).update('\0').update(readFileSync(path)).update('\0');
    }
  };
  for (const source of SOURCES) if (existsSync(join(ROOT, source))) visit(join(ROOT, source));
  return hash.digest('hex');
}

async function build() {
  const sources = hashSources();
  const outputs = ['demo/dist/src/main.js', 'server/dist/src/main.js', 'widget/dist/ringtag.js'];
  if (stamps().sources === sources && outputs.every((file) => existsSync(join(ROOT, file)))) return;
  try {
    await step('Building', process.execPath, [join(ROOT, '.ci', 'build.mjs')]);
  } catch (error) {
    throw new Sentence(`The build failed:\n\n${tail(error.output)}`);
  }
  stamp({ sources });
}

let demo;
let stopping = false;

async function stop(code) {
  if (stopping) return;
  stopping = true;
  // Whatever hangs, nothing is left after this.
  setTimeout(() => process.exit(code || 1), 12_000).unref();
  running?.kill('SIGTERM');
  await demo?.stop();
  process.exit(code);
}

/** Started by npm: when npm is gone without a word (its terminal was killed), so are we. */
function followParent() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(0), 1_000).unref();
}

async function main() {
  checkNode();
  const { port, reset, telephone } = options(process.argv.slice(2));
  const dataDir = join(ROOT, '.ringtag');
  if (reset) rmSync(dataDir, { recursive: true, force: true });
  await install();
  await build();
  const { runDemo } = await import('./dist/src/main.js');
  if (stopping) return;
  demo = await runDemo({ basePort: port, dataDir, telephone });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal === 'SIGINT' && !stopping) console.log('\nStopping…');
    void stop(0);
  });
}
followParent();
main().catch((error) => {
  // `runDemo` rejects with sentences too; a stack helps only where it is a fault of our own.
  const said =
    error instanceof Sentence || process.env.RINGTAG_DEBUG === undefined ? error.message : error.stack;
  console.error(`\n${said}`);
  void stop(1);
});
