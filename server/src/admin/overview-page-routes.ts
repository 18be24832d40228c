// GET /admin, POST /admin/visits/end.
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { AdmissionWatch } from '../public-calls/admission-watch.ts';
import type { Destinations } from '../public-calls/ports.ts';
import { nameOf } from '../public-calls/visit-view.ts';

import { overviewPage } from './overview-page.ts';
import type { PageDesk } from './page-desk.ts';
import type { AdministeredVisits } from './visit-routes.ts';

export interface OverviewOptions {
  readonly visits: AdministeredVisits;
  readonly watch: Pick<AdmissionWatch, 'summary'>;
  readonly destinations: Pick<Destinations, 'byId'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function addOverview(desk: PageDesk, { visits, watch, destinations, clock, logger }: OverviewOptions) {
  desk.page('/admin', (look) =>
    overviewPage(look, {
      ...{ visits: visits.live(), refusals: watch.summary(), nowMs: clock.now() },
      nameOf: (id) => nameOf(destinations.byId(id), id),
    }),
  );

  desk.form('/admin/visits/end', async (look, c) => {
    const visitId = look.sent.visit ?? '';
    const isEnded = await visits.endByOperator(visitId);
    if (isEnded) logger.info({ visitId }, 'a visit was ended by an administrator');
    return desk.go(look, c, '/admin', { done: isEnded ? 'ended' : 'gone' });
  });
}
