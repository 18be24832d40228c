// Who belongs here: every kind of ADMIT against every kind of identity.
import { describe, expect, test } from 'vitest';
import { isAdmitted } from './admit.ts';
import type { ProviderIdentity } from './providers/port.ts';

function identity(email: string | undefined, emailVerified = true, tenant?: string): ProviderIdentity {
  const profile = { issuer: 'i', subject: 's', name: 'n', emailVerified, numbers: [] };
  return {
    profile: email === undefined ? profile : { ...profile, email },
    ...(tenant === undefined ? {} : { tenant }),
  };
}

const seed = new Set(['alice@example.org']);

describe('domains', () => {
  const admit = { kind: 'domains', domains: ['example.org'] } as const;
  test.each([
    ['a verified address of the domain', identity('bruno@example.org'), true],
    ['capitals', identity('Bruno@EXAMPLE.org'), true],
    ['an unverified one', identity('bruno@example.org', false), false],
    ['a sub-domain', identity('bruno@mail.example.org'), false],
    ['a longer domain', identity('bruno@notexample.org'), false],
    ['the domain before the last @', identity('bruno@example.org@evil.example'), false],
    ['no address', identity(undefined), false],
  ])('%s', (_what, who, expected) => {
    expect(isAdmitted(admit, who, seed)).toBe(expected);
  });
});

describe('tenants', () => {
  const admit = { kind: 'tenants', tenants: ['t-1'] } as const;
  test.each([
    ['the tenant', identity(undefined, false, 't-1'), true],
    ['another', identity('alice@example.org', true, 't-2'), false],
    ['none', identity('alice@example.org'), false],
  ])('%s', (_what, who, expected) => {
    expect(isAdmitted(admit, who, seed)).toBe(expected);
  });
});

describe('seed', () => {
  const admit = { kind: 'seed' } as const;
  test.each([
    ['somebody in the file', identity('Alice@example.org'), true],
    ['the same address, unverified', identity('alice@example.org', false), false],
    ['somebody else', identity('bruno@example.org'), false],
  ])('%s', (_what, who, expected) => {
    expect(isAdmitted(admit, who, seed)).toBe(expected);
  });
});

test('all', () => {
  expect(isAdmitted({ kind: 'all' }, identity(undefined, false), seed)).toBe(true);
});
