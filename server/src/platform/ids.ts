// Random identifiers and secrets. Injected as `Ids`, so that tests can predict them.
import { createHash, randomBytes } from 'node:crypto';

export interface Ids {
  /** A prefixed identifier, such as `c-3q2f…`: 16 characters of [0-9a-z] after the prefix, 80 random bits. */
  next(prefix: string): string;
  /** An unguessable secret: base64url of 32 random bytes. */
  secret(): string;
}

/** Crockford's base 32 in lower case: letters and digits that survive dialplans, file names and people. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export const randomIds: Ids = {
  next: (prefix) => `${prefix}-${[...randomBytes(16)].map((byte) => ALPHABET[byte % 32]).join('')}`,
  secret: () => randomBytes(32).toString('base64url'),
};

/** How secrets are stored: base64url(SHA-256). They are random, so no salt or stretching is needed. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
