// The do-not-disturb of the person who asks, over HTTP; nobody sets it for somebody else.
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { AvailabilityRequest, AvailabilityResult } from '@ringtag/server/protocol';
import type { Authenticate } from '../auth/authenticate.ts';
import { createRouter, type EdgeEnv, refusals, requireCaller } from '../platform/edge.ts';
import type { Availabilities } from './availability.ts';

export interface AvailabilityRoutesOptions {
  readonly availabilities: Pick<Availabilities, 'set'>;
  readonly authenticate: Authenticate;
}

/** `PUT /api/me/availability`. */
export function availabilityRoutes(options: AvailabilityRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();
  const set = createRoute({
    method: 'put',
    path: '/api/me/availability',
    tags: ['people'],
    summary: 'Want calls, or none for a time or until told otherwise (D1, D2)',
    security: [{ bearer: [] }],
    middleware: requireCaller(options.authenticate),
    request: { body: { required: true, content: { 'application/json': { schema: AvailabilityRequest } } } },
    responses: {
      200: {
        description: 'As it is from now on, on every device of the person',
        content: { 'application/json': { schema: AvailabilityResult } },
      },
      ...refusals('INVALID_INPUT', 'SIGNED_OUT', 'ORIGIN_NOT_ALLOWED'),
    },
  });
  router.openapi(set, async (c) => {
    const { person } = c.var.caller;
    return c.json(await options.availabilities.set(person.id, c.req.valid('json')), 200);
  });
  return router;
}
