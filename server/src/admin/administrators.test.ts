// Who is an administrator, by list and by claim.
import { describe, expect, test } from 'vitest';
import type { AdministratorConfig } from '../config-public.ts';
import { isAdministrator } from './administrators.ts';

const profile = { subject: 'carla', name: 'Carla', email: 'Carla@example.org', emailVerified: true };
type Identity = Parameters<typeof isAdministrator>[1];
const withClaims = (claims: Record<string, unknown>) => ({ profile, claims }) as Identity;

describe('A1 by a claim of the identity provider', () => {
  const config = (name: string): AdministratorConfig =>
    ({ emails: [], claim: { name, value: 'ringtag-admin' } }) as unknown as AdministratorConfig;

  test.each([
    ['roles', { roles: ['staff', 'ringtag-admin'] }, true],
    ['roles', { roles: ['staff', 'other-admin'] }, false],
    ['roles', { roles: [] }, false],
    ['roles', { roles: 'ringtag-admin' }, true],
    ['roles', { roles: 'ringtag-administrator' }, false],
    ['roles', { roles: [['ringtag-admin']] }, false],
    ['roles', {}, false],
    ['realm_access.roles', { realm_access: { roles: ['ringtag-admin'] } }, true],
    ['realm_access.roles', { realm_access: { roles: ['ringtag-user'] } }, false],
    ['realm_access.roles', { 'realm_access.roles': ['ringtag-admin'] }, true],
    ['realm_access.roles', { realm_access: null }, false],
    ['constructor.name', {}, false],
  ])('%s in %j: %s', (name, claims, isOne) => {
    expect(isAdministrator(config(name), withClaims(claims))).toBe(isOne);
  });
});

describe('A1 by a verified e-mail address', () => {
  const config = { emails: ['carla@example.org'] } as unknown as AdministratorConfig;

  test.each([
    ['in whatever case', profile, true],
    ['not where it is not verified', { ...profile, emailVerified: false }, false],
    ['not another', { ...profile, email: 'carla@example.org.evil.example' }, false],
  ])('%s', (_, given, isOne) => {
    expect(isAdministrator(config, { profile: given } as Identity)).toBe(isOne);
  });
});
