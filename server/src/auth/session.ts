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
  /** hashSecret of the cookie that names the browser on the hub's own origin: the same on every site (D3, D4). */
  readonly browserId?: string;
  /** When its socket last came, went or was there; minutes may pass before that is written. */
  readonly lastSeenAtMs?: number;
}

/** Somebody who looks at the hub's own pages, until a fixed moment. Named by a cookie; good for nothing else. */
export interface PageVisit {
  /** hashSecret of the cookie. */
  readonly hash: string;
  readonly personId: string;
  /** The identity provider, or the operator's list, named them one when they came. */
  readonly isAdministrator?: boolean;
  readonly expiresAtMs: number;
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
  /** `page`: a page of the hub itself, to which the browser goes on with a visit's cookie instead of a code. */
  readonly mode: 'popup' | 'tab' | 'page';
  readonly returnTo?: string;
  /** BCP 47 tag of the page that began it: the hub's own pages on the way are in it too. */
  readonly lang?: string;
  /** hashSecret of the cookie that binds the attempt to the browser, and names it in the session made of it. */
  readonly browserHash: string;
  readonly oidcVerifier: string;
  readonly oidcNonce: string;
  readonly personId?: string;
  /** Of a walk to a page of the hub itself: they may administer. */
  readonly isAdministrator?: boolean;
  /** The number the pane shows, once the popup found its opener gone. */
  readonly number?: number;
  readonly codeHash?: string;
  /** The code itself, only where the pane must pick it up (S7); removed when picked up. */
  readonly pickupCode?: string;
  readonly codeExpiresAtMs?: number;
  /** The session that handed its person on to the pop-out; such an attempt began as `released`. */
  readonly handedOffBy?: string;
  readonly expiresAtMs: number;
}
