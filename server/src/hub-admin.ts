// The part of the composition root for administrators: one guard before everything under `/api/admin/`.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { adminBlockRoutes } from './admin/block-routes.ts';
import { addBlocks } from './admin/blocks-page-routes.ts';
import { addCheck } from './admin/check-page-routes.ts';
import { adminDestinationRoutes } from './admin/destination-routes.ts';
import { addDestinations } from './admin/destinations-page-routes.ts';
import { addOverview } from './admin/overview-page-routes.ts';
import { createPageDesk } from './admin/page-desk.ts';
import { requireAdministrator } from './admin/rights-routes.ts';
import { type AdministeredVisits, adminVisitRoutes } from './admin/visit-routes.ts';
import type { SignIn } from './auth/sign-in.ts';
import type { Visits } from './auth/visits.ts';
import type { Config } from './config.ts';
import type { Door } from './hub-door.ts';
import type { Clock } from './platform/clock.ts';
import { createRouter, type EdgeEnv } from './platform/edge.ts';
import { httpFetch } from './platform/http-fetch.ts';
import type { Logger } from './platform/logger.ts';

export interface AdminOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the hub's own pages. */
  readonly pageVisits: Visits;
  readonly signIn: Pick<SignIn, 'startVisit'>;
  readonly door: Door;
  readonly visits: AdministeredVisits;
}

export function composeAdmin(options: AdminOptions): readonly OpenAPIHono<EdgeEnv>[] {
  const { config, clock, logger, pageVisits, door, visits } = options;
  const { publicUrl: ownOrigin, public: settings } = config;
  const guard = createRouter();
  const { token } = settings.administrators;
  guard.use('/api/admin/*', requireAdministrator({ visits: pageVisits, ownOrigin, token }));
  return [
    guard,
    adminDestinationRoutes({ destinations: door.destinations, clock, logger }),
    adminBlockRoutes({ ...door, clock, logger }),
    adminVisitRoutes({ visits, clock, logger }),
    composePages(options),
  ];
}

/** `/admin` and the pages below it. */
function composePages({ config, clock, logger, pageVisits, signIn, door, visits }: AdminOptions) {
  const { publicUrl: ownOrigin } = config;
  const { destinations, blocks, watch, refusedOrigins } = door;
  const desk = createPageDesk({ visits: pageVisits, signIn, watch, ownOrigin, logger });
  addOverview(desk, { visits, watch, refusedOrigins, destinations, clock, logger });
  addDestinations(desk, {
    ...{ destinations, visits, clock, logger, ownOrigin },
    gateUrl: config.gate?.url,
  });
  addCheck(desk, { destinations, ownOrigin, gateUrl: config.gate?.url, fetch: httpFetch });
  addBlocks(desk, { blocks, clock, logger });
  return desk.router;
}
