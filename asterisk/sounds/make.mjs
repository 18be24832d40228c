#!/usr/bin/env node
// Makes what is spoken in visitors' calls, once for each language of the interface: `<language>/<sentence>.wav` beside
// this file. Run by hand when a sentence changes; needs espeak-ng and sox. What it made is kept with the source.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Voices of espeak-ng; the Brazilian one keeps the vowels that a telephone would swallow. */
const VOICES = { en: 'en-gb', pt: 'pt-br', es: 'es', fr: 'fr' };
const SENTENCES = {
  'call-ends': {
    en: 'This call ends in thirty seconds.',
    pt: 'Esta chamada termina em trinta segundos.',
    es: 'Esta llamada termina en treinta segundos.',
    fr: 'Cet appel se termine dans trente secondes.',
  },
  // Where fewer than thirty are left when somebody answers.
  'call-ends-soon': {
    en: 'This call ends in a few seconds.',
    pt: 'Esta chamada termina em poucos segundos.',
    es: 'Esta llamada termina en pocos segundos.',
    fr: 'Cet appel se termine dans quelques secondes.',
  },
  'call-lost': {
    en: 'We lost the connection. We are calling again.',
    pt: 'A ligação caiu. Vamos chamar de novo.',
    es: 'Se cortó la conexión. Volvemos a llamar.',
    fr: 'La connexion a été coupée. Nous rappelons.',
  },
};
const WORDS_PER_MINUTE = 145;

const here = dirname(fileURLToPath(import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'ringtag-sounds-'));
const sox = (...args) => execFileSync('sox', ['-D', '-V1', ...args]);
// A soft tone first, so that nobody misses the first word.
const beep = join(work, 'beep.wav');
sox(
  '-n',
  '-r',
  '8000',
  '-b',
  '16',
  '-c',
  '1',
  beep,
  'synth',
  '0.2',
  'sine',
  '520',
  'fade',
  't',
  '0.02',
  '0.2',
  '0.02',
  'gain',
  '-14',
  'pad',
  '0',
  '0.15',
);
function say(name, language, text) {
  const spoken = join(work, 'spoken.wav');
  const plain = join(work, 'plain.wav');
  const words = ['-v', VOICES[language], '-s', String(WORDS_PER_MINUTE), '-w', spoken, text];
  execFileSync('espeak-ng', words);
  // The band of a telephone, without the silence around it, as loud as people speak.
  const trim = ['silence', '1', '0.01', '0.5%', 'reverse', 'silence', '1', '0.01', '0.5%', 'reverse'];
  sox(
    spoken,
    '-r',
    '8000',
    '-b',
    '16',
    '-c',
    '1',
    plain,
    'rate',
    '8000',
    'highpass',
    '200',
    ...trim,
    'gain',
    '-n',
    '-3',
  );
  mkdirSync(join(here, language), { recursive: true });
  sox(beep, plain, join(here, language, `${name}.wav`));
}
for (const [name, texts] of Object.entries(SENTENCES))
  for (const [language, text] of Object.entries(texts)) say(name, language, text);
rmSync(work, { recursive: true });
