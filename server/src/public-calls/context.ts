// What goes with a visit, assembled from a stranger's word (P6): addresses are parsed and cut down to what the operator
// keeps, text loses everything that is no text, and all of it together has 1,000 characters.
import { limits, type ShownContext, type VisitorContext } from '@ringtag/server/protocol';
import type { z } from 'zod';

/** As the wire's schema gives it. */
type Said = z.output<typeof VisitorContext>;

/** Controls (CR, LF and NUL among them), what turns the direction of text, zero-width characters, halves of pairs. */
const NOT_TEXT =
  /[\p{Cc}\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\p{Cs}\u{E0000}-\u{E007F}]/gu;
const CAMPAIGN = /^utm_\w{1,30}$/;
const DATA_KEYS = 20;
const KEY_CHARS = 40;
/** Of each, so that no one of them takes the room of the others. */
const URL_CHARS = 400;
const TITLE_CHARS = 200;
const REFERRER_CHARS = 150;
const VALUE_CHARS = 200;

/** What the hub itself knows of the page. */
export interface PageFacts {
  /** Query parameters that may be kept, beside those of campaigns. */
  readonly keepQuery: readonly string[];
  /** As the browser said; an address of another one is not where the visitor is. */
  readonly origin: string;
}

/**
 * The context that is kept. Where 1,000 characters are not enough for all, the page's address goes first, then the
 * page's own data in its order, campaign parameters, the title, the referrer; the language is always there.
 */
export function assembleContext(said: Said, { keepQuery, origin }: PageFacts): ShownContext {
  const room = createRoom(limits.CONTEXT_CHARS);
  const language = room.take(languageTag(said.language), 35);
  const claimed = parseAddress(said.url);
  const page = claimed?.origin === origin ? claimed : undefined;
  const url = page && room.take(addressText(page, keepQuery), URL_CHARS, 'whole');
  const data = [...dataOf(said.data), ...campaignOf(page)]
    .slice(0, DATA_KEYS)
    .flatMap(([name, text]) => room.pair(name, text));
  const title = room.take(cleanText(said.title), TITLE_CHARS);
  const from = parseAddress(said.referrer);
  // Of another site's address nothing but the site: its path is that visitor's business.
  const referrer =
    from &&
    room.take(isSameSite(from, page) ? from.origin + from.pathname : from.origin, REFERRER_CHARS, 'whole');
  return {
    ...(url === undefined ? {} : { url }),
    ...(title === undefined ? {} : { title }),
    ...(referrer === undefined ? {} : { referrer }),
    ...(language === undefined ? {} : { language }),
    data,
  };
}

/** Whether what came for a context is too much to be looked at piece by piece, which costs a hundred times this. */
export function hasTooMuchData(body: unknown): boolean {
  const { context } = Object(body) as { context?: unknown };
  const { data } = Object(context) as { data?: unknown };
  return Object.keys(Object(data)).length > limits.CONTEXT_KEYS;
}

/** Text as people read it: one line, composed (NFC), without what only machines see. */
export function cleanText(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(NOT_TEXT, '').normalize('NFC').replace(/ {2,}/g, ' ').trim();
}

/** An http(s) address without fragment, user and password; undefined where it is none. */
function parseAddress(text: string): URL | undefined {
  const clean = text.trim();
  if (clean.search(NOT_TEXT) >= 0 || !URL.canParse(clean)) return undefined;
  const url = new URL(clean);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  url.hash = '';
  url.username = '';
  url.password = '';
  return url;
}

/** With those query parameters alone that may be kept, percent-encoded as the URL standard does. */
function addressText(url: URL, keepQuery: readonly string[]): string {
  const query = new URLSearchParams(
    [...url.searchParams]
      .filter(([name]) => keepQuery.includes(name) || CAMPAIGN.test(name))
      .map(([name, value]): [string, string] => [name, cleanText(value)]),
  ).toString();
  return url.origin + url.pathname + (query === '' ? '' : `?${query}`);
}

function dataOf(data: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(data).map(([name, value]) => [keyText(name), cleanText(value)]);
}

function campaignOf(url: URL | undefined): [string, string][] {
  if (!url) return [];
  const campaign = [...url.searchParams].filter(([name]) => CAMPAIGN.test(name));
  return campaign.map(([name, value]) => [name, cleanText(value)]);
}

/** Names are shown beside their value and go into one line of `key=value; key=value`. */
function keyText(name: string): string {
  return cleanText(name)
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .slice(0, KEY_CHARS);
}

function languageTag(text: string): string {
  return /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(text) ? text : '';
}

function isSameSite(from: URL, page: URL | undefined): boolean {
  return from.origin === page?.origin;
}

interface Room {
  /** As much of it as there is room for; undefined where that is nothing. `whole`: all or nothing. */
  take(text: string, most: number, how?: 'whole'): string | undefined;
  pair(key: string, value: string): { key: string; value: string }[];
}

function createRoom(chars: number): Room {
  let left = chars;
  function take(text: string, most: number, how?: 'whole'): string | undefined {
    const room = Math.min(most, left);
    const fits = how === 'whole' && text.length > room ? shorterAddress(text, room) : cut(text, room);
    if (fits === '') return undefined;
    left -= fits.length;
    return fits;
  }
  return {
    take,
    pair(key, value) {
      if (key === '' || value === '' || left <= key.length) return [];
      left -= key.length;
      const fits = take(value, VALUE_CHARS);
      if (fits !== undefined) return [{ key, value: fits }];
      left += key.length;
      return [];
    },
  };
}

/** An address is only good whole: without its query, or not at all but its origin. */
function shorterAddress(text: string, room: number): string {
  const { origin, pathname } = new URL(text);
  return [origin + pathname, origin].find((shorter) => shorter.length <= room) ?? '';
}

/** Not through the middle of a pair of surrogates. */
function cut(text: string, room: number): string {
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(room - 1));
  return text.slice(0, text.length > room && isHalf ? room - 1 : room).trim();
}
