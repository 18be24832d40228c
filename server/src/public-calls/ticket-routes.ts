// The public's first two questions over HTTP: what stands on the button, and a ticket for pressing it.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  DestinationCard,
  DestinationId,
  DestinationQuery,
  refuse,
  TicketRequest,
  TicketResult,
} from '@ringtag/server/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import { createRouter, type EdgeEnv, pageOrigin, refusals, sendRefusal } from '../platform/edge.ts';
import { hasTooMuchData } from './context.ts';
import type { ForeignAsk } from './refused-origins.ts';
import type { RefusedWish, TicketService } from './ticket-service.ts';

const tags = ['public'];
const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const card = createRoute({
  method: 'get',
  path: '/api/public/destinations/{id}',
  tags,
  summary: 'What stands on and beneath the button of a destination',
  request: { params: z.object({ id: DestinationId }), query: DestinationQuery },
  responses: {
    200: json(DestinationCard, 'As it is now'),
    ...refusals('INVALID_INPUT', 'ORIGIN_NOT_ALLOWED', 'ADDRESS_BLOCKED', 'NOT_FOUND', 'RATE_LIMITED'),
  },
});

/** Before the schema looks at each piece. What is no JSON is the schema's to refuse. */
const notTooMuch: MiddlewareHandler<EdgeEnv> = async (c, next) => {
  const isJson = /^application\/json\b/i.test(c.req.header('Content-Type') ?? '');
  // Read once: the schema finds it read.
  const body: unknown = isJson ? await c.req.json().catch(() => undefined) : undefined;
  if (hasTooMuchData(body)) return sendRefusal(c, refuse('INVALID_INPUT', { field: 'context.data' }));
  await next();
  return undefined;
};

const ticket = createRoute({
  method: 'post',
  path: '/api/public/tickets',
  middleware: [notTooMuch] as const,
  tags,
  summary: 'A ticket: for one destination, from one origin, good once, for 90 s',
  request: { body: { required: true, content: { 'application/json': { schema: TicketRequest } } } },
  responses: {
    201: json(TicketResult, 'The ticket'),
    ...refusals('INVALID_INPUT', 'ORIGIN_NOT_ALLOWED', 'ADDRESS_BLOCKED', 'NOT_FOUND', 'RATE_LIMITED'),
    ...refusals('DESTINATION_CLOSED', 'DESTINATION_BUSY', 'CHALLENGE_REQUIRED', 'CHALLENGE_REFUSED'),
    ...refusals('TOO_LARGE', 'STORAGE_UNAVAILABLE', 'PBX_UNAVAILABLE'),
  },
});

export interface TicketRoutesOptions {
  readonly service: TicketService;
  /** Told of pages that the destination does not list, though another one does. */
  readonly onForeign?: ((ask: ForeignAsk) => void) | undefined;
}

/** GET /api/public/destinations/{id}, POST /api/public/tickets. */
export function ticketRoutes({ service, onForeign }: TicketRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();

  function refused(c: Context<EdgeEnv>, destinationId: string, { refusal, ...extra }: RefusedWish): Response {
    const network = c.var.client?.network;
    if (refusal.code === 'ORIGIN_NOT_ALLOWED') onForeign?.({ origin: pageOrigin(c), destinationId, network });
    return sendRefusal(c, refusal, extra);
  }

  router.openapi(card, async (c) => {
    const { id } = c.req.valid('param');
    const { lang } = c.req.valid('query');
    const told = await service.card(id, { origin: pageOrigin(c), lang });
    return 'card' in told ? c.json(told.card, 200) : refused(c, id, told);
  });

  router.openapi(ticket, async (c) => {
    const { client } = c.var;
    if (!client) return sendRefusal(c, refuse('FORBIDDEN'));
    const wish = c.req.valid('json');
    const told = await service.give(wish, { origin: pageOrigin(c), client });
    return 'ticket' in told ? c.json(told, 201) : refused(c, wish.to, told);
  });

  return router;
}
