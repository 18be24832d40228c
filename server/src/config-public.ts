// The part of the configuration that is about the public: destinations, who administers them, which proxies are
// believed, and how far strangers may go.
import type { Destination } from '@ringtag/server/protocol';
import { z } from 'zod';
import { type Reader, splitList } from './config-reader.ts';
import { isNetwork } from './platform/networks.ts';
import { readDestinationFile } from './public-calls/destination-file.ts';
import { PUBLIC_LIMITS, type PublicLimits, readPublicLimits } from './public-calls/limits.ts';

export interface PublicConfig {
  /** Of `DESTINATIONS_FILE`. */
  readonly destinations: readonly Destination[];
  readonly administrators: AdministratorConfig;
  /** Addresses and networks of proxies whose word about the client's address counts; `loopback` is one. */
  readonly trustedProxies: readonly string[];
  readonly limits: PublicLimits;
  readonly challenge: ChallengeConfig;
}

export interface AdministratorConfig {
  /** Lower case; verified ones of the identity provider count. */
  readonly emails: readonly string[];
  /** A claim of the ID token, and the value that it is or contains. */
  readonly claim?: { readonly name: string; readonly value: string };
  /** For programs, as a bearer. */
  readonly token?: string;
}

export type ChallengeConfig =
  | { readonly kind: 'work' }
  | { readonly kind: 'turnstile' | 'hcaptcha'; readonly siteKey: string; readonly secret: string };

const TOKEN_CHARS = 32;

export function readPublicConfig(reader: Reader): PublicConfig {
  return {
    destinations: readDestinations(reader),
    administrators: readAdministrators(reader),
    trustedProxies: readTrustedProxies(reader),
    limits: readLimits(reader),
    challenge: readChallenge(reader),
  };
}

function readDestinations(reader: Reader): readonly Destination[] {
  const path = reader.optional('DESTINATIONS_FILE');
  if (path === undefined) return [];
  const read = readDestinationFile(path);
  if (read.ok) return read.destinations;
  for (const problem of read.problems) reader.report('DESTINATIONS_FILE', problem);
  return [];
}

function readAdministrators(reader: Reader): AdministratorConfig {
  const emails = splitList(reader.optional('ADMINS')).map((email) => email.toLowerCase());
  for (const email of emails) {
    if (!z.email().safeParse(email).success) reader.report('ADMINS', `"${email}" is not an e-mail address`);
  }
  const text = reader.optional('ADMIN_CLAIM');
  const [, name, value] = /^([^=\s]+)=(.+)$/.exec(text ?? '') ?? [];
  if (text !== undefined && name === undefined) {
    reader.report('ADMIN_CLAIM', 'must be a claim and its value, such as roles=ringtag-admin');
  }
  const token = reader.optional('ADMIN_TOKEN');
  if (token !== undefined && !/^[\w.~+/=-]+$/.test(token)) {
    reader.report('ADMIN_TOKEN', 'must be letters, digits and any of -._~+/=');
  } else if (token !== undefined && token.length < TOKEN_CHARS) {
    reader.report('ADMIN_TOKEN', `must have at least ${TOKEN_CHARS} characters`);
  }
  return {
    emails,
    ...(name === undefined || value === undefined ? {} : { claim: { name, value } }),
    ...(token === undefined ? {} : { token }),
  };
}

function readTrustedProxies(reader: Reader): readonly string[] {
  const proxies = splitList(reader.optional('TRUSTED_PROXIES'));
  for (const proxy of proxies) {
    if (proxy !== 'loopback' && !isNetwork(proxy)) {
      reader.report(
        'TRUSTED_PROXIES',
        `"${proxy}" is not an address, a network such as 10.0.0.0/8, or loopback`,
      );
    }
  }
  return proxies;
}

function readLimits(reader: Reader): PublicLimits {
  const read = readPublicLimits(reader.optional('PUBLIC_LIMITS'));
  if ('perMinute' in read) return read;
  for (const problem of read) reader.report('PUBLIC_LIMITS', problem);
  return PUBLIC_LIMITS;
}

function readChallenge(reader: Reader): ChallengeConfig {
  const kind = reader.optional('PUBLIC_CHALLENGE') ?? 'work';
  if (kind === 'turnstile' || kind === 'hcaptcha') {
    const why = `is required with PUBLIC_CHALLENGE=${kind}`;
    const siteKey = reader.required('PUBLIC_CHALLENGE_SITE_KEY', why);
    return { kind, siteKey, secret: reader.required('PUBLIC_CHALLENGE_SECRET', why) };
  }
  if (kind !== 'work') reader.report('PUBLIC_CHALLENGE', 'must be work, turnstile or hcaptcha');
  return { kind: 'work' };
}
