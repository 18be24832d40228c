// For tests: a browser as far as cookies, redirects and forms go, and a pane's part in signing in. It remembers
// nothing that a browser would not.
import { createHash, randomBytes } from 'node:crypto';
import { type SessionGrant, signedText } from '@ringtag/server/protocol';
import { type HttpFetchInit, httpFetch } from '../platform/http-fetch.ts';

/** How the browser's public addresses map to where servers listen in the test. */
export type Route = (url: URL) => URL;

export interface Visit {
  readonly url: URL;
  readonly response: Response;
  readonly text: string;
}

export interface TestBrowser {
  /** One request, cookies included, no redirects. */
  request(url: string | URL, init?: HttpFetchInit): Promise<Visit>;
  /** Navigates and follows redirects until a page, or until `stopAt` would be visited. */
  navigate(url: string | URL, stopAt?: (url: URL) => boolean): Promise<Visit>;
  /** Sends the page's form, with these fields on top of its hidden ones. */
  submit(page: Visit, action: string, fields?: Record<string, string>): Promise<Visit>;
  clearCookies(): void;
}

export function createBrowser(route: Route): TestBrowser {
  const jars = new Map<string, Map<string, string>>();

  async function request(address: string | URL, init: HttpFetchInit = {}): Promise<Visit> {
    const url = new URL(address);
    const jar = jars.get(url.host) ?? new Map<string, string>();
    jars.set(url.host, jar);
    const headers = new Headers(init.headers ?? {});
    if (jar.size > 0) headers.set('Cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    headers.set('Host', url.host);
    const response = await httpFetch(route(url), { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return { url, response, text: await response.text() };
  }

  async function follow(visit: Visit, stopAt: (url: URL) => boolean): Promise<Visit> {
    const location = visit.response.headers.get('Location');
    if (location === null) return visit;
    const next = new URL(location, visit.url);
    if (stopAt(next)) return { ...visit, url: next };
    return follow(await request(next), stopAt);
  }

  return {
    request,
    async navigate(url, stopAt = () => false) {
      return follow(await request(url), stopAt);
    },
    async submit(page, action, fields = {}) {
      const [, state = ''] = /name="attempt" value="([^"]+)"/.exec(page.text) ?? [];
      return request(new URL(action, page.url), {
        method: 'POST',
        headers: { Origin: page.url.origin, 'Sec-Fetch-Site': 'same-origin' },
        body: new URLSearchParams({ attempt: state, ...fields }),
      });
    },
    clearCookies: () => jars.clear(),
  };
}

/** What the pane keeps while its popup is open. */
export interface PaneSecrets {
  readonly nonce: string;
  readonly verifier: string;
  readonly challenge: string;
}

export function createPaneSecrets(): PaneSecrets {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  return { nonce: randomBytes(32).toString('base64url'), verifier, challenge };
}

/** The device's key: what IndexedDB holds, unexportable, in a real browser. */
export interface DeviceKey {
  readonly publicKey: { kty: 'EC'; crv: 'P-256'; x: string; y: string };
  sign(text: string): Promise<string>;
}

export async function createDeviceKey(): Promise<DeviceKey> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return {
    publicKey: { kty: 'EC', crv: 'P-256', x, y },
    async sign(text) {
      const bytes = new TextEncoder().encode(text);
      const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, bytes);
      return Buffer.from(signature).toString('base64url');
    },
  };
}

/** Signs what a page of `origin` would sign to get a bearer. */
export function signChallenge(
  key: DeviceKey,
  { challenge, sessionId, origin }: { challenge: string; sessionId: string; origin: string },
): Promise<string> {
  return key.sign(signedText(challenge, sessionId, origin));
}

/** A signed-in device as the tests hold it. */
export interface TestDevice {
  readonly origin: string;
  readonly key: DeviceKey;
  readonly grant: SessionGrant;
}
