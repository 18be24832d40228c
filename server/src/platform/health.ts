// What operators and their machines ask: alive, ready (and what is missing), metrics. Open to anybody who can reach
// the hub, so nothing here is personal or secret.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { createRouter, type EdgeEnv } from './edge.ts';
import type { Metrics } from './metrics.ts';

/** Each answers within about two seconds and never throws. */
export interface Health {
  storage(): Promise<boolean>;
  identityProvider(): Promise<boolean>;
  /** `absent` where no PBX is configured: nothing is missing then. */
  pbx(): 'up' | 'down' | 'gate down' | 'absent';
}

export interface HealthRoutesOptions {
  readonly health: Health;
  readonly metrics: Metrics;
}

const Part = z.enum(['up', 'down', 'absent']);
const Readiness = z.object({
  ready: z.boolean(),
  /** Names of the parts that are down. */
  missing: z.array(z.enum(['storage', 'identityProvider', 'pbx'])),
  parts: z.object({
    storage: Part,
    identityProvider: Part,
    /** `gate down`: Asterisk answers, sip-gate does not. */
    pbx: z.enum(['up', 'down', 'gate down', 'absent']),
  }),
});
const content = { 'application/json': { schema: Readiness } };
const tags = ['operation'];

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  tags,
  summary: 'Whether the process answers',
  responses: { 200: { description: 'It does' } },
});
const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  tags,
  summary: 'Whether requests can be served, and what is missing',
  responses: {
    200: { description: 'Storage answers; other parts may be missing', content },
    503: { description: 'Storage is missing, so nothing works', content },
  },
});
const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  tags,
  summary: 'Prometheus metrics',
  responses: { 200: { description: 'Text format' } },
});

/** GET /healthz, /readyz, /metrics. */
export function healthRoutes({ health, metrics }: HealthRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();

  router.openapi(healthz, (c) => c.text('ok'));

  router.openapi(readyz, async (c) => {
    const [storage, identityProvider] = await Promise.all([health.storage(), health.identityProvider()]);
    const parts = {
      storage: storage ? ('up' as const) : ('down' as const),
      identityProvider: identityProvider ? ('up' as const) : ('down' as const),
      pbx: health.pbx(),
    };
    const names = ['storage', 'identityProvider', 'pbx'] as const;
    const missing = names.filter((name) => parts[name].endsWith('down'));
    return c.json({ ready: storage, missing, parts }, storage ? 200 : 503);
  });

  router.openapi(metricsRoute, async (c) => {
    return c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType });
  });

  return router;
}
