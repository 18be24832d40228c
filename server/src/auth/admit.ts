// Who may sign in (decision 10). The provider vouches for a person; ADMIT says whether that person belongs here.
import type { ProviderIdentity } from './providers/port.ts';

export type Admit =
  /** Verified e-mail in one of these domains (lower case). */
  | { readonly kind: 'domains'; readonly domains: readonly string[] }
  /** Account of one of these tenants: the provider's own word (`tid` of Entra, `hd` of Google). */
  | { readonly kind: 'tenants'; readonly tenants: readonly string[] }
  /** Verified e-mail of somebody in the seed file. */
  | { readonly kind: 'seed' }
  /** Everybody the provider knows; only with a provider of one's own. */
  | { readonly kind: 'all' };

/** Decides about one identity. `seedEmails` are those of the seed file, in lower case. */
export function isAdmitted(
  admit: Admit,
  { profile, tenant }: ProviderIdentity,
  seedEmails: ReadonlySet<string>,
): boolean {
  const email = profile.emailVerified ? profile.email?.toLowerCase() : undefined;
  switch (admit.kind) {
    case 'all':
      return true;
    case 'tenants':
      return tenant !== undefined && admit.tenants.includes(tenant);
    case 'domains':
      return email !== undefined && admit.domains.includes(email.slice(email.lastIndexOf('@') + 1));
    case 'seed':
      return email !== undefined && seedEmails.has(email);
  }
}

/** Reads `domains:a.com,b.com`, `tenants:…`, `seed` or `all`; a sentence where it is none of them. */
export function parseAdmit(text: string): Admit | string {
  if (text === 'seed' || text === 'all') return { kind: text };
  const [kind, list = ''] = text.split(/:(.*)/s);
  const names = list
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  if (kind === 'tenants' && names.length > 0) return { kind, tenants: names };
  if (kind === 'domains' && names.length > 0) {
    const wrong = names.find((name) => !/^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/.test(name));
    return wrong === undefined ? { kind, domains: names } : `"${wrong}" is not a domain, such as example.com`;
  }
  return 'must be domains:example.com,example.org or tenants:… or seed or all';
}
