// What proves, at the exchange of a code, that the code was asked for here (RFC 7636).
import { base64url, randomToken } from './base64url.ts';

export interface Secrets {
  readonly nonce: string;
  readonly verifier: string;
  readonly challenge: string;
}

export async function makeSecrets(): Promise<Secrets> {
  const verifier = randomToken();
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  // RFC 7636 §4.2, S256.
  return { nonce: randomToken(), verifier, challenge: base64url(digest) };
}
