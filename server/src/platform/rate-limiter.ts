// The port behind which requests are counted, and its adapter for one hub: in memory, by rate-limiter-flexible. Several
// hubs would count together in Redis, by the same library.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** So many in a window that begins with the first of them. */
export interface Rate {
  readonly requests: number;
  readonly windowMs: number;
}

export interface RateLimiter {
  /** Counts one request of `who`; the time to wait in milliseconds where it was one too many, else undefined. */
  take(who: string): Promise<number | undefined>;
}

// Real time on purpose: what is limited is the load that real requests make.
export function createRateLimiter({ requests, windowMs }: Rate): RateLimiter {
  const counts = new RateLimiterMemory({ points: requests, duration: windowMs / 1000 });
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
  };
}
