// Visits over HTTP for signed-in people who answer them (P9): what goes on, what was written, what was left.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  LeftChange,
  LeftList,
  LeftMessage,
  Visit,
  VisitList,
  VisitMessage,
  VisitMessageRequest,
} from '@ringtag/server/protocol';
import type { Authenticate } from '../auth/authenticate.ts';
import { createRouter, type EdgeEnv, refusals, requireCaller } from '../platform/edge.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { LeftService } from './left.ts';
import { Done, json, sendVisitRefusal, VisitPath } from './visit-routes.ts';

export interface AgentRoutesOptions {
  readonly desk: AgentDesk;
  readonly left: LeftService;
  readonly authenticate: Authenticate;
}

const SIGNED_IN = ['SIGNED_OUT', 'ORIGIN_NOT_ALLOWED'] as const;
const OF_ONE = ['INVALID_INPUT', ...SIGNED_IN, 'NOT_FOUND'] as const;

/** `GET /api/visits`, `GET /api/visits/{id}`, its messages and end; `/api/visits/left` and below. */
export function agentRoutes(options: AgentRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();
  // Before `{id}`, which would match `left`.
  leftBehind(router, options);
  visits(router, options);
  return router;
}

const sharedBy = ({ authenticate }: AgentRoutesOptions) => ({
  tags: ['visits'],
  security: [{ bearer: [] }],
  middleware: requireCaller(authenticate),
});

function visits(router: OpenAPIHono<EdgeEnv>, options: AgentRoutesOptions): void {
  const { desk } = options;
  const shared = sharedBy(options);
  const list = createRoute({
    ...shared,
    method: 'get',
    path: '/api/visits',
    summary: 'Visits of the destinations that the person answers: live, and of the last hour',
    responses: { 200: json(VisitList, 'Newest first.'), ...refusals(...SIGNED_IN) },
  });
  router.openapi(list, async (c) => c.json({ visits: await desk.list(c.var.caller.person) }, 200));

  const one = createRoute({
    ...shared,
    method: 'get',
    path: '/api/visits/{id}',
    summary: 'One of them',
    request: { params: VisitPath },
    responses: { 200: json(Visit, 'As it is now.'), ...refusals(...OF_ONE) },
  });
  router.openapi(one, async (c) => {
    const result = await desk.one(c.var.caller.person, c.req.valid('param').id);
    return result.ok ? c.json(result.visit, 200) : sendVisitRefusal(c, result);
  });

  const say = createRoute({
    ...shared,
    method: 'post',
    path: '/api/visits/{id}/messages',
    summary: 'Write to the visitor; the first to answer has the visit',
    request: { params: VisitPath, body: { required: true, ...json(VisitMessageRequest, 'What to say.') } },
    responses: { 201: json(VisitMessage, 'Kept.'), ...refusals(...OF_ONE, 'CONFLICT') },
  });
  router.openapi(say, async (c) => {
    const result = await desk.say(c.var.caller.person, c.req.valid('param').id, c.req.valid('json'));
    return result.ok ? c.json(result.message, 201) : sendVisitRefusal(c, result);
  });

  const end = createRoute({
    ...shared,
    method: 'post',
    path: '/api/visits/{id}/end',
    summary: 'End it',
    request: { params: VisitPath },
    responses: { 200: json(Done, 'Over.'), ...refusals(...OF_ONE, 'CONFLICT') },
  });
  router.openapi(end, async (c) => {
    const result = await desk.end(c.var.caller.person, c.req.valid('param').id);
    return result.ok ? c.json({ ok: true as const }, 200) : sendVisitRefusal(c, result);
  });
}

function leftBehind(router: OpenAPIHono<EdgeEnv>, options: AgentRoutesOptions): void {
  const { left } = options;
  const shared = sharedBy(options);
  const list = createRoute({
    ...shared,
    method: 'get',
    path: '/api/visits/left',
    summary: 'What was left for those destinations',
    responses: { 200: json(LeftList, 'Newest first.'), ...refusals(...SIGNED_IN) },
  });
  router.openapi(list, async (c) => c.json({ left: await left.list(c.var.caller.person) }, 200));

  const change = createRoute({
    ...shared,
    method: 'put',
    path: '/api/visits/left/{id}',
    summary: 'Somebody has dealt with it or calls back, or it is to be dealt with again',
    request: { params: VisitPath, body: { required: true, ...json(LeftChange, 'What has changed.') } },
    responses: { 200: json(LeftMessage, 'As it is now.'), ...refusals(...OF_ONE) },
  });
  router.openapi(change, async (c) => {
    const change = c.req.valid('json');
    const { person } = c.var.caller;
    const { id } = c.req.valid('param');
    const result =
      'done' in change ? await left.setDone(person, id, change.done) : await left.setCalled(person, id);
    return result.ok ? c.json(result.left, 200) : sendVisitRefusal(c, result);
  });

  const voice = createRoute({
    ...shared,
    method: 'get',
    path: '/api/visits/left/{id}/voice',
    summary: 'The sound of it',
    request: { params: VisitPath },
    responses: {
      200: { description: 'As it was recorded', content: { 'audio/*': { schema: z.any() } } },
      ...refusals(...OF_ONE),
    },
  });
  router.openapi(voice, async (c) => {
    const result = await left.voice(c.var.caller.person, c.req.valid('param').id);
    if (!result.ok) return sendVisitRefusal(c, result);
    return c.body(Uint8Array.from(result.sound).buffer, 200, {
      'Content-Type': result.type,
      'Content-Disposition': 'inline',
    }) as never;
  });
}
