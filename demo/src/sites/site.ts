// Serves one demo site: its page with the addresses of this run filled in, and its files. Every page carries a
// strict nonce CSP with Trusted Types, widened by exactly what the README says Ringtag needs.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { type Listening, listenOnLoopback } from '../listen.ts';
import { peopleCards } from './cards.ts';
import { instrumentSvg, isArticle } from './instruments.ts';
import { shopLanguage, shopValues } from './shop.ts';

export type SiteName = 'webmail' | 'intranet' | 'public';

export interface SiteOptions {
  readonly name: SiteName;
  /** First label of the site's `.localhost` name. */
  readonly host: string;
  readonly port: number;
  readonly hubOrigin: string;
  /** Origins of sip-gate's WebSocket, `ws://…`. */
  readonly gateOrigins: readonly string[];
  readonly photoOrigin: string;
  /** What a form of the page's own asks for, by its path. */
  readonly onPost?: Readonly<Record<string, (form: URLSearchParams) => Promise<boolean>>>;
}

export interface Site extends Listening {
  readonly origin: string;
}

/** Trusted Types policies of the page itself; Ringtag's own is called `ringtag`. */
const OWN_POLICIES: Record<SiteName, string> = { webmail: 'webmail-body', intranet: '', public: '' };

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The directory of the demo's package, from the sources as well as from the build. */
export function demoRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}

/** The policy of a page that carries Ringtag. The three lines with `hub`, and nothing else, are Ringtag's. */
export function pagePolicy(options: SiteOptions, nonce: string): string {
  const hub = options.hubOrigin;
  const hubSocket = hub.replace(/^http/, 'ws');
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' ${hub}`,
    `connect-src 'self' ${hub} ${hubSocket} ${options.gateOrigins.join(' ')}`.trim(),
    `img-src 'self' data: ${hub} ${options.photoOrigin}`,
    `style-src 'self' 'nonce-${nonce}'`,
    "media-src 'self' blob:",
    ...(options.name === 'public' ? ['worker-src blob:'] : []),
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ringtag ${OWN_POLICIES[options.name]}`.trim(),
  ].join('; ');
}

async function page(options: SiteOptions, { nonce, url, accepted }: Asked): Promise<string> {
  const html = await readFile(join(demoRoot(), 'sites', options.name, 'index.html'), 'utf8');
  const lang = shopLanguage(url.searchParams.get('lang'), accepted);
  const values: Record<string, string> = {
    NONCE: nonce,
    HUB: options.hubOrigin,
    PHOTOS: `${options.photoOrigin}/photos`,
    CARDS: options.name === 'intranet' ? peopleCards(`${options.photoOrigin}/photos`) : '',
    ...(options.name === 'public' ? shopValues(lang, url.searchParams.get('article')) : {}),
  };
  const own = options.name === 'public' ? html.replace('<html lang="en">', `<html lang="${lang}">`) : html;
  return own.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

interface Asked {
  readonly nonce: string;
  readonly url: URL;
  /** The browser's languages. */
  readonly accepted: string | undefined;
}

function siteApp(options: SiteOptions): Hono {
  const app = new Hono();
  app.get('/:path{(index\\.html|people|mail/.*)?}', async (c) => {
    const nonce = randomBytes(16).toString('base64');
    const asked = { nonce, url: new URL(c.req.url), accepted: c.req.header('accept-language') };
    return c.html(await page(options, asked), 200, {
      'Content-Security-Policy': pagePolicy(options, nonce),
      'Referrer-Policy': 'strict-origin-when-cross-origin',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    });
  });
  for (const [path, take] of Object.entries(options.onPost ?? {})) {
    app.post(path, async (c) => {
      // Another site's form would come with a word of its own here (Fetch Metadata).
      if (c.req.header('sec-fetch-site') !== 'same-origin') return c.text('Not from here.', 403);
      if (await take(new URLSearchParams(await c.req.text()))) return c.redirect('/', 303);
      return c.text('That did not work.', 502);
    });
  }
  if (options.name === 'public') {
    app.get('/pictures/:file{[a-z-]+\\.svg}', (c) => {
      const article = c.req.param('file').slice(0, -'.svg'.length);
      if (!isArticle(article)) return c.notFound();
      return c.body(instrumentSvg(article), 200, { 'Content-Type': 'image/svg+xml' });
    });
  }
  app.get('/assets/:file{[\\w-]+\\.(css|js|svg)}', async (c) => {
    const file = c.req.param('file');
    // Scripts come from the build; everything else is served as it lies.
    const folder = file.endsWith('.js') ? join('dist', 'sites') : 'sites';
    const body = await readFile(join(demoRoot(), folder, options.name, file)).catch(() => undefined);
    if (!body) return c.notFound();
    return c.body(new Uint8Array(body), 200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-cache',
    });
  });
  return app;
}

/** Serves the site on loopback at `http://HOST.localhost:PORT`. */
export async function startSite(options: SiteOptions): Promise<Site> {
  const server = createServer(getRequestListener(siteApp(options).fetch));
  const listening = await listenOnLoopback(server, options.port);
  return { ...listening, origin: `http://${options.host}.localhost:${listening.port}` };
}
