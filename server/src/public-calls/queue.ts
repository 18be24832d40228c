// The queue of each destination (P7): strictly in order of coming, never more calls than its capacity, nor than people
// who are free to answer. It gives turns; what becomes of them is the conductor's.
import { type Destination, type GuestAccount, limits } from '@ringtag/server/protocol';
import type { GuestLine } from '../pbx/guest-line.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { IceServersFor } from '../platform/turn.ts';
import type { Answerers, Readiness } from './answerers.ts';
import { type LiveFigures, languageOf } from './destination-card.ts';
import type { Estimates } from './estimate.ts';
import { lateTurnsAt } from './late-turns.ts';
import type { Destinations } from './ports.ts';
import type { Conductor } from './visit-conduct.ts';
import { headersOf } from './visit-headers.ts';
import { callLimitsOf } from './visit-line.ts';
import { inTurn, type LiveVisit, type LiveVisits } from './visit-live.ts';
import { nameOf, type Place } from './visit-view.ts';

export interface QueueOptions {
  readonly live: LiveVisits;
  readonly destinations: Destinations;
  readonly answerers: Answerers;
  readonly estimates: Estimates;
  readonly guestLine: GuestLine;
  readonly iceServers: IceServersFor;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Queue {
  /** Gives turns to whoever can have one, and tells the others their places. Coalesced: asking often costs nothing. */
  settle(conductor: Conductor): void;
  placeOf(visit: LiveVisit): Place;
  /** What the destination's card says. */
  figures(destinationId: string): Promise<LiveFigures>;
  /** Whether one more may wait or ring. */
  hasRoom(destination: Destination): boolean;
  readonly waiting: number;
  stop(): void;
}

/** People become free, and are seen to be, without a word to the queue: it looks again this often while somebody waits. */
const LOOK_MS = 1_000;
/**
 * Somebody who reloads the page is away for a moment, an exchange that the hub connects to anew likewise; a desk that
 * stays empty for longer is empty.
 */
const NOBODY_MS = 10_000;

export function createQueue(options: QueueOptions): Queue {
  const { live, destinations, answerers, estimates, guestLine, clock, logger } = options;
  const emptySince = new Map<string, number>();
  /** When somebody was last seen there, for the card. */
  const seenAt = new Map<string, number>();
  const parallel = new Map<string, number>();
  let isRunning = false;
  let isAgain = false;
  let cancelLook = () => {};
  let isStopped = false;

  async function run(conductor: Conductor): Promise<void> {
    do {
      isAgain = false;
      const ids = new Set(live.in('waiting').map(({ record }) => record.destinationId));
      for (const id of emptySince.keys()) if (!ids.has(id)) emptySince.delete(id);
      for (const id of ids) {
        await settleAt(id, conductor).catch((err: unknown) =>
          logger.error({ err, destinationId: id }, 'a queue could not be looked at'),
        );
      }
    } while (isAgain && !isStopped);
  }

  async function settleAt(id: string, conductor: Conductor): Promise<void> {
    const destination = destinations.byId(id);
    const everybody = (end: 'failed' | 'closed' | 'no-answer') =>
      Promise.all(live.waitingAt(id).map((visit) => finishWaiting(visit, conductor, end)));
    if (!destination) return void (await everybody('failed'));
    if (!destinations.opening(destination, clock.now()).isOpen) return void (await everybody('closed'));
    await estimates.load(id);
    const readiness = await answerers.readiness(destination);
    parallel.set(id, Math.min(destination.capacity, readiness.present));
    if (isDeserted(id, readiness))
      return void (await everybody(guestLine.available ? 'no-answer' : 'failed'));
    await endLateTurns(destination, conductor);
    if (guestLine.available) await giveTurns(destination, { readiness, conductor });
    for (const [ahead, visit] of live.waitingAt(id).entries()) {
      tellPlace(visit, { ahead, ...estimate(id, ahead) }, conductor);
    }
  }

  function finishWaiting(visit: LiveVisit, conductor: Conductor, end: 'failed' | 'closed' | 'no-answer') {
    return inTurn(visit, async () => {
      if (visit.record.stage.state === 'waiting') await conductor.finish(visit, end);
    });
  }

  async function endLateTurns(destination: Destination, conductor: Conductor): Promise<void> {
    for (const visit of lateTurnsAt(destination, { live, nowMs: clock.now() })) {
      await inTurn(visit, async () => {
        if (visit.record.stage.state === 'ready')
          await conductor.note(visit, { kind: 'over', end: 'failed' });
      });
    }
  }

  function isDeserted(id: string, { present }: Readiness): boolean {
    if (present > 0 && guestLine.available) {
      emptySince.delete(id);
      return false;
    }
    const sinceMs = emptySince.get(id) ?? clock.now();
    emptySince.set(id, sinceMs);
    return clock.now() - sinceMs >= NOBODY_MS;
  }

  /** Whoever reloads the page is there: a card must not say otherwise for that moment. */
  function isStaffed(id: string, present: number): boolean {
    if (present > 0) seenAt.set(id, clock.now());
    return clock.now() - (seenAt.get(id) ?? Number.NEGATIVE_INFINITY) < NOBODY_MS;
  }

  async function giveTurns(
    destination: Destination,
    { readiness, conductor }: { readiness: Readiness; conductor: Conductor },
  ): Promise<void> {
    for (const visit of live.waitingAt(destination.id)) {
      const slots = destination.capacity - live.activeAt(destination.id).length;
      if (slots < 1 || readiness.free - ringingFor(readiness) < 1) return;
      // Nobody overtakes: whoever is away for a moment is waited for, until they count as gone.
      if (!visit.stream) return;
      await inTurn(visit, () => giveTurn(visit, { destination, readiness, conductor }));
    }
  }

  /** Calls that are about to be answered by one of those who are free now, of whatever destination. */
  function ringingFor({ turns }: Readiness): number {
    const lines = new Set(turns.flat());
    return live.in('ready', 'ringing').filter((visit) => visit.lines.some((line) => lines.has(line))).length;
  }

  async function giveTurn(
    visit: LiveVisit,
    {
      destination,
      readiness,
      conductor,
    }: { destination: Destination; readiness: Readiness; conductor: Conductor },
  ): Promise<void> {
    const { record } = visit;
    if (record.stage.state !== 'waiting') return;
    visit.lines = readiness.turns.flat();
    visit.callLimits = callLimitsOf(destination);
    try {
      visit.account = await openLine(visit, destination, readiness);
    } catch (err) {
      logger.error({ err, visitId: record.id }, 'a line could not be opened for a visit');
      await conductor.note(visit, { kind: 'over', end: 'failed' });
      return;
    }
    await conductor.note(visit, { kind: 'turn', untilMs: clock.now() + limits.VISIT_TURN_MS });
  }

  async function openLine(
    { record }: LiveVisit,
    destination: Destination,
    { turns }: Readiness,
  ): Promise<GuestAccount> {
    const account = await guestLine.open({
      visitId: record.id,
      origin: record.source.origin,
      callerName: nameOf(destination, destination.id),
      turns,
      ringSeconds: destination.ring.ringSeconds,
      maxSeconds: destination.maxMinutes * 60,
      language: record.context.language ?? languageOf(Object.keys(destination.texts), undefined),
      headers: headersOf(record.context),
    });
    // Until the call's end, whose turns and ringing come before it: a stranger's relay is not open for half a day.
    const { ring, maxMinutes } = destination;
    const validForMs =
      limits.VISIT_TURN_MS + turns.length * ring.ringSeconds * 1_000 + (maxMinutes + 1) * 60_000;
    const iceServers = options.iceServers(record.id, validForMs).map((server) => ({ ...server }));
    return { ...account, iceServers };
  }

  function placeOf(visit: LiveVisit): Place {
    const { destinationId } = visit.record;
    const ahead = Math.max(0, live.waitingAt(destinationId).indexOf(visit));
    return { ahead, ...estimate(destinationId, ahead) };
  }

  function estimate(id: string, ahead: number): { waitMs?: number } {
    const capacity = destinations.byId(id)?.capacity ?? 0;
    const waitMs = estimates.waitMs(id, { ahead, parallel: parallel.get(id) ?? capacity });
    return waitMs === undefined ? {} : { waitMs };
  }

  function tellPlace(visit: LiveVisit, place: Place, conductor: Conductor): void {
    const told = JSON.stringify(place);
    if (!visit.stream || visit.toldPlace === told) return;
    visit.toldPlace = told;
    conductor.send(visit, { type: 'waiting', ...place });
  }

  function hasRoom({ id, capacity, queue }: Destination): boolean {
    return live.waitingAt(id).length + live.activeAt(id).length < capacity + queue;
  }

  function lookLater(conductor: Conductor): void {
    cancelLook();
    if (isStopped || live.in('waiting').length === 0) return;
    cancelLook = clock.after(LOOK_MS, () => settle(conductor));
  }

  function settle(conductor: Conductor): void {
    if (isStopped) return;
    if (isRunning) {
      isAgain = true;
      return;
    }
    isRunning = true;
    void run(conductor).finally(() => {
      isRunning = false;
      lookLater(conductor);
    });
  }

  return {
    settle,
    placeOf,
    hasRoom,
    async figures(destinationId) {
      const destination = destinations.byId(destinationId);
      if (!destination) return { waiting: 0, hasRoom: false, isAvailable: false };
      await estimates.load(destinationId);
      const { present, free } = await answerers.recentReadiness(destination);
      const waiting = live.waitingAt(destinationId).length;
      const active = live.activeAt(destinationId).length;
      const isFree = waiting === 0 && active < destination.capacity && free > 0;
      return {
        waiting,
        ...(isFree ? {} : estimate(destinationId, waiting)),
        // Where nobody is there for a moment, nobody is in a call either.
        ...(isFree || present === 0 ? {} : { isTaken: true }),
        hasRoom: hasRoom(destination),
        isAvailable: guestLine.available && isStaffed(destinationId, present),
      };
    },
    get waiting() {
      return live.in('waiting').length;
    },
    stop() {
      isStopped = true;
      cancelLook();
    },
  };
}
