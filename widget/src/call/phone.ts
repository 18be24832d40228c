// What the elements see: one observable state and the commands on it. The real phone is composed in `phone-impl`;
// elements never learn which signalling carries a call.
import type { EndReason, Me, MediaKind, Peer, Person, ResolveItem } from '@ringtag/server/protocol';
import type { ErrorCode } from '@ringtag/server/protocol/errors';

/** Codes of refusals that never cross the wire: what this browser could not do. */
export type LocalErrorCode =
  | 'MICROPHONE_DENIED'
  | 'MICROPHONE_MISSING'
  | 'MICROPHONE_BUSY'
  | 'CAMERA_DENIED'
  | 'CAMERA_MISSING'
  | 'INSECURE_PAGE'
  | 'POPUP_BLOCKED'
  | 'SIGN_IN_CANCELLED'
  | 'HUB_UNREACHABLE'
  | 'MEDIA_FAILED';
export type PhoneErrorCode = ErrorCode | LocalErrorCode;

export type PhoneStatus =
  /** Not yet known whether this browser has a session here. */
  | 'starting'
  | 'signed-out'
  | 'signing-in'
  /** Signed in; the hub's socket is being opened or has been lost. */
  | 'connecting'
  | 'ready';

export interface SignInView {
  /** Shown beside the popup's three numbers where the popup lost its opener. */
  readonly number?: number;
  /** The popup was blocked or silent: offer "Continue in this tab". */
  readonly offerTab?: boolean;
  readonly error?: PhoneErrorCode;
}

export type CallPhase =
  | 'preparing'
  | 'dialing'
  | 'ringing'
  | 'connecting'
  | 'active'
  | 'held'
  | 'reconnecting'
  | 'ending'
  | 'ended';

/** One call as shown. `direction: 'in'` with phase `ringing` is what the alertdialog shows. */
export interface CallView {
  readonly callId: string;
  readonly direction: 'in' | 'out';
  readonly via: 'room' | 'pbx';
  readonly phase: CallPhase;
  readonly peer: Peer;
  readonly media: MediaKind;
  readonly muted: boolean;
  /** Held by this side; `peerHeld` by the other. */
  readonly held: boolean;
  readonly peerHeld: boolean;
  readonly peerMuted: boolean;
  readonly videoOn: boolean;
  readonly peerVideoOn: boolean;
  /** `performance.now()`-based epoch of the answer in this document, for the running time; absent before. */
  readonly activeSinceMs?: number;
  /** True once the caller may press "Ring desk phone". */
  readonly offerDeskPhone: boolean;
  /** Phase `ended`: why, in whichever vocabulary knows best. */
  readonly ended?: {
    readonly reason: EndReason | 'answered-elsewhere' | 'unreachable' | 'error';
    readonly code?: PhoneErrorCode;
    readonly message?: string;
  };
}

export interface PhoneState {
  readonly status: PhoneStatus;
  /** This tab holds the lock and the connections; other tabs show what it tells them. */
  readonly leads: boolean;
  readonly me: Me | null;
  readonly signIn: SignInView;
  /** Oldest first: at most one live call, any ringing ones, and the last ended one for a few seconds. */
  readonly calls: readonly CallView[];
  readonly telephone: boolean;
  /** Audio output was refused by the autoplay policy until a gesture. */
  readonly soundBlocked: boolean;
  /** Last refusal that has no call to be shown on. */
  readonly error: PhoneErrorCode | null;
}

export type PhoneTarget = { readonly personId: string } | { readonly number: string };

export interface Phone {
  readonly state: PhoneState;
  /** Calls `listener` after each change, and once at once. */
  subscribe(listener: (state: PhoneState) => void): () => void;
  /** Must run inside a user gesture (it opens a popup). */
  signIn(): void;
  signInHere(): void;
  cancelSignIn(): void;
  signOut(): Promise<void>;
  /** Inside a user gesture, so that sound and microphone may start. */
  call(target: PhoneTarget, media?: MediaKind): void;
  answer(callId: string, media?: MediaKind): void;
  decline(callId: string, message?: string): void;
  hangUp(callId: string): void;
  /** Takes an ended call off the screen. */
  dismiss(callId: string): void;
  setMuted(callId: string, muted: boolean): void;
  setHeld(callId: string, held: boolean): void;
  setVideo(callId: string, on: boolean): void;
  sendDigits(callId: string, digits: string): void;
  ringDeskPhone(callId: string): void;
  /** Streams exist only in the tab that carries the call. */
  streams(callId: string): { readonly local: MediaStream | null; readonly remote: MediaStream | null };
  /** An empty query finds the colleagues of the person who is signed in. */
  search(query: string, signal: AbortSignal): Promise<readonly Person[]>;
  resolve(items: readonly ResolveItem[]): Promise<readonly (Person | null)[]>;
  /** Asks for sound again, inside a gesture. */
  unblockSound(): void;
}

/** Detail of the bubbling, composed DOM event `ringtag-call-state`. */
export interface CallStateDetail {
  readonly callId: string;
  readonly state: CallPhase;
  readonly via: 'room' | 'pbx';
  readonly peer: Peer;
}
