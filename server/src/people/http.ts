// The directory over HTTP, for signed-in people only.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  PeopleQuery,
  PeopleResult,
  ReachResult,
  ResolveRequest,
  ResolveResult,
  refuse,
  type Way,
} from '@ringtag/server/protocol';
import type { Authenticate } from '../auth/authenticate.ts';
import { createRouter, type EdgeEnv, refusals, requireCaller, sendRefusal } from '../platform/edge.ts';
import type { Directory } from './directory.ts';
import type { PersonRecord } from './person.ts';

export interface PeopleRoutesOptions {
  readonly directory: Directory;
  readonly authenticate: Authenticate;
  /** The ways to a person, best first. */
  readonly reach: (person: PersonRecord) => Promise<readonly Way[]>;
}

const security = [{ bearer: [] }];
const personId = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\w.-]+$/),
});
const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** GET /api/people, POST /api/people/resolve, GET /api/people/{id}/reach. */
export function peopleRoutes({ directory, authenticate, reach }: PeopleRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();
  const middleware = requireCaller(authenticate);

  const search = createRoute({
    method: 'get',
    path: '/api/people',
    tags: ['people'],
    summary: 'Search the directory; without `q`, the colleagues of the one who asks',
    security,
    middleware,
    request: { query: PeopleQuery },
    responses: {
      200: json(
        PeopleResult,
        'People that match every word, best first; colleagues: own unit first, then online first, by name',
      ),
      ...refusals('INVALID_INPUT', 'SIGNED_OUT', 'ORIGIN_NOT_ALLOWED'),
    },
  });
  router.openapi(search, async (c) => {
    const { q, limit } = c.req.valid('query');
    const { person } = c.var.caller;
    const people =
      q === undefined
        ? await directory.colleagues({ askedBy: person, limit })
        : await directory.search({ q, limit, askedBy: person.id });
    return c.json({ people }, 200);
  });

  const resolve = createRoute({
    method: 'post',
    path: '/api/people/resolve',
    tags: ['people'],
    summary: 'Say whom ids, e-mail addresses, numbers and names on a page stand for',
    security,
    middleware,
    request: { body: { required: true, content: { 'application/json': { schema: ResolveRequest } } } },
    responses: {
      200: json(ResolveResult, 'One result per item, in order; null where nobody, or more than one, fits'),
      ...refusals('INVALID_INPUT', 'TOO_LARGE', 'SIGNED_OUT', 'ORIGIN_NOT_ALLOWED'),
    },
  });
  router.openapi(resolve, async (c) => {
    return c.json({ people: await directory.resolve(c.req.valid('json').items) }, 200);
  });

  const ways = createRoute({
    method: 'get',
    path: '/api/people/{id}/reach',
    tags: ['people'],
    summary: 'The ways to reach a person, best first',
    security,
    middleware,
    request: { params: personId },
    responses: {
      200: json(ReachResult, 'Those that would ring now come first'),
      ...refusals('SIGNED_OUT', 'ORIGIN_NOT_ALLOWED', 'NOT_FOUND'),
    },
  });
  router.openapi(ways, async (c) => {
    const person = await directory.byId(c.req.valid('param').id);
    if (!person) return sendRefusal(c, refuse('NOT_FOUND'));
    return c.json({ personId: person.id, ways: [...(await reach(person))] }, 200);
  });

  return router;
}
