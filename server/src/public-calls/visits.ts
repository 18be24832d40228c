// Visits of the public as one part: their parts joined, taken up at the start (P13), swept when they are old (P15), and
// what the rest of the hub may ask of them.
import type { DestinationRating, VisitEnd, VisitState } from '@ringtag/server/protocol';
import type { Connections } from '../calls/connections.ts';
import type { GuestLine } from '../pbx/guest-line.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { IceServersFor } from '../platform/turn.ts';
import type { Storage } from '../storage/port.ts';
import { type AgentDesk, createAgentDesk } from './agent-desk.ts';
import { createAnswerers, type Known } from './answerers.ts';
import type { LiveFigures } from './destination-card.ts';
import type { DestinationPeople } from './destination-people.ts';
import { createEstimates } from './estimate.ts';
import { createLeftService, type LeftService } from './left.ts';
import type { CallRecords, Destinations, PublicAttempts, PublicCapacity, Tickets, Toll } from './ports.ts';
import { createQueue } from './queue.ts';
import type { VisitRecord } from './visit.ts';
import { type Conductor, createConductor } from './visit-conduct.ts';
import type { VisitHome } from './visit-home.ts';
import { createLineListener } from './visit-line.ts';
import { createLiveVisits, inTurn, type LiveVisit } from './visit-live.ts';
import { createRoomyCapacity } from './visit-room.ts';
import { createVisitService, type VisitService } from './visit-service.ts';

export interface PublicVisitsOptions {
  readonly storage: Pick<Storage, 'visits' | 'left' | 'people'>;
  readonly destinations: Destinations;
  readonly destinationPeople: DestinationPeople;
  readonly tickets: Tickets;
  readonly capacity: PublicCapacity;
  readonly attempts: PublicAttempts;
  readonly toll: Toll;
  readonly guestLine: GuestLine;
  readonly connections: Pick<Connections, 'devicesOf' | 'send' | 'isOnline'>;
  /** Something of theirs is registered at the exchange, and they want calls. */
  readonly isReachable: (person: PersonRecord) => Promise<boolean>;
  /** In some call. */
  readonly isBusy: (person: PersonRecord) => boolean;
  readonly iceServers: IceServersFor;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly home: VisitHome;
  readonly logger: Logger;
  readonly onEnded?: (record: VisitRecord, end: VisitEnd) => void;
  /** How a call sounded to the visitor, and how the visitor rated it; absent: nobody keeps that. */
  readonly callRecords?: CallRecords;
}

export interface PublicVisits {
  readonly service: VisitService;
  readonly desk: AgentDesk;
  readonly left: LeftService;
  /** What a destination's card says of now. */
  figures(destinationId: string): Promise<LiveFigures>;
  /** Everything that call records keep of a visit (source, context, ticket, destination); undefined: there is none. */
  visitOf(visitId: string): Promise<VisitRecord | undefined>;
  /** One that this hub holds in memory: it goes on, or has ended within minutes. */
  recordOf(visitId: string): VisitRecord | undefined;
  /** Whether some destination rings this person, or a visit was passed on to them (P9). */
  isAnswerer(person: PersonRecord): boolean;
  /** Whom a destination could ring at all, now or later; of one that is gone, nobody. */
  known(destinationId: string): Promise<Known>;
  /** How many wait for a destination. */
  waitingAt(destinationId: string): number;
  /** Those that go on, oldest first; for administrators. */
  live(): readonly VisitRecord[];
  /** Of the last 30 days, for administrators. */
  ratings(): Promise<DestinationRating[]>;
  /** By an administrator; false where none goes on. */
  endByOperator(visitId: string): Promise<boolean>;
  /** Somebody may have become free: the queue looks now. */
  lookAgain(): void;
  byState(): Record<Exclude<VisitState, 'ended'>, number>;
  /** Takes up what storage knows of; to be awaited before the first request is let in. */
  start(): Promise<void>;
  /** Ends the streams: pages come again by themselves. */
  farewell(): void;
  stop(): Promise<void>;
}

/** P15: how long a visit and its transcript are kept after its end. */
const VISIT_KEPT_MS = 30 * 24 * 3_600_000;
/** What was left, after it was marked done. */
const LEFT_KEPT_MS = 7 * 24 * 3_600_000;
/** A voice that was announced and did not come. */
const NOTHING_KEPT_MS = 3_600_000;
const SWEEP_MS = 3_600_000;

export function createPublicVisits(options: PublicVisitsOptions): PublicVisits {
  const { storage, destinations, guestLine, clock, logger } = options;
  const { visits, left: leftStore, people } = storage;
  const live = createLiveVisits({ clock });
  const estimates = createEstimates({ visits });
  const answerers = createAnswerers({
    ...options,
    people,
    // Who has just answered may not be seen in the call yet.
    isBusy: (person) =>
      live.in('talking').some((visit) => !visit.isParted && isHadBy(person, visit)) || options.isBusy(person),
  });
  const queue = createQueue({ ...options, live, answerers, estimates });
  const conductor: Conductor = createConductor({
    ...options,
    ...{ visits, live, estimates },
    onChanged: (record) => desk.show(record),
    onQueueChanged: () => queue.settle(conductor),
  });
  const desk: AgentDesk = createAgentDesk({ ...options, visits, live, people, answerers, conductor });
  const left = createLeftService({
    ...options,
    ...{ left: leftStore, answerers },
    onLeft: (record) => desk.showLeft(record),
  });
  const service = createVisitService({
    ...options,
    capacity: createRoomyCapacity({ capacity: options.capacity, live, conductor, clock }),
    ...{ visits, live, conductor, queue },
    onChanged: (record) => desk.show(record),
  });
  const hear = createLineListener({ visits, live, conductor, destinations, people, clock, logger });
  const lookAgain = () => queue.settle(conductor);
  const undo: (() => void)[] = [];

  /** Where it stood; whose turn it was waits again, at the place they had. */
  async function resume(record: VisitRecord): Promise<void> {
    const visit = live.add(record);
    visit.isResumed = true;
    const { source, destinationId } = record;
    const held = await options.capacity.hold({ ...source, destinationId });
    if (held.ok) visit.release = () => held.release();
    conductor.resume(visit);
    if (record.stage.state === 'ready') await conductor.note(visit, { kind: 'resumed' });
  }

  async function figures(destinationId: string): Promise<LiveFigures> {
    const here = await queue.figures(destinationId);
    const destination = destinations.byId(destinationId);
    if (!destination || !guestLine.available) return here;
    const to = service.sendsTo(destination, here.isAvailable);
    const target = to === undefined ? undefined : destinations.byId(to);
    if (!target || !destinations.opening(target, clock.now()).isOpen) return here;
    const there = await queue.figures(target.id);
    return { ...here, goesOn: there.isAvailable && there.hasRoom };
  }

  /** Nobody answers there any more: who waits is seen to by the queue, who writes is told. */
  function endChatsNowhere(): void {
    for (const visit of live.in('open').filter(({ record }) => !destinations.byId(record.destinationId)))
      inTurn(visit, async () => {
        if (visit.record.stage.state === 'open') await conductor.note(visit, { kind: 'over', end: 'closed' });
      }).catch((err: unknown) => logger.error({ err }, 'a chat at a destination that is gone did not end'));
  }

  function sweepLater(): void {
    const cancel = clock.after(SWEEP_MS, () => {
      const nowMs = clock.now();
      Promise.all([
        visits.forget(nowMs - VISIT_KEPT_MS),
        leftStore.forget({ doneMs: nowMs - LEFT_KEPT_MS, nothingMs: nowMs - NOTHING_KEPT_MS }),
      ])
        .catch((err: unknown) => logger.warn({ err }, 'old visits could not be swept'))
        .finally(sweepLater);
    });
    undo[0] = cancel;
  }

  const going = (): LiveVisit[] => live.in('open', 'waiting', 'ready', 'ringing', 'talking');

  return {
    service,
    desk,
    left,
    figures,
    visitOf: async (visitId) => live.get(visitId)?.record ?? visits.byId(visitId),
    recordOf: (visitId) => live.get(visitId)?.record,
    isAnswerer: (person) =>
      answerers.destinationsOf(person).length > 0 || going().some((visit) => isHadBy(person, visit)),
    async known(destinationId) {
      const destination = destinations.byId(destinationId);
      return destination ? answerers.known(destination) : { isAnybodys: false, unknown: [] };
    },
    waitingAt: (destinationId) => live.waitingAt(destinationId).length,
    live: () => going().map(({ record }) => record),
    async ratings() {
      const rated = await visits.ratings(clock.now() - VISIT_KEPT_MS);
      return rated.map(({ destinationId, count, stars }) => ({ destinationId, count, mean: stars / count }));
    },
    async endByOperator(visitId) {
      const visit = live.get(visitId);
      return visit
        ? inTurn(visit, () => conductor.note(visit, { kind: 'over', end: 'ended-by-operator' }))
        : false;
    },
    lookAgain,
    byState() {
      const counts = { open: 0, waiting: 0, ready: 0, ringing: 0, talking: 0 };
      for (const { record } of going()) {
        if (record.stage.state !== 'ended') counts[record.stage.state] += 1;
      }
      return counts;
    },
    async start() {
      for (const record of await visits.live()) await resume(record);
      await guestLine.closeAllBut(live.in('ringing', 'talking').map(({ record }) => record.id));
      undo.push(() => {}, guestLine.on(hear), destinations.onChanged(lookAgain));
      undo.push(destinations.onChanged(endChatsNowhere));
      endChatsNowhere();
      sweepLater();
      lookAgain();
    },
    farewell() {
      for (const { stream } of live.all()) stream?.close();
    },
    async stop() {
      queue.stop();
      for (const each of undo) each();
      const all = live.all();
      for (const visit of all) live.remove(visit);
      await Promise.all(all.map(({ turn }) => turn));
      await desk.settled();
    },
  };
}

function isHadBy({ id }: PersonRecord, { record }: LiveVisit): boolean {
  return record.agent?.personId === id;
}
