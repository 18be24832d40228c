// What the hub, or this browser, says to a visitor's wishes: a value, or a refusal with its code.
import type { Challenge, Offers, SiteChallenge } from '@ringtag/server/protocol';
import type { AnyErrorCode } from '@ringtag/server/protocol/errors';
import type { LocalErrorCode } from '../call/phone.ts';

export type VisitorCode = AnyErrorCode | LocalErrorCode;

export interface VisitorRefusal {
  readonly ok: false;
  readonly code: VisitorCode;
  /** `RATE_LIMITED`: whose limit it was. */
  readonly state?: string;
  readonly field?: string;
  readonly retryAfterMs?: number;
  /** With `CHALLENGE_REQUIRED` and `CHALLENGE_REFUSED`. */
  readonly challenge?: Challenge | SiteChallenge;
  /** With `DESTINATION_CLOSED` and `DESTINATION_BUSY`. */
  readonly offers?: Offers;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | VisitorRefusal;

export const refusal = (code: VisitorCode): VisitorRefusal => ({ ok: false, code });
