// The port between the call machine and what carries a call. Rooms and SIP implement it alike and pass the same
// contract suite; nothing outside the adapters knows which is which.
import type { MediaKind, Peer } from '@ringtag/server/protocol';
import type { CallEnd } from './machine.ts';

/** What a leg tells about itself: facts, in the order in which they happened. */
export type LegEvent =
  /** The other side rings: time for the ringback tone. */
  | { readonly type: 'peer-rings' }
  | { readonly type: 'answered'; readonly peer?: Peer }
  | { readonly type: 'connected' }
  | { readonly type: 'transport-lost' }
  | { readonly type: 'over'; readonly end: CallEnd }
  | { readonly type: 'remote-stream'; readonly stream: MediaStream }
  | { readonly type: 'peer-media'; readonly held: boolean; readonly muted: boolean; readonly video: boolean };

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
  /** Silences both directions and tells the other side. */
  setHeld(held: boolean): void;
  /** Sends this camera track, or none. */
  setVideo(track: MediaStreamTrack | null): void;
  /** RFC 4733 events; "," pauses for 2 s. */
  sendDigits(digits: string): void;
}

/** An incoming call as an adapter announces it. */
export interface IncomingCall {
  readonly callId: string;
  readonly peer: Peer;
  readonly media: MediaKind;
  readonly leg: Leg;
}
