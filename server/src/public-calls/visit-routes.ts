// The visitor's routes over HTTP: a visit begun with a ticket, and all that its key opens (P4).
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  type AnyErrorCode,
  QualityReport,
  RatingRequest,
  type Refusal,
  VisitCallRequest,
  VisitEndRequest,
  VisitEvent,
  VisitGrant,
  VisitMessage,
  VisitMessageRequest,
  VisitRequest,
} from '@ringtag/server/protocol';
import type { Context } from 'hono';
import type { Clock } from '../platform/clock.ts';
import { createRouter, type EdgeEnv, pageOrigin, refusals, sendRefusal } from '../platform/edge.ts';
import type { VisitRefusal } from './visit-begin.ts';
import { streamVisit } from './visit-events.ts';
import type { LiveVisit } from './visit-live.ts';
import type { VisitService } from './visit-service.ts';

export interface VisitRoutesOptions {
  readonly service: VisitService;
  readonly clock: Clock;
}

export const VisitPath = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\w.-]+$/)
    .openapi({ description: 'Id of the visit, as the hub gave it.' }),
});
export const Done = z.object({ ok: z.literal(true) });
export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
const KEYED = ['INVALID_INPUT', 'SIGNED_OUT', 'NOT_FOUND', 'VISIT_ELSEWHERE', 'STORAGE_UNAVAILABLE'] as const;
const BEGUN = [
  ...['TICKET_INVALID', 'TICKET_USED', 'TICKET_EXPIRED', 'TICKET_FOREIGN'],
  ...['RATE_LIMITED', 'DESTINATION_CLOSED', 'DESTINATION_BUSY', 'PBX_UNAVAILABLE', 'ORIGIN_NOT_ALLOWED'],
] as const;

/** The visit that the request's key opens. */
export function admitted(
  c: Context<EdgeEnv>,
  service: Pick<VisitService, 'admit'>,
  id: string,
): Promise<LiveVisit | Refusal<AnyErrorCode>> {
  const key = /^Bearer ([\w-]{16,256})$/.exec(c.req.header('Authorization') ?? '')?.[1];
  return service.admit(id, { key, origin: pageOrigin(c) });
}

/** What a refusal says, and what is left. */
export function sendVisitRefusal(c: Context, { offers, challenge, ...refusal }: VisitRefusal): never {
  const extra = { ...(offers ? { offers } : {}), ...(challenge ? { challenge } : {}) };
  return sendRefusal(c, refusal, extra) as never;
}

/** `POST /api/public/visits` and, below it, events, messages, call, end, quality, rating. */
export function visitRoutes(options: VisitRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();
  beginning(router, options);
  writing(router, options);
  calling(router, options);
  return router;
}

const shared = { tags: ['public'] };
const keyed = { ...shared, security: [{ bearer: [] }] };

function beginning(router: OpenAPIHono<EdgeEnv>, { service, clock }: VisitRoutesOptions): void {
  const begin = createRoute({
    ...shared,
    method: 'post',
    path: '/api/public/visits',
    summary: 'Begin a visit: spends the ticket (P2, P3)',
    request: {
      body: { required: true, ...json(VisitRequest, 'The ticket, and the place if it was given.') },
    },
    responses: {
      201: json(VisitGrant, 'Begun; `key` opens it.'),
      ...refusals('INVALID_INPUT', 'NOT_FOUND', 'STORAGE_UNAVAILABLE', ...BEGUN),
    },
  });
  router.openapi(begin, async (c) => {
    const origin = pageOrigin(c);
    if (origin === undefined) return sendVisitRefusal(c, { ok: false, code: 'ORIGIN_NOT_ALLOWED' });
    const result = await service.begin(origin, c.req.valid('json'));
    return result.ok ? c.json(result.grant, 201) : sendVisitRefusal(c, result);
  });

  const events = createRoute({
    ...keyed,
    method: 'get',
    path: '/api/public/visits/{id}/events',
    summary: 'Everything that happens in the visit, a snapshot first (P13)',
    request: { params: VisitPath },
    responses: {
      200: { description: 'Server-sent events', content: { 'text/event-stream': { schema: VisitEvent } } },
      ...refusals(...KEYED),
    },
  });
  router.openapi(events, async (c) => {
    const visit = await admitted(c, service, c.req.valid('param').id);
    if ('ok' in visit) return sendVisitRefusal(c, visit);
    return streamVisit(c, { visit, service, clock }) as never;
  });
}

function writing(router: OpenAPIHono<EdgeEnv>, { service }: VisitRoutesOptions): void {
  const say = createRoute({
    ...keyed,
    method: 'post',
    path: '/api/public/visits/{id}/messages',
    summary: 'Write to those who answer; the same `id` again is the same message',
    request: { params: VisitPath, body: { required: true, ...json(VisitMessageRequest, 'What to say.') } },
    responses: { 201: json(VisitMessage, 'Kept.'), ...refusals(...KEYED, 'CONFLICT', 'RATE_LIMITED') },
  });
  router.openapi(say, async (c) => {
    const visit = await admitted(c, service, c.req.valid('param').id);
    if ('ok' in visit) return sendVisitRefusal(c, visit);
    const allowed = await service.attempt(visit, 'message');
    if (!allowed.ok) return sendVisitRefusal(c, allowed);
    const result = await service.say(visit, c.req.valid('json'));
    return result.ok ? c.json(result.message, 201) : sendVisitRefusal(c, result);
  });

  const sounded = createRoute({
    ...keyed,
    method: 'post',
    path: '/api/public/visits/{id}/quality',
    summary: 'How the call has sounded so far',
    request: { params: VisitPath, body: { required: true, ...json(QualityReport, 'Of this call.') } },
    responses: { 200: json(Done, 'Kept.'), ...refusals(...KEYED, 'CONFLICT', 'RATE_LIMITED') },
  });
  router.openapi(sounded, async (c) => {
    const visit = await admitted(c, service, c.req.valid('param').id);
    if ('ok' in visit) return sendVisitRefusal(c, visit);
    const allowed = await service.attempt(visit, 'message');
    if (!allowed.ok) return sendVisitRefusal(c, allowed);
    const result = await service.sounded(visit, c.req.valid('json'));
    return result.ok ? c.json({ ok: true as const }, 200) : sendVisitRefusal(c, result);
  });

  const rate = createRoute({
    ...keyed,
    method: 'post',
    path: '/api/public/visits/{id}/rating',
    summary: 'How it was; once, until 10 minutes after the end',
    request: {
      params: VisitPath,
      body: { required: true, ...json(RatingRequest, 'Stars, and words if any.') },
    },
    responses: { 201: json(Done, 'Kept.'), ...refusals(...KEYED, 'CONFLICT') },
  });
  router.openapi(rate, async (c) => {
    const visit = await admitted(c, service, c.req.valid('param').id);
    if ('ok' in visit) return sendVisitRefusal(c, visit);
    const result = await service.rate(visit, c.req.valid('json'));
    return result.ok ? c.json({ ok: true as const }, 201) : sendVisitRefusal(c, result);
  });
}

function calling(router: OpenAPIHono<EdgeEnv>, { service }: VisitRoutesOptions): void {
  const call = createRoute({
    ...keyed,
    method: 'post',
    path: '/api/public/visits/{id}/call',
    summary: 'Ask for a call in a visit that has none (any more)',
    request: { params: VisitPath, body: json(VisitCallRequest, 'A proof where one was asked for.') },
    responses: {
      200: json(Done, 'It waits for its turn.'),
      ...refusals(
        ...KEYED,
        'CONFLICT',
        'DESTINATION_CLOSED',
        'DESTINATION_BUSY',
        'PBX_UNAVAILABLE',
        'RATE_LIMITED',
        'CHALLENGE_REQUIRED',
        'CHALLENGE_REFUSED',
      ),
    },
  });
  router.openapi(call, async (c) => {
    const visit = await admitted(c, service, c.req.valid('param').id);
    if ('ok' in visit) return sendVisitRefusal(c, visit);
    const allowed = await service.attempt(visit, 'visit');
    if (!allowed.ok) return sendVisitRefusal(c, allowed);
    // Without a body there is nothing to validate and hono hands on an empty object.
    const request = VisitCallRequest.parse(c.req.valid('json') ?? {});
    const result = await service.call(visit, request);
    return result.ok ? c.json({ ok: true as const }, 200) : sendVisitRefusal(c, result);
  });

  const end = createRoute({
    ...keyed,
    method: 'post',
    path: '/api/public/visits/{id}/end',
    summary: 'End it; ending an ended one succeeds',
    request: { params: VisitPath, body: json(VisitEndRequest, 'Why; `hangup` unless said otherwise.') },
    responses: { 200: json(Done, 'Over.'), ...refusals(...KEYED) },
  });
  router.openapi(end, async (c) => {
    const visit = await admitted(c, service, c.req.valid('param').id);
    if ('ok' in visit) return sendVisitRefusal(c, visit);
    // Without a body there is nothing to validate and hono hands on an empty object.
    const { reason } = VisitEndRequest.parse(c.req.valid('json') ?? {});
    await service.end(visit, reason);
    return c.json({ ok: true as const }, 200);
  });
}
