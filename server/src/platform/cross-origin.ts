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

/** No origin is longer than a name and a port (RFC 1035 §2.3.4). */
const ORIGIN_CHARS = 300;

/** The origin of a page on the web, where it is written as browsers do; undefined where it is anything else. */
export function webOrigin(text: string): string | undefined {
  if (text.length > ORIGIN_CHARS || !URL.canParse(text)) return undefined;
  const { origin, protocol } = new URL(text);
  return origin === text && /^https?:$/.test(protocol) ? origin : undefined;
}

/** `detail` of `ORIGIN_NOT_ALLOWED`: which origin it was, for whoever builds the page (RFC 9457 §3.1.4). */
export function foreignDetail(origin: string | undefined): string {
  if (origin === undefined) return 'The request came without an origin.';
  if (origin === 'null') return 'The page has no origin: it is a file, or a frame that is shut in.';
  const known = webOrigin(origin);
  return known === undefined ? 'What came as the origin is none.' : `${known} is not listed.`;
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
