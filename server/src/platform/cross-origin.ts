// Which pages may ask what of the API (CORS), and what a browser is told that asks before it asks. Without a wildcard
// and without credentials: what speaks for a person is the bearer, never a cookie.

/** Where strangers may come in. */
export const PUBLIC_PATH = '/api/public/';

export interface AllowList {
  /** The hub's own. */
  readonly publicUrl: string;
  /** Of employees' pages. */
  readonly allowedOrigins: readonly string[];
  /** Of destinations. */
  readonly knowsOrigin?: ((origin: string) => boolean) | undefined;
}

/** The two lists are apart: an origin of a destination gets nothing of employees, nor the other way round (P1). */
export function mayAsk(
  { publicUrl, allowedOrigins, knowsOrigin }: AllowList,
  path: string,
  origin: string,
): boolean {
  return path.startsWith(PUBLIC_PATH)
    ? origin === publicUrl || knowsOrigin?.(origin) === true
    : allowedOrigins.includes(origin);
}

/** Browsers cap it themselves (Chromium at two hours). */
const PREFLIGHT_S = 7_200;

/** Of the answer to a preflight of an origin that may ask. */
export const preflightHeaders = (origin: string): Record<string, string> => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, Ringtag-Protocol',
  'Access-Control-Max-Age': String(PREFLIGHT_S),
  Vary: 'Origin',
});
