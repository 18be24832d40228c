// The visits that go on now, or could go on within minutes, as this hub holds them in memory: the stored record, the
// page that listens, timers, and one turn at a time. A visit belongs to the hub that its page is connected to.
import type { GuestAccount, VisitEvent, VisitState } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import { createMissedTurns, type MissedTurns } from './missed-turns.ts';
import { isLive, type VisitRecord } from './visit.ts';

/** The page's end of a visit. Sending never fails: what is lost comes again with the next snapshot. */
export interface VisitStream {
  send(event: VisitEvent): void;
  close(): void;
}

export interface CallLimits {
  /** All turns of ringing. */
  readonly ringMs: number;
  readonly talkMs: number;
}

type TimerName = 'away' | 'stage' | 'warning' | 'chat' | 'idle';

export interface LiveVisit {
  /** Replaced at each change, by `visit-conduct.ts` alone. */
  record: VisitRecord;
  stream: VisitStream | undefined;
  /** Since when no page listens; undefined while one does. */
  silentSinceMs: number | undefined;
  /** It was taken up after a restart, and its page has not come back yet. */
  isResumed: boolean;
  /** Of its turn, until the call is over. */
  account: GuestAccount | undefined;
  /** The exchange has ended the call, and takes the account back by itself. */
  isLineOver: boolean;
  /** Extensions that its call rings. */
  lines: readonly string[];
  /** What its call was opened with: whatever becomes of the destination meanwhile. */
  callLimits: CallLimits | undefined;
  /** Who had its call has passed it on, and nobody else is known to have it yet. */
  isParted: boolean;
  /** Whoever talks to it holds it. After a restart of the hub that is not known. */
  isHeld: boolean;
  isUnanswered: boolean;
  /** What the page was last told of its place. */
  toldPlace: string;
  /** Gives back what it holds of the public's share. */
  release: () => void;
  readonly timers: Map<TimerName, () => void>;
  /** Settles when what is being done to it is done. */
  turn: Promise<unknown>;
}

export interface LiveVisits {
  readonly missedTurns: MissedTurns;
  add(record: VisitRecord): LiveVisit;
  get(visitId: string): LiveVisit | undefined;
  /** It has ended, or goes on again: those that ended are looked through no more. */
  sort(visit: LiveVisit): void;
  remove(visit: LiveVisit): void;
  all(): LiveVisit[];
  in(...states: readonly VisitState[]): LiveVisit[];
  /** Who waits for this destination, first come first. */
  waitingAt(destinationId: string): LiveVisit[];
  /** Calls of this destination that have had their turn and go on. */
  activeAt(destinationId: string): LiveVisit[];
}

export function createLiveVisits({ clock }: { readonly clock: Clock }): LiveVisits {
  const byId = new Map<string, LiveVisit>();
  const going = new Set<LiveVisit>();
  const within = (...states: readonly VisitState[]) =>
    [...going].filter(({ record }) => states.includes(record.stage.state));
  const sort = (visit: LiveVisit) => void (isLive(visit.record) ? going.add(visit) : going.delete(visit));
  const at = (destinationId: string, visits: LiveVisit[]) =>
    visits.filter(({ record }) => record.destinationId === destinationId);

  return {
    missedTurns: createMissedTurns(clock),
    add(record) {
      const visit: LiveVisit = {
        record,
        stream: undefined,
        silentSinceMs: clock.now(),
        isResumed: false,
        account: undefined,
        isLineOver: false,
        lines: [],
        callLimits: undefined,
        isParted: false,
        isHeld: false,
        isUnanswered: false,
        toldPlace: '',
        release() {},
        timers: new Map(),
        turn: Promise.resolve(),
      };
      byId.set(record.id, visit);
      sort(visit);
      return visit;
    },
    sort,
    get: (visitId) => byId.get(visitId),
    remove(visit) {
      for (const cancel of visit.timers.values()) cancel();
      visit.timers.clear();
      byId.delete(visit.record.id);
      going.delete(visit);
      visit.stream?.close();
    },
    all: () => [...byId.values()],
    in: within,
    // Sorting is stable: who came in the same millisecond stays in the order of coming.
    waitingAt: (destinationId) => at(destinationId, within('waiting')).sort((a, b) => since(a) - since(b)),
    activeAt: (destinationId) => at(destinationId, within('ready', 'ringing', 'talking')),
  };
}

function since({ record: { stage } }: LiveVisit): number {
  return stage.state === 'waiting' ? stage.sinceMs : 0;
}

/** Runs `task` when everything asked of this visit before is done, so that decisions see settled facts. */
export function inTurn<T>(visit: LiveVisit, task: () => Promise<T>): Promise<T> {
  const run = visit.turn.then(task);
  visit.turn = run.catch(() => {});
  return run;
}

/** One timer of a name at a time. */
export function setTimer(
  visit: LiveVisit,
  { clock, name, delayMs }: { clock: Clock; name: TimerName; delayMs: number },
  task: () => void,
): void {
  clearTimer(visit, name);
  const cancel = clock.after(Math.max(0, delayMs), () => {
    visit.timers.delete(name);
    task();
  });
  visit.timers.set(name, cancel);
}

export function clearTimer(visit: LiveVisit, name: TimerName): void {
  visit.timers.get(name)?.();
  visit.timers.delete(name);
}
