// Measures what a page has to download, refuses to build more than the budgets, and puts compressed copies beside
// the files. Every chunk is part of the phone or an extra named here. `dist/sizes.json` is what the benchmark reads.
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const LOADER_BROTLI_BYTES = 5_000;
const PHONE_GZIP_BYTES = 100_000;
const EXTRA_GZIP_BYTES = 6_000;

/**
 * Chunks that whoever signed in downloads to be ready, ring and talk, by room or by telephone: the loader, the phone,
 * what it shares with visitors' cards, Socket.IO (its folder's name) and JsSIP. Together they have one limit.
 */
const PHONE = new Set(['ringtag', 'app', 'base', 'typing', 'esm', 'JsSIP']);

/**
 * Chunks that only visitors download, each with its limit; `proof` under load alone, `leave` to leave a message,
 * `ended` after it, `chat` for those who write, `kept` at the press or where the page before has left something,
 * `place` for those who say where they are, `site-challenge` where the operator chose a service, `listed` where the
 * hub does not answer.
 */
const VISITOR = {
  visitor: 12_000,
  'call-leg': 2_000,
  proof: 2_000,
  leave: 3_000,
  ended: 1_500,
  chat: 1_500,
  kept: 1_000,
  'site-challenge': 1_000,
  listed: 1_000,
  place: 1_000,
  en: 2_500,
};
/** Those that a visitor who calls has downloaded, beyond the loader. */
const CALLING = new Set(['visitor', 'call-leg', 'kept', 'en', 'base', 'JsSIP']);
const CALLING_GZIP_BYTES = 50_000;

/** Chunks that only an intent of their own brings, by the name of the module that is imported, each with its limit. */
const EXTRAS = {
  pt: EXTRA_GZIP_BYTES,
  es: EXTRA_GZIP_BYTES,
  fr: EXTRA_GZIP_BYTES,
  settings: EXTRA_GZIP_BYTES,
  format: EXTRA_GZIP_BYTES,
  recent: EXTRA_GZIP_BYTES,
  menu: EXTRA_GZIP_BYTES,
  // Of who is signed out.
  'sign-in': EXTRA_GZIP_BYTES,
  decline: EXTRA_GZIP_BYTES,
  'alerts-offer': EXTRA_GZIP_BYTES,
  transfer: EXTRA_GZIP_BYTES,
  // What those and the settings share: English texts and icons.
  sheets: EXTRA_GZIP_BYTES,
  'sheet-icons': EXTRA_GZIP_BYTES,
  insight: EXTRA_GZIP_BYTES,
  devices: EXTRA_GZIP_BYTES,
  mend: EXTRA_GZIP_BYTES,
  'pop-out': EXTRA_GZIP_BYTES,
  // Calls in front of a modal dialog of the page.
  above: EXTRA_GZIP_BYTES,
  // The chat: of those who answer visitors, and of visitors who chat.
  conversation: 2_500,
  // Of those who answer visitors, and of nobody else: the store, its requests, and two elements.
  visits: 10_000,
  'visit-notes': 2_000,
};

/** Loaded only where custom elements are missing; measured, without a limit. */
const POLYFILL = 'polyfill';
/** Pages opened before a release still ask for its chunks this long (decision 12). */
const OLD_CHUNKS_MS = 30 * 24 * 3_600_000;

const compressors = {
  gz: (bytes) => gzipSync(bytes, { level: 9 }),
  br: (bytes) =>
    brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
};

export function budget(dist) {
  return {
    name: 'budget',
    async writeBundle(_options, bundle) {
      const files = {};
      for (const [name, output] of Object.entries(bundle)) {
        if (!name.endsWith('.js')) continue;
        const bytes = Buffer.from(output.code);
        const gz = compressors.gz(bytes);
        const br = compressors.br(bytes);
        await writeFile(join(dist, `${name}.gz`), gz);
        await writeFile(join(dist, `${name}.br`), br);
        files[name] = {
          part: partOf(output),
          bytes: bytes.length,
          gzipBytes: gz.length,
          brotliBytes: br.length,
        };
      }
      if (!('ringtag.js' in files)) return;
      const sizes = sum(files, bundle);
      await writeFile(join(dist, 'sizes.json'), `${JSON.stringify(sizes, null, 2)}\n`);
      for (const fault of faults(sizes, bundle)) this.error(fault);
      await dropOldChunks(join(dist, 'chunks'));
    },
  };
}

function partOf({ name }) {
  if (PHONE.has(name)) return 'phone';
  if (name in EXTRAS) return 'extra';
  if (name in VISITOR) return 'visitor';
  return name === POLYFILL ? 'polyfill' : undefined;
}

function sum(files, bundle) {
  const gzipOf = (wanted) =>
    Object.values(files).reduce((bytes, { part, gzipBytes }) => bytes + (part === wanted ? gzipBytes : 0), 0);
  const phoneGzipBytes = gzipOf('phone');
  const extrasGzipBytes = gzipOf('extra');
  const visitorGzipBytes = Object.entries(files).reduce(
    (bytes, [file, { gzipBytes }]) => bytes + (CALLING.has(bundle[file]?.name) ? gzipBytes : 0),
    0,
  );
  return {
    loaderBrotliBytes: files['ringtag.js'].brotliBytes,
    phoneGzipBytes,
    extrasGzipBytes,
    visitorGzipBytes,
    allGzipBytes: phoneGzipBytes + extrasGzipBytes,
    limits: {
      loaderBrotliBytes: LOADER_BROTLI_BYTES,
      phoneGzipBytes: PHONE_GZIP_BYTES,
      extraGzipBytes: EXTRAS,
      visitorGzipBytes: CALLING_GZIP_BYTES,
    },
    files,
  };
}

function* faults({ loaderBrotliBytes, phoneGzipBytes, visitorGzipBytes, files }, bundle) {
  if (loaderBrotliBytes > LOADER_BROTLI_BYTES) {
    yield `the loader is ${loaderBrotliBytes} bytes in brotli, over its ${LOADER_BROTLI_BYTES}`;
  }
  if (phoneGzipBytes > PHONE_GZIP_BYTES) {
    yield `the whole phone is ${phoneGzipBytes} bytes in gzip, over its ${PHONE_GZIP_BYTES}`;
  }
  if (visitorGzipBytes > CALLING_GZIP_BYTES) {
    yield `a calling visitor loads ${visitorGzipBytes} bytes in gzip, over ${CALLING_GZIP_BYTES}`;
  }
  for (const [file, { part, gzipBytes }] of Object.entries(files)) {
    const { name, imports } = bundle[file];
    if (part === undefined) yield `${file} has no budget: name "${name}" in widget/build/budget.mjs`;
    if (part === 'extra' && gzipBytes > EXTRAS[name]) {
      yield `${file} is ${gzipBytes} bytes in gzip, over its ${EXTRAS[name]}`;
    }
    if (part === 'visitor' && gzipBytes > VISITOR[name]) {
      yield `${file} is ${gzipBytes} bytes in gzip, over its ${VISITOR[name]}`;
    }
    const brought = part === 'phone' ? imports.find((other) => files[other]?.part === 'extra') : undefined;
    if (brought) yield `${file} brings ${brought} along, which is no extra then`;
  }
}

async function dropOldChunks(folder) {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > OLD_CHUNKS_MS) await rm(file);
  }
}
