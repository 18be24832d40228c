// base64url without padding (RFC 4648 §5) of bytes, and the random tokens made with it.

export function base64url(bytes: Uint8Array | ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** 32 random bytes. */
export function randomToken(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}
