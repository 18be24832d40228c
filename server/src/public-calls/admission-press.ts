// Who presses again and again where all places are taken (P10): a place that becomes free goes to the next press, so
// whoever presses most would have it. Each network finds it busy a few times a minute, and then waits, place or not.
import type { RateLimiters } from '../platform/rate-limiter.ts';
import type { ShareHolder } from './admission-share.ts';

export interface Presses {
  /** One press for a call: the time to wait in milliseconds where there were too many in vain. `isBusy`: so is this. */
  count(who: ShareHolder, isBusy: boolean): Promise<number | undefined>;
}

/** More than one person needs, and some for others behind the same address. */
const IN_VAIN = 8;
const WINDOW_MS = 60_000;

/** `limiters`: in memory, like all that is counted by network. */
export function createPresses(limiters: RateLimiters): Presses {
  const inVain = limiters.create('press-in-vain', { requests: IN_VAIN, windowMs: WINDOW_MS });
  return {
    async count({ network, destinationId }, isBusy) {
      const key = `${destinationId} ${network}`;
      return isBusy ? inVain.take(key) : inVain.look(key);
    },
  };
}
