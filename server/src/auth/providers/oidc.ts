// Any OpenID Connect provider, found by discovery; Google and Microsoft Entra are two of them with habits of their
// own. The ID token's signature, issuer, audience, nonce and time are checked; nothing is believed without.

import { CodeChallengeMethod, OAuth2Client } from 'arctic';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { readClaims } from './claims.ts';
import {
  type IdentityProvider,
  type ProviderIdentity,
  type ProviderOptions,
  type ProviderRefusal,
  ProviderUnreachable,
  refuseSignIn,
} from './port.ts';
import { ask, requestTokens } from './token-request.ts';

/** What differs between providers that all speak OpenID Connect. */
export interface OidcFlavour {
  readonly issuer: string;
  /** Further parameters of the authorization request. */
  readonly extra?: Readonly<Record<string, string>>;
  /** Issuers that an ID token may name, where discovery names a template (Entra's `{tenantid}`). */
  readonly issuerFor?: (claims: JWTPayload) => string | undefined;
  /** Corrects what the claims seem to say. */
  readonly adjust?: (identity: ProviderIdentity, claims: JWTPayload) => ProviderIdentity;
}

/** OpenID Connect Discovery §3; only what is used. */
const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  scopes_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});
type Metadata = z.infer<typeof Metadata>;

/** Asymmetric only: with `none` or HMAC anybody who knows the client could sign. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const METADATA_MS = 3_600_000;
const CLOCK_TOLERANCE_S = 60;
const REACHABLE_TIMEOUT_MS = 2_000;

/** Claims of a checked ID token. */
type Claims = JWTPayload & { readonly iss: string; readonly sub: string };

interface Discovered {
  readonly metadata: Metadata;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
  readonly untilMs: number;
}

export function createOidcProvider(flavour: OidcFlavour, options: ProviderOptions): IdentityProvider {
  const client = new OAuth2Client(options.clientId, options.clientSecret ?? null, options.redirectUri);
  let known: Discovered | undefined;

  // Real time on purpose: the provider's clock does not follow the one injected into the hub.
  async function discover(timeoutMs?: number): Promise<Discovered> {
    if (known && known.untilMs > Date.now()) return known;
    const url = `${flavour.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const { status, answer } = await ask(url, timeoutMs === undefined ? {} : { timeoutMs }, options);
    const parsed = Metadata.safeParse(answer);
    if (status !== 200 || !parsed.success) throw new ProviderUnreachable('discovery gave no usable metadata');
    const metadata = parsed.data;
    // OpenID Connect Discovery §4.3: it must be exactly the issuer that was asked.
    if (!flavour.issuerFor && metadata.issuer !== flavour.issuer) {
      throw new ProviderUnreachable('discovery names another issuer');
    }
    const keys = createRemoteJWKSet(new URL(metadata.jwks_uri), {
      [customFetch]: (address, { headers, method, signal }) =>
        options.fetch(address, { headers, method, signal }),
    });
    known = { metadata, keys, untilMs: Date.now() + METADATA_MS };
    return known;
  }

  async function verifiedClaims(
    idToken: string,
    nonce: string,
  ): Promise<{ ok: true; claims: Claims } | ProviderRefusal> {
    const { metadata, keys } = await discover();
    try {
      const { payload } = await jwtVerify(idToken, keys, {
        audience: options.clientId,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['sub', 'exp', 'iat'],
        ...(flavour.issuerFor ? {} : { issuer: metadata.issuer }),
      });
      const issuer = flavour.issuerFor ? flavour.issuerFor(payload) : metadata.issuer;
      const isForUs = payload.azp === undefined || payload.azp === options.clientId;
      if (payload.nonce !== nonce || payload.iss !== issuer || !isForUs) {
        return refuseSignIn('ID token: nonce, iss or azp is another');
      }
      const { iss, sub } = payload;
      if (iss === undefined || sub === undefined) return refuseSignIn('ID token: no subject');
      return { ok: true, claims: { ...payload, iss, sub } };
    } catch (cause) {
      if (isKeySetFault(cause)) throw new ProviderUnreachable('the signing keys cannot be read', { cause });
      return refuseSignIn(`ID token: ${cause instanceof errors.JOSEError ? cause.code : 'unreadable'}`);
    }
  }

  /** OpenID Connect Core §5.3.2: userinfo counts only for the same subject. */
  async function userinfo(accessToken: string, subject: string): Promise<object> {
    const { metadata } = await discover();
    if (metadata.userinfo_endpoint === undefined) return {};
    const headers = { Authorization: `Bearer ${accessToken}`, Accept: 'application/json' };
    const { status, answer } = await ask(metadata.userinfo_endpoint, { headers }, options);
    return status === 200 && 'sub' in answer && answer.sub === subject ? answer : {};
  }

  return {
    async begin({ state, verifier, nonce, lang }) {
      const { metadata } = await discover();
      const scopes = ['openid', 'profile', 'email'];
      if (metadata.scopes_supported?.includes('phone')) scopes.push('phone');
      const url = client.createAuthorizationURLWithPKCE(
        metadata.authorization_endpoint,
        state,
        CodeChallengeMethod.S256,
        verifier,
        scopes,
      );
      url.searchParams.set('nonce', nonce);
      if (lang !== undefined) url.searchParams.set('ui_locales', lang);
      for (const [name, value] of Object.entries(flavour.extra ?? {})) url.searchParams.set(name, value);
      return url;
    },

    async complete(response) {
      const { metadata } = await discover();
      // Before the code goes anywhere: it may be another server's.
      if (!isAnswerOf(metadata, response.iss, flavour)) return refuseSignIn('redirect: iss is another');
      const tokens = await requestTokens(metadata.token_endpoint, response, options);
      if ('reason' in tokens) return tokens;
      const idToken = 'id_token' in tokens.data ? tokens.data.id_token : undefined;
      if (typeof idToken !== 'string') return refuseSignIn('no ID token');
      const verified = await verifiedClaims(idToken, response.nonce);
      if (!verified.ok) return verified;
      const { claims } = verified;
      const all = { ...(await userinfo(tokens.accessToken(), claims.sub)), ...claims };
      const identity = readClaims(all, { issuer: claims.iss, subject: claims.sub });
      return { ok: true, ...(flavour.adjust?.(identity, all) ?? identity), claims: all };
    },

    async isReachable() {
      try {
        await discover(REACHABLE_TIMEOUT_MS);
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** RFC 9207 §2.4. Where metadata names a template of issuers, only the ID token can tell which one it was. */
function isAnswerOf(metadata: Metadata, iss: string | undefined, { issuerFor }: OidcFlavour): boolean {
  if (iss === undefined) return metadata.authorization_response_iss_parameter_supported !== true;
  return issuerFor !== undefined || iss === metadata.issuer;
}

/** A token whose key is unknown is a bad token; keys that cannot be fetched are the provider's fault. */
function isKeySetFault(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  const code = 'code' in error ? String(error.code) : '';
  return code === 'ERR_JWKS_TIMEOUT' || code === 'ERR_JOSE_GENERIC' || !code.startsWith('ERR_J');
}
