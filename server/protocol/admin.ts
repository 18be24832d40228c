// The administrator's part of the wire: destinations of the public, and what the hub's own admin page works with.
// Good for administrators alone: by the admin page's own visit on the hub's origin, or the operator's token.
import { z } from 'zod';
import { DestinationId, Intent, OpensAt, VisitState } from './public.ts';

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/);
const text = (chars: number) => z.string().trim().min(1).max(chars);

export const DestinationTexts = z.strictObject({
  /** On the button. */
  label: text(60),
  greeting: text(300).optional(),
  closed: text(300).optional(),
  busy: text(300).optional(),
  unanswered: text(300).optional(),
});
export type DestinationTexts = z.infer<typeof DestinationTexts>;

/** Minutes of a day, in the destination's time zone; `to` before `from` runs past midnight. */
const Opening = z.strictObject({
  /** 1 Monday … 7 Sunday (ISO 8601). */
  days: z.array(z.number().int().min(1).max(7)).min(1).max(7),
  from: clockTime,
  to: clockTime,
});

export const BusinessHours = z.strictObject({
  /** IANA name, such as `Europe/Lisbon`. */
  timeZone: z.string().max(64).refine(isTimeZone, 'is no IANA time zone'),
  weekly: z.array(Opening).max(50),
  /** Days that differ: closed, or open from … to. */
  holidays: z
    .array(
      z.strictObject({
        date: z.iso.date(),
        name: z.string().max(100).optional(),
        from: clockTime.optional(),
        to: clockTime.optional(),
      }),
    )
    .max(200)
    .default([]),
});
export type BusinessHours = z.infer<typeof BusinessHours>;

/** Whom it rings: people by e-mail (all at once, or one after the other), or one extension. */
export const RingPlan = z.union([
  z.strictObject({
    people: z.array(z.email().max(254)).min(1).max(50),
    order: z.enum(['all', 'in-turn']).default('all'),
    /** Of each turn; of the whole where all ring at once. */
    ringSeconds: z.number().int().min(5).max(120).default(30),
  }),
  z.strictObject({
    extension: z.string().regex(/^[0-9]{2,8}$/),
    ringSeconds: z.number().int().min(5).max(120).default(30),
  }),
]);
export type RingPlan = z.infer<typeof RingPlan>;

/** What a visitor is offered when there is no call; `to` names another destination to try instead. */
const Otherwise = z.strictObject({
  message: z.boolean().default(true),
  callback: z.boolean().default(true),
  to: DestinationId.optional(),
});

export const Destination = z.strictObject({
  id: DestinationId,
  /** What those who answer see, on telephones too: "Sales". Default: the label of the first language. */
  name: text(60).optional(),
  /** By language; the first one serves where none fits. */
  texts: z
    .record(z.string().regex(/^[a-z]{2}(?:-[A-Z]{2})?$/), DestinationTexts)
    .refine((texts) => Object.keys(texts).length > 0, 'needs one language'),
  ring: RingPlan,
  /** Absent: always open. */
  hours: BusinessHours.optional(),
  /** Calls at the same time, ringing ones included. */
  capacity: z.number().int().min(1).max(500).default(5),
  /** Visitors who may wait beyond that. */
  queue: z.number().int().min(0).max(500).default(10),
  maxMinutes: z.number().int().min(1).max(240).default(30),
  chat: z.boolean().default(true),
  closed: Otherwise.prefault({}),
  busy: Otherwise.prefault({}),
  unanswered: Otherwise.prefault({}),
  /** Exact origins whose pages may carry the button. */
  origins: z
    .array(
      z
        .string()
        .max(300)
        .regex(
          /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/,
          'must be an origin, such as https://shop.example',
        ),
    )
    .min(1)
    .max(100),
  /** Query parameters of the page's address that may be kept; `utm_*` always are. */
  keepQuery: z
    .array(z.string().regex(/^[\w.-]{1,40}$/))
    .max(30)
    .default([]),
});
export type Destination = z.infer<typeof Destination>;
export type DestinationInput = z.input<typeof Destination>;

/** The content of the operator's file of destinations. */
export const DestinationsFile = z.strictObject({ destinations: z.array(Destination).max(200) });

/** By hand, whatever the hours say. `PUT /api/admin/destinations/{id}/opening`. */
export const OpeningChange = z.strictObject({ opening: z.enum(['by-hours', 'open', 'closed']) });
export type OpeningChange = z.infer<typeof OpeningChange>;

/** A destination as administrators see it. `GET /api/admin/destinations`; `PUT` and `DELETE …/{id}` where it is `api`. */
export const ManagedDestination = z.object({
  destination: Destination,
  /** `file`: of the operator's file, and not to be changed but there. */
  from: z.enum(['file', 'api']),
  opening: OpeningChange.shape.opening,
  isOpen: z.boolean(),
  opensAt: OpensAt.optional(),
});
export type ManagedDestination = z.infer<typeof ManagedDestination>;
export const ManagedDestinations = z.object({ destinations: z.array(ManagedDestination) });
export type ManagedDestinations = z.infer<typeof ManagedDestinations>;

/** `POST /api/admin/blocks`: an address, or a network such as `192.0.2.0/24`; `INVALID_INPUT` where it is neither. */
export const BlockRequest = z.strictObject({
  network: z.string().trim().min(2).max(64),
  reason: z.string().trim().max(200).default(''),
  /** Absent: until it is lifted. */
  forMs: z
    .number()
    .int()
    .min(1_000)
    .max(366 * 86_400_000)
    .optional(),
});
export type BlockRequest = z.input<typeof BlockRequest>;
export const Block = z.object({
  id: z.string(),
  network: z.string(),
  reason: z.string(),
  /** Who blocked it: an e-mail address, or `token`. */
  by: z.string(),
  agoMs: z.number(),
  endsInMs: z.number().optional(),
});
export type Block = z.infer<typeof Block>;
/** `GET /api/admin/blocks`: those in force, the newest first. `DELETE …/{id}` lifts one. */
export const BlockList = z.object({ blocks: z.array(Block) });
export type BlockList = z.infer<typeof BlockList>;

/** `GET /api/admin/refusals`. */
export const RefusalSummary = z.object({
  /** Over the last minute. */
  lastMinute: z.number(),
  /** A minute, over the ten before. */
  usual: z.number(),
  /** They have jumped. */
  isOdd: z.boolean(),
  /** Of the last ten minutes, by code. */
  byCode: z.record(z.string(), z.number()),
  /** Of the last hour, by code. */
  byCodeOfHour: z.record(z.string(), z.number()),
});
export type RefusalSummary = z.infer<typeof RefusalSummary>;

/** A page that asked for a destination which does not list it. */
export const RefusedOrigin = z.object({
  origin: z.string(),
  destinationId: DestinationId,
  /** Requests. */
  count: z.number().int(),
  /** Since the last of them. */
  agoMs: z.number(),
});
export type RefusedOrigin = z.infer<typeof RefusedOrigin>;
/** `GET /api/admin/refused-origins`: at most 20, of the last day; `others`: requests of more than those. */
export const RefusedOrigins = z.object({ origins: z.array(RefusedOrigin), others: z.number().int() });
export type RefusedOrigins = z.infer<typeof RefusedOrigins>;

/** A visit of the public that goes on. `POST /api/admin/visits/{id}/end` ends it. */
export const AdminVisit = z.object({
  id: z.string(),
  destinationId: DestinationId,
  intent: Intent,
  state: VisitState,
  /** Name of whoever answered. */
  agent: z.string().optional(),
  /** Where it comes from; what a block would name. */
  address: z.string(),
  network: z.string(),
  origin: z.string(),
  agoMs: z.number(),
});
export type AdminVisit = z.infer<typeof AdminVisit>;
/** `GET /api/admin/visits`, oldest first. */
export const AdminVisits = z.object({ visits: z.array(AdminVisit) });
export type AdminVisits = z.infer<typeof AdminVisits>;

/** How visitors rated a destination in the last 30 days. */
export const DestinationRating = z.object({
  destinationId: DestinationId,
  count: z.number().int(),
  /** Stars, 1 to 5. */
  mean: z.number(),
});
export type DestinationRating = z.infer<typeof DestinationRating>;
/** `GET /api/admin/ratings`: of those that were rated. */
export const DestinationRatings = z.object({ ratings: z.array(DestinationRating) });
export type DestinationRatings = z.infer<typeof DestinationRatings>;

/** Header with the page's token: goes with every request that the admin page makes by its cookie. */
export const PAGE_TOKEN_HEADER = 'Ringtag-Page-Token';

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
