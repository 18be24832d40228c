// Sessions over HTTP: sign-in, its hand-off to other windows, the device's key, and what its telephone part needs.
import { z } from 'zod';
import { IceServer } from './http-calls.ts';
import { Me } from './http-people.ts';
import { id, token } from './http-shapes.ts';

/**
 * `POST /api/sessions/handoff`: a code with which the pop-out becomes a device of the same person and browser, with
 * the same end (S5). `challenge` is the pop-out's (RFC 7636 §4.2); only the hub's own origin can spend the code.
 */
export const HandoffRequest = z.strictObject({ challenge: z.string().regex(/^[\w-]{43}$/) });
export type HandoffRequest = z.infer<typeof HandoffRequest>;
export const HandoffResult = z.object({ code: token });
export type HandoffResult = z.infer<typeof HandoffResult>;

/** Between a page and the pop-out it opened: exact origins only, and the nonce from the pop-out's URL fragment. */
export const PopOutMessage = z.discriminatedUnion('type', [
  /** Pop-out → opener: the challenge of the code it needs. */
  z.object({ type: z.literal('ringtag:pop-out-hello'), nonce: token, challenge: z.string() }),
  /** Opener → pop-out. */
  z.object({ type: z.literal('ringtag:pop-out-code'), nonce: token, code: token }),
  /** Pop-out → opener: connected, as this device. */
  z.object({ type: z.literal('ringtag:pop-out-ready'), nonce: token, deviceId: id }),
]);
export type PopOutMessage = z.infer<typeof PopOutMessage>;

/** Public half of the device key: ECDSA P-256 as a JWK (RFC 7517). */
export const DevicePublicKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().regex(/^[\w-]{43}$/),
  y: z.string().regex(/^[\w-]{43}$/),
});
export type DevicePublicKey = z.infer<typeof DevicePublicKey>;

/** Query of `GET /auth/start`, opened in the popup (or, `mode=tab`, in the page's own tab). */
export const SignInStart = z.object({
  origin: z.url().max(300),
  /** Echoed in the message to the opener, so that the pane knows its own popup. */
  nonce: token,
  /** base64url(SHA-256(verifier)), RFC 7636 §4.2. */
  challenge: z.string().regex(/^[\w-]{43}$/),
  mode: z.enum(['popup', 'tab']).default('popup'),
  /** `mode=tab` only: a URL of the same origin, to which `#ringtag-code=…&ringtag-nonce=…` is appended. */
  returnTo: z.url().max(2_000).optional(),
  /** BCP 47 tag of the page's language: the provider's page and the hub's own are in it, as far as they can. */
  lang: z.string().max(35).optional(),
});
export type SignInStart = z.input<typeof SignInStart>;

/** Message posted from the popup to the exact opener origin. */
export const SignInMessage = z.object({
  type: z.literal('ringtag:sign-in'),
  nonce: token,
  result: z.union([z.object({ code: token }), z.object({ error: z.string() })]),
});
export type SignInMessage = z.infer<typeof SignInMessage>;

/** `POST /api/sign-in/pickup`: asked by a pane whose popup fell silent (its opener was cut). */
export const PickupRequest = z.strictObject({ nonce: token, verifier: token });
export type PickupRequest = z.infer<typeof PickupRequest>;
export const PickupResult = z.discriminatedUnion('state', [
  /** Nothing to do yet. */
  z.object({ state: z.literal('waiting') }),
  /** Show this number; the popup shows it among three. */
  z.object({ state: z.literal('number'), number: z.number().int() }),
  z.object({ state: z.literal('code'), code: token }),
  z.object({ state: z.literal('refused') }),
]);
export type PickupResult = z.infer<typeof PickupResult>;

/** `POST /api/sessions`: exchanges the one-use code for a session; the origin is the request's `Origin`. */
export const CreateSessionRequest = z.strictObject({
  code: token,
  verifier: token,
  publicKey: DevicePublicKey,
  /** Browser and system, for "Your devices": "Firefox on Linux". */
  deviceName: z.string().min(1).max(100),
});
export type CreateSessionRequest = z.infer<typeof CreateSessionRequest>;

export const SessionGrant = z.object({
  sessionId: id,
  /** Opaque, good for `bearerForMs`; send as `Authorization: Bearer …`. */
  bearer: z.string(),
  bearerForMs: z.number(),
  /** Time left until the session's fixed end. */
  sessionForMs: z.number(),
  me: Me,
});
export type SessionGrant = z.infer<typeof SessionGrant>;

export const ChallengeRequest = z.strictObject({ sessionId: id });
export type ChallengeRequest = z.infer<typeof ChallengeRequest>;
export const ChallengeResult = z.object({ challenge: token, validForMs: z.number() });
export type ChallengeResult = z.infer<typeof ChallengeResult>;

/** `POST /api/sessions/token`: the signature (ECDSA P-256, SHA-256, IEEE P1363, base64url) is over `signedText`. */
export const TokenRequest = z.strictObject({
  sessionId: id,
  challenge: token,
  signature: z
    .string()
    .min(80)
    .max(100)
    .regex(/^[\w-]+$/),
});
export type TokenRequest = z.infer<typeof TokenRequest>;

/** What the PBX part of a device needs; asked for at each connection of the SIP socket. */
export const PbxAccount = z.object({
  /** SIP user of this device session, `d-…`. */
  endpoint: z.string(),
  realm: z.string(),
  /** MD5(endpoint:realm:password), RFC 2617 §3.2.2.2: the password itself exists nowhere. */
  ha1: z.string(),
  extension: z.string(),
  /** WebSocket of sip-gate with its 60 s token: `wss://…/sip?token=…`. */
  gateUrl: z.string(),
  /** For calls that come in; credentials among them are good for `limits.TURN_CREDENTIAL_MS`. */
  iceServers: z.array(IceServer).optional(),
});
export type PbxAccount = z.infer<typeof PbxAccount>;
