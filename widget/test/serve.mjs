// Serves test pages on loopback: the harness bundle, the built script tag, and any page a test asks for.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

async function bundle() {
  const result = await build({
    entryPoints: [here('harness.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    conditions: ['source', 'browser'],
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
    logLevel: 'error',
  });
  return result.outputFiles[0].text;
}

/** Starts on a free port; `pages` maps paths to `{body, headers}` and may be changed at any time. */
export async function serve(pages = new Map()) {
  const harness = await bundle();
  const server = createServer((request, response) => void answer(request, response, harness, pages));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return { url: `http://127.0.0.1:${port}`, pages, close: () => new Promise((done) => server.close(done)) };
}

async function answer(request, response, harness, pages) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const page = pages.get(pathname);
  try {
    if (page !== undefined)
      send(response, page.body, { 'content-type': 'text/html; charset=utf-8', ...page.headers });
    else if (pathname === '/harness.js') send(response, harness, { 'content-type': 'text/javascript' });
    else if (/^\/(ringtag(-keys)?\.js|chunks\/[\w.-]+\.js)$/.test(pathname)) {
      const body = await readFile(here(`../dist${pathname}`), 'utf8');
      send(response, body, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' });
    } else send(response, 'not found', { 'content-type': 'text/plain' }, 404);
  } catch {
    send(response, 'not found', { 'content-type': 'text/plain' }, 404);
  }
}

function send(response, body, headers, status = 200) {
  response.writeHead(status, headers);
  response.end(body);
}
