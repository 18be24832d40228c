// Claims (OpenID Connect Core §5.1) become a profile. What is missing stays missing; what is not verified is marked so.
import type { PersonNumber } from '@ringtag/server/protocol';
import { limits } from '@ringtag/server/protocol';
import type { ProviderIdentity } from './port.ts';

/** `account` comes from the checked ID token, the rest from it or from userinfo. */
export function readClaims(
  claims: Readonly<Record<string, unknown>>,
  account: { readonly issuer: string; readonly subject: string },
): ProviderIdentity {
  const text = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const email = text('email')?.toLowerCase();
  const photoUrl = httpUrl(text('picture'));
  const name = text('name') ?? joined(text('given_name'), text('family_name')) ?? text('preferred_username');
  return {
    profile: {
      ...account,
      name: (name ?? '').slice(0, limits.NAME_CHARS),
      handle: (email ?? account.subject).slice(0, limits.NAME_CHARS),
      ...(email === undefined ? {} : { email }),
      emailVerified: email !== undefined && isTrue(claims.email_verified),
      ...(photoUrl === undefined ? {} : { photoUrl }),
      numbers: verifiedNumbers(text('phone_number'), isTrue(claims.phone_number_verified)),
    },
  };
}

/** Some providers write booleans as strings (Cognito, Apple). */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

/** B4: a number counts only when proven; E.164, the claim's recommended form. */
function verifiedNumbers(number: string | undefined, isVerified: boolean): PersonNumber[] {
  const compact = number?.replace(/[\s().-]/g, '');
  return isVerified && compact !== undefined && /^\+\d{5,15}$/.test(compact)
    ? [{ kind: 'mobile', number: compact }]
    : [];
}

/** Photos are shown in other people's pages: nothing but a web address will do. */
function httpUrl(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2_000 || !URL.canParse(text)) return undefined;
  return /^https?:$/.test(new URL(text).protocol) ? text : undefined;
}

function joined(...parts: (string | undefined)[]): string | undefined {
  const name = parts.filter((part) => part !== undefined).join(' ');
  return name === '' ? undefined : name;
}
