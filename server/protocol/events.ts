// Socket.IO events of the hub, both ways. Names are `noun:verb`; every client event is acknowledged.
// The handshake carries `auth: { bearer, protocol }`; a refusal there is a `connect_error` with `data.code`.
import { z } from 'zod';
import type { Refusal } from './errors.ts';
import * as limits from './limits.ts';

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

const callId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w.-]+$/);

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
}

/** Why ringing stopped on a device that did not answer. */
export type StopReason = 'answered-elsewhere' | 'declined-elsewhere' | 'cancelled' | 'no-answer' | 'replaced';

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
  | 'lost';

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

/** Sent first on every connection, so that a client never depends on events it missed. */
export interface Snapshot {
  readonly protocol: number;
  readonly deviceId: string;
  readonly ringing: readonly RingingCall[];
  readonly room: RoomSnapshot | null;
  /** Whether telephone calls can be made now. */
  readonly pbx: boolean;
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
  /** Telephone calls became possible or impossible. */
  'pbx:changed': (event: { available: boolean }) => void;
  /** The session ended; the socket closes right after. */
  'session:ended': () => void;
}

export type Ack = { readonly ok: true } | Refusal;

export interface ClientToServer {
  'room:signal': (event: RoomSignal, ack: (result: Ack) => void) => void;
  /** Refused only as `RATE_LIMITED`. */
  'snapshot:get': (ack: (result: Snapshot | Refusal) => void) => void;
}
