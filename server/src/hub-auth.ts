// The part of the composition root that says who is there: identity provider, sign-in, sessions, devices, and the
// hub's own pages.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { isAdministrator } from './admin/administrators.ts';
import { createDevices } from './auth/devices.ts';
import { devicesRoutes } from './auth/devices-routes.ts';
import { createExchange } from './auth/exchange.ts';
import { pageRoutes } from './auth/page-routes.ts';
import { phoneRoutes } from './auth/phone-routes.ts';
import { openProvider } from './auth/providers/open.ts';
import { sessionRoutes } from './auth/session-routes.ts';
import { createSessions, type Sessions, type SessionsOptions } from './auth/sessions.ts';
import { createSignIn, type SignIn, type SignInOptions } from './auth/sign-in.ts';
import { createVisits, type Visits } from './auth/visits.ts';
import type { Config } from './config.ts';
import type { EdgeEnv } from './platform/edge.ts';
import { httpFetch } from './platform/http-fetch.ts';
import { BROWSER_COOKIE, ownCookie } from './platform/own-cookie.ts';
import type { Storage } from './storage/port.ts';

export interface AuthOptions extends Pick<SignInOptions, 'clock' | 'ids' | 'logger' | 'seedEmails'> {
  readonly config: Config;
  readonly storage: Storage;
  /** Whether any device of the person is connected. */
  readonly isOnline: (personId: string) => boolean;
  /** Whether this session's device is. */
  readonly isConnected: (sessionId: string) => boolean;
  /** Whether visitors of public pages reach this person. */
  readonly answersVisitors: SessionsOptions['answersVisitors'];
}

export interface Auth {
  readonly sessions: Sessions;
  readonly isProviderReachable: () => Promise<boolean>;
  /** Of the hub's own pages. */
  readonly visits: Visits;
  readonly signIn: SignIn;
  readonly routers: readonly OpenAPIHono<EdgeEnv>[];
}

export function composeAuth(options: AuthOptions): Auth {
  const { isOnline, isConnected, answersVisitors, seedEmails, ...base } = options;
  const { config, storage, clock, ids, logger } = base;
  const { publicUrl: ownOrigin, allowedOrigins, admit, oidc } = config;
  const sessions = createSessions({
    ...{ storage, clock, ids, logger, allowedOrigins },
    ...{ isOnline, answersVisitors },
  });
  const devices = createDevices({ storage, sessions, clock, isConnected, ownOrigin });
  const visits = createVisits({ storage, clock, ids });
  const provider = openProvider(oidc.issuer, {
    clientId: oidc.clientId,
    ...(oidc.clientSecret === undefined ? {} : { clientSecret: oidc.clientSecret }),
    redirectUri: `${ownOrigin}/auth/callback`,
    fetch: httpFetch,
  });
  const signIn = createSignIn({
    ...{ storage, visits, provider, clock, ids, logger, admit },
    ...{ seedEmails, allowedOrigins, ownOrigin },
    isAdministrator: (identity) => isAdministrator(config.public.administrators, identity),
  });
  return {
    ...{ sessions, visits, signIn },
    isProviderReachable: () => provider.isReachable(),
    routers: [
      pageRoutes({ signIn, ownOrigin, logger }),
      sessionRoutes({
        ...{ sessions, devices, signIn, isOnline },
        exchange: createExchange({ storage, clock, ids, allowedOrigins, ownOrigin }),
        browserCookie: ownCookie(BROWSER_COOKIE, ownOrigin),
      }),
      devicesRoutes({ devices, visits, signIn, ownOrigin, logger }),
      phoneRoutes({
        ownOrigin,
        ...(config.gate ? { gateUrl: config.gate.url } : {}),
        photoOrigins: URL.canParse(oidc.issuer) ? [new URL(oidc.issuer).origin] : [],
      }),
    ],
  };
}
