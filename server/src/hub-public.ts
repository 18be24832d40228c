// The part of the composition root that serves the public: the door (destinations, tickets, limits), visits behind it,
// and the people who answer them.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { every } from 'hono/combine';
import type { PublicDoor } from './app.ts';
import type { Connections } from './calls/connections.ts';
import type { PbxReach } from './calls/ports.ts';
import type { CallService } from './calls/service.ts';
import { composeDoor, type Door, type DoorOptions } from './hub-door.ts';
import type { GuestLine } from './pbx/guest-line.ts';
import type { Pbx } from './pbx/port.ts';
import type { Availabilities } from './people/availability.ts';
import type { EdgeEnv } from './platform/edge.ts';
import type { IceServersFor } from './platform/turn.ts';
import { agentRoutes } from './public-calls/agent-routes.ts';
import { leftRoutes } from './public-calls/left-routes.ts';
import type { CallRecords } from './public-calls/ports.ts';
import { createVisitHome } from './public-calls/visit-home.ts';
import { visitRoutes } from './public-calls/visit-routes.ts';
import { createPublicVisits, type PublicVisits } from './public-calls/visits.ts';
import { voiceDoor } from './public-calls/voice-door.ts';

export interface PublicOptions extends Omit<DoorOptions, 'live' | 'waitingAt' | 'recordOf'> {
  readonly guestLine: GuestLine;
  readonly pbx: Pbx | undefined;
  readonly pbxReach: PbxReach;
  readonly connections: Connections;
  readonly calls: Pick<CallService, 'isInCall'>;
  readonly availabilities: Pick<Availabilities, 'of'>;
  readonly iceServers: IceServersFor;
  readonly callRecords: CallRecords;
}

export interface PublicPart {
  readonly door: Door;
  readonly visits: PublicVisits;
  /** For `createApp`. */
  readonly entrance: PublicDoor;
  readonly routers: readonly OpenAPIHono<EdgeEnv>[];
  stop(): Promise<void>;
}

/** Ready to be asked: what storage knows of has been taken up. */
export async function composePublic(options: PublicOptions): Promise<PublicPart> {
  const { clock, metrics, pbx, pbxReach, availabilities, authenticate } = options;
  const door = await composeDoor({
    ...options,
    live: (destinationId) => visits.figures(destinationId),
    waitingAt: (destinationId) => visits.waitingAt(destinationId),
    recordOf: (visitId) => visits.recordOf(visitId),
  });
  const ended = metrics.counter('ringtag_visits_ended_total', 'Visits of the public that ended, by reason', [
    'end',
  ]);
  const visits: PublicVisits = createPublicVisits({
    ...options,
    home: createVisitHome({ hubId: options.config.systemId, ids: options.ids }),
    ...{ destinations: door.destinations, destinationPeople: door.people, tickets: door.tickets },
    ...{ capacity: door.admission, attempts: door.admission, toll: door.toll },
    isReachable: async (person) =>
      pbxReach.available &&
      !availabilities.of(person.id).doNotDisturb &&
      (await pbxReach.anyRegistered(person)),
    isBusy: ({ id, deskPhone }) =>
      options.calls.isInCall(id) || (deskPhone !== undefined && pbx?.isInCall(deskPhone) === true),
    onEnded: (_, end) => ended({ end }),
  });
  metrics.gauges('ringtag_visits', 'Visits of the public now, by state', {
    label: 'state',
    read: visits.byState,
  });
  pbx?.on('endpoint', visits.lookAgain);
  const { service, desk, left } = visits;
  await visits.start();
  // Of hubs that share a storage each ends its own.
  door.blocks.follow(() => {
    for (const { id, source } of visits.live()) {
      if (door.blocks.isBlocked(source.address)) void visits.endByOperator(id);
    }
  });
  return {
    door,
    visits,
    entrance: {
      knowsOrigin: door.destinations.knowsOrigin,
      guard: every(voiceDoor(service), door.guard),
      answered: door.watch.answered,
      recognised: door.recognised,
    },
    routers: [
      ...door.routers,
      visitRoutes({ service, clock }),
      leftRoutes({ service, left }),
      agentRoutes({ desk, left, authenticate }),
    ],
    async stop() {
      await visits.stop();
      await door.stop();
    },
  };
}
