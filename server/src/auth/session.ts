// What is kept about sign-ins and sessions. Secrets are here only as hashes (`platform/ids.ts`, hashSecret).
import type { DevicePublicKey } from '@ringtag/server/protocol';

/** A device: one browser on one origin, signed in as one person until a fixed moment. */
export interface SessionRecord {
  /** `s-…`; its SIP endpoint is `d-…` with the same tail. */
  readonly id: string;
  readonly personId: string;
  readonly origin: string;
  readonly deviceName: string;
  readonly publicKey: DevicePublicKey;
  readonly createdAtMs: number;
  readonly endsAtMs: number;
  readonly endedAtMs?: number;
}

export interface BearerRecord {
  readonly hash: string;
  readonly sessionId: string;
  readonly origin: string;
  readonly expiresAtMs: number;
}

/**
 * One walk through the popup. `started → identified → released → spent`, or `refused` from anywhere.
 * `identified`: the provider vouched; consent or the number may still be missing. `released`: a code is out.
 */
export interface SignInAttempt {
  /** hashSecret(state): the state itself travels only through the browser and the provider. */
  readonly id: string;
  readonly status: 'started' | 'identified' | 'released' | 'spent' | 'refused';
  readonly origin: string;
  readonly nonce: string;
  /** The pane's S256 challenge. */
  readonly challenge: string;
  readonly mode: 'popup' | 'tab';
  readonly returnTo?: string;
  /** hashSecret of the cookie that binds the attempt to the browser. */
  readonly browserHash: string;
  readonly oidcVerifier: string;
  readonly oidcNonce: string;
  readonly personId?: string;
  /** The number the pane shows, once the popup found its opener gone. */
  readonly number?: number;
  readonly codeHash?: string;
  /** The code itself, only where the pane must pick it up (S7); removed when picked up. */
  readonly pickupCode?: string;
  readonly codeExpiresAtMs?: number;
  readonly expiresAtMs: number;
}
