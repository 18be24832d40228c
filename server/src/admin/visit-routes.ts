// Visits of the public that go on, as administrators see them: where each comes from, and a way to end it.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  type AdminVisit,
  AdminVisits,
  type DestinationRating,
  DestinationRatings,
  refuse,
} from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import { createRouter, type EdgeEnv, refusals, sendRefusal } from '../platform/edge.ts';
import type { Logger } from '../platform/logger.ts';
import type { Known } from '../public-calls/answerers.ts';
import type { VisitRecord } from '../public-calls/visit.ts';

/** What administrators need of visits. */
export interface AdministeredVisits {
  /** Those that go on, oldest first. */
  live(): readonly VisitRecord[];
  /** Of the last 30 days. */
  ratings(): Promise<DestinationRating[]>;
  /** Whom a destination could ring at all, now or later. */
  known(destinationId: string): Promise<Known>;
  /** False where none goes on. */
  endByOperator(visitId: string): Promise<boolean>;
}

export interface VisitRoutesOptions {
  readonly visits: AdministeredVisits;
  readonly clock: Clock;
  readonly logger: Logger;
}

const tags = ['administration'];
const who = refusals('SIGNED_OUT', 'FORBIDDEN', 'RATE_LIMITED');

const list = createRoute({
  method: 'get',
  path: '/api/admin/visits',
  tags,
  summary: 'Visits that go on',
  responses: {
    200: { description: 'Oldest first', content: { 'application/json': { schema: AdminVisits } } },
    ...who,
  },
});

const ratings = createRoute({
  method: 'get',
  path: '/api/admin/ratings',
  tags,
  summary: 'How visitors rated each destination in the last 30 days',
  responses: {
    200: {
      description: 'Of those that were rated',
      content: { 'application/json': { schema: DestinationRatings } },
    },
    ...who,
  },
});

const end = createRoute({
  method: 'post',
  path: '/api/admin/visits/{id}/end',
  tags,
  summary: 'End a visit and its call',
  request: {
    params: z.object({
      id: z
        .string()
        .max(64)
        .regex(/^[\w.-]+$/),
    }),
  },
  responses: { 204: { description: 'It is over' }, ...who, ...refusals('NOT_FOUND') },
});

/** GET `/api/admin/visits`, POST `…/{id}/end`, GET `/api/admin/ratings`. */
export function adminVisitRoutes({ visits, clock, logger }: VisitRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();

  router.openapi(list, (c) => {
    const nowMs = clock.now();
    return c.json({ visits: visits.live().map((visit) => shown(visit, nowMs)) }, 200);
  });

  router.openapi(ratings, async (c) => c.json({ ratings: await visits.ratings() }, 200));

  router.openapi(end, async (c) => {
    const { id } = c.req.valid('param');
    if (!(await visits.endByOperator(id))) return sendRefusal(c, refuse('NOT_FOUND'));
    logger.info({ visitId: id }, 'a visit was ended by an administrator');
    return c.body(null, 204);
  });

  return router;
}

function shown(
  { id, destinationId, intent, stage, agent, source, createdAtMs }: VisitRecord,
  nowMs: number,
): AdminVisit {
  const { address, network, origin } = source;
  return {
    ...{ id, destinationId, intent, state: stage.state, address, network, origin },
    ...(agent === undefined ? {} : { agent: agent.name }),
    agoMs: nowMs - createdAtMs,
  };
}
