// Destinations as administrators see and change them. Every change is a line in the log; who made it is an
// administrator, but the log names nobody.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  type AnyErrorCode,
  Destination,
  DestinationId,
  ManagedDestinations,
  OpeningChange,
  type Refusal,
  refuse,
} from '@ringtag/server/protocol';
import type { Context } from 'hono';
import type { Clock } from '../platform/clock.ts';
import { createRouter, type EdgeEnv, refusals, sendRefusal } from '../platform/edge.ts';
import type { Logger } from '../platform/logger.ts';
import type { DestinationRegister } from '../public-calls/destinations.ts';

export interface DestinationRoutesOptions {
  readonly destinations: DestinationRegister;
  readonly clock: Clock;
  readonly logger: Logger;
}

const tags = ['administration'];
const params = z.object({ id: DestinationId });
const body = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
});
const who = refusals('SIGNED_OUT', 'FORBIDDEN', 'RATE_LIMITED');

const list = createRoute({
  method: 'get',
  path: '/api/admin/destinations',
  tags,
  summary: 'Destinations of the file and those made here, each as it is now',
  responses: {
    200: {
      description: 'By file, then by id',
      content: { 'application/json': { schema: ManagedDestinations } },
    },
    ...who,
  },
});

const put = createRoute({
  method: 'put',
  path: '/api/admin/destinations/{id}',
  tags,
  summary: 'Make a destination, or put it in place of the one with its id',
  request: { params, ...body(Destination) },
  responses: { 204: { description: 'It is so' }, ...who, ...refusals('INVALID_INPUT', 'CONFLICT') },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/admin/destinations/{id}',
  tags,
  summary: 'Take a destination away; visits that go on go on',
  request: { params },
  responses: { 204: { description: 'It is gone' }, ...who, ...refusals('NOT_FOUND', 'CONFLICT') },
});

const opening = createRoute({
  method: 'put',
  path: '/api/admin/destinations/{id}/opening',
  tags,
  summary: 'Open or close by hand, whatever the hours say, or let the hours say it again',
  request: { params, ...body(OpeningChange) },
  responses: { 204: { description: 'It is so' }, ...who, ...refusals('INVALID_INPUT', 'NOT_FOUND') },
});

/** GET, PUT, DELETE `/api/admin/destinations`, PUT `…/{id}/opening`. */
export function adminDestinationRoutes(options: DestinationRoutesOptions): OpenAPIHono<EdgeEnv> {
  const { destinations, clock, logger } = options;
  const router = createRouter();

  router.openapi(list, (c) => {
    const nowMs = clock.now();
    const all = destinations
      .managed()
      .map((managed) => ({ ...managed, ...destinations.opening(managed.destination, nowMs) }));
    return c.json({ destinations: all }, 200);
  });

  function answer(c: Context, result: { ok: true } | Refusal<AnyErrorCode>, change: object) {
    if (!result.ok) return sendRefusal(c, result);
    logger.info(change, 'a destination was changed');
    return c.body(null, 204);
  }

  router.openapi(put, async (c) => {
    const { id } = c.req.valid('param');
    const destination = c.req.valid('json');
    if (destination.id !== id) return sendRefusal(c, refuse('INVALID_INPUT', { field: 'id' }));
    return answer(c, await destinations.put(destination), { destinationId: id });
  });

  router.openapi(remove, async (c) => {
    const { id } = c.req.valid('param');
    return answer(c, await destinations.remove(id), { destinationId: id, isRemoved: true });
  });

  router.openapi(opening, async (c) => {
    const { id } = c.req.valid('param');
    const { opening: byHand } = c.req.valid('json');
    return answer(c, await destinations.setOpening(id, byHand), { destinationId: id, opening: byHand });
  });

  return router;
}
