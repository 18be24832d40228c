// From OIDC_ISSUER to a provider: three names, or any issuer's URL.
import { isTrue } from './claims.ts';
import { createGithubProvider } from './github.ts';
import { createOidcProvider, type OidcFlavour } from './oidc.ts';
import type { IdentityProvider, ProviderOptions } from './port.ts';

const MICROSOFT_LOGIN = 'https://login.microsoftonline.com';

/**
 * Google's `email_verified` says that an address was verified once. Google itself answers for it only where it is
 * Gmail's or the account belongs to a Workspace (`hd`); anybody else may have lost the address since.
 */
const google: OidcFlavour = {
  issuer: 'https://accounts.google.com',
  extra: { prompt: 'select_account' },
  adjust({ profile }, claims) {
    const tenant = typeof claims.hd === 'string' ? claims.hd.toLowerCase() : undefined;
    const isGoogles = tenant !== undefined || profile.email?.endsWith('@gmail.com') === true;
    const emailVerified = profile.emailVerified && isGoogles;
    return { profile: { ...profile, emailVerified }, ...(tenant === undefined ? {} : { tenant }) };
  },
};

/**
 * Entra: one metadata document for all tenants, whose issuer is a template (`{tenantid}`). Its `email` claim is
 * whatever the tenant's administrator wrote, verified only where `xms_edov` says so.
 */
const microsoft: OidcFlavour = {
  issuer: `${MICROSOFT_LOGIN}/organizations/v2.0`,
  extra: { prompt: 'select_account' },
  issuerFor: ({ tid }) =>
    typeof tid === 'string' && /^[\w-]+$/.test(tid) ? `${MICROSOFT_LOGIN}/${tid}/v2.0` : undefined,
  adjust({ profile }, claims) {
    const emailVerified = profile.email !== undefined && (isTrue(claims.xms_edov) || claims.xms_edov === '1');
    const tid = claims.tid;
    return {
      profile: { ...profile, emailVerified },
      ...(typeof tid === 'string' ? { tenant: tid.toLowerCase() } : {}),
    };
  },
};

/** `issuer` is `google`, `microsoft`, `github` or an issuer's URL. */
export function openProvider(issuer: string, options: ProviderOptions): IdentityProvider {
  if (issuer === 'github') return createGithubProvider(options);
  if (issuer === 'google' || issuer === google.issuer) return createOidcProvider(google, options);
  if (issuer === 'microsoft') return createOidcProvider(microsoft, options);
  return createOidcProvider({ issuer }, options);
}
