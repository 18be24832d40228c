// Every number that holds the public back (P10, P11), in one table, and how an operator changes some of them. What
// employees do is never counted here.
import { z } from 'zod';

/** Whose limit it is; on the wire `network` is called `address`. */
export const SCOPES = ['network', 'origin', 'destination', 'hub'] as const;
export type Scope = (typeof SCOPES)[number];

/** What is counted. `look`: cards. `follow`: what a page asks of a visit that goes on. */
export const ACTS = ['look', 'follow', 'ticket', 'visit', 'message', 'left', 'voice'] as const;
export type Act = (typeof ACTS)[number];

/** Of one network, and of all together. */
export interface Bounds {
  readonly network: number;
  readonly hub: number;
}

export interface PublicLimits {
  /** So many a minute. */
  readonly perMinute: Readonly<Record<Act, Readonly<Record<Scope, number>>>> & {
    /** Requests outside `/api/public/` of whoever is not signed in: pages, files, sign-ins, paths that are none. */
    readonly knock: Bounds;
  };
  /** Visits at the same time. */
  readonly atOnce: Readonly<Record<Scope, number>>;
  /** Streams of visits' events at the same time. */
  readonly streams: Bounds;
  /** Connections at the same time on which nobody is known yet. */
  readonly connections: Bounds;
  /** Requests of the public that may be in work at the same time; what comes then is refused, not queued. */
  readonly inWork: number;
  /** Wishes for a ticket within 10 s from which on one costs work first. */
  readonly workFrom: Readonly<Record<Scope, number>>;
}

const none = Number.MAX_SAFE_INTEGER;

// What all of `hub` together costs at its limits is half of a core, measured on a 2-core machine: a card 0.5 ms, a
// ticket 0.8, a visit 1.3, a message or a stream 0.8, a knock 0.15 to 0.6 (a handshake, an invented bearer). With what
// is kept back for those who want little (`admission-reserve.ts`, `knocks.ts`), and all of it at once, three quarters.

export const PUBLIC_LIMITS: PublicLimits = {
  perMinute: {
    // An office behind one address, each with the page open.
    look: { network: 600, origin: none, destination: none, hub: 20_000 },
    // In all only what a visit's key has opened is counted.
    follow: { network: 600, origin: none, destination: none, hub: 9_000 },
    ticket: { network: 20, origin: 600, destination: 300, hub: 1_200 },
    visit: { network: 20, origin: 600, destination: 300, hub: 1_200 },
    // Each goes to everybody who answers, with the whole of the visit.
    message: { network: 120, origin: 1_200, destination: 1_200, hub: 1_800 },
    // Each waits until somebody has dealt with it.
    left: { network: 12, origin: 60, destination: 30, hub: 120 },
    voice: { network: 6, origin: 60, destination: 60, hub: 120 },
    // Hundreds of employees behind one address, who open their mail at nine with an empty cache.
    // In all: files, ways to sign in and connect, and the rest each for itself.
    knock: { network: 6_000, hub: 10_000 },
  },
  atOnce: { network: 8, origin: 200, destination: 200, hub: 500 },
  // Twice the visits: a page that loads anew listens before the hub has seen the old one go.
  streams: { network: 16, hub: 1_000 },
  connections: { network: 1_000, hub: 4_000 },
  inWork: 32,
  workFrom: { network: 5, origin: 100, destination: 100, hub: 200 },
};

const count = z.number().int().min(0).max(1_000_000);
const byScope = z.strictObject({ network: count, origin: count, destination: count, hub: count }).partial();
const bounds = z.strictObject({ network: count, hub: count }).partial();

/** What `PUBLIC_LIMITS` may say: any part of the table. */
const Changes = z
  .strictObject({
    perMinute: z
      .strictObject({
        look: byScope,
        follow: byScope,
        ticket: byScope,
        visit: byScope,
        message: byScope,
        left: byScope,
        voice: byScope,
        knock: bounds,
      })
      .partial(),
    atOnce: byScope,
    streams: bounds,
    connections: bounds,
    inWork: count.min(1),
    workFrom: byScope,
  })
  .partial();

/** The table with the changes that the operator wrote as JSON; sentences where it cannot be read. */
export function readPublicLimits(text: string | undefined): PublicLimits | readonly string[] {
  if (text === undefined) return PUBLIC_LIMITS;
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return ['must be JSON such as {"atOnce":{"network":4}}'];
  }
  const parsed = Changes.safeParse(said);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const { perMinute = {}, atOnce, streams, connections, workFrom } = parsed.data;
  const rate = (act: Act) => changed(PUBLIC_LIMITS.perMinute[act], perMinute[act]);
  return {
    perMinute: {
      ...{ look: rate('look'), follow: rate('follow'), ticket: rate('ticket') },
      ...{ visit: rate('visit'), message: rate('message'), left: rate('left'), voice: rate('voice') },
      knock: bounded(PUBLIC_LIMITS.perMinute.knock, perMinute.knock),
    },
    atOnce: changed(PUBLIC_LIMITS.atOnce, atOnce),
    streams: bounded(PUBLIC_LIMITS.streams, streams),
    connections: bounded(PUBLIC_LIMITS.connections, connections),
    inWork: parsed.data.inWork ?? PUBLIC_LIMITS.inWork,
    workFrom: changed(PUBLIC_LIMITS.workFrom, workFrom),
  };
}

function changed(
  table: Readonly<Record<Scope, number>>,
  change: { readonly [S in Scope]?: number | undefined } = {},
): Record<Scope, number> {
  const { network, origin, destination, hub } = table;
  return {
    network: change.network ?? network,
    origin: change.origin ?? origin,
    destination: change.destination ?? destination,
    hub: change.hub ?? hub,
  };
}

function bounded(
  { network, hub }: Bounds,
  change: { readonly network?: number | undefined; readonly hub?: number | undefined } = {},
): Bounds {
  return { network: change.network ?? network, hub: change.hub ?? hub };
}
