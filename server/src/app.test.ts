// What every request goes through, over the wire of a whole hub.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from './platform/logger.ts';
import { ALICE, HUB, MAIL, startTestHub, type TestHub } from './testing/hub.ts';

let world: TestHub;
let widgetDir: string;
const lines: string[] = [];

beforeAll(async () => {
  widgetDir = await mkdtemp(join(tmpdir(), 'ringtag-widget-'));
  await mkdir(join(widgetDir, 'chunks'));
  await writeFile(join(widgetDir, 'ringtag.js'), 'export {};');
  await writeFile(join(widgetDir, 'ringtag.js.br'), 'compressed');
  await writeFile(join(widgetDir, 'ringtag-keys.js'), 'void 0;');
  await writeFile(join(widgetDir, 'chunks', 'phone-B1c2.js'), 'export const phone = 1;');
  await writeFile(join(widgetDir, 'sizes.json'), '{}');
  const logger = createLogger({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  world = await startTestHub({ env: { WIDGET_DIR: widgetDir }, logger });
});
afterAll(async () => {
  await world.close();
  await rm(widgetDir, { recursive: true, force: true });
});

describe('CORS', () => {
  const preflight = (origin: string) =>
    world.api('/api/people', {
      method: 'OPTIONS',
      origin,
      headers: { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'authorization' },
    });

  test('answers the preflight of an allowed origin, by name and without credentials', async () => {
    const { status, headers } = await preflight(MAIL);
    expect(status).toBe(204);
    expect(headers.get('Access-Control-Allow-Origin')).toBe(MAIL);
    expect(headers.get('Access-Control-Allow-Headers')).toBe('Authorization, Content-Type, Ringtag-Protocol');
    expect(headers.get('Access-Control-Allow-Credentials')).toBeNull();
    expect(headers.get('Vary')).toContain('Origin');
  });

  test.each(['https://evil.example', 'null', `${MAIL}0`])('refuses the preflight of %s', async (origin) => {
    const { status, headers, body } = await preflight(origin);
    expect([status, body.code]).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
    expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  test('lets an allowed page read refusals as well', async () => {
    const { status, headers } = await world.api('/api/me', { origin: MAIL });
    expect(status).toBe(401);
    expect(headers.get('Access-Control-Allow-Origin')).toBe(MAIL);
  });

  test('no answer of the API is ever stored by a browser, which need not ask for that itself', async () => {
    const device = await world.signIn(ALICE);
    const { status, headers } = await world.api('/api/me', { origin: MAIL, bearer: device.grant.bearer });
    expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
  });
});

describe('refusals', () => {
  test('an unknown path is NOT_FOUND as problem+json', async () => {
    const { status, headers, body } = await world.api('/api/nothing', { origin: MAIL });
    expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
    expect(headers.get('Content-Type')).toBe('application/problem+json');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  });

  test('a body of another media type is INVALID_INPUT', async () => {
    const headers = { 'Content-Type': 'text/plain' };
    const answer = await world.api('/api/sessions', { origin: MAIL, body: '{}', headers });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
  });
});

describe('headers', () => {
  test.each(['/healthz', '/api/me', '/api/nothing', '/auth/start', '/auth/callback', '/openapi.json'])(
    'of %s let nobody frame it, tell nobody where it was, and keep the opener',
    async (path) => {
      const { headers } = await world.api(path, {});
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
      expect(headers.get('X-Frame-Options')).toBe('DENY');
      // Under `no-referrer` the forms of a page would post without their origin.
      expect(headers.get('Referrer-Policy')).toBe(path === '/auth/callback' ? 'same-origin' : 'no-referrer');
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin');
      expect(headers.get('Cross-Origin-Opener-Policy')).toBeNull();
    },
  );

  test('of the widget bind the pages that load it to nothing', async () => {
    const { headers } = await world.api('/ringtag.js', {});
    expect(headers.get('Content-Security-Policy')).toBeNull();
    expect(headers.get('X-Frame-Options')).toBeNull();
  });
});

describe('operation', () => {
  test('/healthz and /readyz answer, and what is not configured is not missing', async () => {
    expect((await world.api('/healthz', {})).body).toBe('ok');
    expect((await world.api('/readyz', {})).body).toEqual({
      ready: true,
      missing: [],
      parts: { storage: 'up', identityProvider: 'up', pbx: 'absent' },
    });
  });

  test('/metrics counts requests by route pattern', async () => {
    await world.api('/api/people/u-somebody/reach', { origin: MAIL });
    const { body } = await world.api('/metrics', {});
    expect(body).toContain('route="/api/people/:id/reach",status="401"');
    expect(body).toContain('ringtag_devices 0');
    expect(body).toContain('ringtag_pbx_available 0');
    expect(body).toContain('ringtag_calls{state="ringing"} 0');
    expect(body).toMatch(
      /ringtag_http_refusals_total\{route="\/api\/people\/:id\/reach",code="SIGNED_OUT"\} [1-9]/,
    );
    expect(body).not.toContain('u-somebody');
  });

  test('/openapi.json describes every route, in OpenAPI 3.1', async () => {
    const { body } = await world.api('/openapi.json', {});
    expect(body.openapi).toBe('3.1.0');
    const described = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    // Each of those has its own test of what it answers; here that they are told of.
    const isOfPublic = (route: string) => / \/api\/(?:public|visits|admin)\//.test(route);
    expect(described).toEqual(
      expect.arrayContaining([
        ...['get /api/public/destinations/{id}', 'post /api/public/tickets'],
        ...['post /api/public/visits', 'get /api/public/visits/{id}/events'],
        ...['messages', 'rating', 'call', 'end', 'left', 'voice'].map(
          (what) => `post /api/public/visits/{id}/${what}`,
        ),
        ...['get /api/visits', 'get /api/visits/{id}', 'post /api/visits/{id}/messages'],
        ...['post /api/visits/{id}/end', 'get /api/visits/left', 'put /api/visits/left/{id}'],
        ...['get /api/visits/left/{id}/voice'],
      ]),
    );
    expect(described.filter((route) => !isOfPublic(route) && !route.endsWith(' /api/visits')).sort()).toEqual(
      [
        ...['get /auth/callback', 'get /auth/start', 'post /auth/continue', 'post /auth/number'],
        ...['post /auth/release', 'post /api/sign-in/pickup', 'post /api/sessions', 'get /api/me'],
        ...['post /api/sessions/challenge', 'post /api/sessions/token', 'delete /api/sessions/current'],
        ...['get /api/people', 'post /api/people/resolve', 'get /api/people/{id}/reach'],
        ...['post /api/calls', 'post /api/calls/{id}/accept', 'post /api/calls/{id}/decline'],
        ...[
          'post /api/calls/{id}/end',
          'post /api/calls/{id}/transfer',
          'get /healthz',
          'get /readyz',
          'get /metrics',
        ],
        ...['put /api/me/availability'],
        ...['post /api/moves', 'post /api/moves/{id}/take', 'post /api/moves/{id}/return'],
        ...['get /api/calls/history', 'post /api/calls/{id}/quality'],
        ...['post /api/pbx/account', 'post /api/sessions/handoff', 'get /phone', 'get /devices'],
        ...['post /devices/end', 'post /devices/end-elsewhere'],
        ...[
          'get /admin',
          'post /admin/visits/end',
          'post /admin/origins/allow',
          'get /admin/check',
          'post /admin/check',
        ],
        ...['get /admin/blocks', 'post /admin/blocks', 'post /admin/blocks/lift'],
        'post /admin/sign-out',
        ...['get /admin/destinations', 'get /admin/destinations/edit', 'get /admin/destinations/test'],
        ...['opening', 'save', 'remove'].map((what) => `post /admin/destinations/${what}`),
      ].sort(),
    );
    expect(body.components.securitySchemes.bearer).toEqual({ type: 'http', scheme: 'bearer' });
  });

  test('the log carries ids, routes and codes, and nothing personal', async () => {
    const { grant } = await world.signIn(ALICE);
    const log = lines.join('');
    expect(log).toContain('"route":"/api/sessions","status":201');
    expect(log).toContain(grant.sessionId);
    for (const secret of ['Alice', 'Almeida', 'alice@', grant.bearer, 'code=', 'state=']) {
      expect(log).not.toContain(secret);
    }
  });

  test('P10 requests of whom nobody knows fill no log, and take no line from anybody known', async () => {
    const { grant } = await world.signIn(ALICE);
    lines.length = 0;
    for (let count = 0; count < 310; count += 1) await world.api(`/no-${count}`, {});
    const told = () =>
      lines.filter((line) => line.includes('"level":30') && line.includes('"msg":"request"'));
    expect(told().length).toBeLessThanOrEqual(300);
    const before = told().length;
    await world.api('/api/me', { bearer: grant.bearer, origin: MAIL });
    expect(told()).toHaveLength(before + 1);
  });
});

describe('the widget', () => {
  test('is served to pages of any origin, for a short while', async () => {
    const { status, headers, body } = await world.api('/ringtag.js', { origin: 'https://anywhere.example' });
    expect([status, body]).toEqual([200, 'export {};']);
    expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin');
    expect(headers.get('Content-Type')).toBe('text/javascript; charset=utf-8');
    expect(headers.get('Cache-Control')).toBe('public, max-age=300');
    const etag = headers.get('ETag') ?? '';
    expect((await world.api('/ringtag.js', { headers: { 'If-None-Match': etag } })).status).toBe(304);
  });

  test('comes compressed where the browser takes it', async () => {
    const brotli = await world.api('/ringtag.js', { headers: { 'Accept-Encoding': 'gzip, br' } });
    expect([brotli.headers.get('Content-Encoding'), brotli.body]).toEqual(['br', 'compressed']);
    const plain = await world.api('/ringtag.js', { headers: { 'Accept-Encoding': 'gzip, br;q=0' } });
    expect(plain.headers.get('Content-Encoding')).toBeNull();
  });

  test('has the keyboard guard alone, for pages whose own listeners come first', async () => {
    const { status, headers, body } = await world.api('/ringtag-keys.js', {});
    expect([status, body]).toEqual([200, 'void 0;']);
    expect(headers.get('Cache-Control')).toBe('public, max-age=300');
  });

  test('has chunks that are cached for good', async () => {
    const { headers } = await world.api('/chunks/phone-B1c2.js', {});
    expect(headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
  });

  test.each([
    '/sizes.json',
    '/chunks/../sizes.json',
    '/chunks/%2e%2e/sizes.json',
    '/chunks/',
    '/..%2fpackage.json',
  ])('has nothing at %s', async (path) => {
    expect((await world.api(path, {})).status).toBe(404);
  });
});

test('a second hub on the same port says so in a sentence', async () => {
  const env = { PORT: String(world.hub.port), PUBLIC_URL: HUB };
  await expect(startTestHub({ env })).rejects.toThrow(/^PORT: \d+ on 127\.0\.0\.1 is in use/);
});
