// For tests: a whole hub on loopback with a clock that stands still, a real identity provider, and people to sign in.
// It is the hub of `startHub`, with nothing replaced.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionGrant } from '@ringtag/server/protocol';
import { readConfig } from '../config.ts';
import { type Hub, startHub } from '../hub.ts';
import type { GuestLine } from '../pbx/guest-line.ts';
import { createManualClock } from '../platform/clock.ts';
import { httpFetch } from '../platform/http-fetch.ts';
import { type Logger, silentLogger } from '../platform/logger.ts';
import type { RateLimits } from '../platform/rate-limits.ts';
import {
  createBrowser,
  createDeviceKey,
  createPaneSecrets,
  type PaneSecrets,
  signChallenge,
  type TestBrowser,
  type TestDevice,
  type Visit,
} from './browser.ts';
import { type Account, startIssuer, type TestIssuer } from './issuer.ts';

/** Under this name browsers of the tests know the hub, wherever it listens. */
export const HUB = 'http://hub.localhost:4000';
export const MAIL = 'http://mail.localhost:4001';
export const INTRANET = 'http://intranet.localhost:4002';

export const ALICE: Account = {
  sub: 'alice',
  name: 'Alice Almeida',
  email: 'alice@example.org',
  email_verified: true,
};
export const BRUNO: Account = {
  sub: 'bruno',
  name: 'Bruno Barros',
  email: 'bruno@example.org',
  email_verified: true,
};

export interface TestHub {
  readonly hub: Hub;
  readonly issuer: TestIssuer;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly browser: () => TestBrowser;
  /** `/auth/start` for a pane of `origin`. */
  startUrl(secrets: PaneSecrets, extra?: Record<string, string>): URL;
  /** Walks to the first page of the hub after the provider's. */
  walk(
    browser: TestBrowser,
    account: Account,
    secrets: PaneSecrets,
    extra?: Record<string, string>,
  ): Promise<Visit>;
  /** Consents if asked, and releases the code to the opener. */
  handOff(browser: TestBrowser, page: Visit): Promise<string>;
  /** The whole way to a session, by popup; on `MAIL` in a browser of its own, unless told otherwise. */
  signIn(account: Account, where?: string | { origin?: string; browser?: TestBrowser }): Promise<TestDevice>;
  /** A fresh bearer of the device. */
  renew(device: TestDevice): Promise<string>;
  /** A request to the API from a page of `origin`. */
  api(path: string, init: ApiInit): Promise<ApiAnswer>;
  /** Stops the hub and starts it again on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface ApiInit {
  readonly origin?: string;
  readonly bearer?: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  readonly body: any;
}

export interface TestHubOptions {
  /** Environment on top of the usual one. */
  readonly env?: Record<string, string>;
  readonly seed?: readonly object[];
  readonly logger?: Logger;
  readonly rateLimits?: RateLimits;
  /** Default: there is no telephone exchange. */
  readonly guestLine?: GuestLine;
}

export async function startTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const dir = await mkdtemp(join(tmpdir(), 'ringtag-hub-'));
  const issuer = await startIssuer({ redirectUri: `${HUB}/auth/callback` });
  const clock = createManualClock();
  const seedFile = join(dir, 'people.json');
  await writeFile(seedFile, JSON.stringify(options.seed ?? []));
  const read = readConfig({
    PORT: '0',
    PUBLIC_URL: HUB,
    ALLOWED_ORIGINS: `${MAIL},${INTRANET}`,
    OIDC_ISSUER: issuer.url,
    OIDC_CLIENT_ID: issuer.client.id,
    OIDC_CLIENT_SECRET: issuer.client.secret,
    SEED_FILE: seedFile,
    DATA_DIR: join(dir, 'data'),
    ...options.env,
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const start = (): Promise<Hub> =>
    startHub({
      config: read.config,
      clock,
      logger: options.logger ?? silentLogger,
      ...(options.rateLimits === undefined ? {} : { rateLimits: options.rateLimits }),
      ...(options.guestLine === undefined ? {} : { guestLine: options.guestLine }),
    });
  async function cleanUp(): Promise<void> {
    await issuer.close();
    await rm(dir, { recursive: true, force: true });
  }
  let hub = await start().catch(async (error: unknown) => {
    await cleanUp();
    throw error;
  });

  const listening = (url: URL): URL =>
    url.origin === HUB ? new URL(url.pathname + url.search, hub.url) : url;
  const browser = (): TestBrowser => createBrowser(listening);

  function startUrl(secrets: PaneSecrets, extra: Record<string, string> = {}): URL {
    const url = new URL('/auth/start', HUB);
    const { nonce, challenge } = secrets;
    for (const [name, value] of Object.entries({ origin: MAIL, nonce, challenge, ...extra })) {
      url.searchParams.set(name, value);
    }
    return url;
  }

  async function walk(
    visitor: TestBrowser,
    account: Account,
    secrets: PaneSecrets,
    extra: Record<string, string> = {},
  ): Promise<Visit> {
    issuer.signInAs(account);
    return visitor.navigate(
      startUrl(secrets, extra),
      (url) => url.origin === MAIL || url.origin === INTRANET,
    );
  }

  async function handOff(visitor: TestBrowser, page: Visit): Promise<string> {
    const agreed = page.text.includes('/auth/continue')
      ? await visitor.submit(page, '/auth/continue', { answer: 'continue' })
      : page;
    const released = await visitor.submit(agreed, '/auth/release');
    return (JSON.parse(released.text) as { code: string }).code;
  }

  async function api(path: string, init: ApiInit): Promise<ApiAnswer> {
    const headers: Record<string, string> = { ...init.headers };
    if (init.origin !== undefined) headers.Origin = init.origin;
    if (init.bearer !== undefined) headers.Authorization = `Bearer ${init.bearer}`;
    if (init.body !== undefined) headers['Content-Type'] ??= 'application/json';
    const response = await httpFetch(new URL(path, hub.url), {
      method: init.method ?? (init.body === undefined ? 'GET' : 'POST'),
      headers,
      ...(init.body === undefined
        ? {}
        : { body: typeof init.body === 'string' ? init.body : JSON.stringify(init.body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  }

  return {
    get hub() {
      return hub;
    },
    issuer,
    clock,
    browser,
    startUrl,
    walk,
    handOff,
    api,
    async signIn(account, where = {}) {
      const { origin = MAIL, browser: visitor = browser() } =
        typeof where === 'string' ? { origin: where } : where;
      const secrets = createPaneSecrets();
      const code = await handOff(visitor, await walk(visitor, account, secrets, { origin }));
      const key = await createDeviceKey();
      const { verifier } = secrets;
      const body = { code, verifier, publicKey: key.publicKey, deviceName: 'Firefox on Linux' };
      const answer = await api('/api/sessions', { origin, body });
      if (answer.status !== 201) throw new Error(`no session: ${JSON.stringify(answer.body)}`);
      return { origin, key, grant: answer.body as SessionGrant };
    },
    async renew({ origin, key, grant: { sessionId } }) {
      const { challenge } = (await api('/api/sessions/challenge', { origin, body: { sessionId } })).body;
      const signature = await signChallenge(key, { challenge, sessionId, origin });
      const body = { sessionId, challenge, signature };
      return (await api('/api/sessions/token', { origin, body })).body.bearer;
    },
    async restart() {
      await hub.close();
      hub = await start();
    },
    async close() {
      await hub.close();
      await cleanUp();
    },
  };
}
