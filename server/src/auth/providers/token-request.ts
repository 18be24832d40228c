// The token request (RFC 6749 §4.1.3), sent through the hub's own fetch: arctic's would use the global one, which
// cannot be given a look-up. Its OAuth2Tokens still reads the answer.
import { OAuth2Tokens } from 'arctic';
import {
  type AuthorizationResponse,
  type ProviderOptions,
  type ProviderRefusal,
  ProviderUnreachable,
  refuseSignIn,
} from './port.ts';

/** The tokens, or why the provider refused the code. Throws `ProviderUnreachable`. */
export async function requestTokens(
  endpoint: string,
  { code, verifier }: AuthorizationResponse,
  options: ProviderOptions,
): Promise<OAuth2Tokens | ProviderRefusal> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: options.redirectUri,
    code_verifier: verifier,
  });
  const headers = new Headers({ Accept: 'application/json', 'User-Agent': 'ringtag' });
  if (options.clientSecret === undefined) body.set('client_id', options.clientId);
  else headers.set('Authorization', basicCredentials(options.clientId, options.clientSecret));
  const { status, answer } = await ask(endpoint, { method: 'POST', headers, body }, options);
  // GitHub refuses with 200 and an `error` member; everybody else with 400 or 401 (RFC 6749 §5.2).
  if (status === 400 || status === 401 || 'error' in answer) {
    return refuseSignIn(`token endpoint: ${'error' in answer ? String(answer.error) : status}`);
  }
  if (status !== 200) throw new ProviderUnreachable(`the token endpoint answered ${status}`);
  return new OAuth2Tokens(answer);
}

/** Sends a request that must be answered with a JSON object. Throws `ProviderUnreachable`. */
export async function ask(
  url: string,
  init: Parameters<ProviderOptions['fetch']>[1],
  { fetch }: Pick<ProviderOptions, 'fetch'>,
): Promise<{ status: number; answer: object }> {
  try {
    const response = await fetch(url, init);
    const answer: unknown = await response.json();
    if (typeof answer !== 'object' || answer === null) throw new TypeError('not a JSON object');
    return { status: response.status, answer };
  } catch (cause) {
    throw new ProviderUnreachable(`no usable answer from ${new URL(url).host}`, { cause });
  }
}

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined. */
function basicCredentials(id: string, secret: string): string {
  const encode = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`;
}
