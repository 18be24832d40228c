// What a visit's call shows on telephones: the headers that the hub makes of the assembled context (P6). One line each,
// bounded in bytes, because the exchange drops a value of 4,089 bytes or more without a word.
import type { ShownContext } from '@ringtag/server/protocol';
import type { GuestCall } from '../pbx/guest-line.ts';

const LINE_BYTES = 2_000;
const CONTROLS = /\p{Cc}/gu;

export function headersOf(context: ShownContext): GuestCall['headers'] {
  const line = contextLine(context);
  const { url, place } = context;
  return {
    ...(url === undefined || Buffer.byteLength(url) > LINE_BYTES ? {} : { url: url.replace(CONTROLS, '') }),
    ...(line === '' ? {} : { context: line }),
    ...(place === undefined ? {} : { geolocation: geoUri(place) }),
  };
}

/** RFC 5870 §3.3: latitude, longitude, and the uncertainty in metres. Seven decimals are a centimetre. */
export function geoUri({ latitude, longitude, accuracy }: NonNullable<ShownContext['place']>): string {
  return `geo:${decimal(latitude, 7)},${decimal(longitude, 7)};u=${decimal(accuracy, 1)}`;
}

/** Never in exponents, which a `geo:` URI does not have; no zeros at its end. */
function decimal(value: number, digits: number): string {
  const text = value.toFixed(digits).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}

/** `key=value; key=value`; a pair that no longer fits, and all after it, is left out. */
function contextLine({ title, language, referrer, data }: ShownContext): string {
  const pairs = [
    ...(title === undefined ? [] : [['title', title] as const]),
    ...(language === undefined ? [] : [['language', language] as const]),
    ...data.map(({ key, value }) => [key, value] as const),
    ...(referrer === undefined ? [] : [['referrer', referrer] as const]),
  ];
  let line = '';
  for (const [key, value] of pairs) {
    const longer = `${line}${line === '' ? '' : '; '}${oneLine(key)}=${oneLine(value)}`;
    if (Buffer.byteLength(longer) > LINE_BYTES) break;
    line = longer;
  }
  return line;
}

/** What separates is written as in URIs; control characters were taken out before, and are not let through here either. */
function oneLine(text: string): string {
  return text
    .replace(CONTROLS, ' ')
    .replace(/[%;=]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
