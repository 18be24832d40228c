// GET /admin; POST /admin/visits/end, /admin/origins/allow.
import { Destination } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { AdmissionWatch } from '../public-calls/admission-watch.ts';
import { destinationProblems } from '../public-calls/destination-file.ts';
import type { DestinationRegister } from '../public-calls/destinations.ts';
import type { RefusedOrigin, RefusedOrigins } from '../public-calls/refused-origins.ts';
import { nameOf } from '../public-calls/visit-view.ts';
import { overviewPage, type UnlistedOrigin } from './overview-page.ts';
import type { PageDesk } from './page-desk.ts';
import type { AdministeredVisits } from './visit-routes.ts';

export interface OverviewOptions {
  readonly visits: AdministeredVisits;
  readonly watch: Pick<AdmissionWatch, 'summary'>;
  readonly refusedOrigins: Pick<RefusedOrigins, 'list'>;
  readonly destinations: Pick<DestinationRegister, 'byId' | 'managed' | 'put'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function addOverview(desk: PageDesk, options: OverviewOptions): void {
  const { visits, watch, refusedOrigins, destinations, clock, logger } = options;

  /** As it would be with the origin on its list; undefined where it cannot be. */
  function listing(id: string, origin: string): Destination | 'file' | undefined {
    const found = destinations.managed().find(({ destination }) => destination.id === id);
    if (!found) return undefined;
    const { destination, from } = found;
    const origins = [...new Set([...destination.origins, origin])];
    const { success, data } = Destination.safeParse({ ...destination, origins });
    const isBad = destinationProblems({ ...destination, origins: [origin] }, new Set([id])).some(
      ({ field }) => field.startsWith('origins'),
    );
    if (!success || isBad) return undefined;
    return from === 'file' ? 'file' : data;
  }

  function asUnlisted(refused: RefusedOrigin): UnlistedOrigin {
    const listed = listing(refused.destinationId, refused.origin);
    if (listed === undefined) return { ...refused, can: 'insecure' };
    return { ...refused, can: listed === 'file' ? 'file' : 'allow' };
  }

  desk.page('/admin', (look) => {
    const { origins, others } = refusedOrigins.list();
    return overviewPage(look, {
      ...{ visits: visits.live(), refusals: watch.summary(), nowMs: clock.now() },
      unlisted: { origins: origins.map(asUnlisted), others },
      nameOf: (id) => nameOf(destinations.byId(id), id),
    });
  });

  desk.form('/admin/visits/end', async (look, c) => {
    const visitId = look.sent.visit ?? '';
    const isEnded = await visits.endByOperator(visitId);
    if (isEnded) logger.info({ visitId }, 'a visit was ended by an administrator');
    return desk.go(look, c, '/admin', { done: isEnded ? 'ended' : 'gone' });
  });

  desk.form('/admin/origins/allow', async (look, c) => {
    const { origin = '', destination: destinationId = '' } = look.sent;
    const listed = listing(destinationId, origin);
    const put = listed === undefined || listed === 'file' ? undefined : await destinations.put(listed);
    if (put?.ok) logger.info({ destinationId }, 'an origin was allowed by an administrator');
    return desk.go(look, c, '/admin', { done: put?.ok ? 'allowed' : 'notAllowed' });
  });
}
