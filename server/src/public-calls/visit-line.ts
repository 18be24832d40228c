// What the telephone exchange tells of visitors' calls, turned into what it means for the visit.
import type { Destination } from '@ringtag/server/protocol';
import type { GuestCallEvent } from '../pbx/guest-line.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { PeopleStore } from '../storage/port.ts';
import type { Destinations } from './ports.ts';
import type { Conductor } from './visit-conduct.ts';
import { type CallLimits, inTurn, type LiveVisit, type LiveVisits } from './visit-live.ts';
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

/** Where nobody knows any more what the exchange was told, which cuts the call all the same. */
const MOST: CallLimits = { ringMs: 10 * 60_000, talkMs: 240 * 60_000 };

export function callLimitsOf({ ring, maxMinutes }: Destination): CallLimits {
  const turns = 'people' in ring && ring.order === 'in-turn' ? ring.people.length : 1;
  return { ringMs: turns * ring.ringSeconds * 1_000, talkMs: maxMinutes * 60_000 };
}

/** Hears each event in the visit's turn; of visits that are not there it hears nothing. */
export function createLineListener(options: LineListenerOptions): (event: GuestCallEvent) => void {
  const { visits, live, conductor, destinations, clock, logger } = options;

  /** After a restart of the hub they are the destination's of now. */
  function limitsOf({ callLimits, record }: LiveVisit): CallLimits {
    const destination = destinations.byId(record.destinationId);
    return callLimits ?? (destination ? callLimitsOf(destination) : MOST);
  }

  /** Who talks has it, whoever wrote or talked before; false where the exchange does not know who it is. */
  async function giveTo(personId: string | undefined, visit: LiveVisit): Promise<boolean> {
    const [person] = personId === undefined ? [] : await options.people.byIds([personId]);
    if (!person) return false;
    const agent = { personId: person.id, name: person.name };
    const taken = await visits
      .take(visit.record.id, agent, visit.record.agent?.personId)
      .catch((err: unknown) => logger.error({ err }, 'who answered a visit could not be kept'));
    visit.record = { ...visit.record, agent: taken?.agent ?? agent };
    return true;
  }

  function hold(visit: LiveVisit, isHeld: boolean): void {
    if (visit.record.stage.state !== 'talking') return;
    visit.isHeld = isHeld;
    conductor.send(visit, { type: 'held', held: isHeld });
  }

  async function take(visit: LiveVisit, event: GuestCallEvent): Promise<void> {
    switch (event.kind) {
      case 'ringing':
        await conductor.note(visit, { kind: 'ringing', untilMs: clock.now() + limitsOf(visit).ringMs });
        return;
      case 'answered':
        await giveTo(event.personId, visit);
        await conductor.note(visit, { kind: 'answered', untilMs: clock.now() + limitsOf(visit).talkMs });
        return;
      case 'parted':
        visit.isParted = true;
        conductor.pause(visit);
        return;
      case 'lost':
        // Still theirs who had it, and not free for the next: they are called first.
        hold(visit, true);
        conductor.pause(visit);
        return;
      case 'passed':
        visit.isParted = !(await giveTo(event.personId, visit));
        visit.isHeld = false;
        await conductor.note(visit, { kind: 'passed', pausedMs: event.pausedMs });
        return;
      case 'held':
        hold(visit, event.isHeld);
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
