// GitHub as documented; `fakeGithub` answers as its REST reference says (docs.github.com, "Get the authenticated user",
// "List email addresses"), since the real one cannot be signed in to from a test.
import { expect, test } from 'vitest';
import type { HttpFetch } from '../../platform/http-fetch.ts';
import { createGithubProvider } from './github.ts';

const RESPONSE = { code: 'good', verifier: 'v'.repeat(43), nonce: 'n' };

function fakeGithub(emails: object[], user: object = {}): { fetch: HttpFetch; seen: string[] } {
  const seen: string[] = [];
  const fetch: HttpFetch = async (input, init = {}) => {
    const url = new URL(input);
    seen.push(`${init.method ?? 'GET'} ${url.origin}${url.pathname}`);
    if (url.pathname === '/login/oauth/access_token') {
      const isGood = new URLSearchParams(init.body?.toString()).get('code') === 'good';
      const refusal = { error: 'bad_verification_code' };
      return Response.json(isGood ? { access_token: 'gho', token_type: 'bearer', scope: '' } : refusal);
    }
    if (new Headers(init.headers ?? {}).get('Authorization') !== 'Bearer gho') {
      return Response.json({ message: 'Requires authentication' }, { status: 401 });
    }
    return Response.json(
      url.pathname === '/user' ? { id: 583231, login: 'alice', name: null, ...user } : emails,
    );
  };
  return { fetch, seen };
}

const provider = (fetch: HttpFetch) =>
  createGithubProvider({
    clientId: 'id',
    clientSecret: 's',
    redirectUri: 'https://hub/auth/callback',
    fetch,
  });

test('the account is the numeric id; the e-mail is the primary one', async () => {
  const { fetch, seen } = fakeGithub([
    { email: 'old@example.org', primary: false, verified: true },
    { email: 'Alice@Example.org', primary: true, verified: true },
  ]);
  expect(await provider(fetch).complete(RESPONSE)).toEqual({
    ok: true,
    profile: {
      issuer: 'https://github.com',
      subject: '583231',
      name: 'alice',
      email: 'alice@example.org',
      emailVerified: true,
      numbers: [],
    },
  });
  expect(seen.sort()).toEqual([
    'GET https://api.github.com/user',
    'GET https://api.github.com/user/emails',
    'POST https://github.com/login/oauth/access_token',
  ]);
});

test('a primary e-mail that GitHub did not verify is none', async () => {
  const { fetch } = fakeGithub([{ email: 'ceo@example.org', primary: true, verified: false }], {
    name: 'Al',
  });
  const identity = await provider(fetch).complete(RESPONSE);
  expect(identity).toMatchObject({ ok: true, profile: { name: 'Al', emailVerified: false } });
  expect(identity).not.toHaveProperty('profile.email');
});

test('a refused code comes as 200 with an error, and is refused', async () => {
  const { fetch } = fakeGithub([]);
  const refused = await provider(fetch).complete({ ...RESPONSE, code: 'bad' });
  expect(refused).toMatchObject({ ok: false, code: 'SIGN_IN_REFUSED' });
});

test('the browser is sent with PKCE and the two scopes that are needed', async () => {
  const { fetch } = fakeGithub([]);
  const url = await provider(fetch).begin({ state: 's', verifier: RESPONSE.verifier, nonce: 'n' });
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    redirect_uri: 'https://hub/auth/callback',
    scope: 'read:user user:email',
    code_challenge_method: 'S256',
    state: 's',
  });
});
