// What a page has to download, as the build measured it. The build itself refuses to go over the budgets.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoRoot } from '../src/sites/site.ts';
import type { Finding } from './row.ts';

export const SIZE_IDS = [
  'loader-brotli-bytes',
  'phone-gzip-bytes',
  'phone-extras-gzip-bytes',
  'phone-all-gzip-bytes',
] as const;

interface Sizes {
  readonly loaderBrotliBytes: number;
  readonly phoneGzipBytes: number;
  readonly extrasGzipBytes: number;
  readonly allGzipBytes: number;
  readonly files: Readonly<Record<string, { readonly part: string; readonly gzipBytes: number }>>;
}

export async function measureSizes(): Promise<Finding[]> {
  const file = join(demoRoot(), '..', 'widget', 'dist', 'sizes.json');
  const sizes = JSON.parse(await readFile(file, 'utf8')) as Sizes;
  return [
    bytes('loader-brotli-bytes', sizes.loaderBrotliBytes),
    bytes('phone-gzip-bytes', sizes.phoneGzipBytes, filesOf(sizes, 'phone')),
    bytes('phone-extras-gzip-bytes', sizes.extrasGzipBytes, filesOf(sizes, 'extra')),
    bytes('phone-all-gzip-bytes', sizes.allGzipBytes),
  ];
}

function bytes(id: (typeof SIZE_IDS)[number], value: number, files: readonly string[] = []): Finding {
  const row = { id, value, unit: 'bytes', n: 1 } as const;
  return files.length > 0 ? { row, notes: [`gzip by file: ${files.join(', ')}`] } : { row };
}

function filesOf({ files }: Sizes, wanted: 'phone' | 'extra'): string[] {
  return Object.entries(files)
    .filter(([, { part }]) => part === wanted)
    .map(([name, { gzipBytes }]) => `${name.replace(/^chunks\/|-[\w-]{8}(?=\.js)/g, '')} ${gzipBytes}`);
}
