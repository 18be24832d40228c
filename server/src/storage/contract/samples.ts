// Records for the suite; only what a test names differs.
import type { BearerRecord, SessionRecord, SignInAttempt } from '../../auth/session.ts';
import type { CallRecord } from '../../calls/call.ts';
import type { ProviderProfile } from '../../people/person.ts';

export const NOW = 1_800_000_000_000;

/** Text that means something to some database, shell or format. */
export const HOSTILE: readonly string[] = [
  `'; DROP TABLE people; --`,
  `" OR 1=1 --`,
  '{"$ne": null}',
  '$where',
  '$.status',
  '%',
  '_',
  '.*',
  '^',
  '*',
  '__proto__',
  'a\\',
  'a\r\nb',
  '\u{1F4DE} \u202E',
];

export function profile(over: Partial<ProviderProfile> = {}): ProviderProfile {
  return {
    issuer: 'https://id.example',
    subject: 'alice',
    name: 'Alice Almeida',
    email: 'alice@corp.example',
    emailVerified: true,
    numbers: [],
    ...over,
  };
}

export function attempt(over: Partial<SignInAttempt> = {}): SignInAttempt {
  return {
    id: 'attempt-1',
    status: 'started',
    origin: 'https://mail.example',
    nonce: 'nonce-1',
    challenge: 'challenge',
    mode: 'popup',
    browserHash: 'browser',
    oidcVerifier: 'verifier',
    oidcNonce: 'oidc-nonce',
    expiresAtMs: NOW + 600_000,
    ...over,
  };
}

export function session(over: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id: 's-1',
    personId: 'u-alice',
    origin: 'https://mail.example',
    deviceName: 'Firefox on Linux',
    publicKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
    createdAtMs: NOW,
    endsAtMs: NOW + 1_000_000,
    ...over,
  };
}

export function bearer(over: Partial<BearerRecord> = {}): BearerRecord {
  return {
    hash: 'bearer-1',
    sessionId: 's-1',
    origin: 'https://mail.example',
    expiresAtMs: NOW + 900_000,
    ...over,
  };
}

/** Alice calls Bruno. */
export function call(over: Partial<CallRecord> = {}): CallRecord {
  return {
    id: 'c-1',
    requestId: 'request-1',
    via: 'room',
    state: 'ringing',
    media: 'audio',
    callerId: 'u-alice',
    callerSessionId: 's-alice',
    calleeId: 'u-bruno',
    createdAtMs: NOW,
    ringUntilMs: NOW + 45_000,
    lastSeenAtMs: NOW,
    ...over,
  };
}

/** The same task twenty times at once. */
export function twenty<T>(task: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: 20 }, (_, index) => task(index)));
}
