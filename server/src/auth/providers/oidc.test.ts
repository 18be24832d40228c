// ID tokens that no good provider would issue. `LyingProvider` stands in for one: real providers refuse to lie.
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import type { HttpFetch } from '../../platform/http-fetch.ts';
import { createOidcProvider, type OidcFlavour } from './oidc.ts';
import { openProvider } from './open.ts';
import { ProviderUnreachable } from './port.ts';

const ISSUER = 'https://id.example.org';
const RESPONSE = { code: 'code', verifier: 'v'.repeat(43), nonce: 'the nonce' };
type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let keys: Pair;
let foreign: Pair;

beforeAll(async () => {
  keys = await generateKeyPair('ES256');
  foreign = await generateKeyPair('ES256');
});

interface Lies {
  readonly idToken?: string | undefined;
  readonly metadata?: object;
  readonly userinfo?: object;
  readonly tokenStatus?: number;
  readonly tokens?: object;
}

/** Answers discovery, keys, tokens and userinfo as it is told to. */
function lyingProvider({ idToken, metadata, userinfo, tokenStatus = 200, tokens }: Lies): HttpFetch {
  return async (input) => {
    const { pathname, origin } = new URL(input);
    const json = (body: object, status = 200): Response => Response.json(body, { status });
    if (pathname.endsWith('/.well-known/openid-configuration')) {
      return json({
        issuer: ISSUER,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        jwks_uri: `${origin}/keys`,
        ...(userinfo ? { userinfo_endpoint: `${origin}/userinfo` } : {}),
        ...metadata,
      });
    }
    if (pathname === '/keys') {
      const key = { ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'ES256', use: 'sig' };
      return json({ keys: [key] });
    }
    if (pathname === '/token') {
      return json(tokens ?? { access_token: 'a', token_type: 'Bearer', id_token: idToken }, tokenStatus);
    }
    return json(userinfo ?? {});
  };
}

const claims = (extra: JWTPayload = {}): JWTPayload => ({
  iss: ISSUER,
  aud: 'hub',
  sub: 'alice',
  nonce: RESPONSE.nonce,
  iat: Math.floor(Date.now() / 1000),
  exp: Math.floor(Date.now() / 1000) + 300,
  name: 'Alice Almeida',
  email: 'Alice@Example.org',
  email_verified: true,
  ...extra,
});

const signed = (payload: JWTPayload, key = keys.privateKey): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'k' }).sign(key);

function complete(lies: Lies, flavour: Partial<OidcFlavour> = {}, response: { iss?: string } = {}) {
  const options = { clientId: 'hub', clientSecret: 's', redirectUri: 'https://hub/auth/callback' };
  const fetch = lyingProvider(lies);
  return createOidcProvider({ issuer: ISSUER, ...flavour }, { ...options, fetch }).complete({
    ...RESPONSE,
    ...response,
  });
}

const REFUSED = { ok: false, code: 'SIGN_IN_REFUSED' };

test('a good ID token gives the profile', async () => {
  const said = claims();
  expect(await complete({ idToken: await signed(said) })).toEqual({
    ok: true,
    profile: {
      issuer: ISSUER,
      subject: 'alice',
      name: 'Alice Almeida',
      handle: 'alice@example.org',
      email: 'alice@example.org',
      emailVerified: true,
      numbers: [],
    },
    // For whoever decides by a claim who administers.
    claims: expect.objectContaining(said),
  });
});

test('a provider that gives no name leaves it empty: an address is no name', async () => {
  const idToken = await signed(claims({ name: undefined }));
  expect(await complete({ idToken })).toMatchObject({ profile: { name: '', handle: 'alice@example.org' } });
});

describe('the issuer in the redirect (RFC 9207)', () => {
  const metadata = { authorization_response_iss_parameter_supported: true };
  const answer = async (iss: string | undefined, advertised = metadata) =>
    complete({ idToken: await signed(claims()), metadata: advertised }, {}, iss === undefined ? {} : { iss });

  test('must be there and the right one where the provider says it writes it', async () => {
    expect(await answer(ISSUER)).toMatchObject({ ok: true });
    expect(await answer(undefined)).toMatchObject(REFUSED);
    expect(await answer('https://evil.example')).toMatchObject(REFUSED);
  });

  test('may be missing elsewhere, but not be another', async () => {
    const silent = { authorization_response_iss_parameter_supported: false };
    expect(await answer(undefined, silent)).toMatchObject({ ok: true });
    expect(await answer('https://evil.example', silent)).toMatchObject(REFUSED);
  });
});

describe('an ID token is refused', () => {
  test.each<[string, JWTPayload]>([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['for another audience', { aud: 'other' }],
    ['authorised for another party', { aud: ['hub', 'other'], azp: 'other' }],
    ['with another nonce', { nonce: 'other' }],
    ['without a nonce', { nonce: undefined }],
    ['without a subject', { sub: undefined as never }],
    ['that has expired', { exp: Math.floor(Date.now() / 1000) - 120 }],
    ['that is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 600 }],
  ])('%s', async (_what, extra) => {
    expect(await complete({ idToken: await signed(claims(extra)) })).toMatchObject(REFUSED);
  });

  test('signed by a foreign key', async () => {
    expect(await complete({ idToken: await signed(claims(), foreign.privateKey) })).toMatchObject(REFUSED);
  });

  test('that is not signed at all', async () => {
    expect(await complete({ idToken: new UnsecuredJWT(claims()).encode() })).toMatchObject(REFUSED);
  });

  test('signed with a secret that everybody knows: the public key', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)));
    const idToken = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'k' }).sign(secret);
    expect(await complete({ idToken })).toMatchObject(REFUSED);
  });

  test('that is missing', async () => {
    expect(await complete({ tokens: { access_token: 'a', token_type: 'Bearer' } })).toMatchObject(REFUSED);
  });
});

test('a code that the provider refuses is refused', async () => {
  expect(await complete({ tokenStatus: 400, tokens: { error: 'invalid_grant' } })).toMatchObject(REFUSED);
});

test('userinfo of another subject counts for nothing; of the same, it fills what the token lacks', async () => {
  const idToken = await signed(claims({ email: undefined, email_verified: undefined }));
  const info = { email: 'x@example.org', email_verified: true, phone_number: '+351 910 000 001' };
  const foreignInfo = await complete({ idToken, userinfo: { sub: 'bruno', ...info } });
  expect(foreignInfo).toMatchObject({ profile: { emailVerified: false } });
  const own = { sub: 'alice', iss: 'https://evil.example', ...info, phone_number_verified: true };
  expect(await complete({ idToken, userinfo: own })).toMatchObject({
    profile: {
      issuer: ISSUER,
      email: 'x@example.org',
      emailVerified: true,
      numbers: [{ kind: 'mobile', number: '+351910000001' }],
    },
  });
});

test('discovery that names another issuer is not believed', async () => {
  const idToken = await signed(claims());
  const lies = { idToken, metadata: { issuer: 'https://evil.example' } };
  await expect(complete(lies)).rejects.toThrow(ProviderUnreachable);
});

test('a provider that is away is an exception, not a refusal', async () => {
  const away: HttpFetch = async () => {
    throw new Error('connect ECONNREFUSED');
  };
  const provider = openProvider(ISSUER, { clientId: 'hub', redirectUri: 'https://hub/', fetch: away });
  await expect(provider.complete(RESPONSE)).rejects.toThrow(ProviderUnreachable);
  expect(await provider.isReachable()).toBe(false);
});

describe('Google', () => {
  const google = async (extra: JWTPayload) => {
    const iss = 'https://accounts.google.com';
    const fetch = lyingProvider({
      idToken: await signed(claims({ iss, ...extra })),
      metadata: { issuer: iss },
    });
    const options = { clientId: 'hub', clientSecret: 's', redirectUri: 'https://hub/auth/callback', fetch };
    return openProvider('google', options).complete(RESPONSE);
  };

  test('vouches for addresses of Gmail and of its Workspaces alone', async () => {
    expect(await google({})).toMatchObject({ profile: { emailVerified: false } });
    expect(await google({ email: 'alice@gmail.com' })).toMatchObject({ profile: { emailVerified: true } });
    expect(await google({ hd: 'Example.org' })).toMatchObject({
      profile: { emailVerified: true },
      tenant: 'example.org',
    });
  });
});

describe('Microsoft Entra', () => {
  const entra = async (extra: JWTPayload) => {
    const metadata = { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' };
    const fetch = lyingProvider({ idToken: await signed(claims(extra)), metadata });
    const options = { clientId: 'hub', clientSecret: 's', redirectUri: 'https://hub/auth/callback', fetch };
    return openProvider('microsoft', options).complete(RESPONSE);
  };
  const iss = 'https://login.microsoftonline.com/t-1/v2.0';

  test('names the tenant, and its addresses count only where the domain was verified', async () => {
    expect(await entra({ iss, tid: 't-1' })).toMatchObject({
      tenant: 't-1',
      profile: { emailVerified: false },
    });
    const owned = await entra({ iss, tid: 't-1', xms_edov: true });
    expect(owned).toMatchObject({ profile: { issuer: iss, emailVerified: true } });
  });

  test('is refused where issuer and tenant disagree', async () => {
    expect(await entra({ iss, tid: 't-2' })).toMatchObject(REFUSED);
    expect(await entra({ iss })).toMatchObject(REFUSED);
    expect(await entra({ iss: 'https://login.microsoftonline.com/../v2.0', tid: '..' })).toMatchObject(
      REFUSED,
    );
  });
});
