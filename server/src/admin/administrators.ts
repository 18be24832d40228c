// Who is an administrator: whom the operator lists by e-mail address, and whom the identity provider calls one. Pure;
// asked once, when a person comes to a page of the hub's own, and good for as long as that visit is.
import type { ProviderIdentity } from '../auth/providers/port.ts';
import type { AdministratorConfig } from '../config-public.ts';

/** An e-mail address counts only where the provider has verified it. */
export function isAdministrator(
  { emails, claim }: AdministratorConfig,
  { profile, claims = {} }: ProviderIdentity,
): boolean {
  const email = profile.emailVerified ? profile.email?.toLowerCase() : undefined;
  if (email !== undefined && emails.includes(email)) return true;
  if (!claim) return false;
  const value = claimOf(claims, claim.name);
  return Array.isArray(value) ? value.includes(claim.value) : value === claim.value;
}

/** By its name; where there is none, by a path such as `realm_access.roles`. */
function claimOf(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let at: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = Reflect.get(at, part);
  }
  return at;
}
