// Calls over HTTP: placed, accepted, ended, passed on, moved, and told of afterwards.
import { z } from 'zod';
import { CallVisit, GivenPeer, MediaKind, Peer, SignalEnvelope, SipDialog } from './events.ts';
import { id, token } from './http-shapes.ts';
import * as limits from './limits.ts';

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
  /** From answer to end, of a call that was passed on the person's own part; absent where nobody answered. */
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
