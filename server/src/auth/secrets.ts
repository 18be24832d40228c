// How secrets that clients bring are compared and derived.
import { createHash, timingSafeEqual } from 'node:crypto';

/** The S256 challenge of a verifier, RFC 7636 §4.2. */
export function s256(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** Compared in a time that says nothing about where they differ. */
export function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
