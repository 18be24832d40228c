// A self-signed X.509 certificate (RFC 5280) for SIP over TLS where the operator gave none. Node makes keys and
// signatures but no certificates, so the few DER structures are written out here (ITU-T X.690).
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

const DAY_MS = 24 * 3_600_000;

/** @returns {{ certificate: string, privateKey: string }} PEM, ECDSA P-256 with SHA-256, valid ten years */
export function makeSelfSigned(host, nowMs = Date.now()) {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = seq(oid('1.2.840.10045.4.3.2'));
  const name = seq(set(seq(oid('2.5.4.3'), tlv(0x0c, Buffer.from(host)))));
  const validity = seq(time(nowMs - DAY_MS), time(nowMs + 3650 * DAY_MS));
  const altName =
    isIP(host) === 4 ? tlv(0x87, Buffer.from(host.split('.').map(Number))) : tlv(0x82, Buffer.from(host));
  const extensions = tlv(
    0xa3,
    seq(
      // basicConstraints, critical, CA: a phone may be given this very certificate to trust.
      seq(oid('2.5.29.19'), tlv(0x01, Buffer.from([0xff])), tlv(0x04, seq(tlv(0x01, Buffer.from([0xff]))))),
      seq(oid('2.5.29.17'), tlv(0x04, seq(altName))),
    ),
  );
  const serial = tlv(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(15)]));
  const body = seq(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    serial,
    ecdsaWithSha256,
    name,
    validity,
    name,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    extensions,
  );
  const signature = tlv(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, keys.privateKey)]));
  const der = seq(body, ecdsaWithSha256, signature);
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    privateKey: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function tlv(tag, ...parts) {
  const value = Buffer.concat(parts);
  const length =
    value.length < 128
      ? Buffer.from([value.length])
      : value.length < 256
        ? Buffer.from([0x81, value.length])
        : Buffer.from([0x82, value.length >> 8, value.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, value]);
}

const seq = (...parts) => tlv(0x30, ...parts);
const set = (...parts) => tlv(0x31, ...parts);

function oid(dotted) {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) septets.unshift((left & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return tlv(0x06, Buffer.from(bytes));
}

/** UTCTime, good until 2049 (RFC 5280 §4.1.2.5.1). */
function time(ms) {
  return tlv(
    0x17,
    Buffer.from(new Date(ms).toISOString().replace(/^..(..)-(..)-(..)T(..):(..):(..).*/, '$1$2$3$4$5$6Z')),
  );
}
