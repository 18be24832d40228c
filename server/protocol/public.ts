// Public click-to-call on the wire: what a visitor without an account may say and is told, and what the people who
// answer see of it. Everything a visitor sends is a stranger's word: bounded here, cleaned and assembled by the hub.
import { z } from 'zod';
import * as limits from './limits.ts';

const id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w.-]+$/);
const secret = z
  .string()
  .min(16)
  .max(256)
  .regex(/^[\w-]+$/);
const lang = z.string().max(35);

/** Name of a destination: "sales". */
export const DestinationId = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/);
export type DestinationId = z.infer<typeof DestinationId>;

/** What a visitor wants of a destination. */
export const Intent = z.enum(['call', 'chat', 'message', 'callback']);
export type Intent = z.infer<typeof Intent>;

/** What is left when nobody can be called. */
export const Offers = z.object({
  chat: z.boolean(),
  message: z.boolean(),
  voice: z.boolean(),
  callback: z.boolean(),
});
export type Offers = z.infer<typeof Offers>;

/** When it opens next, in the destination's own civil time. */
export const OpensAt = z.object({
  /** ISO 8601 date. */
  date: z.string(),
  /** `09:00`. */
  time: z.string(),
  /** IANA name. */
  timeZone: z.string(),
  inMs: z.number(),
});
export type OpensAt = z.infer<typeof OpensAt>;

/** `GET /api/public/destinations/{id}?lang=pt`: what stands on and beneath the button. */
export const DestinationCard = z.object({
  id: DestinationId,
  /** The language of the texts: the one asked for, or the destination's first. */
  lang,
  /** The operator's words: "Talk to sales". */
  label: z.string(),
  greeting: z.string().optional(),
  /** The operator's words for the state it is in, where they wrote some. */
  notice: z.string().optional(),
  /** `busy`: the queue is full. `unavailable`: the telephone part is missing, or nobody who answers is there. */
  state: z.enum(['open', 'closed', 'busy', 'unavailable']),
  opensAt: OpensAt.optional(),
  /** Visitors who wait already, and an estimate for one more; absent where there is nothing to estimate from. */
  waiting: z.number().int(),
  waitMs: z.number().optional(),
  /** Everybody who answers is in a call: whoever calls now waits first. Only there where it is so. */
  taken: z.literal(true).optional(),
  /** Whether a call can be asked for now. */
  call: z.boolean(),
  offers: Offers,
});
export type DestinationCard = z.infer<typeof DestinationCard>;
export const DestinationQuery = z.object({ lang: lang.optional() });

/** Where a visitor is, as they allowed (W3C Geolocation); degrees of WGS 84, accuracy in metres. */
export const Place = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  accuracy: z.number().min(0).max(50_000_000),
});
export type Place = z.infer<typeof Place>;

/** As the page says; the hub filters, cleans and cuts (P6). Values are text, never markup. */
export const VisitorContext = z.strictObject({
  url: z.string().max(4_000).default(''),
  title: z.string().max(1_000).default(''),
  referrer: z.string().max(4_000).default(''),
  language: lang.default(''),
  /** `data-context-*` of the element, `limits.CONTEXT_KEYS` at most. */
  data: z
    .record(z.string().max(limits.CONTEXT_KEY_CHARS), z.string().max(1_000))
    .refine((data) => Object.keys(data).length <= limits.CONTEXT_KEYS, { message: 'too many' })
    .default({}),
});
export type VisitorContext = z.input<typeof VisitorContext>;

/** Answers to a challenge: for part `i` the number that makes `SHA-256(challenge.id + ':' + i + ':' + n)` small enough. */
export const Proof = z.strictObject({
  /** `challenge.token`, as it was given. */
  token: z.string().min(16).max(1_000),
  answers: z.array(z.number().int().min(0).max(0xffffffff)).min(1).max(64),
});
export type Proof = z.infer<typeof Proof>;

/**
 * Proof of work: for each of `parts`, find an unsigned number n so that the SHA-256 of the UTF-8 text
 * `${id}:${part}:${n}` begins with `bits` zero bits.
 */
export const Challenge = z.object({
  kind: z.literal('work'),
  id: secret,
  parts: z.number().int().min(1).max(64),
  bits: z.number().int().min(1).max(30),
  /** Signed by the hub; sent back with the answers, once. */
  token: z.string(),
  validForMs: z.number(),
});
export type Challenge = z.infer<typeof Challenge>;

/** Instead of work, where the operator chose a service: its widget, shown with this key, gives the page a word. */
export const SiteChallenge = z.object({
  kind: z.enum(['turnstile', 'hcaptcha']),
  siteKey: z.string(),
});
export type SiteChallenge = z.infer<typeof SiteChallenge>;

/** The service's word, as its widget gave it. */
export const SiteProof = z.strictObject({ response: z.string().min(1).max(4_096) });
export type SiteProof = z.infer<typeof SiteProof>;

/**
 * `POST /api/public/tickets`, 201. Refusals: `CHALLENGE_REQUIRED` (with `challenge`), `CHALLENGE_REFUSED`,
 * `RATE_LIMITED` (`state` says whose limit: `address`, `origin`, `destination`, `hub`), `ADDRESS_BLOCKED`,
 * `ORIGIN_NOT_ALLOWED`, `NOT_FOUND`, `DESTINATION_CLOSED`, `DESTINATION_BUSY`, `STORAGE_UNAVAILABLE`.
 */
export const TicketRequest = z.strictObject({
  to: DestinationId,
  intent: Intent,
  context: VisitorContext.prefault({}),
  /** Chosen by the page and kept for its browsing session: joins visits of one visitor for those who answer. */
  visitor: secret.optional(),
  proof: z.union([Proof, SiteProof]).optional(),
});
export type TicketRequest = z.input<typeof TicketRequest>;
export const TicketResult = z.object({ ticket: secret, validForMs: z.number() });
export type TicketResult = z.infer<typeof TicketResult>;

/**
 * `POST /api/public/visits`, 201: spends the ticket. Refusals: `TICKET_INVALID`, `TICKET_USED`, `TICKET_EXPIRED`,
 * `TICKET_FOREIGN`, `RATE_LIMITED`, `DESTINATION_CLOSED`, `DESTINATION_BUSY`, `PBX_UNAVAILABLE`, `STORAGE_UNAVAILABLE`.
 */
export const VisitRequest = z.strictObject({ ticket: secret, place: Place.optional() });
export type VisitRequest = z.infer<typeof VisitRequest>;
export const VisitGrant = z.object({
  visitId: id,
  /** `Authorization: Bearer …` for this visit's routes, from the same origin. */
  key: secret,
});
export type VisitGrant = z.infer<typeof VisitGrant>;

/** SIP credentials for one call to one place; they end 10 s after it. */
export const GuestAccount = z.object({
  /** `g-…`. */
  endpoint: z.string(),
  realm: z.string(),
  /** MD5(endpoint:realm:password). */
  ha1: z.string(),
  gateUrl: z.string(),
  /** User part of the only SIP request URI that this endpoint may dial. */
  dial: z.string(),
  iceServers: z.array(
    z.object({
      urls: z.union([z.string(), z.array(z.string())]),
      username: z.string().optional(),
      credential: z.string().optional(),
    }),
  ),
});
export type GuestAccount = z.infer<typeof GuestAccount>;

export const VisitMessage = z.object({
  id: z.string(),
  from: z.enum(['visitor', 'agent']),
  /** Of the person who answers. */
  name: z.string().optional(),
  text: z.string(),
  agoMs: z.number(),
});
export type VisitMessage = z.infer<typeof VisitMessage>;

/** `open`: a visit without a call (yet). `ready`: the call may be made now. */
export const VisitState = z.enum(['open', 'waiting', 'ready', 'ringing', 'talking', 'ended']);
export type VisitState = z.infer<typeof VisitState>;

/** Why a visit's call, or its chat, is over. */
export const VisitEnd = z.enum([
  'hangup',
  'no-answer',
  'declined',
  'busy',
  'closed',
  'too-long',
  'ended-by-operator',
  'failed',
  'left',
  /** A chat in which nobody wrote for `limits.CHAT_IDLE_MS`, or answered for `limits.CHAT_AWAITED_MS`. */
  'idle',
]);
export type VisitEnd = z.infer<typeof VisitEnd>;

/**
 * `GET /api/public/visits/{id}/events` (`text/event-stream`): each event's data is one of these, `snapshot` first, and
 * again where a visit that had ended goes on. A newer stream of the same visit takes over, and the older one ends.
 */
export const VisitEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    state: VisitState,
    intent: Intent,
    /** Where it is now; `name` is the operator's label in the visitor's language. */
    destination: z.object({ id: DestinationId, name: z.string() }),
    /** While waiting: how many are before this one. */
    ahead: z.number().int().optional(),
    waitMs: z.number().optional(),
    account: GuestAccount.optional(),
    /** Name of whoever answered. */
    agent: z.string().optional(),
    messages: z.array(VisitMessage),
    end: VisitEnd.optional(),
    offers: Offers,
    /** While talking: until the call is cut. */
    endsInMs: z.number().optional(),
    /** While talking: on hold. */
    held: z.boolean().optional(),
    /** Nobody has answered what the visitor wrote for `limits.CHAT_UNANSWERED_MS`. */
    unanswered: z.boolean().optional(),
  }),
  z.object({ type: z.literal('waiting'), ahead: z.number().int(), waitMs: z.number().optional() }),
  z.object({ type: z.literal('ready'), account: GuestAccount }),
  z.object({ type: z.literal('ringing') }),
  /** Nobody there could be called: it goes on at another destination by itself; `waiting` comes next. */
  z.object({
    type: z.literal('forwarded'),
    destination: z.object({ id: DestinationId, name: z.string() }),
  }),
  /** Nobody has answered the chat for `limits.CHAT_UNANSWERED_MS`; a message may be left. */
  z.object({ type: z.literal('unanswered'), offers: Offers }),
  z.object({ type: z.literal('talking'), agent: z.string().optional(), endsInMs: z.number() }),
  /** Whoever talks to the visitor has put them on hold, or talks on. */
  z.object({ type: z.literal('held'), held: z.boolean() }),
  /** The call will be cut after this; also spoken in the call. */
  z.object({ type: z.literal('ending'), endsInMs: z.number() }),
  z.object({ type: z.literal('message'), message: VisitMessage }),
  z.object({ type: z.literal('ended'), end: VisitEnd, offers: Offers }),
]);
export type VisitEvent = z.infer<typeof VisitEvent>;

/**
 * `POST /api/public/visits/{id}/messages`, 201; the same `id` again is the same message. In a visit that has ended it
 * begins the chat anew. `CONFLICT` with `offers` and state `no-chat` where there is none, with state `full` after
 * `limits.VISIT_MESSAGES`, or `limits.VISIT_CHARS` of the visitor's own.
 */
export const VisitMessageRequest = z.strictObject({
  id,
  text: z.string().trim().min(1).max(limits.VISIT_MESSAGE_CHARS),
});
export type VisitMessageRequest = z.infer<typeof VisitMessageRequest>;

/**
 * `POST /api/public/visits/{id}/call`: asks for a call in a visit that has none (any more). Refusals as of a ticket,
 * `CHALLENGE_REQUIRED` among them; `CONFLICT` with the visit's state where one goes on.
 */
export const VisitCallRequest = z.strictObject({ proof: z.union([Proof, SiteProof]).optional() });
export type VisitCallRequest = z.infer<typeof VisitCallRequest>;

/** `POST /api/public/visits/{id}/end`. */
export const VisitEndRequest = z.strictObject({
  reason: z.enum(['hangup', 'left', 'failed']).default('hangup'),
});
export type VisitEndRequest = z.input<typeof VisitEndRequest>;

/**
 * `POST /api/public/visits/{id}/left`, 201: a text message or a request to be called back. A voice message is the body
 * (`audio/webm`, `audio/ogg`, `audio/mp4`, at most `limits.VOICE_BYTES`) of `POST /api/public/visits/{id}/voice`,
 * with its `lengthMs` in the query; what goes with it is left before. `CONFLICT` with state `not-offered`, or `full`
 * after `limits.LEFT_PER_VISIT`; and with the `offers` that remain while `limits.LEFT_OPEN` wait at the destination, or
 * for voices while `limits.VOICES_PER_DESTINATION` of it, or `limits.VOICES_KEPT` of all, are kept.
 */
export const LeaveRequest = z.strictObject({
  kind: z.enum(['message', 'callback', 'voice']),
  name: z.string().trim().max(100).default(''),
  /** A telephone number with `+` or an e-mail address; required for `callback` (a number). */
  reach: z.string().trim().max(254).default(''),
  text: z.string().trim().max(limits.LEFT_TEXT_CHARS).default(''),
});
export type LeaveRequest = z.input<typeof LeaveRequest>;
export const LeaveResult = z.object({ leftId: id });
export type LeaveResult = z.infer<typeof LeaveResult>;

/** Query of `POST /api/public/visits/{id}/voice`, 201 with `LeaveResult`. */
export const VoiceQuery = z.object({ lengthMs: z.coerce.number().int().min(0).max(limits.VOICE_MS) });

/**
 * `POST /api/public/visits/{id}/quality`: how the call has sounded so far, a `QualityReport` (`http.ts`) with its
 * `sipCallId`; the newest counts. `CONFLICT` with the visit's state where nobody has answered.
 */

/**
 * `POST /api/public/visits/{id}/rating`, 201: once, until 10 minutes after the end, of what somebody answered; else
 * `CONFLICT`.
 */
export const RatingRequest = z.strictObject({
  stars: z.number().int().min(1).max(5),
  text: z.string().trim().max(500).optional(),
});
export type RatingRequest = z.infer<typeof RatingRequest>;

// ---- what those who answer see; signed in, and named by the destination ----

/** Assembled by the hub; shown as text, links only with http(s). */
export const ShownContext = z.object({
  url: z.string().optional(),
  title: z.string().optional(),
  referrer: z.string().optional(),
  language: z.string().optional(),
  place: Place.optional(),
  /** `data-context-*` and campaign parameters, in the page's order. */
  data: z.array(z.object({ key: z.string(), value: z.string() })),
});
export type ShownContext = z.infer<typeof ShownContext>;

export const VisitRating = z.object({ stars: z.number().int(), text: z.string().optional() });
export type VisitRating = z.infer<typeof VisitRating>;

export const Visit = z.object({
  id,
  destination: z.object({ id: DestinationId, name: z.string() }),
  intent: Intent,
  state: VisitState,
  end: VisitEnd.optional(),
  context: ShownContext,
  /** Who has taken it. */
  agent: z.object({ personId: z.string(), name: z.string() }).optional(),
  /** How it was, as the visitor said afterwards. */
  rating: VisitRating.optional(),
  agoMs: z.number(),
  messages: z.array(VisitMessage),
  /** Earlier visits of the same visitor in the same browsing session, newest first. */
  earlier: z.array(
    z.object({ id, intent: Intent, agoMs: z.number(), end: VisitEnd.optional(), messages: z.number().int() }),
  ),
});
export type Visit = z.infer<typeof Visit>;

/**
 * `POST /api/visits/{id}/messages`, 201: `VisitMessageRequest` of whoever answers. The first one has the visit: from
 * others it is `CONFLICT` with state `taken`, unless whoever has it is offline. `POST /api/visits/{id}/end` likewise.
 */

/** `GET /api/visits`: live visits of the destinations that the person answers, and those of the last hour. */
export const VisitList = z.object({ visits: z.array(Visit) });
export type VisitList = z.infer<typeof VisitList>;

/** What a visitor has left for a destination. `GET /api/visits/left`: all that waits, newest first, and
 * `done` ones for a week more. */
export const LeftMessage = z.object({
  id,
  visitId: id,
  destination: z.object({ id: DestinationId, name: z.string() }),
  kind: z.enum(['message', 'callback', 'voice']),
  name: z.string(),
  reach: z.string(),
  text: z.string(),
  /** Voice: `GET /api/visits/left/{id}/voice`. */
  voice: z.object({ lengthMs: z.number(), type: z.string() }).optional(),
  context: ShownContext,
  agoMs: z.number(),
  done: z.boolean(),
  /** Who called back last, and how long ago they began to: others need not, and may. */
  called: z.object({ personId: z.string(), name: z.string(), agoMs: z.number() }).optional(),
});
export type LeftMessage = z.infer<typeof LeftMessage>;
export const LeftList = z.object({ left: z.array(LeftMessage) });
export type LeftList = z.infer<typeof LeftList>;
/** `PUT /api/visits/left/{id}`: whether it is done, or that whoever asks calls back now. */
export const LeftChange = z.union([
  z.strictObject({ done: z.boolean() }),
  z.strictObject({ called: z.literal(true) }),
]);
