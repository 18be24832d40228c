// The port between the call machine and what carries a call. Rooms and SIP implement it alike and pass the same
// contract suite; nothing outside the adapters knows which is which.
import type { MediaKind, Peer, SipDialog } from '@ringtag/server/protocol';
import type { Result } from './errors.ts';
import type { CallEnd } from './machine.ts';
import type { CalledVisit, CallQuality, PhoneTarget } from './phone.ts';

/** What a leg tells about itself: facts, in the order in which they happened. */
export type LegEvent =
  /** The other side rings: time for the ringback tone. */
  | { readonly type: 'peer-rings' }
  | { readonly type: 'answered'; readonly peer?: Peer }
  | { readonly type: 'connected' }
  | { readonly type: 'transport-lost' }
  | { readonly type: 'over'; readonly end: CallEnd }
  | { readonly type: 'remote-stream'; readonly stream: MediaStream }
  | { readonly type: 'peer-media'; readonly held: boolean; readonly muted: boolean; readonly video: boolean }
  /** The wish to talk again came to nothing: the call is on hold as before. A hold is never refused, see `setHeld`. */
  | { readonly type: 'resume-refused' }
  /** The other side is somebody else from now on, as a transfer by them does. */
  | { readonly type: 'peer'; readonly peer: Peer }
  /** While it rings here: whether this device makes the sound from now on. */
  | { readonly type: 'aloud'; readonly aloud: boolean }
  | { readonly type: 'quality'; readonly quality: CallQuality }
  /** New ones after a move: the fingerprints are others then. */
  | { readonly type: 'words'; readonly words: readonly string[] };

export interface Leg {
  readonly via: 'room' | 'pbx';
  /** Begins to tell; called once, before any other command. What happened earlier is told at once. */
  start(report: (event: LegEvent) => void): void;
  /** Takes an incoming call; the media may come later. */
  accept(): void;
  /** Media of this side: once, at any time after `start`. The leg adds nothing to it and stops nothing of it. */
  setMedia(stream: MediaStream): void;
  decline(message?: string): void;
  /**
   * Ends the call for both sides. Never fails: what cannot be told now is told as soon as it can, within bounds.
   * May come without `start`. On an incoming leg that was not accepted it only lets go, others may still answer.
   */
  end(reason: 'hangup' | 'left' | 'failed'): void;
  setMuted(muted: boolean): void;
  /**
   * Silences both directions and tells the other side. Silence needs nobody's consent: a hold stands here even where
   * telling it fails. A resume that the other side does not agree to reports `resume-refused` and leaves the hold.
   */
  setHeld(held: boolean): void;
  /** Sends this camera track, or none. */
  setVideo(track: MediaStreamTrack | null): void;
  /** RFC 4733 events; "," pauses for 2 s. */
  sendDigits(digits: string): void;
  /** Sends this track in place of the microphone so far, muted and held as that was; stops neither. */
  setMicrophone?(track: MediaStreamTrack): Promise<void>;
  /** Telephone calls, once established: how another INVITE names this one to take its place (RFC 3891). */
  readonly dialog?: SipDialog | undefined;
  /**
   * Telephone calls: joins the far end to `dial`, or to the far end of another telephone call of this device (RFC 3515,
   * RFC 3891). Settles once the exchange has said how it went; refused, the call is as it was before.
   */
  refer?(target: { readonly dial: string } | { readonly replaces: Leg }): Promise<Result<void>>;
}

/** What the person, or a transfer, wants called. */
export interface DialOrder {
  readonly to: PhoneTarget;
  readonly media: MediaKind;
  readonly way: 'auto' | 'desk' | 'pbx';
  /** The hub's name of a ringing call of ours that this one takes the place of. */
  readonly replaces?: string;
  /** The transfer order that it carries out (SPEC T2). */
  readonly transfer?: string;
}

/** An incoming call as an adapter announces it. */
export interface IncomingCall {
  readonly callId: string;
  readonly peer: Peer;
  readonly media: MediaKind;
  readonly leg: Leg;
  /** Whether this device makes the sound (SPEC D3). Default: it does. */
  readonly aloud?: boolean;
  /** Who sent the caller here. */
  readonly transferredBy?: Peer;
  readonly visit?: CalledVisit | undefined;
  /** The hub's name of a call of this device that this one takes the place of, unasked (SPEC T4). */
  readonly joins?: string;
}
