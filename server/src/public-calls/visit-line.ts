// What the telephone exchange tells of visitors' calls, turned into what it means for the visit.
import type { GuestCallEvent } from '../pbx/guest-line.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { PeopleStore } from '../storage/port.ts';
import type { Destinations } from './ports.ts';
import type { Conductor } from './visit-conduct.ts';
import { inTurn, type LiveVisit, type LiveVisits } from './visit-live.ts';
import { endOf } from './visit-stage.ts';
import type { VisitStore } from './visit-store.ts';

export interface LineListenerOptions {
  readonly visits: Pick<VisitStore, 'take'>;
  readonly live: LiveVisits;
  readonly conductor: Conductor;
  readonly destinations: Pick<Destinations, 'byId'>;
  readonly people: Pick<PeopleStore, 'byIds'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Hears each event in the visit's turn; of visits that are not there it hears nothing. */
export function createLineListener(options: LineListenerOptions): (event: GuestCallEvent) => void {
  const { visits, live, conductor, destinations, clock, logger } = options;
  const destinationOf = (visit: LiveVisit) => destinations.byId(visit.record.destinationId);

  async function answered(visit: LiveVisit, personId: string | undefined): Promise<void> {
    const [person] = personId === undefined ? [] : await options.people.byIds([personId]);
    if (person) {
      const agent = { personId: person.id, name: person.name };
      // Who talks has it, whoever wrote before.
      const taken = await visits
        .take(visit.record.id, agent, visit.record.agent?.personId)
        .catch((err: unknown) => logger.error({ err }, 'who answered a visit could not be kept'));
      visit.record = { ...visit.record, agent: taken?.agent ?? agent };
    }
    const maxMinutes = destinationOf(visit)?.maxMinutes ?? 0;
    await conductor.note(visit, { kind: 'answered', untilMs: clock.now() + maxMinutes * 60_000 });
  }

  /** All turns of ringing, and what the exchange takes in between. */
  function ringMs(visit: LiveVisit): number {
    const ring = destinationOf(visit)?.ring;
    if (!ring) return 0;
    const turns = 'people' in ring && ring.order === 'in-turn' ? ring.people.length : 1;
    return turns * ring.ringSeconds * 1_000;
  }

  async function take(visit: LiveVisit, event: GuestCallEvent): Promise<void> {
    switch (event.kind) {
      case 'ringing':
        await conductor.note(visit, { kind: 'ringing', untilMs: clock.now() + ringMs(visit) });
        return;
      case 'answered':
        await answered(visit, event.personId);
        return;
      case 'ended': {
        const { stage } = visit.record;
        const { state } = stage;
        if (state !== 'ready' && state !== 'ringing' && state !== 'talking') return;
        visit.isLineOver = true;
        await conductor.finish(visit, endOf(stage, event));
      }
    }
  }

  return (event) => {
    const visit = live.get(event.visitId);
    if (!visit) return;
    inTurn(visit, () => take(visit, event)).catch((err: unknown) =>
      logger.error({ err, visitId: event.visitId }, 'what the exchange told of a visit was lost'),
    );
  };
}
