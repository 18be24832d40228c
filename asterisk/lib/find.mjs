// Looks for an Asterisk that is recent enough: on PATH, or in the private tree that `install` makes.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** 22.2 brought `password_digest`. */
const OLDEST = [22, 2];

/** Where `install` puts the private tree. */
export function treePath(env = process.env) {
  const cache = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return join(cache, 'ringtag', 'asterisk', 'tree');
}

/** @returns {number[] | null} major and minor of `Asterisk 22.10.1~dfsg…`, `Asterisk certified/22.8-cert1` */
export function parseVersion(text) {
  const match = /Asterisk (?:certified[/-])?(\d+)\.(\d+)/.exec(text);
  return match ? [Number(match[1]), Number(match[2])] : null;
}

export function isRecentEnough(version) {
  return (
    version !== null && (version[0] > OLDEST[0] || (version[0] === OLDEST[0] && version[1] >= OLDEST[1]))
  );
}

export async function findAsterisk(env = process.env) {
  return (await findOnPath(env)) ?? (await findTree(treePath(env)));
}

async function findOnPath(env) {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const program = join(folder, 'asterisk');
    if (folder === '' || !(await exists(program, constants.X_OK))) continue;
    const version = await versionOf([program]);
    if (!version) continue;
    const modulesDir = await firstExisting([
      ...(await matching('/usr/lib', (triplet) => join(triplet, 'asterisk', 'modules'))),
      '/usr/lib/asterisk/modules',
      '/usr/lib64/asterisk/modules',
      '/usr/local/lib/asterisk/modules',
    ]);
    const dataDir = await firstExisting([
      '/usr/share/asterisk',
      '/var/lib/asterisk',
      '/usr/local/share/asterisk',
    ]);
    if (modulesDir && dataDir) return { version, origin: 'path', command: [program], modulesDir, dataDir };
  }
  return null;
}

/** The tree is a whole small Debian; its own dynamic loader runs its Asterisk, so no chroot and no root is needed. */
export async function findTree(tree) {
  const program = join(tree, 'usr/sbin/asterisk');
  if (!(await exists(program, constants.X_OK))) return null;
  const loaders = await matching(join(tree, 'usr/lib'), (lib) => lib);
  for (const lib of loaders) {
    const loader = (await readdir(lib)).find((name) => /^ld-linux.*\.so\.\d+$/.test(name));
    if (!loader) continue;
    const libraryPath = [lib, join(lib, 'pulseaudio')].join(':');
    const command = [join(lib, loader), '--library-path', libraryPath, '--argv0', 'asterisk', program];
    const modulesDir = await firstExisting([
      join(lib, 'asterisk/modules'),
      join(tree, 'usr/lib/asterisk/modules'),
    ]);
    const version = await versionOf(command);
    if (modulesDir && version) {
      return { version, origin: 'tree', command, modulesDir, dataDir: join(tree, 'usr/share/asterisk') };
    }
  }
  return null;
}

async function versionOf(command) {
  try {
    const [program, ...args] = command;
    const { stdout } = await run(program, [...args, '-V'], { timeout: 10_000 });
    return isRecentEnough(parseVersion(stdout)) ? stdout.trim().replace(/^Asterisk /, '') : null;
  } catch {
    return null;
  }
}

async function matching(folder, toPath) {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('-linux-gnu'));
    return names.map((name) => toPath(join(folder, name)));
  } catch {
    return [];
  }
}

async function firstExisting(paths) {
  for (const path of paths) if (await exists(path, constants.R_OK)) return path;
  return null;
}

async function exists(path, mode) {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
