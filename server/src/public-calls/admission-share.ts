// Who gets a destination's next ticket when many want one (P10). Until half of its minute is used whoever comes first;
// from then on each network has its share of what is left, and a neighbourhood four, so that those who have had some
// leave room for those who have had none. An office behind one address is not held back while there is enough.
import { neighbourhoodOf } from '../platform/client-address.ts';
import type { RateLimiter, RateLimiters, Standing } from '../platform/rate-limiter.ts';

/** Who wants one, and where. */
export interface ShareHolder {
  readonly network: string;
  readonly destinationId: string;
}

export interface TicketShares {
  /** The time to wait in milliseconds where they have had their share; `all`: how the destination stands. */
  look(who: ShareHolder, all: Standing | undefined): Promise<number | undefined>;
  /** They got one. */
  note(who: ShareHolder): Promise<void>;
}

const SCARCE = 0.5;
/** A network has this part of what is left, and never less than `LEAST`: a page that was loaded anew asks again. */
const PART = 1 / 50;
const LEAST = 2;
const NEIGHBOURHOOD_TIMES = 4;
const WINDOW_MS = 60_000;

/** `limiters`: in memory. What others got at another hub is counted for all of them together. */
export function createTicketShares(limiters: RateLimiters): TicketShares {
  const counter = (name: string): RateLimiter =>
    limiters.create(name, { requests: Number.MAX_SAFE_INTEGER, windowMs: WINDOW_MS });
  const byNetwork = counter('ticket-share-network');
  const byNeighbourhood = counter('ticket-share-neighbourhood');
  const keysOf = ({ network, destinationId }: ShareHolder) => ({
    network: `${destinationId} ${network}`,
    neighbourhood: `${destinationId} ${neighbourhoodOf(network)}`,
  });

  return {
    async look(who, all) {
      // Where none is left at all, that is what is to be said.
      if (!all || all.left < 1 || all.left > SCARCE * (all.left + all.counted)) return undefined;
      const share = Math.max(LEAST, Math.floor(all.left * PART));
      const keys = keysOf(who);
      const own = await byNetwork.standing(keys.network);
      if (own && own.counted >= share) return own.overInMs;
      const near = await byNeighbourhood.standing(keys.neighbourhood);
      return near && near.counted >= share * NEIGHBOURHOOD_TIMES ? near.overInMs : undefined;
    },
    async note(who) {
      const keys = keysOf(who);
      await byNetwork.take(keys.network);
      await byNeighbourhood.take(keys.neighbourhood);
    },
  };
}
