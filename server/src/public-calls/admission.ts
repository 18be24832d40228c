// Who of the public is let in, and how far (P10): blocked networks, then limits on attempts, on visits at the same
// time, and on requests in work. Cheap questions come first; whatever is refused here has cost next to nothing.
import { type AnyErrorCode, type Refusal, refuse } from '@ringtag/server/protocol';
import type { Client } from '../platform/client-address.ts';
import type { RateLimiter, RateLimiters } from '../platform/rate-limiter.ts';
import { createPresses } from './admission-press.ts';
import { createReserve, type LateComer, type Reserve } from './admission-reserve.ts';
import { createTicketShares, type ShareHolder } from './admission-share.ts';
import { ACTS, type Act, type PublicLimits, SCOPES, type Scope } from './limits.ts';
import type { Attempter, PublicAttempts, PublicCapacity } from './ports.ts';

export interface Admission extends PublicAttempts, PublicCapacity {
  /** By the network alone, before anything of the request is read. */
  enter(client: Client, act: Act): Promise<Refusal<AnyErrorCode> | undefined>;
  /** Counts one more of all that visits' keys have opened. */
  follow(client: Pick<Client, 'network'>): Promise<Refusal<AnyErrorCode> | undefined>;
  /** A place for one stream of events; call it to give it back. Undefined where that is one too many. */
  stream(network: string): (() => void) | undefined;
  /** A place for one request in work, or undefined where the public has all of its own; call it to give it back. */
  work(): (() => void) | undefined;
  /** Visits held now. */
  readonly held: number;
}

export interface AdmissionOptions {
  readonly limits: PublicLimits;
  readonly isBlocked: (address: string) => boolean;
  /** In memory: what a flood meets first must not ask a database. */
  readonly ownLimiters: RateLimiters;
  /** Together with other hubs, where there are any. */
  readonly sharedLimiters: RateLimiters;
}

interface Counters extends Readonly<Record<Scope, RateLimiter | undefined>> {
  readonly reserve: Reserve | undefined;
}

const WINDOW_MS = 60_000;
const IN_ALL = { scope: 'hub', key: 'hub' } as const;
/** When a place may be free again is not known; a moment later is as good a guess as any. */
const PLACE_RETRY_MS = 5_000;
const WORK_RETRY_MS = 1_000;
/** `state` on the wire. */
const STATE: Readonly<Record<Scope, string>> = {
  network: 'address',
  origin: 'origin',
  destination: 'destination',
  hub: 'hub',
};

export function createAdmission(options: AdmissionOptions): Admission {
  const { limits, isBlocked, ownLimiters, sharedLimiters } = options;
  const byAct = Object.fromEntries(ACTS.map((act) => [act, limitersOf(act)])) as Record<Act, Counters>;
  const shares = createTicketShares(ownLimiters);
  const presses = createPresses(ownLimiters);
  const places = createPlaces(limits.atOnce);
  const { network, hub } = limits.streams;
  const streams = createPlaces({
    network,
    hub,
    origin: Number.POSITIVE_INFINITY,
    destination: Number.POSITIVE_INFINITY,
  });
  let inWork = 0;

  function limitersOf(act: Act): Counters {
    const inAllLimiters = act === 'look' || act === 'follow' ? ownLimiters : sharedLimiters;
    const limiter = (scope: Scope, limiters: RateLimiters): RateLimiter | undefined => {
      const requests = limits.perMinute[act][scope];
      const isUnlimited = requests === Number.MAX_SAFE_INTEGER;
      return isUnlimited ? undefined : limiters.create(`${act}-${scope}`, { requests, windowMs: WINDOW_MS });
    };
    return {
      network: limiter('network', ownLimiters),
      origin: limiter('origin', sharedLimiters),
      destination: limiter('destination', sharedLimiters),
      hub: limiter('hub', inAllLimiters),
      reserve: createReserve({ act, limits, ownLimiters, inAllLimiters, sharedLimiters }),
    };
  }

  async function countNetwork(act: Act, network: string): Promise<Refusal<AnyErrorCode> | undefined> {
    const retryAfterMs = await byAct[act].network?.take(network);
    return retryAfterMs === undefined ? undefined : limited('network', retryAfterMs);
  }

  /** For a limit that networks share; where it is used up, there is something left for whoever had little. */
  async function countAmong(act: Act, who: LateComer): Promise<Refusal<AnyErrorCode> | undefined> {
    const { [who.scope]: limiter, reserve } = byAct[act];
    const retryAfterMs = await limiter?.take(who.key);
    if (retryAfterMs === undefined || (await reserve?.take(who))) return undefined;
    return limited(who.scope, retryAfterMs);
  }

  async function ask(
    question: 'take' | 'look',
    act: Act,
    { origin, destinationId, network }: Attempter,
  ): ReturnType<PublicAttempts['take']> {
    const holder = act === 'ticket' ? { network, destinationId } : undefined;
    const hadEnough = holder && (await shareOf(act, holder));
    if (hadEnough) return hadEnough;
    // The narrowest first: what is refused for one destination must not use up what others share with it.
    const keys = [
      ['destination', destinationId],
      ['origin', origin],
      ['hub', 'hub'],
    ] as const;
    for (const [scope, key] of keys) {
      const refusal =
        question === 'take'
          ? await countAmong(act, { network, scope, key })
          : await lookAmong(act, scope, key);
      if (refusal) return refusal;
    }
    if (holder && question === 'take') await shares.note(holder);
    return { ok: true };
  }

  async function lookAmong(act: Act, scope: Scope, key: string) {
    const retryAfterMs = await byAct[act][scope]?.look(key);
    return retryAfterMs === undefined ? undefined : limited(scope, retryAfterMs);
  }

  async function shareOf(act: Act, holder: ShareHolder): Promise<Refusal<AnyErrorCode> | undefined> {
    const standing = await byAct[act].destination?.standing(holder.destinationId);
    const retryAfterMs = await shares.look(holder, standing);
    return retryAfterMs === undefined ? undefined : limited('network', retryAfterMs);
  }

  return {
    async enter({ address, network, doubtful = [] }, act) {
      // A header more must not lift a block.
      if ([address, ...doubtful].some(isBlocked)) return refuse('ADDRESS_BLOCKED');
      const refusal = await countNetwork(act, network);
      // Of cards there is nothing more to learn: how many are looked at in all is settled here as well.
      return refusal ?? (act === 'look' ? countAmong(act, { network, ...IN_ALL }) : undefined);
    },
    follow: ({ network }) => countAmong('follow', { network, ...IN_ALL }),
    stream(who) {
      const held = streams.hold({ network: who, origin: '', destination: '', hub: 'hub' });
      return held.ok ? held.release : undefined;
    },
    work() {
      if (inWork >= limits.inWork) return undefined;
      inWork += 1;
      return once(() => {
        inWork -= 1;
      });
    },
    take: (act, who) => ask('take', act, who),
    look: (act, who) => ask('look', act, who),
    async press(who, isBusy) {
      const retryAfterMs = await presses.count(who, isBusy);
      return retryAfterMs === undefined ? { ok: true } : limited('network', retryAfterMs);
    },
    async hold({ network, origin, destinationId }) {
      return places.hold({ network, origin, destination: destinationId, hub: 'hub' });
    },
    get held() {
      return places.held;
    },
  };
}

/** Counted in this hub's memory: places are this hub's own visits, and a hub that died holds none. */
function createPlaces(atOnce: Readonly<Record<Scope, number>>) {
  const taken = new Map<string, number>();
  let held = 0;

  function change(keys: readonly string[], by: 1 | -1): void {
    held += by;
    for (const key of keys) {
      const count = (taken.get(key) ?? 0) + by;
      if (count > 0) taken.set(key, count);
      else taken.delete(key);
    }
  }

  return {
    hold(who: Readonly<Record<Scope, string>>) {
      const full = SCOPES.find((scope) => (taken.get(`${scope} ${who[scope]}`) ?? 0) >= atOnce[scope]);
      if (full !== undefined) return limited(full, PLACE_RETRY_MS);
      const keys = SCOPES.map((scope) => `${scope} ${who[scope]}`);
      change(keys, 1);
      return { ok: true, release: once(() => change(keys, -1)) } as const;
    },
    get held() {
      return held;
    },
  };
}

function limited(scope: Scope, retryAfterMs: number): Refusal<AnyErrorCode> {
  return refuse('RATE_LIMITED', { state: STATE[scope], retryAfterMs });
}

/** What the public has in work is as much as it may have. */
export function tooMuchInWork(): Refusal<AnyErrorCode> {
  return limited('hub', WORK_RETRY_MS);
}

/** The network, or all together, listens to as many streams as it may. */
export function tooManyStreams(): Refusal<AnyErrorCode> {
  return limited('network', PLACE_RETRY_MS);
}

function once(task: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) task();
    isDone = true;
  };
}
