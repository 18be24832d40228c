// Makes the private tree: a small Debian with Asterisk inside one cache folder. Nothing else on the machine changes,
// except that `mmdebstrap` itself is installed where it is missing.
import { spawn } from 'node:child_process';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findAsterisk, findTree, treePath } from './find.mjs';

const INSTALL_TIMEOUT_MS = 15 * 60_000;

export async function installAsterisk({ env = process.env, log = () => {} } = {}) {
  const found = await findAsterisk(env);
  if (found) {
    log(`Asterisk ${found.version} (${found.origin === 'path' ? 'on PATH' : treePath(env)})`);
    return found;
  }
  await refuseWhereImpossible();
  if (!(await succeeds('mmdebstrap', ['--version'], env))) {
    log('Getting mmdebstrap …');
    await attempt('apt-get', ['update', '-q'], { env, log });
    await attempt('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'mmdebstrap'], { env, log });
  }
  return makeTree(treePath(env), { env, log });
}

async function refuseWhereImpossible() {
  if (process.platform !== 'linux')
    throw new Error('No Asterisk 22.2 or later is on PATH, and only Linux can get one here.');
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!/^ID(_LIKE)?=.*(debian|ubuntu)/m.test(system)) {
    throw new Error(
      'No Asterisk 22.2 or later is on PATH, and this is neither Debian nor Ubuntu: install one yourself.',
    );
  }
  if (process.getuid?.() !== 0) {
    throw new Error('No Asterisk 22.2 or later is on PATH; as root, asterisk/install can get one.');
  }
}

/** Made beside its place and renamed, so that a tree that exists is a whole one. */
async function makeTree(tree, { env, log }) {
  const unfinished = `${tree}.tmp`;
  await mkdir(dirname(tree), { recursive: true });
  await rm(unfinished, { recursive: true, force: true });
  log(`Making a private Asterisk in ${tree} (about 350 MB, under a minute with a good network) …`);
  try {
    await attempt(
      'mmdebstrap',
      [
        '--variant=apt',
        // A mirror may be some weeks old.
        '--aptopt=Acquire::Check-Valid-Until "false"',
        '--include=asterisk,ca-certificates',
        '--components=main',
        'sid',
        unfinished,
      ],
      { env, log },
    );
    await rename(unfinished, tree);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw cause;
  }
  const found = await findTree(tree);
  if (!found) throw new Error(`The Asterisk in ${tree} does not run on this machine.`);
  log(`Asterisk ${found.version} (${tree})`);
  return found;
}

/** Rejects with one sentence that carries the command's last words. */
function attempt(command, args, { env, log }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } });
    const timer = setTimeout(() => child.kill(), INSTALL_TIMEOUT_MS);
    let last = '';
    const hear = (chunk) => {
      for (const line of String(chunk).split('\n')) {
        if (line.trim() === '') continue;
        last = line.trim();
        if (/^I: /.test(last)) log(`  ${last.slice(3)}`);
      }
    };
    const settle = (problem) => {
      clearTimeout(timer);
      if (problem === undefined) resolve();
      else reject(new Error(`No Asterisk could be had: ${command} ${problem}.`));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', (cause) => settle(`could not be started (${cause.code ?? cause.message})`));
    child.on('exit', (code) => settle(code === 0 ? undefined : `ended with ${code ?? 'a signal'} (${last})`));
  });
}

function succeeds(command, args, env) {
  return attempt(command, args, { env, log: () => {} }).then(
    () => true,
    () => false,
  );
}
