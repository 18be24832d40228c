// The HTTP edge of calls: parses, asks the service, answers. What is refused and why is the service's business.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  AcceptedCall,
  DeclineRequest,
  EndRequest,
  PlaceCallRequest,
  PlacedCall,
  TransferRequest,
  TransferResult,
} from '@ringtag/server/protocol';
import type { Authenticate } from '../auth/authenticate.ts';
import { createRouter, type EdgeEnv, requireCaller, sendRefusal } from '../platform/edge.ts';
import type { CallService } from './service.ts';

export interface CallRoutesOptions {
  readonly calls: CallService;
  readonly authenticate: Authenticate;
}

const CallPath = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\w.-]+$/)
    .openapi({ description: 'Id of the call, as the hub gave it.' }),
});
const Done = z.object({ ok: z.literal(true) });

const refused = {
  description: 'Refused; `code` says why (RFC 9457).',
  content: { 'application/problem+json': { schema: z.object({ code: z.string(), status: z.number() }) } },
};
const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** `POST /api/calls` and, below it, accept, decline, end and transfer; moves in `move-routes.ts`. All need a bearer. */
export function callRoutes({ calls, authenticate }: CallRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();
  const security = [{ bearer: [] }];
  const middleware = requireCaller(authenticate);
  const tags = ['calls'];

  const place = createRoute({
    method: 'post',
    path: '/api/calls',
    summary: 'Call a person or a number; the hub decides how (C1, C2, C8–C12, C14).',
    tags,
    security,
    middleware,
    request: { body: { required: true, ...json(PlaceCallRequest, 'Whom, and how.') } },
    responses: { 200: json(PlacedCall, 'It rings, was accepted, or is to be dialled.'), default: refused },
  });
  router.openapi(place, async (c) => {
    const result = await calls.place(c.var.caller, c.req.valid('json'));
    return result.ok ? c.json(result.placed, 200) : (sendRefusal(c, result) as never);
  });

  const accept = createRoute({
    method: 'post',
    path: '/api/calls/{id}/accept',
    summary: 'Answer a ringing call on this device (C4, C5, C12, C13).',
    tags,
    security,
    middleware,
    request: { params: CallPath },
    responses: { 200: json(AcceptedCall, 'What the caller has sent so far.'), default: refused },
  });
  router.openapi(accept, async (c) => {
    const result = await calls.accept(c.var.caller, c.req.valid('param').id);
    return result.ok ? c.json(result.accepted, 200) : (sendRefusal(c, result) as never);
  });

  const decline = createRoute({
    method: 'post',
    path: '/api/calls/{id}/decline',
    summary: 'Refuse a ringing call on every device (C6).',
    tags,
    security,
    middleware,
    request: { params: CallPath, body: json(DeclineRequest, 'What to tell the caller, if anything.') },
    responses: { 200: json(Done, 'Declined.'), default: refused },
  });
  router.openapi(decline, async (c) => {
    // Without a body there is nothing to validate and hono hands on an empty object.
    const { message } = DeclineRequest.parse(c.req.valid('json') ?? {});
    const result = await calls.decline(c.var.caller, c.req.valid('param').id, message);
    return result.ok ? c.json({ ok: true as const }, 200) : (sendRefusal(c, result) as never);
  });

  const end = createRoute({
    method: 'post',
    path: '/api/calls/{id}/end',
    summary: 'End a call that this device made or is in; ending an ended one succeeds (C7, R1, R4).',
    tags,
    security,
    middleware,
    request: { params: CallPath, body: json(EndRequest, 'Why; `hangup` unless said otherwise.') },
    responses: { 200: json(Done, 'Over.'), default: refused },
  });
  router.openapi(end, async (c) => {
    const { reason } = EndRequest.parse(c.req.valid('json') ?? {});
    const result = await calls.end(c.var.caller, c.req.valid('param').id, reason);
    return result.ok ? c.json({ ok: true as const }, 200) : (sendRefusal(c, result) as never);
  });

  const transfer = createRoute({
    method: 'post',
    path: '/api/calls/{id}/transfer',
    summary: 'Join the other party of an active room call to somebody else (T1–T5).',
    tags,
    security,
    middleware,
    request: { params: CallPath, body: { required: true, ...json(TransferRequest, 'To whom.') } },
    responses: { 200: json(TransferResult, 'Ordered; `transfer:state` says how it goes.'), default: refused },
  });
  router.openapi(transfer, async (c) => {
    const result = await calls.transfer(c.var.caller, c.req.valid('param').id, c.req.valid('json'));
    return result.ok ? c.json({ transferId: result.transferId }, 200) : (sendRefusal(c, result) as never);
  });

  return router;
}
