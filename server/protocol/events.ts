// Socket.IO events of the hub, both ways. Names are `noun:verb`; every client event is acknowledged.
// The handshake carries `auth: { bearer, protocol }`; a refusal there is a `connect_error` with `data.code`.
import { z } from 'zod';
import type { Refusal } from './errors.ts';
import * as limits from './limits.ts';
import type { LeftMessage, Visit } from './public.ts';

export const MediaKind = z.enum(['audio', 'video']);
export type MediaKind = z.infer<typeof MediaKind>;

/** The other party of a call. `personId` is absent for a bare telephone number. */
export const Peer = z.object({
  personId: z.string().optional(),
  name: z.string(),
  unit: z.string().optional(),
  photoUrl: z.string().optional(),
  number: z.string().optional(),
});
export type Peer = z.infer<typeof Peer>;

/** The same as a device says it, which may say anything: bounded. */
export const GivenPeer = Peer.extend({
  name: z.string().max(limits.NAME_CHARS),
  unit: z.string().max(limits.NAME_CHARS).optional(),
  photoUrl: z.string().max(2_000).optional(),
  number: z.string().max(64).optional(),
});

const callId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w.-]+$/);

/** Of which visit a visitor's call is; the rest a device asks the hub for. */
export const CallVisit = z.strictObject({ visitId: callId });
export type CallVisit = z.infer<typeof CallVisit>;

/** A token of RFC 3261 §25.1. */
const sipToken = z
  .string()
  .max(128)
  .regex(/^[\w.!%*+`'~-]+$/);

/**
 * One message between the two devices of a room, opaque to the hub but for its shape and size:
 * a session description (RFC 8829), a trickled candidate (RFC 8838; an empty string ends them), or what this side's
 * person should be told about the other side's media.
 */
export const Signal = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('description'),
    type: z.enum(['offer', 'answer']),
    sdp: z.string().min(1).max(limits.SDP_CHARS),
  }),
  z.strictObject({
    kind: z.literal('candidate'),
    candidate: z.string().max(limits.CANDIDATE_CHARS),
    sdpMid: z.string().max(64).nullable(),
    sdpMLineIndex: z.number().int().min(0).max(100).nullable(),
    usernameFragment: z.string().max(256).nullable(),
  }),
  z.strictObject({ kind: z.literal('media'), held: z.boolean(), muted: z.boolean(), video: z.boolean() }),
]);
export type Signal = z.infer<typeof Signal>;

/** `seq` rises by one per call and sending device, from 1; receivers drop what they have already seen. */
export const SignalEnvelope = z.strictObject({ seq: z.number().int().min(1).max(1_000_000), signal: Signal });
export type SignalEnvelope = z.infer<typeof SignalEnvelope>;

export const RoomSignal = z.strictObject({
  callId,
  envelopes: z.array(SignalEnvelope).min(1).max(limits.SIGNALS_PER_MESSAGE),
});
export type RoomSignal = z.infer<typeof RoomSignal>;

/** A call that rings on this device. */
export interface RingingCall {
  readonly callId: string;
  readonly from: Peer;
  readonly media: MediaKind;
  readonly ringLeftMs: number;
  /** Whether this device makes the sound: one device of each browser does (D3). */
  readonly aloud: boolean;
  /** Who transferred the caller here. */
  readonly transferredBy?: Peer;
  /** A call of this device that this one takes the place of: it is answered without a question (T4). */
  readonly joins?: string;
}

/** Why ringing stopped on a device that did not answer. */
export type StopReason = 'answered-elsewhere' | 'declined-elsewhere' | 'cancelled' | 'no-answer' | 'replaced';

/**
 * The SIP dialog of a telephone call as its own device knows it (RFC 3261 §12), so that another call can take its
 * place with `Replaces` (RFC 3891).
 */
export const SipDialog = z.strictObject({
  callId: z
    .string()
    .max(256)
    .regex(/^[\w.!%*+`'~@:<>()\\"/?{}[\]-]+$/),
  localTag: sipToken,
  remoteTag: sipToken,
});
export type SipDialog = z.infer<typeof SipDialog>;

/** Why a call ended, as told to those who were in it (or made it). */
export type EndReason =
  | 'hangup'
  | 'declined'
  | 'no-answer'
  | 'busy'
  | 'left'
  | 'failed'
  | 'cancelled'
  | 'replaced'
  | 'signed-out'
  | 'lost'
  /** The other party was joined to somebody else, or this one was. */
  | 'transferred'
  /** It goes on in another window of the same person. */
  | 'moved';

/** The call this device is in, as the hub knows it. */
export interface RoomSnapshot {
  readonly callId: string;
  readonly role: 'caller' | 'callee';
  readonly state: 'ringing' | 'active';
  readonly peer: Peer;
  readonly media: MediaKind;
  /** While ringing: time left. */
  readonly ringLeftMs?: number;
  /** While active: time since the answer. */
  readonly activeForMs?: number;
  readonly peerConnected: boolean;
}

export interface TransferProgress {
  readonly transferId: string;
  /** The call of which the other party is transferred. */
  readonly callId: string;
  readonly state: TransferState;
  /** With `failed`: an error code, or the end reason of the call that came to nothing. */
  readonly code?: string;
  /** With `declined`: what the person wrote with it. */
  readonly message?: string;
}

/** How a transfer goes on, as told to the device that asked for it. */
export type TransferState = 'calling' | 'ringing' | 'answered' | 'failed';

/** To the device of the person being transferred: call `to`, and keep this call until that one is answered. */
export interface TransferOrder {
  readonly transferId: string;
  /** The call in which the order came. */
  readonly callId: string;
  readonly by: Peer;
  readonly to: Peer;
  readonly target: { readonly personId: string } | { readonly number: string };
}

/** To another device of the same browser: a call that runs elsewhere may be taken over (M1). */
export interface MoveOffer {
  readonly moveId: string;
  /** Absent for a telephone call that the hub never placed. */
  readonly callId?: string;
  readonly via: 'room' | 'pbx';
  readonly peer: Peer;
  readonly media: MediaKind;
  readonly fromDeviceId: string;
  /** As its device says; absent: neither. */
  readonly muted?: boolean;
  readonly held?: boolean;
  /** Its camera is on; absent: as `media` says. */
  readonly video?: boolean;
  readonly visit?: CallVisit;
}

/** What one device shows of a call to the person's other devices in the same browser. No addresses, no secrets. */
export const ShownCall = z.strictObject({
  callId,
  direction: z.enum(['in', 'out']),
  via: z.enum(['room', 'pbx']),
  phase: z.enum(['dialing', 'connecting', 'active', 'held', 'reconnecting']),
  peer: GivenPeer,
  media: MediaKind,
  muted: z.boolean(),
  activeForMs: z.number().int().min(0).optional(),
  visit: CallVisit.optional(),
});
export type ShownCall = z.infer<typeof ShownCall>;

export const ShowCalls = z.strictObject({ calls: z.array(ShownCall).max(limits.SHOWN_CALLS) });
export type ShowCalls = z.infer<typeof ShowCalls>;

/**
 * Steers a call that another device of the same person and browser carries. One that is on its way there has the name
 * of its move (M1).
 */
export const SteerCall = z.strictObject({
  deviceId: callId,
  callId,
  command: z.discriminatedUnion('name', [
    z.strictObject({ name: z.literal('hangUp') }),
    z.strictObject({ name: z.literal('setMuted'), on: z.boolean() }),
    z.strictObject({ name: z.literal('setHeld'), on: z.boolean() }),
    /** Off alone: nobody's camera is turned on from afar. */
    z.strictObject({ name: z.literal('stopVideo') }),
    /** Brings the window that carries it to the front, as far as its browser lets it. */
    z.strictObject({ name: z.literal('show') }),
  ]),
});
export type SteerCall = z.infer<typeof SteerCall>;

/** Whether a page of this device is in front of the person: decides which device rings aloud (D3). */
export const DeviceVisible = z.strictObject({ visible: z.boolean() });
export type DeviceVisible = z.infer<typeof DeviceVisible>;

/** Calls that another device of the same browser carries. */
export interface CallsElsewhere {
  readonly deviceId: string;
  /** It is a window on the hub's own origin. */
  readonly popOut: boolean;
  /** Still connected; a pop-out without calls can take one. */
  readonly connected: boolean;
  readonly calls: readonly ShownCall[];
}

/** A person's do-not-disturb: `forMs` is what is left of it, absent without an end. */
export interface Availability {
  readonly doNotDisturb: boolean;
  readonly forMs?: number;
}

/** Sent first on every connection, so that a client never depends on events it missed. */
export interface Snapshot {
  readonly protocol: number;
  readonly deviceId: string;
  readonly ringing: readonly RingingCall[];
  /** The room calls that this device is in or makes: one of them talked to, the other on hold. */
  readonly rooms: readonly RoomSnapshot[];
  /** Whether telephone calls can be made now. */
  readonly pbx: boolean;
  readonly availability: Availability;
  /** Whether this device makes the sound when a telephone call rings: one device of each browser does (D3). */
  readonly aloud: boolean;
  /** Devices of the same browser that carry a call, and the pop-out if it is open. */
  readonly elsewhere: readonly CallsElsewhere[];
  /** Calls whose transfer this device has asked for and that is under way (T6). */
  readonly transfers: readonly string[];
}

export interface ServerToClient {
  snapshot: (snapshot: Snapshot) => void;
  'call:ringing': (call: RingingCall) => void;
  'call:stopped': (event: { callId: string; reason: StopReason }) => void;
  /** To the caller's device: the room is open. */
  'call:accepted': (event: { callId: string; peer: Peer }) => void;
  'call:ended': (event: { callId: string; reason: EndReason; message?: string }) => void;
  'room:signal': (event: RoomSignal) => void;
  /** The other device's socket went or came back; on `connected: true` each side sends its signals again. */
  'room:peer': (event: { callId: string; connected: boolean }) => void;
  /** To the other party's device: this party is another device from now on; media are set up anew (M2). */
  'room:moved': (event: { callId: string }) => void;
  /** To the device of the person who is transferred (T1). */
  'transfer:order': (order: TransferOrder) => void;
  /** To the device that asked for the transfer; `code` comes with `failed` (T2). */
  'transfer:state': (event: TransferProgress) => void;
  /** To the device that may take a call over (M1). */
  'call:move': (offer: MoveOffer) => void;
  /** While it rings, which device of the browser makes the sound has changed (D3). */
  'call:aloud': (event: { callId: string; aloud: boolean }) => void;
  /** Which device of the browser makes the sound for telephone calls has changed (D3). */
  'device:aloud': (event: { aloud: boolean }) => void;
  /** What another device of this browser carries now (D4). */
  'calls:elsewhere': (event: CallsElsewhere) => void;
  /** To the device that carries the call (D4). */
  'calls:steer': (event: Pick<SteerCall, 'callId' | 'command'>) => void;
  /** The person's own setting changed, here or on another device (D2). */
  'availability:changed': (event: Availability) => void;
  /** A visit of a destination that this person answers began, changed or ended (P9). */
  'visit:changed': (visit: Visit) => void;
  /** Something was left for such a destination, or somebody dealt with it. */
  'visit:left': (left: LeftMessage) => void;
  /** Telephone calls became possible or impossible. */
  'pbx:changed': (event: { available: boolean }) => void;
  /** The session ended; the socket closes right after. */
  'session:ended': () => void;
}

export type Ack = { readonly ok: true } | Refusal;

export interface ClientToServer {
  'room:signal': (event: RoomSignal, ack: (result: Ack) => void) => void;
  /** Tells the person's other devices in this browser what this one carries. */
  'calls:show': (event: ShowCalls, ack: (result: Ack) => void) => void;
  'calls:steer': (event: SteerCall, ack: (result: Ack) => void) => void;
  'device:visible': (event: DeviceVisible, ack: (result: Ack) => void) => void;
  /** Refused only as `RATE_LIMITED`. */
  'snapshot:get': (ack: (result: Snapshot | Refusal) => void) => void;
}
