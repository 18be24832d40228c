// What one call needs to begin, and what can be shown about it beside its state.
import type { MediaKind, Peer } from '@ringtag/server/protocol';
import type { Leg } from './call.ts';
import type { Clock } from './clock.ts';
import type { Result } from './errors.ts';
import type { LocalMedia } from './media.ts';
import type { CalledVisit, CallView } from './phone.ts';

/** What dialling brings: the leg that the hub chose, and whom it reaches. */
export interface Dialed {
  /** The hub's own name of the call; a telephone call that it never placed has none. */
  readonly hubCallId?: string | undefined;
  readonly leg: Leg;
  readonly peer: Peer;
  /** A call that is taken over from another device: since its answer. */
  readonly activeForMs?: number | undefined;
}

export interface RunnerOptions {
  readonly callId: string;
  readonly direction: 'in' | 'out';
  readonly peer: Peer;
  readonly media: MediaKind;
  /** Incoming calls bring theirs. */
  readonly leg?: Leg;
  /** Outgoing calls get theirs from the hub. */
  readonly dial?: () => Promise<Result<Dialed>>;
  /** It runs on another device and comes over from there: nobody is called, and the microphone is opened first. */
  readonly taking?: boolean;
  readonly transferredBy?: Peer | undefined;
  readonly visit?: CalledVisit | undefined;
  readonly aloud?: boolean | undefined;
  readonly localMedia: LocalMedia;
  readonly clock: Clock;
  /** After every change that can be seen. */
  readonly changed: () => void;
}

/** What is shown of a call and changes without its state. */
export type Facets = Pick<
  CallView,
  | 'muted'
  | 'peerHeld'
  | 'peerMuted'
  | 'videoOn'
  | 'peerVideoOn'
  | 'offerDeskPhone'
  | 'quality'
  | 'words'
  | 'transfer'
  | 'sentTo'
  | 'consultFor'
>;
/** `undefined` takes a facet off. */
export type Change = { readonly [Name in keyof Facets]?: Facets[Name] | undefined };
