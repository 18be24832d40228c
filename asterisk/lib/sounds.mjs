// What is spoken to a visitor and to who talks with him before the call is cut: one sentence in four languages, which
// lies in ../sounds. What voices the installation has does not matter.
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Languages of the interface. */
const LANGUAGES = ['en', 'pt', 'es', 'fr'];

const OWN = fileURLToPath(new URL('../sounds', import.meta.url));

/** Lays out `sounds/<language>` for one instance. */
export async function layOutSounds(sounds) {
  await rm(sounds, { recursive: true, force: true });
  await mkdir(sounds, { recursive: true, mode: 0o700 });
  for (const language of LANGUAGES) await symlink(join(OWN, language), join(sounds, language));
}
