// The built widget, for pages of any origin: module scripts are fetched with CORS, and what they contain is public.
// Names with a hash in them never change; `ringtag.js` is asked for again after five minutes.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MiddlewareHandler } from 'hono';

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  css: 'text/css; charset=utf-8',
  map: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};
/** Best first; the build puts these beside each file. */
const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

/** Serves `/ringtag.js`, `/ringtag-keys.js`, `/custom-elements.json` and what lies in `chunks/` and `assets/` of the folder. */
export function widgetFiles(dir: string): MiddlewareHandler {
  return async (c, next) => {
    const path = /^\/((?:chunks\/|assets\/)?[\w-]+(?:\.[\w-]+)*\.(\w+))$/.exec(c.req.path);
    const [, name = '', extension = ''] = path ?? [];
    const type = TYPES[extension];
    const isHashed = name.includes('/');
    if (type === undefined || (c.req.method !== 'GET' && c.req.method !== 'HEAD')) return next();
    if (!isHashed && !/^(?:ringtag(?:-keys)?\.js(?:\.map)?|custom-elements\.json)$/.test(name)) return next();
    const found = await readBest(join(dir, name), c.req.header('Accept-Encoding') ?? '');
    if (!found) return next();
    const etag = `"${createHash('sha256').update(found.bytes).digest('base64url').slice(0, 22)}"`;
    c.header('Access-Control-Allow-Origin', '*');
    c.header('Cross-Origin-Resource-Policy', 'cross-origin');
    c.header('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'public, max-age=300');
    c.header('Vary', 'Accept-Encoding');
    c.header('ETag', etag);
    if (c.req.header('If-None-Match') === etag) return c.body(null, 304);
    c.header('Content-Type', type);
    if (found.encoding !== undefined) c.header('Content-Encoding', found.encoding);
    return c.body(new Uint8Array(found.bytes));
  };
}

async function readBest(
  file: string,
  accepted: string,
): Promise<{ bytes: Buffer; encoding?: string } | undefined> {
  for (const { name, suffix } of ENCODINGS) {
    if (!accepts(accepted, name)) continue;
    const bytes = await readIfThere(file + suffix);
    if (bytes) return { bytes, encoding: name };
  }
  const bytes = await readIfThere(file);
  return bytes && { bytes };
}

/** RFC 9110 §12.5.3, without the weighing: a coding is taken unless it is absent or refused with `q=0`. */
function accepts(header: string, coding: string): boolean {
  return header.split(',').some((part) => {
    const [name, ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return name === coding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) {
      return undefined;
    }
    throw error;
  }
}
