// What is kept back for those who want little (P10): once all who share a limit have had theirs, each network has a few
// more a minute, and all of them together some part of the limit again. So a handful of greedy networks, each within its own limit,
// silences nobody else. Tickets are shared out in another way (`admission-share.ts`).
import type { RateLimiter, RateLimiters } from '../platform/rate-limiter.ts';
import type { Act, PublicLimits, Scope } from './limits.ts';

/** Who has come too late, and for whose limit. */
export interface LateComer {
  readonly network: string;
  readonly scope: Exclude<Scope, 'network'>;
  /** The origin, the destination, or `hub`. */
  readonly key: string;
}

export interface Reserve {
  /** Counts one; false where the network, or all together, have had what is kept back as well. */
  take(who: LateComer): Promise<boolean>;
}

export interface ReserveOptions {
  readonly act: Act;
  readonly limits: PublicLimits;
  /** In memory, for what a network has; the others count where the limit itself does. */
  readonly ownLimiters: RateLimiters;
  readonly inAllLimiters: RateLimiters;
  readonly sharedLimiters: RateLimiters;
}

interface Kept {
  /** So many a minute. */
  readonly ofNetwork: number;
  /** Of the limit, for all together. */
  readonly part: number;
}

/** A page that is loaded anew a few times, some lines of chat, what is left twice. Cards and streams cost the most. */
const KEPT: Readonly<Record<Exclude<Act, 'ticket'>, Kept>> = {
  look: { ofNetwork: 60, part: 0.5 },
  follow: { ofNetwork: 60, part: 0.5 },
  visit: { ofNetwork: 2, part: 1 },
  message: { ofNetwork: 12, part: 1 },
  left: { ofNetwork: 2, part: 1 },
  voice: { ofNetwork: 2, part: 1 },
};
const WINDOW_MS = 60_000;

/** Undefined where nothing is kept back. */
export function createReserve(options: ReserveOptions): Reserve | undefined {
  const { act, limits, ownLimiters, inAllLimiters, sharedLimiters } = options;
  if (act === 'ticket') return undefined;
  const { ofNetwork, part } = KEPT[act];
  const counter = (scope: Scope, limiters: RateLimiters, requests: number): RateLimiter =>
    limiters.create(`${act}-kept-${scope}`, { requests, windowMs: WINDOW_MS });
  const inAll = (scope: Scope, limiters: RateLimiters) =>
    counter(scope, limiters, Math.ceil(limits.perMinute[act][scope] * part));
  const byNetwork = counter('network', ownLimiters, ofNetwork);
  const together: Readonly<Record<LateComer['scope'], RateLimiter>> = {
    origin: inAll('origin', sharedLimiters),
    destination: inAll('destination', sharedLimiters),
    hub: inAll('hub', inAllLimiters),
  };
  return {
    async take({ network, scope, key }) {
      if ((await byNetwork.take(`${scope} ${key} ${network}`)) !== undefined) return false;
      return (await together[scope].take(key)) === undefined;
    },
  };
}
