// What is spoken to a visitor before the call is cut. The installation's voices are linked by language; where it has none
// for a language, the first of the three words is a tone, and the rest is said in English.
import { access, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writeHoldTone } from './hold-tone.mjs';

/** Languages of the interface. */
const LANGUAGES = ['en', 'pt', 'es', 'fr'];

/** Every voice of Asterisk has this file. */
const PROBE = 'digits/1';

/** Lays out `sounds/<language>` for one instance. Debian packs a voice as `en_US_f_Allison`; its `en` may lead nowhere. */
export async function layOutSounds(sounds, installed) {
  await rm(sounds, { recursive: true, force: true });
  await mkdir(sounds, { recursive: true, mode: 0o700 });
  const names = (await readdir(installed).catch(() => [])).sort();
  for (const language of LANGUAGES) {
    const own = names.filter((name) => name === language || name.startsWith(`${language}_`));
    const voice = await firstVoice(own.map((name) => join(installed, name)));
    if (voice) await symlink(voice, join(sounds, language));
    else await writeTone(join(sounds, language));
  }
}

async function firstVoice(folders) {
  for (const folder of folders) {
    for (const format of ['gsm', 'wav', 'g722', 'ulaw', 'sln16']) {
      if (await exists(join(folder, `${PROBE}.${format}`))) return folder;
    }
  }
  return undefined;
}

/** In place of "you have"; "thirty" and "seconds" are looked for in English where they are not here. */
async function writeTone(folder) {
  await mkdir(folder, { mode: 0o700 });
  await writeHoldTone(join(folder, 'vm-youhave.sln'), { ms: 1_200 });
}

function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
