// Blocked networks, how many of the public were refused, and which pages, for administrators.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  Block,
  BlockList,
  BlockRequest,
  RefusalSummary,
  RefusedOrigins,
  refuse,
} from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import { createRouter, type EdgeEnv, refusals, sendRefusal } from '../platform/edge.ts';
import type { Logger } from '../platform/logger.ts';
import { isWide, spelledNetwork } from '../platform/networks.ts';
import type { AdmissionWatch } from '../public-calls/admission-watch.ts';
import type { BlockRecord } from '../public-calls/block-store.ts';
import type { Blocks } from '../public-calls/blocks.ts';
import type { RefusedOrigins as RefusedOriginKeeper } from '../public-calls/refused-origins.ts';

export interface BlockRoutesOptions {
  readonly blocks: Blocks;
  readonly watch: Pick<AdmissionWatch, 'summary'>;
  readonly refusedOrigins: Pick<RefusedOriginKeeper, 'list'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const tags = ['administration'];
const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
const who = refusals('SIGNED_OUT', 'FORBIDDEN', 'RATE_LIMITED');

const list = createRoute({
  method: 'get',
  path: '/api/admin/blocks',
  tags,
  summary: 'Networks that get nothing of the public part',
  responses: { 200: json(BlockList, 'Those in force, the newest first'), ...who },
});

const add = createRoute({
  method: 'post',
  path: '/api/admin/blocks',
  tags,
  summary: 'Block an address or a network',
  request: { body: { required: true, content: { 'application/json': { schema: BlockRequest } } } },
  responses: { 201: json(Block, 'It is blocked'), ...who, ...refusals('INVALID_INPUT') },
});

const lift = createRoute({
  method: 'delete',
  path: '/api/admin/blocks/{id}',
  tags,
  summary: 'Lift a block',
  request: {
    params: z.object({
      id: z
        .string()
        .max(64)
        .regex(/^[\w.-]+$/),
    }),
  },
  responses: { 204: { description: 'It is lifted' }, ...who, ...refusals('NOT_FOUND') },
});

const refused = createRoute({
  method: 'get',
  path: '/api/admin/refusals',
  tags,
  summary: 'How many of the public were refused lately, and whether that is odd',
  responses: { 200: json(RefusalSummary, 'Of this hub'), ...who },
});

const foreign = createRoute({
  method: 'get',
  path: '/api/admin/refused-origins',
  tags,
  summary: 'Pages that asked for a destination which does not list them',
  responses: { 200: json(RefusedOrigins, 'Of this hub; who first came last is first'), ...who },
});

/** GET and POST `/api/admin/blocks`, DELETE `…/{id}`, GET `/api/admin/refusals`, GET `…/refused-origins`. */
export function adminBlockRoutes(options: BlockRoutesOptions): OpenAPIHono<EdgeEnv> {
  const { blocks, watch, refusedOrigins, clock, logger } = options;
  const router = createRouter();

  const shown = ({ createdAtMs, endsAtMs, ...rest }: BlockRecord): Block => ({
    ...rest,
    agoMs: clock.now() - createdAtMs,
    ...(endsAtMs === undefined ? {} : { endsInMs: endsAtMs - clock.now() }),
  });

  router.openapi(list, async (c) => c.json({ blocks: (await blocks.all()).map(shown) }, 200));

  router.openapi(add, async (c) => {
    const { network: said, reason, forMs } = c.req.valid('json');
    const network = spelledNetwork(said);
    if (network === undefined || isWide(network))
      return sendRefusal(c, refuse('INVALID_INPUT', { field: 'network' }));
    const by = c.var.administrator ?? '';
    const block = await blocks.add({ network, reason, by, ...(forMs === undefined ? {} : { forMs }) });
    logger.info({ blockId: block.id }, 'a network was blocked');
    return c.json(shown(block), 201);
  });

  router.openapi(lift, async (c) => {
    const { id } = c.req.valid('param');
    if (!(await blocks.lift(id))) return sendRefusal(c, refuse('NOT_FOUND'));
    logger.info({ blockId: id }, 'a block was lifted');
    return c.body(null, 204);
  });

  router.openapi(refused, (c) => c.json(watch.summary(), 200));

  router.openapi(foreign, (c) => {
    const { origins, others } = refusedOrigins.list();
    const shownOrigins = origins.map(({ firstAtMs: _, lastAtMs, ...rest }) => ({
      ...rest,
      agoMs: clock.now() - lastAtMs,
    }));
    return c.json({ origins: shownOrigins, others }, 200);
  });

  return router;
}
