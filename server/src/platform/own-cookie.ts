// Cookies of the hub's own origin, which only its own pages bring: `__Host-` (RFC 6265bis §4.1.3) wherever the hub is
// reached by https. None of them speaks for anybody at the API, which knows bearers alone.
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

export interface OwnCookie {
  read(c: Context): string | undefined;
  write(c: Context, value: string, lifeMs: number): void;
}

/** The browser's name: binds a sign-in to it (S8) and says which sessions are in the same one (D3, D4). */
export const BROWSER_COOKIE = 'ringtag-browser';
/** Renewed at each sign-in. */
export const BROWSER_COOKIE_MS = 365 * 24 * 3_600_000;

export function ownCookie(name: string, ownOrigin: string): OwnCookie {
  const isSecure = ownOrigin.startsWith('https:');
  return {
    read: (c) => (isSecure ? getCookie(c, name, 'host') : getCookie(c, name)),
    write(c, value, lifeMs) {
      setCookie(c, name, value, {
        path: '/',
        httpOnly: true,
        // Lax: the way back from the identity provider is a navigation from another site.
        sameSite: 'Lax',
        maxAge: Math.floor(lifeMs / 1_000),
        ...(isSecure ? { secure: true, prefix: 'host' } : {}),
      });
    },
  };
}
