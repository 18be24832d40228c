// Screenshots of every state in light and dark, at three widths, in each language, into `.shots/`: to be looked at
// after each change of the interface. `node .ci/shots.mjs [part of a state's name]`; `SHOTS_LANGUAGES=en` leaves
// the other languages out.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { serve } from '../test/serve.mjs';
import { showState } from './stage.mjs';
import { states as phoneStates } from './states.mjs';
import { visitorStates } from './visitor-states.mjs';

const states = [...phoneStates, ...visitorStates];
const out = fileURLToPath(new URL('../../.shots/', import.meta.url));
const widths = [320, 360, 768];
const schemes = ['light', 'dark'];
const languages = (process.env.SHOTS_LANGUAGES ?? 'en,pt,es,fr').split(',');
const only = process.argv[2] ?? '';

const server = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--autoplay-policy=no-user-gesture-required'],
});
if (only === '') await rm(out, { recursive: true, force: true });
let count = 0;
try {
  for (const language of languages) {
    for (const width of widths) await shootAll(language, width);
  }
  await writeFile(`${out}index.html`, index());
} finally {
  await browser.close();
  await server.close();
}
process.stdout.write(`${count} screenshots in .shots/, index.html shows them side by side\n`);

async function shootAll(language, width) {
  for (const scheme of schemes) {
    const folder = `${out}${language}/${width}-${scheme}/`;
    await mkdir(folder, { recursive: true });
    const context = await browser.newContext({
      viewport: { width, height: 640 },
      colorScheme: scheme,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    for (const state of states.filter(({ name }) => name.includes(only))) {
      await showState(page, server, state, { lang: language });
      await page.screenshot({ path: `${folder}${state.name}.png` });
      count += 1;
    }
    await context.close();
  }
}

function index() {
  const rows = states.flatMap(({ name }) =>
    languages.map((language) => {
      const images = widths.flatMap((width) =>
        schemes.map(
          (scheme) => `<img loading="lazy" src="${language}/${width}-${scheme}/${name}.png" alt="">`,
        ),
      );
      return `<h2>${name} (${language})</h2><div>${images.join('')}</div>`;
    }),
  );
  return `<!doctype html><meta charset="utf-8"><title>Ringtag in every state</title>
<style>body{font-family:system-ui;margin:24px}div{display:flex;gap:12px;overflow:auto}img{border:1px solid #ccc;block-size:480px}</style>
${rows.join('\n')}`;
}
