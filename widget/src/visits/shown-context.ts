// What a visitor's page said, made fit to be shown: text without characters that steer, links that lead where they say.
// Also reads it back from what telephones are told, for when the hub cannot be asked.
import type { Place, ShownContext } from '@ringtag/server/protocol';
import type { CalledVisit } from '../call/phone.ts';

/** Control characters but line breaks, and what turns the direction of text (UAX #9 §2): a title may not rename a button. */
const STEERING = /[^\P{Cc}\n]|[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

export function plain(text: string): string {
  return text.replace(STEERING, '');
}

/** In a few words what the visitor looks at: the product, where the page names one, else its title. */
export function subjectOf({ data, title = '' }: ShownContext): string {
  return plain(data.find(({ key }) => /^product$/i.test(key))?.value ?? title);
}

/** The name of what a page adds, as a label: `cart_size` as "Cart size". */
export function labelOf(key: string): string {
  const words = plain(key).replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

/** The address as a link; undefined for anything that is no page, such as `javascript:`. */
export function pageLink(url: string | undefined): URL | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  const link = new URL(url);
  return link.protocol === 'https:' || link.protocol === 'http:' ? link : undefined;
}

/** The same in a line: host and path, as they are. */
export function pageName({ host, pathname }: URL): string {
  return host + (pathname === '/' ? '' : pathname);
}

/** Where a map shows it; nothing is fetched until somebody follows the link. */
export function mapUrl({ latitude, longitude }: Place): string {
  const [lat, lon] = [latitude, longitude].map((degrees) => degrees.toFixed(5));
  return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=15/${lat}/${lon}`;
}

/** What is left for a visitor who can be reached: a number to dial, a mail address, or neither. */
export function reachOf(
  reach: string,
): { readonly kind: 'number' | 'mail'; readonly to: string } | undefined {
  const number = reach.replace(/[\s().-]/g, '');
  if (/^\+?\d{2,20}$/.test(number)) return { kind: 'number', to: number };
  return /^[^\s@<>"?&]+@[^\s@<>"?&]+$/.test(reach) ? { kind: 'mail', to: reach } : undefined;
}

/** From the headers of the call: the inverse of the hub's `visit-headers.ts`. */
export function contextOf({ url, context, place }: CalledVisit): ShownContext {
  const pairs = (context ?? '')
    .split('; ')
    .map((pair) => pair.split('='))
    .flatMap(([key, value]) => (key && value ? [{ key: unescaped(key), value: unescaped(value) }] : []));
  const named = (name: string) => pairs.find(({ key }) => key === name)?.value;
  const found = { url, title: named('title'), language: named('language'), referrer: named('referrer') };
  const where = placeOf(place);
  return {
    ...Object.fromEntries(Object.entries(found).filter(([, value]) => value)),
    ...(where ? { place: where } : {}),
    data: pairs.filter(({ key }) => !['title', 'language', 'referrer'].includes(key)),
  };
}

/** Only what the hub escapes. */
function unescaped(text: string): string {
  return text.replace(/%(25|3B|3D)/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** RFC 5870 §3.3; undefined for any other URI. */
function placeOf(header: string | undefined): Place | undefined {
  const [, lat, lon, u = '0'] = /geo:(-?[\d.]+),(-?[\d.]+)(?:;u=([\d.]+))?/.exec(header ?? '') ?? [];
  const [latitude, longitude, accuracy] = [lat, lon, u].map(Number) as [number, number, number];
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  return { latitude, longitude, accuracy };
}
