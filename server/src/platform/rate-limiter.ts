// The port behind which requests are counted, and its adapter for one hub: in memory, by rate-limiter-flexible. Several
// hubs on one MongoDB count together by the same library (`rate-limiter-mongo.ts`).
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** So many in a window that begins with the first of them. */
export interface Rate {
  readonly requests: number;
  readonly windowMs: number;
}

export interface RateLimiter {
  /** Counts one request of `who`; the time to wait in milliseconds where it was one too many, else undefined. */
  take(who: string): Promise<number | undefined>;
  /** What `take` would say now; counts nothing. */
  look(who: string): Promise<number | undefined>;
  /** How it stands in the window that runs; undefined where none does. */
  standing(who: string): Promise<Standing | undefined>;
}

export interface Standing {
  readonly counted: number;
  /** What the window still allows. */
  readonly left: number;
  /** Until the window is over. */
  readonly overInMs: number;
}

/** Makes limiters; those of one name count together. */
export interface RateLimiters {
  create(name: string, rate: Rate): RateLimiter;
  close(): Promise<void>;
}

/** Each counts for this hub alone. */
export const memoryRateLimiters: RateLimiters = {
  create: (_, rate) => createRateLimiter(rate),
  close: async () => {},
};

// Real time on purpose: what is limited is the load that real requests make.
export function createRateLimiter({ requests, windowMs }: Rate): RateLimiter {
  return limiterOf(new RateLimiterMemory({ points: requests, duration: windowMs / 1000 }));
}

/** As much of the library's limiters as is used. */
interface Counts {
  readonly points: number;
  /** Its way to say no is to throw. */
  consume(who: string): Promise<unknown>;
  get(who: string): Promise<RateLimiterRes | null>;
}

export function limiterOf(counts: Counts): RateLimiter {
  return {
    async take(who) {
      try {
        await counts.consume(who);
        return undefined;
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return refused.msBeforeNext;
        throw refused;
      }
    },
    async look(who) {
      const counted = await counts.get(who);
      return counted && counted.consumedPoints >= counts.points ? counted.msBeforeNext : undefined;
    },
    async standing(who) {
      const found = await counts.get(who);
      if (!found) return undefined;
      const { consumedPoints: counted, msBeforeNext: overInMs } = found;
      return { counted, left: Math.max(0, counts.points - counted), overInMs };
    },
  };
}
