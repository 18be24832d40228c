// What people ask of the records over HTTP: their own history; and what their devices tell: how a call sounded.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { HistoryPage, HistoryQuery, QualityReport } from '@ringtag/server/protocol';
import type { Authenticate } from '../auth/authenticate.ts';
import { createRouter, type EdgeEnv, refusals, requireCaller, sendRefusal } from '../platform/edge.ts';
import type { History } from './history.ts';
import type { Ratings } from './quality.ts';

export interface RecordRoutesOptions {
  readonly history: History;
  readonly ratings: Pick<Ratings, 'rate'>;
  readonly authenticate: Authenticate;
}

const CallPath = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\w.-]+$/)
    .openapi({ description: 'Id of the call, as the hub gave it; `sip` for one that it did not place.' }),
});

/** `GET /api/calls/history`, `POST /api/calls/{id}/quality`. */
export function recordRoutes({ history, ratings, authenticate }: RecordRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();
  const shared = {
    tags: ['calls'],
    security: [{ bearer: [] }],
    middleware: requireCaller(authenticate),
  };

  const read = createRoute({
    ...shared,
    method: 'get',
    path: '/api/calls/history',
    summary: 'The own calls of the person who asks, newest first',
    request: { query: HistoryQuery },
    responses: {
      200: { description: 'A page of them', content: { 'application/json': { schema: HistoryPage } } },
      ...refusals('INVALID_INPUT', 'SIGNED_OUT', 'ORIGIN_NOT_ALLOWED'),
    },
  });
  router.openapi(read, async (c) => {
    const { before, limit } = c.req.valid('query');
    const result = await history.page(c.var.caller.person.id, { before, limit });
    if (!result.ok) return sendRefusal(c, result) as never;
    c.header('Cache-Control', 'no-store');
    return c.json(result.page, 200);
  });

  const rate = createRoute({
    ...shared,
    method: 'post',
    path: '/api/calls/{id}/quality',
    summary: 'How the call has sounded on this device so far',
    request: {
      params: CallPath,
      body: { required: true, content: { 'application/json': { schema: QualityReport } } },
    },
    responses: {
      200: {
        description: 'Kept',
        content: { 'application/json': { schema: z.object({ ok: z.literal(true) }) } },
      },
      ...refusals('INVALID_INPUT', 'SIGNED_OUT', 'ORIGIN_NOT_ALLOWED', 'NOT_FOUND', 'CALL_ENDED'),
    },
  });
  router.openapi(rate, async (c) => {
    const result = await ratings.rate(c.var.caller, c.req.valid('param').id, c.req.valid('json'));
    return result.ok ? c.json({ ok: true as const }, 200) : (sendRefusal(c, result) as never);
  });
  return router;
}
