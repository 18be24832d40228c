// The public half of a device's key: whether it is a point on the curve, and whether it signed something.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { DevicePublicKey } from '@ringtag/server/protocol';

/** Whether the JWK is a P-256 key; coordinates of the right length may still not lie on the curve. */
export function isUsableKey(key: DevicePublicKey): boolean {
  return importKey(key) !== undefined;
}

/** ECDSA P-256 with SHA-256; the signature is `r || s` (IEEE P1363), as WebCrypto makes it, in base64url. */
export function isSignedBy(key: DevicePublicKey, text: string, signature: string): boolean {
  const imported = importKey(key);
  if (!imported) return false;
  const bytes = Buffer.from(signature, 'base64url');
  return verify('sha256', Buffer.from(text), { key: imported, dsaEncoding: 'ieee-p1363' }, bytes);
}

function importKey(key: DevicePublicKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...key }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
