// GitHub speaks OAuth 2.0 but not OpenID Connect: who came back is asked of its API. The account is the numeric id
// (login names are given away again), the e-mail the primary one, if GitHub verified it.

import { limits } from '@ringtag/server/protocol';
import { CodeChallengeMethod, OAuth2Client } from 'arctic';
import { z } from 'zod';
import { type IdentityProvider, type ProviderOptions, ProviderUnreachable } from './port.ts';
import { ask, requestTokens } from './token-request.ts';

/** Where GitHub is; another base serves GitHub Enterprise and tests. */
export interface GithubAddresses {
  readonly web: string;
  readonly api: string;
}

const GITHUB: GithubAddresses = { web: 'https://github.com', api: 'https://api.github.com' };
const REACHABLE_TIMEOUT_MS = 2_000;

const User = z.object({
  id: z.number().int(),
  login: z.string(),
  name: z.string().nullable().optional(),
  avatar_url: z.string().optional(),
});
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

export function createGithubProvider(options: ProviderOptions, addresses = GITHUB): IdentityProvider {
  const client = new OAuth2Client(options.clientId, options.clientSecret ?? null, options.redirectUri);

  async function api<T>(path: string, accessToken: string, schema: z.ZodType<T>): Promise<T> {
    const headers = {
      Authorization: `Bearer ${accessToken}`,
      Accept: 'application/vnd.github+json',
      'User-Agent': 'ringtag',
    };
    const { status, answer } = await ask(`${addresses.api}${path}`, { headers }, options);
    const parsed = schema.safeParse(answer);
    if (status !== 200 || !parsed.success)
      throw new ProviderUnreachable(`GitHub's ${path} answered ${status}`);
    return parsed.data;
  }

  return {
    async begin({ state, verifier }) {
      const endpoint = `${addresses.web}/login/oauth/authorize`;
      const scopes = ['read:user', 'user:email'];
      return client.createAuthorizationURLWithPKCE(
        endpoint,
        state,
        CodeChallengeMethod.S256,
        verifier,
        scopes,
      );
    },

    async complete(response) {
      const tokens = await requestTokens(`${addresses.web}/login/oauth/access_token`, response, options);
      if ('reason' in tokens) return tokens;
      const [user, emails] = await Promise.all([
        api('/user', tokens.accessToken(), User),
        api('/user/emails', tokens.accessToken(), Emails),
      ]);
      const email = emails.find(({ primary, verified }) => primary && verified)?.email.toLowerCase();
      return {
        ok: true,
        profile: {
          issuer: addresses.web,
          subject: String(user.id),
          name: (user.name?.trim() || user.login).slice(0, limits.NAME_CHARS),
          ...(email === undefined ? {} : { email }),
          emailVerified: email !== undefined,
          ...(user.avatar_url === undefined ? {} : { photoUrl: user.avatar_url }),
          numbers: [],
        },
      };
    },

    async isReachable() {
      try {
        await options.fetch(`${addresses.api}/meta`, {
          headers: { 'User-Agent': 'ringtag' },
          timeoutMs: REACHABLE_TIMEOUT_MS,
        });
        return true;
      } catch {
        return false;
      }
    },
  };
}
