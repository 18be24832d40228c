// Typed client of the hub's HTTP API: deadlines, problem+json to codes, and the bearer with one renewal. It trusts
// the hub's bodies (their schemas stay out of the browser bundle) and never throws for anything the network does.
import type { Problem } from '@ringtag/server/protocol';
import { ERROR_STATUS } from '@ringtag/server/protocol/errors';
import { done, type Refused, type Result, refused } from '../call/errors.ts';
import { whyNoHub } from './reach.ts';

/** Longest wait for an answer before the hub counts as unreachable. */
const DEADLINE_MS = 10_000;

export interface Bearers {
  /** A good bearer, renewed if need be. */
  current(): Promise<Result<string>>;
  /** The hub refused this one: forget it. */
  discard(bearer: string): void;
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Lets the request outlive the page (Fetch §2.2.5, `keepalive`). */
  readonly keepalive?: boolean;
}

export type Send = <T>(path: string, options?: RequestOptions) => Promise<Result<T>>;

/**
 * Requests without a bearer: sign-in and sessions. Everything begins with one of these, so they alone ask why they
 * failed; requests in a call try again, whatever the reason.
 */
export function createSend(
  hubUrl: string,
  fetcher: typeof fetch = (...args) => fetch(...args),
  why = whyNoHub,
): Send {
  return async (path, options = {}) => {
    const result = await exchange<never>(fetcher, new URL(path, hubUrl), options);
    return result.ok || result.code !== 'HUB_UNREACHABLE' ? result : { ...result, code: await why(hubUrl) };
  };
}

/** Requests as the signed-in device. A refused bearer is renewed and the request repeated, once. */
export function createAuthorizedSend(
  hubUrl: string,
  bearers: Bearers,
  fetcher: typeof fetch = (...args) => fetch(...args),
): Send {
  return async (path, options = {}) => {
    const url = new URL(path, hubUrl);
    for (let attempt = 0; ; attempt++) {
      const bearer = await bearers.current();
      if (!bearer.ok) return bearer;
      const result = await exchange(fetcher, url, options, bearer.value);
      if (result.ok || result.code !== 'SIGNED_OUT') return result as never;
      bearers.discard(bearer.value);
      if (attempt > 0) return result;
    }
  };
}

async function exchange<T>(
  fetcher: typeof fetch,
  url: URL,
  options: RequestOptions,
  bearer?: string,
): Promise<Result<T>> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const headers: Record<string, string> = {};
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    const response = await fetcher(url, {
      method: options.method ?? 'GET',
      headers,
      // The default `credentials: 'same-origin'`: no page but the hub's own window brings a cookie, to which hand-offs
      // are bound.
      // Not `cache: 'no-store'`: it makes browsers forget their CORS preflights too. The hub forbids storing instead.
      signal: options.signal ? AbortSignal.any([deadline, options.signal]) : deadline,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.keepalive ? { keepalive: true } : {}),
    });
    if (!response.ok) return await refusalOf(response);
    return done((response.status === 204 ? undefined : await response.json()) as T);
  } catch {
    // No network, no answer in time, CORS, or a body that is not JSON: for a person all one thing.
    return refused('HUB_UNREACHABLE');
  }
}

async function refusalOf(response: Response): Promise<Refused> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const retryAfterS = Number(response.headers.get('Retry-After'));
  if (!problem.code || !(problem.code in ERROR_STATUS)) {
    // A proxy in front of the hub answers in its own words.
    return refused(response.status >= 500 ? 'HUB_UNREACHABLE' : 'INTERNAL');
  }
  return {
    ok: false,
    code: problem.code,
    ...(problem.ways ? { ways: problem.ways } : {}),
    ...(retryAfterS > 0 ? { retryAfterMs: retryAfterS * 1000 } : {}),
  };
}
