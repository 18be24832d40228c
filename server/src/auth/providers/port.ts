// What the hub asks of an identity provider: send a browser there, and say who came back. Everything about OAuth
// 2.0 and OpenID Connect stays behind this; a refusal is a value, a provider that does not answer is an exception.
import { type Refusal, refuse } from '@ringtag/server/protocol';
import type { ProviderProfile } from '../../people/person.ts';
import type { HttpFetch } from '../../platform/http-fetch.ts';

/** Somebody the provider vouches for. */
export interface ProviderIdentity {
  readonly profile: ProviderProfile;
  /** The organisation the account belongs to, in lower case, where the provider tells: `tid` or `hd`. */
  readonly tenant?: string;
  /** All that the provider said of them, checked: the ID token's claims, and userinfo's. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** One walk to the provider and back; each value is random and used once. */
export interface AuthorizationRequest {
  readonly state: string;
  /** PKCE verifier (RFC 7636); only its S256 challenge leaves the hub before the code is exchanged. */
  readonly verifier: string;
  /** Comes back inside the ID token (OpenID Connect Core §3.1.2.1). */
  readonly nonce: string;
  /** BCP 47 tag for the provider's pages. */
  readonly lang?: string;
}

export interface AuthorizationResponse {
  readonly code: string;
  /** Who says it answers, where the redirect back names an issuer (RFC 9207). */
  readonly iss?: string;
  readonly verifier: string;
  readonly nonce: string;
}

/** `reason` is for the log alone: the provider's error code, or the check that failed; nothing personal. */
export type ProviderRefusal = Refusal & { readonly reason: string };

export function refuseSignIn(reason: string): ProviderRefusal {
  return { ...refuse('SIGN_IN_REFUSED'), reason };
}

export interface IdentityProvider {
  /** The provider's page to send the browser to. Throws `ProviderUnreachable`. */
  begin(request: AuthorizationRequest): Promise<URL>;
  /** Exchanges the code; `SIGN_IN_REFUSED` when the provider or the ID token's check says no. */
  complete(response: AuthorizationResponse): Promise<({ ok: true } & ProviderIdentity) | ProviderRefusal>;
  /** Whether the provider answers now; never throws. */
  isReachable(): Promise<boolean>;
}

/** The provider did not answer, or answered with what no provider should. */
export class ProviderUnreachable extends Error {
  override readonly name = 'ProviderUnreachable';
}

/** What every adapter is made from. */
export interface ProviderOptions {
  readonly clientId: string;
  /** Absent for public clients, which PKCE alone protects. */
  readonly clientSecret?: string;
  /** Exactly what is registered with the provider: `PUBLIC_URL/auth/callback`. */
  readonly redirectUri: string;
  /** Injected: the one of the hub also finds `*.localhost`. */
  readonly fetch: HttpFetch;
}
