// The port between visits of the public and the telephone exchange: one endpoint for one call to one place. The
// Asterisk adapter implements it; nothing of a visitor's own making passes but the headers that the hub assembled.
import type { GuestAccount } from '@ringtag/server/protocol';

/** One call of one visitor, as the exchange is to make it. */
export interface GuestCall {
  readonly visitId: string;
  /** Origin of the page; the gate lets no other one use the account. */
  readonly origin: string;
  /** Shown on telephones: the destination's name. */
  readonly callerName: string;
  /** Extensions that ring: those of one turn together, turn after turn. */
  readonly turns: readonly (readonly string[])[];
  readonly ringSeconds: number;
  readonly maxSeconds: number;
  /** BCP 47; for what is spoken. */
  readonly language: string;
  /** Already assembled and bounded; no control characters (P6). */
  readonly headers: {
    readonly url?: string;
    /** One line: `key=value; key=value`. */
    readonly context?: string;
    /** A `geo:` URI (RFC 5870), sent as `Geolocation` (RFC 6442). */
    readonly geolocation?: string;
  };
}

export type GuestCallEvent =
  | { readonly kind: 'ringing'; readonly visitId: string }
  /** `personId`: whose telephone or browser answered, where it is one of ours. */
  | { readonly kind: 'answered'; readonly visitId: string; readonly personId?: string }
  /** Whoever answered has passed it on, and somebody else is rung for it: until then its time stands still. */
  | { readonly kind: 'parted'; readonly visitId: string }
  /** Somebody else has it now. `pausedMs`: how long its time stood still. */
  | {
      readonly kind: 'passed';
      readonly visitId: string;
      readonly personId?: string;
      readonly pausedMs: number;
    }
  /** Whoever answered is lost without a word, and is called again, then the others: until then its time stands still. */
  | { readonly kind: 'lost'; readonly visitId: string }
  /** Whoever talks to it holds it, or talks on. */
  | { readonly kind: 'held'; readonly visitId: string; readonly isHeld: boolean }
  /** `cause`: ITU-T Q.850. `tooLong`: the limit cut it. */
  | { readonly kind: 'ended'; readonly visitId: string; readonly cause: number; readonly tooLong: boolean };

export interface GuestLine {
  readonly available: boolean;
  /** Whether dialling this extension rings anything, registered or not. */
  hasRoute(extension: string): boolean;
  /** Makes the call's endpoint usable and returns its account, without ICE servers; opening it again returns a new one. */
  open(call: GuestCall): Promise<Omit<GuestAccount, 'iceServers'>>;
  /** Ends the call if it goes on, and refuses the credentials at once; nothing more is told of it. Idempotent. */
  close(visitId: string): Promise<void>;
  /** Refuses the credentials `limits.GUEST_AFTER_MS` after the call, by itself; this forgets those left by a stop of the hub. */
  closeAllBut(visitIds: readonly string[]): Promise<void>;
  /** What happened before the first listener came (a call that ended while the hub was down) is told to that one. */
  on(listener: (event: GuestCallEvent) => void): () => void;
}

/** Stands where there is no telephone exchange. */
export const absentGuestLine: GuestLine = {
  available: false,
  hasRoute: () => false,
  open: () => Promise.reject(new Error('There is no telephone exchange')),
  close: async () => {},
  closeAllBut: async () => {},
  on: () => () => {},
};
