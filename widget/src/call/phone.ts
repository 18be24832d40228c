// What the elements see: one observable state and the commands on it. The real phone is composed in `compose.ts`;
// elements never learn which signalling carries a call.
import type {
  EndReason,
  HistoryPage,
  Me,
  MediaKind,
  Peer,
  Person,
  ResolveItem,
} from '@ringtag/server/protocol';
import type { ErrorCode } from '@ringtag/server/protocol/errors';
import type { Visits } from '../visits/book.ts';

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
  | 'MICROPHONE_DISMISSED'
  | 'CAMERA_DISMISSED'
  | 'CAMERA_BUSY'
  /** The page, or the one around its frame, lets nobody use microphone or camera here (Permissions-Policy). */
  | 'MEDIA_FORBIDDEN'
  /** A camera is only turned on in a tab that its person sees; the call's is behind another one. */
  | 'TAB_HIDDEN'
  | 'HUB_UNREACHABLE'
  /** The browser keeps this page from a hub on a private network until the person allows it. */
  | 'LOCAL_NETWORK_BLOCKED'
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

/** How a call sounds now, by the E-model (ITU-T G.107). */
export interface CallQuality {
  /** 1 to 4.5. */
  readonly mos: number;
  readonly level: 'good' | 'fair' | 'poor';
  /** It is this side's network that loses or delays, as far as can be told. */
  readonly ownNetwork: boolean;
}

/** A visitor's call: the visit, and what telephones are told of it, as it came. */
export interface CalledVisit {
  readonly visitId: string;
  readonly url?: string;
  /** `key=value; key=value` */
  readonly context?: string;
  /** `<geo:…>` (RFC 5870). */
  readonly place?: string;
}

/** Somebody as shown: `isVisitor` of a public page, whose name is that of what they called. */
export type NamedPeer = Peer & { readonly isVisitor?: boolean };

/** One call as shown. `direction: 'in'` with phase `ringing` is what the alertdialog shows. */
export interface CallView {
  readonly callId: string;
  /** The hub's own name of the call, once there is one. */
  readonly hubCallId?: string;
  readonly direction: 'in' | 'out';
  readonly via: 'room' | 'pbx';
  readonly phase: CallPhase;
  readonly peer: NamedPeer;
  readonly media: MediaKind;
  readonly muted: boolean;
  /** Held by this side; `peerHeld` by the other. */
  readonly held: boolean;
  readonly peerHeld: boolean;
  readonly peerMuted: boolean;
  readonly videoOn: boolean;
  readonly peerVideoOn: boolean;
  /** Phase `dialing`: it rings at the other side. */
  readonly peerRings?: boolean;
  /** `performance.now()`-based epoch of the answer in this document, for the running time; absent before. */
  readonly activeSinceMs?: number;
  /** True once the caller may press "Ring desk phone". */
  readonly offerDeskPhone: boolean;
  /** Absent until measured. */
  readonly quality?: CallQuality;
  /** Four words made from both DTLS fingerprints, the same on both screens of a direct call (A9). */
  readonly words?: readonly string[];
  /** Ringing: who sent the caller here. */
  readonly transferredBy?: Peer;
  /** The caller is a visitor of a public page. */
  readonly visit?: CalledVisit | undefined;
  /** The other party is being sent to `to` by this person; `failed` stays until the next attempt. */
  readonly transfer?: {
    readonly to: Peer;
    readonly state: 'calling' | 'ringing' | 'failed';
    readonly code?: PhoneErrorCode | EndReason;
    /** What the one who declined wrote. */
    readonly message?: string;
  };
  /** This person is being sent on: the call to `to` is being placed, this one is kept until it is answered. */
  readonly sentTo?: { readonly by: Peer; readonly to: Peer };
  /** This call is the consultation before a transfer of that other call. */
  readonly consultFor?: string;
  /** Another window of this browser carries it; this page steers it through the hub. */
  readonly elsewhere?: { readonly deviceId: string; readonly popOut: boolean };
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
  /** Oldest first: at most two live calls, one of them on hold, any ringing ones, and the last ended for some seconds. */
  readonly calls: readonly CallView[];
  readonly telephone: boolean;
  /** Audio output was refused by the autoplay policy until a gesture. */
  readonly soundBlocked: boolean;
  /** Last refusal that has no call to be shown on. */
  readonly error: PhoneErrorCode | null;
  readonly doNotDisturb: boolean;
  /** When that ends by itself, as `Date.now()` counts. */
  readonly quietUntilMs: number | null;
  /** Calls missed since Recent was last looked at. */
  readonly missed: number;
  /** The window on the hub's origin that keeps calls while this page navigates. */
  readonly popOut: 'closed' | 'opening' | 'open';
  /** Something that happened by itself and is worth a word, until dismissed or overtaken. */
  readonly notice: PhoneNotice | null;
  /** There is somebody to redial. */
  readonly canRedial: boolean;
  /** Visitors of public pages; null where this person answers none, as far as is known. */
  readonly visitors: VisitorsNews | null;
}

export interface VisitorsNews {
  /** Messages of chats, and things left, that nobody has read. */
  readonly unread: number;
  /** Rises with each change. */
  readonly news: number;
}

/** `device` is the label of what is used now; absent where there is none left. */
export type PhoneNotice =
  | { readonly kind: 'microphone-changed' | 'speaker-changed' | 'camera-changed'; readonly device?: string }
  | { readonly kind: 'microphone-lost' | 'camera-lost' }
  /** The tab of the call is hidden, and its browser opens no microphone there. */
  | { readonly kind: 'microphone-waits' }
  | { readonly kind: 'popup-blocked' };

export type DeviceKind = 'microphone' | 'speaker' | 'ringer' | 'camera';

export interface DeviceOption {
  readonly id: string;
  readonly label: string;
}

/** Microphones, speakers and cameras of this browser, and what the person chose; remembered per browser and site. */
export interface DevicesState {
  /** Labels are known only once it is `granted`. */
  readonly microphone: 'unknown' | 'prompt' | 'granted' | 'denied';
  readonly camera: 'unknown' | 'prompt' | 'granted' | 'denied';
  readonly options: Readonly<Record<DeviceKind, readonly DeviceOption[]>>;
  /** Absent: the browser's default. A chosen device that is unplugged stays chosen for when it is back. */
  readonly chosen: Readonly<Partial<Record<DeviceKind, string>>>;
  /** False where the browser cannot choose a speaker. */
  readonly canChooseSpeaker: boolean;
  /** The browser shows its own list of speakers, and the page knows only those that were chosen there. */
  readonly asksForSpeaker: boolean;
  readonly test: 'idle' | 'recording' | 'playing';
  readonly notifications: 'default' | 'granted' | 'denied' | 'unsupported';
  readonly error: PhoneErrorCode | null;
}

export interface Devices {
  readonly state: DevicesState;
  subscribe(listener: (state: DevicesState) => void): () => void;
  /** `null`: the browser's default. A call in progress goes over to it at once. */
  choose(kind: DeviceKind, id: string | null): void;
  /** Has the browser ask which one, where it does that itself; inside a gesture. */
  askForSpeaker(kind: 'speaker' | 'ringer'): Promise<void>;
  /** Opens the microphone (asks if need be) and tells its level, 0 to 1, until the returned function is called. */
  watchLevel(listener: (level: number) => void): () => void;
  /** Records three seconds and plays them back through the chosen speaker; inside a gesture. */
  testMicrophone(): Promise<void>;
  stopTest(): void;
  /** A short sound through the chosen speaker or ringer. */
  testSpeaker(kind: 'speaker' | 'ringer'): Promise<void>;
  /** A picture of the chosen camera; stop its tracks after use. */
  openCamera(): Promise<MediaStream | null>;
  /** Inside a gesture. */
  askNotifications(): Promise<void>;
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
  /** Talks to this call and puts the other one on hold. */
  swap(callId: string): void;
  /** Joins the other party of this call to `target`, unasked. The call goes on until that one has answered. */
  transfer(callId: string, target: PhoneTarget): void;
  /** Puts this call on hold and calls `target` first; `completeTransfer` then joins the two. */
  consult(callId: string, target: PhoneTarget): void;
  /** `callId` of either of the two calls. */
  completeTransfer(callId: string): void;
  redial(): void;
  setDoNotDisturb(on: boolean, forMs?: number): void;
  /** The person's own calls, newest first; `before` is `next` of the page before. Rejects never: null without a hub. */
  history(before?: string): Promise<HistoryPage | null>;
  /** The person sees their recent calls: none of them counts as missed any more. */
  lookAtRecent(): void;
  /** Inside a gesture: opens the pop-out; a running call goes over to it. */
  popOut(): void;
  /** Brings the window that carries this call to the front. */
  showCall(callId: string): void;
  dismissNotice(): void;
  /** Page of the hub's own origin where the person sees and ends their sessions. */
  readonly devicesPageUrl: string;
  /** Fetched when they are first wanted; rejects where that fails. */
  devices(): Promise<Devices>;
  /** Likewise. */
  visits(): Promise<Visits>;
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
  /** The hub's name of the call once there is one; a name of this page before. */
  readonly callId: string;
  readonly state: CallPhase;
  readonly via: 'room' | 'pbx';
  readonly peer: Peer;
}
