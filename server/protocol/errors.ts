// Every refusal that crosses the wire, by code. A code means one thing for ever; only `i18n` in the widget
// turns codes into sentences. HTTP carries them as problem+json (RFC 9457), sockets in acknowledgements.

/** HTTP status of each code that a signed-in device may meet; also the closed list of those. */
export const ERROR_STATUS = {
  /** The body, query or path does not match its schema; `field` names the first offender. */
  INVALID_INPUT: 400,
  /** The body is larger than `limits.HTTP_BODY_BYTES`. */
  TOO_LARGE: 413,
  /** No bearer, an expired one, or its session has ended. */
  SIGNED_OUT: 401,
  /** The sign-in code, verifier, challenge or signature is wrong, old, or was already used. */
  SIGN_IN_REFUSED: 401,
  /** The provider vouches for this person, but `ADMIT` does not let them in. */
  NOT_ADMITTED: 403,
  /** The other thing is there, and it is not yours. */
  FORBIDDEN: 403,
  /** The page's origin is not on the hub's allow-list, or not the one the bearer is bound to. */
  ORIGIN_NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  /** Every device of the person called holds `limits.CALLS_PER_DEVICE` calls already. */
  BUSY: 409,
  /** The person called wants no calls now. */
  DO_NOT_DISTURB: 409,
  /** This device holds `limits.CALLS_PER_DEVICE` calls already. */
  TOO_MANY_CALLS: 409,
  /** The call cannot be transferred or moved as it is; `state` says why. */
  TRANSFER_REFUSED: 409,
  /** Nobody can be reached that way now; `ways` lists what remains. */
  UNREACHABLE: 409,
  /** Another device (or person) was first to accept. */
  ALREADY_ANSWERED: 409,
  /** This device is already in a call or already calling. */
  ALREADY_IN_CALL: 409,
  /** One cannot call oneself. */
  SELF_CALL: 409,
  /** The device has no live socket, so it could not be told about its own call. */
  NOT_CONNECTED: 409,
  /** The call is over; `state` says how. */
  CALL_ENDED: 410,
  /** Nobody answered in time. */
  CALL_EXPIRED: 410,
  /** The client speaks a protocol version the hub no longer serves. */
  VERSION_UNSUPPORTED: 426,
  /** Too many requests; `Retry-After` says when to try again (seconds). */
  RATE_LIMITED: 429,
  /** A fault of the hub's own. */
  INTERNAL: 500,
  /** The telephone part is missing; everything else goes on working. */
  PBX_UNAVAILABLE: 503,
  /** Storage does not answer; nothing was accepted. */
  STORAGE_UNAVAILABLE: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** The same of codes that only visitors and administrators meet: no sentence of the phone is needed for them. */
export const PUBLIC_ERROR_STATUS = {
  /** Prove some work first: `challenge` says which (`Challenge`). */
  CHALLENGE_REQUIRED: 428,
  /** The proof is wrong, late, or was used before; `challenge` is another one. */
  CHALLENGE_REFUSED: 428,
  /** No ticket of this hub's. */
  TICKET_INVALID: 401,
  /** A ticket is good once. */
  TICKET_USED: 409,
  /** A ticket must be spent within `limits.TICKET_MS`. */
  TICKET_EXPIRED: 410,
  /** The ticket was given to a page of another origin. */
  TICKET_FOREIGN: 403,
  /** The destination is closed now; `offers` says what is left. */
  DESTINATION_CLOSED: 409,
  /** Too many wait for this destination already; `offers` says what is left. */
  DESTINATION_BUSY: 409,
  /** An administrator has blocked the network that asks. */
  ADDRESS_BLOCKED: 403,
  /** The visit is of another hub that shares the database (RFC 9110 §15.5.20). */
  VISIT_ELSEWHERE: 421,
  /** It cannot be done to this thing as it stands; `state` says how it stands. */
  CONFLICT: 409,
} as const;

export type PublicErrorCode = keyof typeof PUBLIC_ERROR_STATUS;
export type AnyErrorCode = ErrorCode | PublicErrorCode;

/** Codes that make sense to try again unchanged. */
export const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'RATE_LIMITED',
  'INTERNAL',
  'PBX_UNAVAILABLE',
  'STORAGE_UNAVAILABLE',
]);

/** A refusal as a value. `field`, `state` and `ways` are present where the code's comment says so. */
export interface Refusal<C extends AnyErrorCode = ErrorCode> {
  readonly ok: false;
  readonly code: C;
  readonly field?: string;
  readonly state?: string;
  readonly retryAfterMs?: number;
}

/** Body of every refused HTTP request (`application/problem+json`, RFC 9457). */
export interface Problem<C extends AnyErrorCode = ErrorCode> {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: C;
  /** With `ORIGIN_NOT_ALLOWED`: which origin it was; for whoever builds the page. */
  readonly detail?: string;
  readonly field?: string;
  readonly state?: string;
  readonly ways?: readonly unknown[];
  /** With `CHALLENGE_REQUIRED` and `CHALLENGE_REFUSED`. */
  readonly challenge?: unknown;
  /** With `DESTINATION_CLOSED` and `DESTINATION_BUSY`. */
  readonly offers?: unknown;
}

export function refuse<C extends AnyErrorCode>(
  code: C,
  extra: Omit<Refusal, 'ok' | 'code'> = {},
): Refusal<C> {
  return { ok: false, code, ...extra };
}
