// Measures what a page has to download, refuses to build more than the budgets, and puts compressed copies beside
// the files. `dist/sizes.json` is what the benchmark reads.
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const LOADER_BROTLI_BYTES = 5_000;
const PHONE_GZIP_BYTES = 100_000;
/** Pages opened before a release still ask for its chunks this long (decision 12). */
const OLD_CHUNKS_MS = 30 * 24 * 3_600_000;
/** Loaded only where custom elements are missing; not part of the phone. */
const POLYFILL = /webcomponents/;

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
        files[name] = { bytes: bytes.length, gzipBytes: gz.length, brotliBytes: br.length };
      }
      if (!('ringtag.js' in files)) return;
      await report.call(this, dist, files);
      await dropOldChunks(join(dist, 'chunks'));
    },
  };
}

async function report(dist, files) {
  const phone = Object.entries(files).filter(([name]) => !POLYFILL.test(name));
  const sizes = {
    loaderBrotliBytes: files['ringtag.js'].brotliBytes,
    phoneGzipBytes: phone.reduce((sum, [, file]) => sum + file.gzipBytes, 0),
    limits: { loaderBrotliBytes: LOADER_BROTLI_BYTES, phoneGzipBytes: PHONE_GZIP_BYTES },
    files,
  };
  await writeFile(join(dist, 'sizes.json'), `${JSON.stringify(sizes, null, 2)}\n`);
  if (sizes.loaderBrotliBytes > LOADER_BROTLI_BYTES) {
    this.error(`the loader is ${sizes.loaderBrotliBytes} bytes in brotli, over its ${LOADER_BROTLI_BYTES}`);
  }
  if (sizes.phoneGzipBytes > PHONE_GZIP_BYTES) {
    this.error(`the whole phone is ${sizes.phoneGzipBytes} bytes in gzip, over its ${PHONE_GZIP_BYTES}`);
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
