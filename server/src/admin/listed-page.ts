// Fetches a page that an administrator names, to read its policy. Only pages of origins that some destination lists,
// by GET without anything of the administrator's, no redirect to elsewhere, 5 s, 1 MB: the hub must not become the way
// by which somebody looks at what only the hub can reach.
import type { HttpFetch } from '../platform/http-fetch.ts';

export type ListedPage =
  | {
      readonly ok: true;
      readonly url: URL;
      readonly status: number;
      /** Of headers and of `meta` elements. */
      readonly policies: readonly string[];
      /** `Permissions-Policy`, where one is sent. */
      readonly permissions?: string;
    }
  | { readonly ok: false; readonly why: 'no-address' | 'not-listed' | 'led-away' | 'no-answer' };

export interface ListedPageOptions {
  readonly knowsOrigin: (origin: string) => boolean;
  readonly fetch: HttpFetch;
}

const TIMEOUT_MS = 5_000;
const REDIRECTS = 3;
/** No tag runs over the next one: a page made to be slow to read is not. */
const META = /<meta\b[^<>]{0,8000}>/gi;
const IS_POLICY = /http-equiv\s*=\s*["']?content-security-policy["'\s/>]/i;

/** Reads it; `address` is what was typed. */
export async function fetchListedPage(
  address: string,
  { knowsOrigin, fetch }: ListedPageOptions,
): Promise<ListedPage> {
  if (!URL.canParse(address.trim())) return { ok: false, why: 'no-address' };
  let url = new URL(address.trim());
  if (!isWeb(url) || url.username !== '' || url.password !== '') return { ok: false, why: 'no-address' };
  if (!knowsOrigin(url.origin)) return { ok: false, why: 'not-listed' };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  for (let hop = 0; hop <= REDIRECTS; hop += 1) {
    const answer = await fetch(url, { signal, headers: { Accept: 'text/html' } }).catch(() => undefined);
    if (!answer) return { ok: false, why: 'no-answer' };
    const location = answer.headers.get('Location');
    if (answer.status < 300 || answer.status > 399 || location === null) return read(url, answer);
    if (!URL.canParse(location, url.href)) return { ok: false, why: 'led-away' };
    const next = new URL(location, url);
    if (!isWeb(next) || !knowsOrigin(next.origin)) return { ok: false, why: 'led-away' };
    url = next;
  }
  return { ok: false, why: 'led-away' };
}

const isWeb = ({ protocol }: URL): boolean => protocol === 'https:' || protocol === 'http:';

async function read(url: URL, answer: Response): Promise<ListedPage> {
  const header = answer.headers.get('Content-Security-Policy');
  const isHtml = /html/i.test(answer.headers.get('Content-Type') ?? '');
  const tags = isHtml ? [...(await answer.text()).matchAll(META)].map(([tag]) => tag) : [];
  const metas = tags.filter((tag) => IS_POLICY.test(tag)).map(contentOf);
  const permissions = answer.headers.get('Permissions-Policy');
  return {
    ...{ ok: true, url, status: answer.status },
    policies: [...(header === null ? [] : [header]), ...metas],
    ...(permissions === null ? {} : { permissions }),
  };
}

function contentOf(tag: string): string {
  const [, double, single] = /content\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(tag) ?? [];
  return (double ?? single ?? '').replace(/&#0*39;|&apos;/g, "'").replace(/&quot;|&#0*34;/g, '"');
}

/** Whether it takes the microphone from the page itself (Permissions Policy §5). */
export function forbidsMicrophone(permissions: string | undefined): boolean {
  const list = /(?:^|,)\s*microphone\s*=\s*(\([^)]*\)|[^,]+)/i.exec(permissions ?? '')?.[1];
  return list !== undefined && !/self|\*/i.test(list);
}
