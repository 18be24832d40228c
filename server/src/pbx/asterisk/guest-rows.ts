// What a visitor's call looks like to Asterisk: an endpoint that may dial one name, and a ticket that says what this
// rings. Pure; what a page said comes filtered already and is bounded here once more.
import type { GuestCall } from '../guest-line.ts';
import { assertSafeNames, callerId, type Row, type RowOptions, type Rows } from './rows.ts';

/** Endpoints of visitors begin with this. */
export const GUEST_PREFIX = 'g-';

/** User part of the one SIP address that a visitor may dial, as in `extensions.conf`. */
export const GUEST_DIAL = 'visit';

/** Number that telephones show for a visitor: nobody's, so nobody is called back by mistake. */
const GUEST_NUMBER = 'visitor';

/** Asterisk drops a header of more in silence (4,088), with its name and brackets. */
const HEADER_BYTES = 4_000;

/** Beyond ringing and talking, before a call that hangs is cut. */
const SPARE_S = 10;

export interface GuestRowsInput {
  readonly endpoint: string;
  readonly ha1: string;
  readonly call: GuestCall;
}

export function guestRows(input: GuestRowsInput, options: RowOptions): Partial<Rows> {
  const { endpoint, ha1, call } = input;
  assertSafeNames([endpoint, call.visitId]);
  const auth = `${endpoint}-1`;
  return {
    ps_endpoints: [endpointRow({ endpoint, auth, callerName: call.callerName }, options)],
    ps_auths: [
      {
        id: auth,
        auth_type: 'digest',
        username: endpoint,
        realm: options.realm,
        password_digest: `MD5:${ha1}`,
      },
    ],
    tickets: [ticketRow(endpoint, call)],
  };
}

/** No address of record: nobody can register it, and nobody can call it. */
function endpointRow(
  { endpoint, auth, callerName }: { endpoint: string; auth: string; callerName: string },
  { mediaAddress }: RowOptions,
): Row {
  return {
    id: endpoint,
    auth,
    context: 'public',
    message_context: 'nowhere',
    // With a number of its own nothing of From is believed (RFC 3325 §5).
    callerid: `${callerId(callerName, '').replace(/<>$/, '')}<${GUEST_NUMBER}>`,
    trust_id_inbound: 'no',
    send_pai: 'no',
    webrtc: 'yes',
    disallow: 'all',
    allow: 'opus,ulaw,alaw',
    dtmf_mode: 'rfc4733',
    direct_media: 'no',
    rtp_symmetric: 'yes',
    force_rport: 'yes',
    rewrite_contact: 'yes',
    media_encryption: 'dtls',
    media_encryption_optimistic: 'no',
    media_address: mediaAddress ?? '',
    bind_rtp_to_media_address: mediaAddress === undefined ? 'no' : 'yes',
    allow_transfer: 'no',
    allow_subscribe: 'no',
    allow_overlap: 'no',
    rtp_timeout: '30',
    rtp_timeout_hold: '600',
    // By sip-gate alone, which sits beside Asterisk.
    deny: '0.0.0.0/0.0.0.0',
    permit: '127.0.0.1/255.255.255.255',
  };
}

function ticketRow(endpoint: string, call: GuestCall): Row {
  const { turns, ringSeconds, maxSeconds, headers } = call;
  const all = turns.length * ringSeconds + maxSeconds + SPARE_S;
  return {
    id: endpoint,
    visit: call.visitId,
    turns: turnsOf(turns),
    ring_seconds: seconds(ringSeconds),
    max_seconds: seconds(maxSeconds),
    all_seconds: seconds(all),
    language: languageOf(call.language),
    url: headerValue(headers.url),
    context: headerValue(headers.context),
    geolocation: /^geo:[-\w.,;=]+$/.test(headers.geolocation ?? '') ? (headers.geolocation ?? '') : '',
    // '', called, answered, over; kept here for a hub that starts while a call goes on.
    progress: '',
    answered_ms: '',
    // The endpoint that talks to it; the dialplan looks it up there for whoever that one calls meanwhile.
    answered_by: '',
    // 'yes': that one was joined to it, and is warned of the end by the hub.
    joined: '',
    // How the last one who talked to it left, `lost-<channel>` or `over-<channel>`: the dialplan waits for that.
    parted: '',
  };
}

/** `1001+1002/1003`: extensions that ring together, turn after turn. */
function turnsOf(turns: GuestCall['turns']): string {
  const unsafe = turns.flat().find((extension) => !/^\d{2,8}$/.test(extension));
  if (unsafe !== undefined) throw new TypeError('A destination rings something that is no extension');
  return turns.map((turn) => turn.join('+')).join('/');
}

function seconds(value: number): string {
  return String(Math.max(1, Math.ceil(value)));
}

/** Those of asterisk/sounds: in any other nothing would be said. */
const SPOKEN = new Set(['en', 'pt', 'es', 'fr']);

function languageOf(tag: string): string {
  const [language = ''] = tag.toLowerCase().split('-');
  return SPOKEN.has(language) ? language : 'en';
}

/** A line of text that fits into a header, cut between characters. */
function headerValue(text = ''): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  const bytes = Buffer.from(plain);
  if (bytes.length <= HEADER_BYTES) return bytes.toString();
  return bytes.toString('utf8', 0, HEADER_BYTES).replace(/\ufffd+$/, '');
}
