// The demo's identity provider: a real OpenID Connect server (oidc-provider) for one client, the hub. It asks on
// every sign-in and remembers nobody, so that two windows of one browser can be two people.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import Provider, { type Configuration } from 'oidc-provider';
import { type Listening, listenOnLoopback } from '../listen.ts';
import { DEMO_PEOPLE, type DemoPerson } from '../people.ts';
import { choosePersonPage, problemPage } from './page.ts';
import { photoSvg } from './photo.ts';

export interface IdentityProviderOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly client: { readonly id: string; readonly secret: string; readonly redirectUri: string };
  /** Where the form's answer may be redirected on: CSP `form-action` counts the whole chain in Chromium. */
  readonly formActions: readonly string[];
  /** Private signing keys, so that a restart does not invalidate what the hub has cached. */
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] };
  /** Signs the cookies of a sign-in under way. */
  readonly cookieKey: string;
}

export interface IdentityProvider extends Listening {
  readonly issuer: string;
}

function claimsOf(person: DemoPerson, issuer: string): { sub: string; [claim: string]: unknown } {
  return {
    sub: person.id,
    name: person.name,
    email: person.email,
    email_verified: true,
    picture: `${issuer}/photos/${person.id}.svg`,
  };
}

function configuration(options: IdentityProviderOptions, issuer: string): Configuration {
  const { client } = options;
  return {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: options.jwks as NonNullable<Configuration['jwks']>,
    cookies: { keys: [options.cookieKey] },
    claims: { openid: ['sub'], profile: ['name', 'picture'], email: ['email', 'email_verified'] },
    // The hub reads everything from the ID token, without a second request.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    ttl: {
      Interaction: 600,
      Session: 600,
      Grant: 600,
      AccessToken: 600,
      AuthorizationCode: 60,
      IdToken: 600,
    },
    findAccount: (_ctx, sub) => {
      const person = DEMO_PEOPLE.find((p) => p.id === sub);
      return person && { accountId: person.id, claims: () => claimsOf(person, issuer) };
    },
    // Choosing a person is all there is to decide: the grant follows without a consent page.
    loadExistingGrant: async (ctx) => {
      const { oidc } = ctx;
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    renderError: (ctx, _out, error) => {
      const nonce = randomBytes(16).toString('base64');
      ctx.set('Content-Security-Policy', policy(nonce, []));
      ctx.type = 'html';
      ctx.body = problemPage({ nonce, text: `${error.message}. Close this window and sign in again.` });
    },
  };
}

function policy(nonce: string, formActions: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    "img-src 'self' data:",
    `form-action 'self' ${formActions.join(' ')}`.trim(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function interactionPages(
  provider: Provider,
  options: IdentityProviderOptions,
): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get('/photos/:file', (c) => {
    const person = DEMO_PEOPLE.find((p) => `${p.id}.svg` === c.req.param('file'));
    if (!person) return c.notFound();
    return c.body(photoSvg(person), 200, {
      'Content-Type': 'image/svg+xml',
      'Cache-Control': 'public, max-age=86400',
      'Content-Security-Policy': "default-src 'none'",
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
  });
  app.use('/interaction/*', async (c, next) => {
    c.header('Cache-Control', 'no-store');
    await next();
  });
  app.get('/interaction/:uid', async (c) => {
    const nonce = randomBytes(16).toString('base64');
    c.header('Content-Security-Policy', policy(nonce, options.formActions));
    const details = await provider.interactionDetails(c.env.incoming, c.env.outgoing).catch(() => undefined);
    if (!details) return c.html(problemPage({ nonce, text: 'This sign-in has run out. Start again.' }), 400);
    return c.html(choosePersonPage({ nonce, action: `/interaction/${details.uid}` }));
  });
  app.post('/interaction/:uid', async (c) => {
    const { person } = await c.req.parseBody();
    if (!DEMO_PEOPLE.some((p) => p.id === person)) return c.text('There is no such person.', 400);
    const result = { login: { accountId: String(person), remember: false } };
    return c.redirect(await provider.interactionResult(c.env.incoming, c.env.outgoing, result), 303);
  });
  return app;
}

/** Starts it on loopback; the issuer is `http://id.localhost:PORT`. */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const server = createServer();
  const listening = await listenOnLoopback(server, options.port);
  const issuer = `http://id.localhost:${listening.port}`;
  const provider = new Provider(issuer, configuration(options, issuer));
  const pages = getRequestListener(interactionPages(provider, options).fetch);
  const oidc = provider.callback();
  server.on('request', (request, response) => {
    const path = request.url ?? '';
    // Node hands on whatever stood in the request line; the parts behind expect something that can be parsed.
    if (
      !URL.canParse(path, issuer) ||
      (request.headers.host && !URL.canParse(`http://${request.headers.host}`))
    ) {
      response.writeHead(400).end();
      return;
    }
    if (path.startsWith('/interaction/') || path.startsWith('/photos/')) return void pages(request, response);
    // Without the session's cookie every authorization begins with the question who it is. The cookie of the
    // interaction under way stays.
    if (request.headers.cookie) request.headers.cookie = withoutSession(request.headers.cookie);
    return void oidc(request, response);
  });
  return { ...listening, issuer };
}

function withoutSession(cookie: string): string {
  return cookie
    .split('; ')
    .filter((pair) => !pair.startsWith('_session'))
    .join('; ');
}
