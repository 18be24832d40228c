// Fills the templates of `conf/` and writes them where only this user can read them.
import { access, chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeHoldTone } from './hold-tone.mjs';
import { layOutSounds } from './sounds.mjs';

const TEMPLATES = fileURLToPath(new URL('../conf/', import.meta.url));

/** Written apart from the others: parts of other templates. */
const PARTS = new Set(['modules.list', 'pjsip-udp.conf']);

/** Writes `dir/etc/*.conf`; a placeholder without a value is a fault, not an empty string. */
export async function renderConfiguration(dir, values) {
  const etc = join(dir, 'etc');
  await rm(etc, { recursive: true, force: true });
  await mkdir(etc, { recursive: true, mode: 0o700 });
  for (const name of await readdir(TEMPLATES)) {
    if (PARTS.has(name)) continue;
    const template = await readFile(join(TEMPLATES, name), 'utf8');
    await writeFile(join(etc, name), fill(template, values, name), { mode: 0o600 });
  }
}

/** The optional plain UDP transport. */
export async function renderPart(name, values) {
  return fill(await readFile(join(TEMPLATES, name), 'utf8'), values, name);
}

export function fill(template, values, name) {
  return template.replace(/@([A-Z_]+)@/g, (_, key) => {
    const value = values[key];
    if (value === undefined) throw new Error(`${name} asks for @${key}@, which has no value`);
    if (
      key !== 'UDP_TRANSPORT' &&
      key !== 'MODULE_LINES' &&
      key !== 'ICE_HOST_CANDIDATES' &&
      /[\r\n]/.test(String(value))
    ) {
      throw new Error(`The value of @${key}@ contains a line break`);
    }
    return String(value);
  });
}

/** `load = x.so` for each module that is there; one that is missing without a `?` is a fault. */
export async function moduleLines(modulesDir) {
  const list = await readFile(join(TEMPLATES, 'modules.list'), 'utf8');
  const present = new Set(await readdir(modulesDir));
  const lines = [];
  for (const word of list.replace(/^#.*$/gm, '').split(/\s+/)) {
    if (word === '') continue;
    const name = `${word.replace('?', '')}.so`;
    if (present.has(name)) lines.push(`load = ${name}`);
    else if (!word.endsWith('?')) throw new Error(`This Asterisk lacks the module ${name}.`);
  }
  return lines.join('\n');
}

/** Directories of one instance, and links to what is only read from the installation. */
export async function layOut(dir, dataDir) {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
  for (const name of [
    'lib',
    'lib/keys',
    'lib/hold',
    'tls',
    'spool',
    'run',
    'log',
    'log/cdr-custom',
    'log/cel-custom',
  ]) {
    await mkdir(join(dir, name), { recursive: true, mode: 0o700 });
  }
  await writeHoldTone(join(dir, 'lib', 'hold', 'hold.sln'));
  await layOutSounds(join(dir, 'lib', 'sounds'));
  for (const name of ['documentation', 'rest-api']) {
    const link = join(dir, 'lib', name);
    await rm(link, { force: true });
    if (
      await access(join(dataDir, name)).then(
        () => true,
        () => false,
      )
    )
      await symlink(join(dataDir, name), link);
  }
}
