#!/usr/bin/env node
// Makes the sentence that ends a visitor's call soon, once for each language of the interface: `<language>/call-ends.wav`
// beside this file. Run by hand when a sentence changes; needs espeak-ng and sox. What it made is kept with the source.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Voices of espeak-ng; the Brazilian one keeps the vowels that a telephone would swallow. */
const SENTENCES = [
  { language: 'en', voice: 'en-gb', text: 'This call ends in thirty seconds.' },
  { language: 'pt', voice: 'pt-br', text: 'Esta chamada termina em trinta segundos.' },
  { language: 'es', voice: 'es', text: 'Esta llamada termina en treinta segundos.' },
  { language: 'fr', voice: 'fr', text: 'Cet appel se termine dans trente secondes.' },
];
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
for (const { language, voice, text } of SENTENCES) {
  const spoken = join(work, `${language}.wav`);
  const plain = join(work, `${language}-8k.wav`);
  execFileSync('espeak-ng', ['-v', voice, '-s', String(WORDS_PER_MINUTE), '-w', spoken, text]);
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
  sox(beep, plain, join(here, language, 'call-ends.wav'));
}
rmSync(work, { recursive: true });
