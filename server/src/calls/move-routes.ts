// The HTTP edge of moving a call to another window: an offer by the device that carries it, and its taking (M1–M3, M5).
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { MoveRequest, MoveResult, TakenCall } from '@ringtag/server/protocol';
import type { Authenticate } from '../auth/authenticate.ts';
import { createRouter, type EdgeEnv, refusals, requireCaller, sendRefusal } from '../platform/edge.ts';
import type { CallService } from './service.ts';

export interface MoveRoutesOptions {
  readonly calls: Pick<CallService, 'offerMove' | 'takeMove' | 'giveMoveBack'>;
  readonly authenticate: Authenticate;
}

const MovePath = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\w.-]+$/)
    .openapi({ description: 'Id of the offer.' }),
});
const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** `POST /api/moves`, `POST /api/moves/{id}/take` and `POST /api/moves/{id}/return`. */
export function moveRoutes({ calls, authenticate }: MoveRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();
  const security = [{ bearer: [] }];
  const middleware = requireCaller(authenticate);
  const tags = ['calls'];
  const always = ['INVALID_INPUT', 'SIGNED_OUT', 'ORIGIN_NOT_ALLOWED', 'NOT_FOUND', 'CALL_ENDED'] as const;

  const offer = createRoute({
    method: 'post',
    path: '/api/moves',
    summary: 'Offer a call of this device to another device of the same browser (M1).',
    tags,
    security,
    middleware,
    request: { body: { required: true, ...json(MoveRequest, 'Which call, and to which device.') } },
    responses: {
      200: json(MoveResult, 'Offered; nothing changes until it is taken.'),
      ...refusals(...always, 'TRANSFER_REFUSED'),
    },
  });
  router.openapi(offer, async (c) => {
    const result = await calls.offerMove(c.var.caller, c.req.valid('json'));
    return result.ok ? c.json({ moveId: result.moveId }, 200) : sendRefusal(c, result);
  });

  const take = createRoute({
    method: 'post',
    path: '/api/moves/{id}/take',
    summary: 'Take over the call that was offered to this device (M2).',
    tags,
    security,
    middleware,
    request: { params: MovePath },
    responses: {
      200: json(TakenCall, 'The call, which this device carries from now on.'),
      ...refusals(...always, 'TOO_MANY_CALLS', 'NOT_CONNECTED'),
    },
  });
  router.openapi(take, async (c) => {
    const result = await calls.takeMove(c.var.caller, c.req.valid('param').id);
    return result.ok ? c.json(result.taken, 200) : sendRefusal(c, result);
  });

  const giveBack = createRoute({
    method: 'post',
    path: '/api/moves/{id}/return',
    summary: 'Give back a telephone call that this device took and that the exchange did not move (M5).',
    tags,
    security,
    middleware,
    request: { params: MovePath },
    responses: {
      200: json(z.object({}), 'It is where it was.'),
      ...refusals(...always, 'TRANSFER_REFUSED'),
    },
  });
  router.openapi(giveBack, async (c) => {
    const result = await calls.giveMoveBack(c.var.caller, c.req.valid('param').id);
    return result.ok ? c.json({}, 200) : sendRefusal(c, result);
  });

  return router;
}
