// Every number that holds the public back (P10, P11), in one table, and how an operator changes some of them. What
// employees do is never counted here.
import { z } from 'zod';

/** Whose limit it is; on the wire `network` is called `address`. */
export const SCOPES = ['network', 'origin', 'destination', 'hub'] as const;
export type Scope = (typeof SCOPES)[number];

/** What is counted. `look`: cards. `follow`: what a page asks of a visit that goes on. */
export const ACTS = ['look', 'follow', 'ticket', 'visit', 'message', 'voice'] as const;
export type Act = (typeof ACTS)[number];

export interface PublicLimits {
  /** So many a minute. */
  readonly perMinute: Readonly<Record<Act, Readonly<Record<Scope, number>>>>;
  /** Visits at the same time. */
  readonly atOnce: Readonly<Record<Scope, number>>;
  /** Requests of the public that may be in work at the same time; what comes then is refused, not queued. */
  readonly inWork: number;
  /** Wishes for a ticket within 10 s from which on one costs work first. */
  readonly workFrom: Readonly<Record<Scope, number>>;
}

const none = Number.MAX_SAFE_INTEGER;

export const PUBLIC_LIMITS: PublicLimits = {
  perMinute: {
    // An office behind one address, each with the page open.
    look: { network: 600, origin: none, destination: none, hub: 30_000 },
    follow: { network: 600, origin: none, destination: none, hub: none },
    ticket: { network: 20, origin: 600, destination: 300, hub: 1_200 },
    visit: { network: 20, origin: 600, destination: 300, hub: 1_200 },
    message: { network: 120, origin: 3_000, destination: 3_000, hub: 6_000 },
    voice: { network: 6, origin: 60, destination: 60, hub: 120 },
  },
  atOnce: { network: 8, origin: 200, destination: 200, hub: 500 },
  inWork: 32,
  workFrom: { network: 5, origin: 100, destination: 100, hub: 200 },
};

const count = z.number().int().min(0).max(1_000_000);
const byScope = z.strictObject({ network: count, origin: count, destination: count, hub: count }).partial();

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
        voice: byScope,
      })
      .partial(),
    atOnce: byScope,
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
  const { perMinute = {}, atOnce, inWork = PUBLIC_LIMITS.inWork, workFrom } = parsed.data;
  const rate = (act: Act) => changed(PUBLIC_LIMITS.perMinute[act], perMinute[act]);
  return {
    perMinute: {
      ...{ look: rate('look'), follow: rate('follow'), ticket: rate('ticket') },
      ...{ visit: rate('visit'), message: rate('message'), voice: rate('voice') },
    },
    atOnce: changed(PUBLIC_LIMITS.atOnce, atOnce),
    inWork,
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
