// What a page has to download, as the build measured it. The build itself refuses to go over the budgets.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoRoot } from '../src/sites/site.ts';
import type { Finding } from './row.ts';

interface Sizes {
  readonly loaderBrotliBytes: number;
  readonly phoneGzipBytes: number;
  readonly files: Readonly<Record<string, { readonly gzipBytes: number }>>;
}

export async function measureSizes(): Promise<Finding[]> {
  const file = join(demoRoot(), '..', 'widget', 'dist', 'sizes.json');
  const sizes = JSON.parse(await readFile(file, 'utf8')) as Sizes;
  const parts = Object.entries(sizes.files)
    .filter(([name]) => !name.includes('webcomponents'))
    .map(([name, { gzipBytes }]) => `${name.replace(/^chunks\/|-[\w-]{8}(?=\.js)/g, '')} ${gzipBytes}`);
  return [
    { row: { id: 'loader-brotli-bytes', value: sizes.loaderBrotliBytes, unit: 'bytes', n: 1 } },
    {
      row: { id: 'phone-gzip-bytes', value: sizes.phoneGzipBytes, unit: 'bytes', n: 1 },
      notes: [`gzip by file: ${parts.join(', ')}`],
    },
  ];
}
