// Digest authentication of the test phone, RFC 2617 §3.2.2 with MD5 and qop=auth, as SIP uses it (RFC 3261 §22.4).
import { createHash, randomBytes } from 'node:crypto';

export interface DigestAnswer {
  readonly user: string;
  /** The password, or in its place MD5(user:realm:password). */
  readonly password?: string;
  readonly ha1?: string;
  readonly method: string;
  readonly uri: string;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** The value of `Authorization` (or `Proxy-Authorization`) for a challenge header's value. */
export function answerChallenge(
  challenge: string,
  { user, password, method, uri, ...rest }: DigestAnswer,
): string {
  const parameter = (name: string): string | undefined =>
    new RegExp(`${name}="([^"]*)"`, 'i').exec(challenge)?.[1] ??
    new RegExp(`${name}=([^",\\s]+)`, 'i').exec(challenge)?.[1];
  const realm = parameter('realm') ?? '';
  const nonce = parameter('nonce') ?? '';
  const opaque = parameter('opaque');
  const ha1 = rest.ha1 ?? md5(`${user}:${realm}:${password ?? ''}`);
  const ha2 = md5(`${method}:${uri}`);
  const cnonce = randomBytes(8).toString('hex');
  const wantsQop = parameter('qop') !== undefined;
  const response = wantsQop
    ? md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${ha2}`)
    : md5(`${ha1}:${nonce}:${ha2}`);
  const parts = [
    `username="${user}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    'algorithm=MD5',
    ...(wantsQop ? ['qop=auth', 'nc=00000001', `cnonce="${cnonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ];
  return `Digest ${parts.join(', ')}`;
}
