// What an endpoint or a route looks like to Asterisk: rows of its realtime tables. Pure; nothing that came from a
// person gets into a row without being filtered.
import type { PbxEndpoint, PbxRoute } from '../port.ts';

export interface RowOptions {
  readonly realm: string;
  /** Address for `c=` lines and RTP sockets, where Asterisk's own choice is wrong (everything on one machine). */
  readonly mediaAddress?: string;
  /** Desk phones may send plain RTP: only where plain SIP is allowed as well. */
  readonly plainPhones: boolean;
}

export type Row = Readonly<Record<string, string>>;

/** Columns of each table, in order; the key comes first. All are text, as Asterisk reads them. */
export const TABLES = {
  ps_endpoints: [
    'id',
    'aors',
    'auth',
    'context',
    'disallow',
    'allow',
    'callerid',
    'webrtc',
    'dtmf_mode',
    'direct_media',
    'rtp_symmetric',
    'force_rport',
    'rewrite_contact',
    'media_encryption',
    'media_encryption_optimistic',
    'media_address',
    'bind_rtp_to_media_address',
    'allow_transfer',
    'allow_subscribe',
    'allow_overlap',
    'send_pai',
    'rtp_timeout',
    'rtp_timeout_hold',
    'message_context',
    'trust_id_inbound',
    // In this order: the last one that fits counts.
    'deny',
    'permit',
  ],
  ps_auths: ['id', 'auth_type', 'username', 'realm', 'password_digest'],
  ps_aors: [
    'id',
    'max_contacts',
    'remove_existing',
    'remove_unavailable',
    'qualify_frequency',
    'qualify_timeout',
    'minimum_expiration',
    'default_expiration',
    'maximum_expiration',
  ],
  routes: ['id', 'dial', 'person', 'busy_until'],
  tickets: [
    'id',
    'visit',
    'turns',
    'ring_seconds',
    'max_seconds',
    'all_seconds',
    'language',
    'url',
    'context',
    'geolocation',
    'progress',
    'answered_ms',
    'answered_by',
    'joined',
    'parted',
  ],
} as const;

/** The year 2286. */
const FOR_EVER_S = 9_999_999_999;

export type TableName = keyof typeof TABLES;
export type Rows = Readonly<Record<Exclude<TableName, 'tickets'>, readonly Row[]>> & {
  /** Of visitors only. */
  readonly tickets?: readonly Row[];
};

/** Everything Asterisk needs to know about one endpoint. */
export function endpointRows(endpoint: PbxEndpoint, options: RowOptions): Omit<Rows, 'routes' | 'tickets'> {
  const { realm, mediaAddress } = options;
  return {
    ps_endpoints: [
      {
        id: endpoint.endpoint,
        aors: endpoint.endpoint,
        auth: endpoint.auths.map((auth) => auth.id).join(','),
        context: 'employees',
        callerid: callerId(endpoint.callerName, endpoint.callerNumber),
        dtmf_mode: 'rfc4733',
        direct_media: 'no',
        rtp_symmetric: 'yes',
        force_rport: 'yes',
        rewrite_contact: 'yes',
        media_address: mediaAddress ?? '',
        bind_rtp_to_media_address: mediaAddress === undefined ? 'no' : 'yes',
        allow_transfer: 'yes',
        allow_subscribe: 'no',
        allow_overlap: 'no',
        // Who the far end is now, after a transfer (RFC 3325 §9.1).
        send_pai: 'yes',
        // A browser that vanished in a call sends no BYE: silence on the wire ends it.
        rtp_timeout: '30',
        rtp_timeout_hold: '600',
        ...(endpoint.kind === 'device' ? DEVICE_MEDIA : phoneMedia(options)),
      },
    ],
    ps_auths: endpoint.auths.map((auth) => ({
      id: auth.id,
      auth_type: 'digest',
      username: endpoint.endpoint,
      realm,
      password_digest: `MD5:${auth.ha1}`,
    })),
    ps_aors: [
      {
        id: endpoint.endpoint,
        // A reloaded page registers anew: what its predecessor left must not ring into nothing.
        max_contacts: '1',
        remove_existing: 'yes',
        remove_unavailable: 'yes',
        // Without qualifying, ARI tells nothing about contacts.
        qualify_frequency: '5',
        qualify_timeout: '2.0',
        minimum_expiration: '60',
        default_expiration: '600',
        maximum_expiration: '3600',
      },
    ],
  };
}

/** `webrtc` brings DTLS-SRTP, ICE, AVPF, rtcp-mux. */
const DEVICE_MEDIA: Row = {
  webrtc: 'yes',
  disallow: 'all',
  allow: 'opus,ulaw,alaw,vp8',
  media_encryption: 'dtls',
  media_encryption_optimistic: 'no',
};

/** SRTP keyed by SDES, RFC 4568. */
function phoneMedia({ plainPhones }: RowOptions): Row {
  return {
    webrtc: 'no',
    disallow: 'all',
    allow: 'g722,ulaw,alaw',
    media_encryption: 'sdes',
    media_encryption_optimistic: plainPhones ? 'yes' : 'no',
  };
}

export function routeRow(route: PbxRoute): Row {
  return {
    id: route.extension,
    dial: route.endpoints.map((endpoint) => `PJSIP/${endpoint}`).join('&'),
    person: route.personId,
    busy_until: busyUntil(route.busyUntilMs),
  };
}

/** Seconds since the epoch, as the dialplan compares them; empty: never. */
function busyUntil(untilMs: number | undefined): string {
  if (untilMs === undefined) return '';
  return String(Number.isFinite(untilMs) ? Math.ceil(untilMs / 1_000) : FOR_EVER_S);
}

/** Endpoint names go into a dial string, ids into keys: only what the hub itself makes passes. */
export function assertSafeNames(names: readonly string[]): void {
  const unsafe = names.find((name) => !/^[\w.-]{1,64}$/.test(name));
  if (unsafe !== undefined)
    throw new TypeError('A name for the PBX projection has characters it may not have');
}

/** `"Alice Almeida" <1001>`: quotes, brackets, backslashes and control characters of a name are left out. */
export function callerId(name: string, number: string): string {
  const plain = name
    .replace(/[\p{Cc}\p{Cf}"\\<>;]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80);
  return `"${plain}" <${number.replace(/[^0-9*#+]/g, '')}>`;
}
