// For tests: a real OpenID Connect provider (oidc-provider) on a `*.localhost` name, whose sign-in page answers at
// once for whomever the test names. Everything else about it is as in production.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JWK, Provider } from 'oidc-provider';

/** An account as the provider knows it; every claim is optional. */
export type Account = Readonly<Record<string, unknown>> & { readonly sub: string };

export interface TestIssuer {
  readonly url: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** Who signs in next. `undefined`: the person cancels. */
  signInAs(account: Account | undefined): void;
  close(): Promise<void>;
}

export async function startIssuer({ redirectUri }: { redirectUri: string }): Promise<TestIssuer> {
  const server = createServer();
  const port = await listen(server);
  const url = `http://id.localhost:${port}`;
  const client = { id: 'hub', secret: 'a secret with spaces, + and : in it' };
  const accounts = new Map<string, Account>();
  let next: Account | undefined;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUri],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    claims: {
      email: ['email', 'email_verified'],
      phone: ['phone_number', 'phone_number_verified'],
      profile: ['name', 'picture', 'roles'],
    },
    scopes: ['openid', 'email', 'phone', 'profile'],
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    cookies: { keys: ['only for tests'] },
    jwks: { keys: [await signingKey()] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ ...accounts.get(sub), sub }) }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    async loadExistingGrant(context) {
      const { client: asking, session } = context.oidc;
      const grant = new context.oidc.provider.Grant({
        ...(asking ? { clientId: asking.clientId } : {}),
        ...(session?.accountId === undefined ? {} : { accountId: session.accountId }),
      });
      grant.addOIDCScope('openid email phone profile');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) {
      void answer(request, response);
      return;
    }
    if (next) accounts.set(next.sub, next);
    const result = next ? { login: { accountId: next.sub } } : { error: 'access_denied' };
    void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  return {
    url,
    client,
    signInAs(account) {
      next = account;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function signingKey(): Promise<JWK> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return { kty, crv, x, y, d, alg: 'ES256', use: 'sig' } as JWK;
}
