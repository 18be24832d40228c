// The one place that changes where a visit stands: stored first, then the page and the people who answer are told, and
// what the stage asks for is begun or given back. Which stage follows is decided in `visit-stage.ts`.
import { limits, type VisitEnd, type VisitEvent } from '@ringtag/server/protocol';
import type { GuestLine } from '../pbx/guest-line.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Estimates } from './estimate.ts';
import type { Destinations } from './ports.ts';
import { isLive, type VisitRecord } from './visit.ts';
import { createIdleWatch } from './visit-idle.ts';
import { clearTimer, type LiveVisit, type LiveVisits, setTimer } from './visit-live.ts';
import { nextStage, type VisitStage, type VisitStageEvent } from './visit-stage.ts';
import type { VisitMove, VisitStore } from './visit-store.ts';
import { labelFor, offersAfter } from './visit-view.ts';

export interface ConductorOptions {
  readonly visits: VisitStore;
  readonly live: LiveVisits;
  readonly destinations: Destinations;
  readonly guestLine: GuestLine;
  readonly estimates: Estimates;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The people who answer are to see it as it is now. */
  readonly onChanged: (record: VisitRecord) => void;
  /** A place became free, or somebody waits: the queue is to be looked at. */
  readonly onQueueChanged: () => void;
  /** Hears of each call or visit that is over; for the metrics. */
  readonly onEnded?: (record: VisitRecord, end: VisitEnd) => void;
}

export interface Conductor {
  /** False where the event means nothing as it stands. Rejects where storage does not take it; nothing changed then. */
  apply(visit: LiveVisit, event: VisitStageEvent, change?: Omit<VisitMove, 'stage'>): Promise<boolean>;
  /** The same for what has happened whether storage takes it or not. */
  note(visit: LiveVisit, event: VisitStageEvent, change?: Omit<VisitMove, 'stage'>): Promise<boolean>;
  /** Over for this reason, or on at the destination that the operator named for it (P14). */
  finish(visit: LiveVisit, end: VisitEnd): Promise<void>;
  /** Sets the timers of a visit that has begun, or was read from storage. */
  resume(visit: LiveVisit): void;
  /** Its time stands still, until it is passed to somebody: what was due in it is not. */
  pause(visit: LiveVisit): void;
  /** Nobody listens: after a while it is over. */
  watchSilence(visit: LiveVisit): void;
  send(visit: LiveVisit, event: VisitEvent): void;
}

interface Change {
  readonly event: VisitStageEvent;
  /** What changes with the stage. */
  readonly also: Omit<VisitMove, 'stage'>;
  /** It has happened, whether storage takes it or not. */
  readonly isCertain: boolean;
}

/** How long a page may be silent in each stage. A chat goes on over several pages. */
const SILENCE_MS = {
  open: 10 * 60_000,
  waiting: limits.VISITOR_AWAY_MS,
  ready: limits.VISITOR_AWAY_MS,
  ringing: limits.VISITOR_AWAY_MS,
  // A network that is lost closes nothing: what closed the stream was the page's end, or a proxy's.
  talking: 15_000,
} as const;
/** A page that came to leave something, and is gone, has left it or will not. */
const LEAVING_SILENCE_MS = 60_000;
/** After a restart of the hub, pages that had given up asking every second need longer to come back. */
const RESUMED_SILENCE_MS = 30_000;
/** The exchange ends a call by itself; where it says nothing for this long after its time, the hub does. */
const EXCHANGE_SILENT_MS = 15_000;

/** The exchange's word for whom it could not ring: its visitor has let no turn pass. */
const CALLED: ReadonlySet<VisitEnd> = new Set(['busy', 'declined', 'no-answer']);
/** Longer than anybody is rung for: the exchange says before what came of it. */
const PAUSE_MOST_MS = 15 * 60_000;

export function createConductor(options: ConductorOptions): Conductor {
  const { visits, live, destinations, guestLine, estimates, clock, logger } = options;
  const watchIdle = createIdleWatch({
    ...{ destinations, clock, logger },
    end: (visit) => note(visit, { kind: 'over', end: 'idle' }),
  });

  async function change(visit: LiveVisit, { event, also, isCertain }: Change): Promise<boolean> {
    const before = visit.record.stage;
    const stage = nextStage(before, event, clock.now());
    if (!stage) return false;
    const move = { ...also, stage };
    try {
      await visits.move(visit.record.id, move);
    } catch (err) {
      if (!isCertain) throw err;
      logger.error({ err, visitId: visit.record.id }, 'a visit could not be kept as it stands');
    }
    visit.record = { ...visit.record, ...move };
    live.sort(visit);
    await follow(visit, before);
    logger.info(
      {
        visitId: visit.record.id,
        was: before.state,
        is: stage.state,
        ...('end' in stage ? { end: stage.end } : {}),
      },
      'a visit went on',
    );
    options.onChanged(visit.record);
    if (before.state !== 'open' || stage.state !== 'ended') options.onQueueChanged();
    return true;
  }

  /** What the new stage means for page, exchange and timers. */
  async function follow(visit: LiveVisit, before: VisitStage): Promise<void> {
    const { stage } = visit.record;
    clearTimer(visit, 'stage');
    clearTimer(visit, 'warning');
    watchSilence(visit);
    watchIdle(visit);
    if (hasLine(before) && !hasLine(stage)) await closeLine(visit);
    switch (stage.state) {
      case 'open':
      case 'waiting':
        visit.toldPlace = '';
        return;
      case 'ready':
        at(visit, stage.untilMs, { kind: 'over', end: 'failed' });
        if (visit.account) send(visit, { type: 'ready', account: visit.account });
        return;
      case 'ringing':
        at(visit, stage.untilMs + EXCHANGE_SILENT_MS, { kind: 'over', end: 'no-answer' });
        return send(visit, { type: 'ringing' });
      case 'talking':
        at(visit, stage.untilMs + EXCHANGE_SILENT_MS, { kind: 'over', end: 'too-long' });
        warn(visit, stage.untilMs);
        return talkingBegan(visit, stage.untilMs);
      case 'ended':
        if (before.state === 'ready' && !CALLED.has(stage.end)) noteMissedTurn(visit.record);
        return over(visit, stage);
    }
  }

  function noteMissedTurn({ source: { network }, destinationId }: VisitRecord): void {
    live.missedTurns.note({ network, destinationId });
  }

  function talkingBegan(visit: LiveVisit, untilMs: number): void {
    const { agent } = visit.record;
    const endsInMs = Math.max(0, untilMs - clock.now());
    send(visit, { type: 'talking', ...(agent ? { agent: agent.name } : {}), endsInMs });
  }

  function warn(visit: LiveVisit, untilMs: number): void {
    const delayMs = untilMs - limits.VISIT_WARNING_MS - clock.now();
    if (delayMs <= 0) return;
    setTimer(visit, { clock, name: 'warning', delayMs }, () =>
      send(visit, { type: 'ending', endsInMs: limits.VISIT_WARNING_MS }),
    );
  }

  function pause(visit: LiveVisit): void {
    if (visit.record.stage.state !== 'talking') return;
    clearTimer(visit, 'warning');
    at(visit, clock.now() + PAUSE_MOST_MS, { kind: 'over', end: 'too-long' });
  }

  function over(visit: LiveVisit, stage: Extract<VisitStage, { state: 'ended' }>): void {
    clearTimer(visit, 'chat');
    visit.isUnanswered = false;
    visit.release();
    visit.release = () => {};
    const { destinationId } = visit.record;
    if (stage.talkedMs !== undefined) estimates.add(destinationId, stage.talkedMs);
    const destination = destinations.byId(destinationId);
    const offers = offersAfter(destinations, { destination, end: stage.end, nowMs: stage.atMs });
    send(visit, { type: 'ended', end: stage.end, offers });
    options.onEnded?.(visit.record, stage.end);
    // Until then it may be rated, written in, or called again (P4).
    setTimer(visit, { clock, name: 'stage', delayMs: limits.RATING_MS }, () => live.remove(visit));
  }

  async function closeLine(visit: LiveVisit): Promise<void> {
    visit.account = undefined;
    visit.lines = [];
    visit.callLimits = undefined;
    visit.isParted = false;
    const { isLineOver } = visit;
    visit.isLineOver = false;
    if (isLineOver) return;
    try {
      await guestLine.close(visit.record.id);
    } catch (err) {
      logger.error({ err, visitId: visit.record.id }, 'the line of a visit could not be closed');
    }
  }

  function at(visit: LiveVisit, dueMs: number, event: VisitStageEvent): void {
    setTimer(visit, { clock, name: 'stage', delayMs: dueMs - clock.now() }, () => later(visit, event));
  }

  /** From a timer: in the visit's turn, and only if it still stands where it stood. */
  function later(visit: LiveVisit, event: VisitStageEvent): void {
    const { stage } = visit.record;
    const run = visit.turn.then(async () => {
      if (visit.record.stage !== stage) return;
      if (event.kind === 'over' && event.end === 'no-answer') await finish(visit, 'no-answer');
      else await note(visit, event);
    });
    visit.turn = run.catch((err: unknown) => logger.error({ err }, 'a visit could not be ended in time'));
  }

  function watchSilence(visit: LiveVisit): void {
    clearTimer(visit, 'away');
    const { stage, intent } = visit.record;
    const { state } = stage;
    if (visit.silentSinceMs === undefined || state === 'ended') return;
    const isChat = intent === 'call' || intent === 'chat';
    const usualMs = state === 'open' && !isChat ? LEAVING_SILENCE_MS : SILENCE_MS[state];
    const patienceMs = visit.isResumed ? Math.max(usualMs, RESUMED_SILENCE_MS) : usualMs;
    const delayMs = visit.silentSinceMs + patienceMs - clock.now();
    setTimer(visit, { clock, name: 'away', delayMs }, () => later(visit, { kind: 'over', end: 'left' }));
  }

  function send(visit: LiveVisit, event: VisitEvent): void {
    visit.stream?.send(event);
  }

  const apply: Conductor['apply'] = (visit, event, also = {}) =>
    change(visit, { event, also, isCertain: false });
  const note: Conductor['note'] = (visit, event, also = {}) =>
    change(visit, { event, also, isCertain: true });

  /** Where it may go on instead; each destination once. */
  function elsewhere({ destinationId, before }: VisitRecord, end: VisitEnd) {
    const from = destinations.byId(destinationId);
    const to = from && otherwiseOf(from, end)?.to;
    const target = to === undefined ? undefined : destinations.byId(to);
    if (!target || [...before, destinationId].includes(target.id)) return undefined;
    return destinations.opening(target, clock.now()).isOpen ? target : undefined;
  }

  async function finish(visit: LiveVisit, end: VisitEnd): Promise<void> {
    const { record } = visit;
    const target = isLive(record) && record.stage.state !== 'talking' ? elsewhere(record, end) : undefined;
    if (!target) {
      await note(visit, { kind: 'over', end });
      return;
    }
    const moved = { destinationId: target.id, before: [...record.before, record.destinationId] };
    send(visit, {
      type: 'forwarded',
      destination: { id: target.id, name: labelFor({ ...record, ...moved }, target) },
    });
    await note(visit, { kind: 'forwarded' }, moved);
  }

  function resume(visit: LiveVisit): void {
    const { stage } = visit.record;
    watchSilence(visit);
    watchIdle(visit);
    if (stage.state === 'ringing')
      at(visit, stage.untilMs + EXCHANGE_SILENT_MS, { kind: 'over', end: 'no-answer' });
    if (stage.state !== 'talking') return;
    at(visit, stage.untilMs + EXCHANGE_SILENT_MS, { kind: 'over', end: 'too-long' });
    warn(visit, stage.untilMs);
  }

  return { apply, note, finish, resume, pause, watchSilence, send };
}

/** Stages in which the exchange knows of it. */
function hasLine({ state }: VisitStage): boolean {
  return state === 'ready' || state === 'ringing' || state === 'talking';
}

/** What the operator wants where nobody can be called for this reason; undefined: the call was as it should be. */
export function otherwiseOf(
  destination: NonNullable<ReturnType<Destinations['byId']>>,
  end: VisitEnd,
): (typeof destination)['busy'] | undefined {
  if (end === 'closed') return destination.closed;
  if (end === 'busy') return destination.busy;
  return end === 'no-answer' || end === 'declined' ? destination.unanswered : undefined;
}
