// The provider as the hub uses it: discovery, the question who it is, the code, the ID token.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadSecrets } from '../secrets.ts';
import { type IdentityProvider, startIdentityProvider } from './provider.ts';

const REDIRECT = 'http://hub.localhost:9/auth/callback';
let provider: IdentityProvider;
let secret: string;
let base: string;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ringtag-idp-'));
  const secrets = await loadSecrets(dir);
  secret = secrets.clientSecret;
  provider = await startIdentityProvider({
    port: 0,
    client: { id: 'hub', secret, redirectUri: REDIRECT },
    formActions: ['http://hub.localhost:9'],
    jwks: secrets.jwks,
    cookieKey: secrets.cookieKey,
  });
  base = `http://127.0.0.1:${provider.port}`;
});

afterAll(async () => {
  await provider.close();
  await rm(dir, { recursive: true, force: true });
});

/** A browser as far as redirects and cookies go. */
function createJar() {
  const cookies = new Map<string, string>();
  return async (url: string, init: RequestInit = {}) => {
    const target = url.replace(provider.issuer, base);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...init.headers, cookie, host: new URL(provider.issuer).host };
    const response = await fetch(target.startsWith('/') ? base + target : target, {
      ...init,
      headers,
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
}

const VERIFIER = 'v'.repeat(43);
async function authorizationUrl(): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(VERIFIER));
  const query = new URLSearchParams({
    client_id: 'hub',
    response_type: 'code',
    scope: 'openid profile email',
    redirect_uri: REDIRECT,
    state: 'state-1',
    nonce: 'nonce-1',
    code_challenge: Buffer.from(digest).toString('base64url'),
    code_challenge_method: 'S256',
  });
  return `/auth?${query}`;
}

/** Follows the redirects of one sign-in as `person`; the address the hub would be called back at. */
async function signIn(browser: ReturnType<typeof createJar>, person: string): Promise<URL> {
  const start = await browser(await authorizationUrl());
  const interaction = start.headers.get('location') ?? '';
  const page = await browser(interaction);
  expect(await page.text()).toContain('Who are you today?');
  expect(page.headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'");
  let response = await browser(interaction, { method: 'POST', body: new URLSearchParams({ person }) });
  for (let hop = 0; hop < 5; hop += 1) {
    const next = response.headers.get('location') ?? '';
    if (next.startsWith(REDIRECT)) return new URL(next);
    response = await browser(next);
  }
  throw new Error(`never came back to the hub: ${response.status} ${await response.text()}`);
}

async function claims(callback: URL): Promise<Record<string, unknown>> {
  const response = await fetch(`${base}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`hub:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT,
      code_verifier: VERIFIER,
    }),
  });
  const { id_token: token } = (await response.json()) as { id_token: string };
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

test('one click signs in, with a verified e-mail and a photo in the ID token', async () => {
  const callback = await signIn(createJar(), 'alice');
  expect(callback.searchParams.get('state')).toBe('state-1');
  expect(await claims(callback)).toMatchObject({
    iss: provider.issuer,
    sub: 'alice',
    nonce: 'nonce-1',
    name: 'Alice Almeida',
    email: 'alice.almeida@tidewell.example',
    email_verified: true,
    picture: `${provider.issuer}/photos/alice.svg`,
  });
});

test('the same browser is asked again and may be somebody else the next time', async () => {
  const browser = createJar();
  await signIn(browser, 'alice');
  expect(await claims(await signIn(browser, 'bruno'))).toMatchObject({ sub: 'bruno' });
});

test('two sign-ins at once in one browser do not disturb each other', async () => {
  const browser = createJar();
  const url = await authorizationUrl();
  const first = (await browser(url)).headers.get('location') ?? '';
  const second = (await browser(url)).headers.get('location') ?? '';
  expect(first).not.toBe(second);
  expect((await browser(second)).status).toBe(200);
});

test('a person who does not exist is refused', async () => {
  const browser = createJar();
  const interaction = (await browser(await authorizationUrl())).headers.get('location') ?? '';
  const response = await browser(interaction, {
    method: 'POST',
    body: new URLSearchParams({ person: 'mallory' }),
  });
  expect(response.status).toBe(400);
});

test('photos are drawn initials', async () => {
  const photo = await fetch(`${base}/photos/elsa.svg`);
  expect(photo.headers.get('content-type')).toBe('image/svg+xml');
  expect(await photo.text()).toContain('>EE<');
  expect((await fetch(`${base}/photos/nobody.svg`)).status).toBe(404);
});

test.each([
  ['//', 'id'],
  ['http://[', 'id'],
  ['/.well-known/openid-configuration', '['],
  ['/photos/alice.svg', 'a b'],
])(
  'a request for "%s" at the host "%s" is answered 400, without a stack in the terminal',
  async (target, host) => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
    const socket = connect(provider.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  },
);
