// The hub's HTTP face: what every request goes through, the routers of the parts, and what operators ask for. It
// refuses in one way, logs no one's name, and answers cross-origin questions only to origins on the allow-list.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { type AnyErrorCode, limits, refuse } from '@ringtag/server/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { matchedRoutes } from 'hono/route';
import { createClientAddress, peerOf } from './platform/client-address.ts';
import { mayAsk, PUBLIC_PATH, preflightHeaders } from './platform/cross-origin.ts';
import { createRouter, type EdgeEnv, sendRefusal } from './platform/edge.ts';
import { type Health, healthRoutes } from './platform/health.ts';
import { createLineBudget } from './platform/line-budget.ts';
import type { Logger } from './platform/logger.ts';
import type { Metrics } from './platform/metrics.ts';
import { type RateLimits, rateLimits } from './platform/rate-limits.ts';
import { widgetFiles } from './platform/widget-files.ts';

export interface AppOptions {
  /** The hub's own origin. */
  readonly publicUrl: string;
  readonly allowedOrigins: readonly string[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Routers of the parts; each carries its own paths. */
  readonly routers: readonly OpenAPIHono<EdgeEnv>[];
  /** Folder of the built widget. */
  readonly widgetDir: string;
  /** Default: `RATE_LIMITS`. */
  readonly rateLimits?: RateLimits;
  /** Proxies whose word about the client's address counts. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Where strangers may come in at all. */
  readonly public?: PublicDoor;
}

/** What the public comes through (P1). */
export interface PublicDoor {
  /** Whether pages of this origin may ask at `/api/public/`, and nowhere else. */
  readonly knowsOrigin: (origin: string) => boolean;
  readonly guard: MiddlewareHandler<EdgeEnv>;
  /** Told of each answer of the app, with the code where it was a refusal. */
  readonly answered: (code: AnyErrorCode | undefined) => void;
  /** Told of each request, as Node has it, of somebody who is signed in. */
  readonly recognised?: (incoming: object) => void;
}

const VERSION = '0.1.0';

export function createApp(options: AppOptions): OpenAPIHono<EdgeEnv> {
  const { logger, health } = options;
  const app = createRouter();

  app.use(requestLog(options));
  app.use(plainHeaders);
  app.use(knowClient(options));
  app.use('/api/*', crossOrigin(options));
  app.use(rateLimits(options.rateLimits));
  app.use(bodyLimits);
  if (options.public) app.use('/api/public/*', options.public.guard);

  for (const router of options.routers) app.route('/', router);
  app.route('/', healthRoutes({ health, metrics: options.metrics }));
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Ringtag hub', version: VERSION },
    servers: [{ url: options.publicUrl }],
  });
  app.use(widgetFiles(options.widgetDir));

  app.notFound((c) => sendRefusal(c, refuse('NOT_FOUND')));
  app.onError(async (err, c) => {
    // Malformed JSON, a media type that is not JSON: found by hono before any schema is.
    if (err instanceof HTTPException && err.status < 500) {
      return sendRefusal(
        c,
        err.status === 413 ? refuse('TOO_LARGE') : refuse('INVALID_INPUT', { field: '' }),
      );
    }
    const isStorageUp = await health.storage();
    logger.error({ err, method: c.req.method, isStorageUp }, 'a request failed');
    return sendRefusal(c, refuse(isStorageUp ? 'INTERNAL' : 'STORAGE_UNAVAILABLE'));
  });
  return app;
}

const VOICE = /^\/api\/public\/visits\/[^/]+\/voice$/;

const bodyLimitOf = (maxSize: number): MiddlewareHandler<EdgeEnv> =>
  bodyLimit({ maxSize, onError: (c) => sendRefusal(c, refuse('TOO_LARGE')) });
const smallBody = bodyLimitOf(limits.HTTP_BODY_BYTES);
const voiceBody = bodyLimitOf(limits.VOICE_BYTES);
/**
 * By the length that was said, where one was: Node reads no more than that, and nothing has to be made into a stream
 * for it. Other bodies are counted while they are read.
 */
const bodyLimits: MiddlewareHandler<EdgeEnv> = async (c, next) => {
  const isVoice = VOICE.test(c.req.path);
  const said = c.req.header('Content-Length');
  const hasNone = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (!hasNone && (said === undefined || c.req.header('Transfer-Encoding') !== undefined)) {
    return isVoice ? voiceBody(c, next) : smallBody(c, next);
  }
  const isTooLong = Number(said ?? 0) > (isVoice ? limits.VOICE_BYTES : limits.HTTP_BODY_BYTES);
  return isTooLong ? sendRefusal(c, refuse('TOO_LARGE')) : next();
};

/** A morning's sign-ins of hundreds; a flood of them leaves some 60 kB a minute. */
const UNKNOWN_LINES = 300;

/**
 * One line and one observation a request; the route's pattern, never the path, which may carry ids and queries. Of
 * strangers' requests no single one is worth a line: they are counted, and told together. Others of whom nobody knows
 * who they are get so many lines a minute.
 */
function requestLog({ logger, metrics, public: door }: AppOptions): MiddlewareHandler<EdgeEnv> {
  const message = 'more requests of nobody known';
  const unknown = createLineBudget({ lines: UNKNOWN_LINES, logger, message });
  return async (c, next) => {
    const begunAt = performance.now();
    await next();
    const pattern = matchedRoutes(c).findLast(({ path }) => !path.includes('*'))?.path;
    const request = {
      method: c.req.method,
      route: pattern ?? 'other',
      status: c.res.status,
      ms: Math.round((performance.now() - begunAt) * 10) / 10,
      ...(c.get('refusal') === undefined ? {} : { refusal: c.var.refusal }),
    };
    metrics.observeRequest(request);
    const isPublic = c.req.path.startsWith(PUBLIC_PATH);
    const isKnown = c.get('caller') !== undefined || c.get('administrator') !== undefined;
    if (isKnown) tellKnown(c, door);
    if (isPublic) door?.answered(c.get('refusal'));
    const isQuiet = isPublic || request.route === '/healthz' || request.route === '/metrics';
    if (isQuiet || !(isKnown || unknown.spend())) logger.debug(request, 'request');
    else logger.info(request, 'request');
  };
}

function tellKnown(c: Context<EdgeEnv>, door: PublicDoor | undefined): void {
  const { incoming } = (c.env ?? {}) as { incoming?: object };
  if (incoming) door?.recognised?.(incoming);
}

/** No Cross-Origin-Opener-Policy: it would cut the popup from its opener (decision 8). */
const plainHeaders: MiddlewareHandler<EdgeEnv> = async (c, next) => {
  await next();
  c.header('X-Content-Type-Options', 'nosniff');
  if (!c.res.headers.has('Referrer-Policy')) c.header('Referrer-Policy', 'no-referrer');
  // What other origins may load is the widget, which is no document; pages bring a policy of their own.
  if (c.res.headers.get('Cross-Origin-Resource-Policy') === 'cross-origin') return;
  c.header('Cross-Origin-Resource-Policy', 'same-origin');
  if (c.res.headers.has('Content-Security-Policy')) return;
  c.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  c.header('X-Frame-Options', 'DENY');
};

/**
 * The page: same-origin GETs carry no `Origin` (Fetch §3.2); browsers say so in `Sec-Fetch-Site`, which no page can
 * set. The network: P12.
 */
function knowClient({ publicUrl, trustedProxies = [] }: AppOptions): MiddlewareHandler<EdgeEnv> {
  const clientOf = createClientAddress(trustedProxies);
  return async (c, next) => {
    const isOwn = c.req.header('Sec-Fetch-Site') === 'same-origin';
    c.set('pageOrigin', c.req.header('Origin') ?? (isOwn ? publicUrl : undefined));
    c.set('client', clientOf(peerOf(c)));
    await next();
  };
}

/** Preflights end at the front already (`admission-front.ts`), unless they are spelt as no browser does. */
function crossOrigin(options: AppOptions): MiddlewareHandler<EdgeEnv> {
  const list = { ...options, knowsOrigin: options.public?.knowsOrigin };
  return async (c, next) => {
    const origin = c.req.header('Origin');
    if (origin !== undefined && !mayAsk(list, c.req.path, origin)) {
      c.header('Vary', 'Origin');
      return sendRefusal(c, refuse('ORIGIN_NOT_ALLOWED'));
    }
    if (origin !== undefined && c.req.method === 'OPTIONS')
      return c.body(null, 204, preflightHeaders(origin));
    await next();
    c.header('Cache-Control', 'no-store');
    c.header('Vary', 'Origin', { append: true });
    // A page of one destination learns of another only that it is not for it.
    if (origin !== undefined && c.get('refusal') !== 'ORIGIN_NOT_ALLOWED') {
      c.header('Access-Control-Allow-Origin', origin);
      c.header('Access-Control-Expose-Headers', 'Retry-After');
    }
    return undefined;
  };
}
