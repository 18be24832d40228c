// What a stranger with sipp tries beside dial strings: methods that are no call, another's name, and requests that are
// bloated, contradictory or torn. sipp reads `[…]` in them, and a semicolon only outside its list of requests.
import type { SippPart } from './sipp-run.ts';

export interface Attempt {
  readonly title: string;
  readonly method?: string;
  readonly spoilt?: Partial<Record<SippPart, string>>;
}

/** What no visitor's browser says, each with what it needs to mean something. */
export const FOREIGN_METHODS: readonly Attempt[] = Object.entries({
  MESSAGE: 'Accept: */*',
  SUBSCRIBE: 'Event: presence\nExpires: 60',
  REFER: 'Refer-To: <sip:1001@ringtag>\nReferred-By: <sip:p-sales@ringtag>',
  OPTIONS: 'Accept: application/sdp',
  REGISTER: 'Expires: 60',
  PUBLISH: 'Event: presence\nExpires: 60',
  NOTIFY: 'Event: refer\nSubscription-State: active',
  FOO: 'Accept: */*',
}).map(([method, HEADERS]) => ({ title: method, method, spoilt: { HEADERS } }));

/** RFC 3891; where there is no such call, Asterisk takes it for a call like any other. */
export const TAKEOVER: Attempt = {
  title: 'a takeover',
  spoilt: { HEADERS: 'Replaces: known;to-tag=a;from-tag=b' },
};

/** What belongs to a call, said outside one. */
export const METHODS_OF_A_CALL: readonly Attempt[] = ['BYE', 'CANCEL', 'INFO', 'UPDATE', 'PRACK'].map(
  (method) => ({ title: method, method, spoilt: { HEADERS: 'RAck: 1 1 INVITE' } }),
);

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

const from = (value: string): Attempt => ({ title: `From: ${value}`, spoilt: { FROM: `From: ${value}` } });

export const ANOTHERS_NAME: readonly Attempt[] = [
  from('"Sales" <sip:p-sales@ringtag>;tag=[call_number]'),
  from('<sip:1009@ringtag>;tag=[call_number]'),
  from('"Anonymous" <sip:anonymous@anonymous.invalid>;tag=[call_number]'),
  from('<tel:1009>;tag=[call_number]'),
  from('<sip:ringtag>;tag=[call_number]'),
];

/** Headers that say who calls, and none of which is believed. */
export const LIES = [
  ...['P-Asserted-Identity', 'P-Preferred-Identity', 'Remote-Party-ID', 'Diversion', 'History-Info'].map(
    (name) => `${name}: "Liar" <sip:1001@evil.example>`,
  ),
  'X-Ringtag-Visit: v-evil',
  'X-Ringtag-Url: https://evil.example/',
  'Geolocation: <geo:0,0>',
  'Subject: evil',
  'Call-Info: <https://evil.example/>',
].join('\n');

/** Usual requests with more than usual in them. */
export const BLOATED: readonly Attempt[] = [
  { title: 'lies', spoilt: { HEADERS: LIES } },
  { title: 'a thousand headers', spoilt: { HEADERS: lines(1_000, (index) => `X-${index}: 1`) } },
  { title: 'a header of 20 kB', spoilt: { HEADERS: `X-Large: ${'a'.repeat(20_000)}` } },
  { title: 'a name of 20 kB', spoilt: { HEADERS: `${'N'.repeat(20_000)}: 1` } },
  {
    title: 'two hundred hops',
    spoilt: { HEADERS: lines(200, (index) => `Via: SIP/2.0/WS hop${index}.invalid;branch=z9hG4bK${index}`) },
  },
  {
    title: 'five hundred routes',
    spoilt: { HEADERS: `Route: ${'<sip:ringtag;lr>,'.repeat(500)}<sip:ringtag;lr>` },
  },
  { title: 'two senders', spoilt: { HEADERS: 'From: <sip:p-sales@ringtag>;tag=a' } },
  { title: 'blanks', spoilt: { START: 'INVITE   [field0]   SIP/2.0' } },
  { title: 'parts of parts', spoilt: { HEADERS: 'Content-Type: multipart/mixed;boundary=x' } },
  {
    title: 'a wish for what nobody knows',
    spoilt: { HEADERS: 'Require: nothing-we-know\nProxy-Require: replaces' },
  },
];

/** Requests that are none: torn, or read in two ways. Asterisk answers none of them. */
export const TORN: readonly Attempt[] = [
  { title: 'a length of ten gigabytes', spoilt: { LENGTH: 'Content-Length: 9999999999' } },
  { title: 'a length below nothing', spoilt: { LENGTH: 'Content-Length: -5' } },
  { title: 'two lengths', spoilt: { LENGTH: 'Content-Length: 5\nContent-Length: 50000' } },
  { title: 'no length that is a number', spoilt: { LENGTH: 'Content-Length: all' } },
  { title: 'sixty lists of the same', spoilt: { HEADERS: lines(60, () => 'Supported: timer') } },
  { title: 'a folded header', spoilt: { HEADERS: 'X-Folded: 1\n \t2\n  3' } },
  { title: 'another version', spoilt: { START: 'INVITE [field0] SIP/7.0' } },
  { title: 'no version', spoilt: { START: 'INVITE [field0]' } },
  { title: 'no sender', spoilt: { FROM: 'X-From: nobody' } },
  { title: 'brackets that never close', spoilt: { FROM: 'From: <<sip:p-sales@ringtag;tag=a' } },
];
