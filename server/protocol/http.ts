// Request and response bodies of the hub's HTTP API. Parsed once, at the edge; `SPEC.md` says what they promise.
// All instants travel as durations (`…Ms` from now), never as clock times: clients' clocks are not trusted.
import { z } from 'zod';
import { CallVisit, GivenPeer, MediaKind, Peer, SignalEnvelope, SipDialog } from './events.ts';
import * as limits from './limits.ts';

const id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w.-]+$/);

/** base64url of 32 random bytes (codes, nonces, verifiers) up to a generous length. */
const token = z
  .string()
  .min(16)
  .max(256)
  .regex(/^[\w-]+$/);

/** A number that belongs to a person. `number` is an extension or E.164 with `+`. */
export const PersonNumber = z.object({
  kind: z.enum(['extension', 'desk', 'mobile', 'home']),
  number: z.string().min(1).max(32),
});
export type PersonNumber = z.infer<typeof PersonNumber>;

/** A person as others see them. */
export const Person = z.object({
  id,
  name: z.string(),
  email: z.string().optional(),
  unit: z.string().optional(),
  photoUrl: z.string().optional(),
  numbers: z.array(PersonNumber),
  /** Whether any device of theirs is connected now. */
  online: z.boolean(),
  /** They want no calls now. */
  doNotDisturb: z.boolean().optional(),
});
export type Person = z.infer<typeof Person>;

/** The signed-in person, as told to themself. */
export const Me = Person.extend({
  extension: z.string().optional(),
  /** With a bearer: whether visitors of public pages reach this person (P9). A hint, to spare who answers none requests. */
  answersVisitors: z.boolean().optional(),
});
export type Me = z.infer<typeof Me>;

export const PeopleQuery = z.object({
  /** Absent: the colleagues of the one who asks. */
  q: z.string().trim().min(1).max(limits.SEARCH_CHARS).optional(),
  limit: z.coerce.number().int().min(1).max(limits.SEARCH_RESULTS).default(8),
});
export const PeopleResult = z.object({ people: z.array(Person) });
export type PeopleResult = z.infer<typeof PeopleResult>;

/** What the scanner found on a page: exactly one of the fields. A name resolves only where it is unique. */
export const ResolveItem = z.union([
  z.strictObject({ personId: id }),
  z.strictObject({ email: z.string().min(3).max(254) }),
  z.strictObject({ number: z.string().min(2).max(40) }),
  z.strictObject({ name: z.string().min(1).max(limits.NAME_CHARS) }),
]);
export type ResolveItem = z.infer<typeof ResolveItem>;
export const ResolveRequest = z.strictObject({
  items: z.array(ResolveItem).min(1).max(limits.RESOLVE_BATCH),
});
export type ResolveRequest = z.infer<typeof ResolveRequest>;
/** One result per item, in order; `null` where nobody (or more than one person) matches. */
export const ResolveResult = z.object({ people: z.array(Person.nullable()) });
export type ResolveResult = z.infer<typeof ResolveResult>;

/** One way to reach a person, best first. `desk` is the desk phone; `extension` rings everything Asterisk knows. */
export const Way = z.object({
  kind: z.enum(['browser', 'extension', 'desk']),
  via: z.enum(['room', 'pbx']),
  available: z.boolean(),
});
export type Way = z.infer<typeof Way>;
export const ReachResult = z.object({ personId: id, ways: z.array(Way) });
export type ReachResult = z.infer<typeof ReachResult>;

/** Whom to call: a person, or a number as dialled (digits, `+`, `*`, `#`). */
export const CallTarget = z.union([
  z.strictObject({ personId: id }),
  z.strictObject({ number: z.string().regex(/^\+?[0-9*#]{1,24}$/) }),
]);
export type CallTarget = z.infer<typeof CallTarget>;

export const PlaceCallRequest = z.strictObject({
  /** Idempotency key chosen by the client; the same key from the same person is the same call. */
  requestId: token,
  to: CallTarget,
  media: MediaKind.default('audio'),
  /**
   * `auto`: the hub decides. `desk`: ring the desk phone. `pbx`: all their telephones and browsers, through the
   * exchange; for a consultation beside a telephone call, which the exchange can join to it.
   */
  way: z.enum(['auto', 'desk', 'pbx']).default('auto'),
  /** A still ringing call of this device that this one takes the place of. */
  replaces: id.optional(),
  /** The transfer order that this call carries out; `to` must be the order's target. */
  transfer: id.optional(),
});
export type PlaceCallRequest = z.input<typeof PlaceCallRequest>;

export const IceServer = z.object({
  urls: z.union([z.string(), z.array(z.string())]),
  username: z.string().optional(),
  credential: z.string().optional(),
});
export type IceServer = z.infer<typeof IceServer>;

export const PlacedCall = z.discriminatedUnion('via', [
  z.object({
    via: z.literal('room'),
    callId: id,
    /** `accepted`: the person called was calling at the same moment; `signals` are theirs. */
    state: z.enum(['ringing', 'accepted']),
    peer: Peer,
    ringForMs: z.number(),
    iceServers: z.array(IceServer),
    signals: z.array(SignalEnvelope),
  }),
  z.object({
    via: z.literal('pbx'),
    callId: id,
    peer: Peer,
    /** User part of the SIP request URI to dial. */
    dial: z.string(),
    /** The dialog that this INVITE takes the place of (RFC 3891), as its own device knows it. */
    replaces: SipDialog.optional(),
    iceServers: z.array(IceServer),
  }),
]);
export type PlacedCall = z.infer<typeof PlacedCall>;

/** Reply to the winning accept: everything the caller's device has sent so far. */
export const AcceptedCall = z.object({
  callId: id,
  peer: Peer,
  media: MediaKind,
  signals: z.array(SignalEnvelope),
  iceServers: z.array(IceServer),
});
export type AcceptedCall = z.infer<typeof AcceptedCall>;

export const DeclineRequest = z.strictObject({
  message: z.string().max(limits.DECLINE_MESSAGE_CHARS).optional(),
});
export type DeclineRequest = z.infer<typeof DeclineRequest>;

/** `hangup`: the person ended it. `left`: the page went away. `failed`: media could not be set up or was lost. */
export const EndRequest = z.strictObject({
  /** The last three: what the exchange said of a telephone call that nobody answered; of a room they mean `hangup`. */
  reason: z.enum(['hangup', 'left', 'failed', 'declined', 'busy', 'no-answer']).default('hangup'),
});
export type EndRequest = z.input<typeof EndRequest>;
/** Why a call is over, as its device tells the hub. */
export type ToldEnd = z.output<typeof EndRequest>['reason'];

/**
 * `POST /api/calls/{id}/transfer`, by a device in that active room call: joins the other party to somebody else.
 * `to`: to whom, unasked (blind). `with`: to the other party of a second active call of this device (attended);
 * `dialog` where that one is a telephone call, and `peer` where the hub never placed it.
 */
export const TransferRequest = z.union([
  z.strictObject({ to: CallTarget }),
  z.strictObject({ with: id, dialog: SipDialog.optional(), peer: GivenPeer.optional() }),
]);
export type TransferRequest = z.infer<typeof TransferRequest>;
export const TransferResult = z.object({ transferId: id });
export type TransferResult = z.infer<typeof TransferResult>;

/**
 * `POST /api/moves`, by the device that carries a call: offers it to another device of the same browser. `callId`
 * where the hub knows the call; a telephone call also brings its dialog, and its peer where the hub never placed it.
 */
export const MoveRequest = z.strictObject({
  toDeviceId: id,
  callId: id.optional(),
  dialog: SipDialog.optional(),
  peer: GivenPeer.optional(),
  /** Telephone calls: how long they have been going on, which the hub does not know. */
  activeForMs: z.number().int().min(0).optional(),
  /** As it is to go on there. */
  muted: z.boolean().optional(),
  held: z.boolean().optional(),
  video: z.boolean().optional(),
  visit: CallVisit.optional(),
});
export type MoveRequest = z.infer<typeof MoveRequest>;
export const MoveResult = z.object({ moveId: id });
export type MoveResult = z.infer<typeof MoveResult>;

/** Reply to `POST /api/moves/{id}/take`, by the device it was offered to, once that has its microphone. */
export const TakenCall = z.discriminatedUnion('via', [
  z.object({
    via: z.literal('room'),
    callId: id,
    role: z.enum(['caller', 'callee']),
    peer: Peer,
    media: MediaKind,
    activeForMs: z.number(),
    iceServers: z.array(IceServer),
  }),
  z.object({
    via: z.literal('pbx'),
    callId: id.optional(),
    peer: Peer,
    /** User part of the SIP request URI; which call it is, `replaces` says. */
    dial: z.string(),
    replaces: SipDialog,
    activeForMs: z.number().optional(),
    iceServers: z.array(IceServer),
  }),
]);
export type TakenCall = z.infer<typeof TakenCall>;

/** `PUT /api/me/availability`: whether calls to this person ring anywhere. Without `forMs`, until told otherwise. */
export const AvailabilityRequest = z.strictObject({
  doNotDisturb: z.boolean(),
  forMs: z.number().int().min(60_000).max(limits.DO_NOT_DISTURB_MS).optional(),
});
export type AvailabilityRequest = z.infer<typeof AvailabilityRequest>;
export const AvailabilityResult = z.object({ doNotDisturb: z.boolean(), forMs: z.number().optional() });

/**
 * `POST /api/calls/{id}/quality`: one side's measure of a call's sound so far, in place of its earlier ones. For a
 * telephone call that the hub never placed the path's id is `sip`, and `sipCallId` says which.
 */
export const QualityReport = z.strictObject({
  /** Mean opinion score by the E-model (ITU-T G.107, annex B). */
  mosMean: z.number().min(1).max(5),
  mosMin: z.number().min(1).max(5),
  samples: z.number().int().min(1).max(1_000_000),
  lossPercent: z.number().min(0).max(100),
  jitterMs: z.number().min(0).max(60_000),
  roundTripMs: z.number().min(0).max(600_000),
  codec: z.string().max(32).optional(),
  /** SIP's own Call-ID. */
  sipCallId: z.string().max(256).optional(),
});
export type QualityReport = z.infer<typeof QualityReport>;

/** How a call went, from the side of the person whose history it is. */
export const HistoryResult = z.enum([
  'answered',
  'missed',
  'declined',
  'busy',
  'no-answer',
  'cancelled',
  'unreachable',
  'failed',
]);
export type HistoryResult = z.infer<typeof HistoryResult>;
export const HistoryEntry = z.object({
  callId: id,
  direction: z.enum(['in', 'out']),
  peer: Peer,
  media: MediaKind,
  via: z.enum(['room', 'pbx']),
  result: HistoryResult,
  /** Since it began. */
  agoMs: z.number(),
  /** From answer to end; absent where nobody answered. */
  lengthMs: z.number().optional(),
  transferredTo: Peer.optional(),
  /** A visitor of a public page called, and gave `stars` of 5; `peer` has the destination's name and no number. */
  visitId: id.optional(),
  stars: z.number().int().optional(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;
/** `GET /api/calls/history`: the person's own calls, newest first; `before` is the `next` of the page before. */
export const HistoryQuery = z.object({
  before: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(limits.HISTORY_PAGE).default(20),
});
export const HistoryPage = z.object({ calls: z.array(HistoryEntry), next: z.string().optional() });
export type HistoryPage = z.infer<typeof HistoryPage>;

/**
 * `POST /api/sessions/handoff`: a code with which the pop-out becomes a device of the same person and browser, with
 * the same end (S5). `challenge` is the pop-out's (RFC 7636 §4.2); only the hub's own origin can spend the code.
 */
export const HandoffRequest = z.strictObject({ challenge: z.string().regex(/^[\w-]{43}$/) });
export type HandoffRequest = z.infer<typeof HandoffRequest>;
export const HandoffResult = z.object({ code: token });
export type HandoffResult = z.infer<typeof HandoffResult>;

/** Between a page and the pop-out it opened: exact origins only, and the nonce from the pop-out's URL fragment. */
export const PopOutMessage = z.discriminatedUnion('type', [
  /** Pop-out → opener: the challenge of the code it needs. */
  z.object({ type: z.literal('ringtag:pop-out-hello'), nonce: token, challenge: z.string() }),
  /** Opener → pop-out. */
  z.object({ type: z.literal('ringtag:pop-out-code'), nonce: token, code: token }),
  /** Pop-out → opener: connected, as this device. */
  z.object({ type: z.literal('ringtag:pop-out-ready'), nonce: token, deviceId: id }),
]);
export type PopOutMessage = z.infer<typeof PopOutMessage>;

/** Public half of the device key: ECDSA P-256 as a JWK (RFC 7517). */
export const DevicePublicKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().regex(/^[\w-]{43}$/),
  y: z.string().regex(/^[\w-]{43}$/),
});
export type DevicePublicKey = z.infer<typeof DevicePublicKey>;

/** Query of `GET /auth/start`, opened in the popup (or, `mode=tab`, in the page's own tab). */
export const SignInStart = z.object({
  origin: z.url().max(300),
  /** Echoed in the message to the opener, so that the pane knows its own popup. */
  nonce: token,
  /** base64url(SHA-256(verifier)), RFC 7636 §4.2. */
  challenge: z.string().regex(/^[\w-]{43}$/),
  mode: z.enum(['popup', 'tab']).default('popup'),
  /** `mode=tab` only: a URL of the same origin, to which `#ringtag-code=…&ringtag-nonce=…` is appended. */
  returnTo: z.url().max(2_000).optional(),
  /** BCP 47 tag of the page's language: the provider's page and the hub's own are in it, as far as they can. */
  lang: z.string().max(35).optional(),
});
export type SignInStart = z.input<typeof SignInStart>;

/** Message posted from the popup to the exact opener origin. */
export const SignInMessage = z.object({
  type: z.literal('ringtag:sign-in'),
  nonce: token,
  result: z.union([z.object({ code: token }), z.object({ error: z.string() })]),
});
export type SignInMessage = z.infer<typeof SignInMessage>;

/** `POST /api/sign-in/pickup`: asked by a pane whose popup fell silent (its opener was cut). */
export const PickupRequest = z.strictObject({ nonce: token, verifier: token });
export type PickupRequest = z.infer<typeof PickupRequest>;
export const PickupResult = z.discriminatedUnion('state', [
  /** Nothing to do yet. */
  z.object({ state: z.literal('waiting') }),
  /** Show this number; the popup shows it among three. */
  z.object({ state: z.literal('number'), number: z.number().int() }),
  z.object({ state: z.literal('code'), code: token }),
  z.object({ state: z.literal('refused') }),
]);
export type PickupResult = z.infer<typeof PickupResult>;

/** `POST /api/sessions`: exchanges the one-use code for a session; the origin is the request's `Origin`. */
export const CreateSessionRequest = z.strictObject({
  code: token,
  verifier: token,
  publicKey: DevicePublicKey,
  /** Browser and system, for "Your devices": "Firefox on Linux". */
  deviceName: z.string().min(1).max(100),
});
export type CreateSessionRequest = z.infer<typeof CreateSessionRequest>;

export const SessionGrant = z.object({
  sessionId: id,
  /** Opaque, good for `bearerForMs`; send as `Authorization: Bearer …`. */
  bearer: z.string(),
  bearerForMs: z.number(),
  /** Time left until the session's fixed end. */
  sessionForMs: z.number(),
  me: Me,
});
export type SessionGrant = z.infer<typeof SessionGrant>;

export const ChallengeRequest = z.strictObject({ sessionId: id });
export type ChallengeRequest = z.infer<typeof ChallengeRequest>;
export const ChallengeResult = z.object({ challenge: token, validForMs: z.number() });
export type ChallengeResult = z.infer<typeof ChallengeResult>;

/** `POST /api/sessions/token`: the signature (ECDSA P-256, SHA-256, IEEE P1363, base64url) is over `signedText`. */
export const TokenRequest = z.strictObject({
  sessionId: id,
  challenge: token,
  signature: z
    .string()
    .min(80)
    .max(100)
    .regex(/^[\w-]+$/),
});
export type TokenRequest = z.infer<typeof TokenRequest>;

/** What the PBX part of a device needs; asked for at each connection of the SIP socket. */
export const PbxAccount = z.object({
  /** SIP user of this device session, `d-…`. */
  endpoint: z.string(),
  realm: z.string(),
  /** MD5(endpoint:realm:password), RFC 2617 §3.2.2.2: the password itself exists nowhere. */
  ha1: z.string(),
  extension: z.string(),
  /** WebSocket of sip-gate with its 60 s token: `wss://…/sip?token=…`. */
  gateUrl: z.string(),
  /** For calls that come in; credentials among them are good for `limits.TURN_CREDENTIAL_MS`. */
  iceServers: z.array(IceServer).optional(),
});
export type PbxAccount = z.infer<typeof PbxAccount>;
