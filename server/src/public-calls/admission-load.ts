// How much the public wants right now: wishes for a ticket over the last ten seconds or so, by network, origin,
// destination and in all. Tells how hard a challenge has to be; remembers nobody for longer than twenty seconds.
import { SCOPES, type Scope } from './limits.ts';

/** Who wants a ticket, by the key of each scope. */
export type Keys = Readonly<Record<Scope, string>>;

export interface Load {
  /** Counts one; 0 while it is quiet, then the steps of difficulty from 1 on. */
  count(keys: Keys, nowMs: number): number;
  /** The step that one more would meet, as far as these keys tell; counts nothing. */
  peek(keys: Omit<Keys, 'destination'>, nowMs: number): number;
}

const WINDOW_MS = 10_000;
/** One network asks as hard as it wants to be asked; of what all share, strangers must not make a phone pay more. */
const HIGHEST: Readonly<Record<Scope, number>> = { network: 5, origin: 2, destination: 2, hub: 2 };
/** Whoever stays within all limits, and only takes places of those who want to talk, pays as well. */
const QUEUE_HALF = 0.5;
const QUEUE_NEARLY = 0.9;
/** Each step begins at so many times the number of the one before. */
const STEP: Readonly<Record<Scope, number>> = { network: 3, origin: 10, destination: 10, hub: 10 };

/** The step that a destination's queue alone asks for: half full the first, nearly full the second. */
export function stepOfQueue(fill: number): number {
  if (fill < QUEUE_HALF) return 0;
  return fill < QUEUE_NEARLY ? 1 : 2;
}

export function createLoad(workFrom: Readonly<Record<Scope, number>>): Load {
  let now = new Map<string, number>();
  let before = new Map<string, number>();
  let beganMs = 0;

  function turn(nowMs: number): void {
    const sinceMs = nowMs - beganMs;
    if (sinceMs >= 0 && sinceMs < WINDOW_MS) return;
    // A clock that was put back begins anew.
    before = sinceMs >= 0 && sinceMs < 2 * WINDOW_MS ? now : new Map();
    now = new Map();
    beganMs = nowMs - (nowMs % WINDOW_MS);
  }

  /** Step of each key with one more; `note` hears the new count. */
  function highest(keys: Partial<Keys>, nowMs: number, note: (key: string, count: number) => void): number {
    turn(nowMs);
    const past = 1 - (nowMs - beganMs) / WINDOW_MS;
    let step = 0;
    for (const scope of SCOPES) {
      const who = keys[scope];
      if (who === undefined) continue;
      const key = `${scope} ${who}`;
      const count = (now.get(key) ?? 0) + 1;
      note(key, count);
      const recent = count + (before.get(key) ?? 0) * past;
      step = Math.max(step, stepOf(scope, recent, workFrom[scope]));
    }
    return step;
  }

  return {
    count: (keys, nowMs) => highest(keys, nowMs, (key, count) => now.set(key, count)),
    peek: (keys, nowMs) => highest(keys, nowMs, () => {}),
  };
}

function stepOf(scope: Scope, recent: number, from: number): number {
  if (recent <= from) return 0;
  const steps = 1 + Math.floor(Math.log(recent / Math.max(from, 1)) / Math.log(STEP[scope]));
  return Math.min(steps, HIGHEST[scope]);
}
